import type { VoiceName } from '@livegate/protocol';
import {
  LANGUAGE_CHOICES,
  MODELS,
  type TalkChoice,
  TEMPLATES,
  textRemark,
  VOICE_CHOICES,
} from '../choices.ts';

interface ChoiceFormProps {
  readonly choice: TalkChoice;
  readonly enabled: boolean;
  readonly onChoose: (choice: TalkChoice) => void;
}

/** What to talk to. Chosen before a talk: the server locks it for the whole of it. */
export function ChoiceForm({ choice, enabled, onChoose }: ChoiceFormProps) {
  const about = TEMPLATES.find(({ id }) => id === choice.template)?.about;
  const remark = choice.modality === 'text' ? textRemark(choice.model) : undefined;
  return (
    <fieldset class="choices" disabled={!enabled}>
      <legend>What to talk to</legend>
      <Choice
        label="Template"
        testId="template"
        value={choice.template}
        about={about}
        options={TEMPLATES.map(({ id, title }) => [id, title])}
        onChoose={(template) => onChoose({ ...choice, template })}
      />
      <Choice
        label="Answers in"
        testId="modality"
        value={choice.modality}
        about={remark}
        options={[
          ['audio', 'Speech'],
          ['text', 'Text'],
        ]}
        onChoose={(modality) => onChoose({ ...choice, modality: modality === 'text' ? 'text' : 'audio' })}
      />
      <Choice
        label="Voice"
        testId="voice"
        value={choice.voice}
        options={[
          ['', 'As the app has it'],
          ...VOICE_CHOICES.map(({ name, character }) => [name, `${name} · ${character}`] as const),
        ]}
        onChoose={(voice) => onChoose({ ...choice, voice: voice as VoiceName | '' })}
      />
      <Choice
        label="Language"
        testId="language"
        value={choice.language}
        options={[
          ['', 'The model finds it'],
          ...LANGUAGE_CHOICES.map(({ code, name }) => [code, name] as const),
        ]}
        onChoose={(language) => onChoose({ ...choice, language })}
      />
      {MODELS.length > 1 && (
        <Choice
          label="Model"
          testId="model"
          value={choice.model}
          options={MODELS.map((model) => [model, model])}
          onChoose={(model) => onChoose({ ...choice, model })}
        />
      )}
      <label class="check">
        <input
          type="checkbox"
          data-testid="push-to-talk"
          checked={choice.pushToTalk}
          onChange={(event) => onChoose({ ...choice, pushToTalk: event.currentTarget.checked })}
        />
        Push to talk
      </label>
    </fieldset>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly testId: string;
  readonly value: string;
  readonly about?: string | undefined;
  /** Value and what it is called. */
  readonly options: readonly (readonly [string, string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ label, testId, value, about, options, onChoose }: ChoiceProps) {
  return (
    <>
      <label>
        {label}
        <select
          data-testid={testId}
          value={value}
          aria-describedby={about === undefined ? undefined : `about-${testId}`}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {options.map(([id, title]) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {about !== undefined && (
        <p class="about muted" id={`about-${testId}`}>
          {about}
        </p>
      )}
    </>
  );
}
