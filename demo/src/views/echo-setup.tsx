import type { EchoStrategy } from '@livegate/web';
import { CAN_CHOOSE_SPEAKER, type EchoChoice } from '../use-echo.ts';

interface EchoSetupProps {
  readonly choice: EchoChoice;
  readonly note: string;
  readonly speakers: readonly MediaDeviceInfo[];
  readonly enabled: boolean;
  readonly onChoose: (choice: EchoChoice) => void;
  readonly onNote: (note: string) => void;
  readonly onAsk: () => void;
}

const STRATEGIES: readonly { readonly name: EchoStrategy; readonly about: string }[] = [
  { name: 'plain', about: 'A gate closes after the second self-interruption.' },
  { name: 'half-duplex', about: 'The gate is closed from the beginning.' },
  { name: 'none', about: 'Neither gate nor detector, to compare with.' },
];
const TURNS = [3, 5, 10];

/** Loudspeaker, strategy, number of turns, and where this is. */
export function EchoSetup({ choice, note, speakers, enabled, onChoose, onNote, onAsk }: EchoSetupProps) {
  return (
    <fieldset class="choices first" disabled={!enabled}>
      <legend class="unseen">How to listen</legend>
      {CAN_CHOOSE_SPEAKER ? (
        <label>
          Loudspeaker
          <select
            data-testid="speaker"
            value={choice.speaker}
            onChange={(event) => onChoose({ ...choice, speaker: event.currentTarget.value })}
          >
            <option value="">The system’s own</option>
            {speakers.map(({ deviceId, label }) => (
              <option key={deviceId} value={deviceId}>
                {label || 'Without a name'}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <p class="about">This browser plays through the loudspeaker that the system has chosen.</p>
      )}
      {CAN_CHOOSE_SPEAKER && speakers.length === 0 && (
        <button type="button" data-testid="devices" onClick={onAsk}>
          Allow the microphone to see the others
        </button>
      )}
      <p class="about muted">
        Set the volume as you would for a talk, and leave it so. Close what else plays sound.
      </p>
      <label>
        Strategy
        <select
          data-testid="strategy"
          aria-describedby="strategy-about"
          value={choice.strategy}
          onChange={(event) => onChoose({ ...choice, strategy: event.currentTarget.value as EchoStrategy })}
        >
          {STRATEGIES.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p class="about muted" id="strategy-about">
        {STRATEGIES.find(({ name }) => name === choice.strategy)?.about}
      </p>
      <label>
        Turns of the model in a round
        <select
          data-testid="turns"
          value={String(choice.turns)}
          onChange={(event) => onChoose({ ...choice, turns: Number(event.currentTarget.value) })}
        >
          {TURNS.map((turns) => (
            <option key={turns} value={String(turns)}>
              {turns}
            </option>
          ))}
        </select>
      </label>
      <label>
        Where this is
        <input
          type="text"
          autocomplete="off"
          placeholder="Kitchen, laptop, volume 60 %"
          data-testid="note"
          value={note}
          onInput={(event) => onNote(event.currentTarget.value)}
        />
      </label>
    </fieldset>
  );
}
