import type { VoiceName } from '@livegate/protocol';
import { type TalkChoice, TEMPLATES, VOICE_CHOICES } from '../choices.ts';

interface ChoiceFormProps {
  readonly choice: TalkChoice;
  readonly enabled: boolean;
  readonly onChoose: (choice: TalkChoice) => void;
}

/** What to talk to. Chosen before a talk: the server locks it for the whole of it. */
export function ChoiceForm({ choice, enabled, onChoose }: ChoiceFormProps) {
  const template = TEMPLATES.find(({ id }) => id === choice.template);
  return (
    <fieldset class="choices" disabled={!enabled}>
      <legend class="unseen">What to talk to</legend>
      <label>
        Answer
        <select
          data-testid="template"
          value={choice.template}
          aria-describedby="template-about"
          onChange={(event) => onChoose({ ...choice, template: event.currentTarget.value })}
        >
          {TEMPLATES.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Voice
        <select
          data-testid="voice"
          value={choice.voice}
          onChange={(event) => onChoose({ ...choice, voice: event.currentTarget.value as VoiceName })}
        >
          {VOICE_CHOICES.map(({ name, character }) => (
            <option key={name} value={name}>
              {name} · {character}
            </option>
          ))}
        </select>
      </label>
      <p class="about muted" id="template-about">
        {template?.about}
      </p>
    </fieldset>
  );
}
