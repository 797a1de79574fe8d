import { type TalkChoice, TEMPLATES } from '../choices.ts';
import { leaseText, type TimeLeft } from '../quota-view.ts';
import type { TalkView } from '../talk-view.ts';
import { connectionText } from '../talk-words.ts';
import { CopyButton } from './copy-button.tsx';
import { Ticking } from './ticking.tsx';

interface FactsProps {
  readonly view: TalkView;
  readonly choice: TalkChoice;
  readonly time: readonly TimeLeft[];
  readonly readLease: () => number | undefined;
}

/** Time left, the running lease, the connection and the session's name. */
export function Facts({ view, choice, time, readLease }: FactsProps) {
  const talking = view.phase === 'talking';
  return (
    <dl class="facts">
      {time.length > 0 && (
        <div>
          <dt>Time</dt>
          <dd data-testid="quota">
            {time.map(({ name, text, share }) => (
              <span class="left" key={name}>
                <span>{text}</span>
                {/* The words say it; the bar is for the eye. */}
                {share !== undefined && (
                  <meter
                    aria-hidden="true"
                    min={0}
                    low={0.2}
                    optimum={1}
                    max={1}
                    value={share}
                    data-testid={`quota-${name}`}
                  />
                )}
              </span>
            ))}
          </dd>
        </div>
      )}
      {talking && (
        <div>
          <dt>Lease</dt>
          <dd>
            <Ticking read={() => leaseWords(readLease())} testId="lease" />
          </dd>
        </div>
      )}
      {talking && (
        <div class="chosen">
          <dt>Talk</dt>
          <dd data-testid="chosen">{choiceText(choice)}</dd>
        </div>
      )}
      {(talking || view.phase === 'connecting' || view.sessionId !== null) && (
        <div>
          <dt>Connection</dt>
          <dd data-testid="connection" data-link={view.link}>
            {connectionText(view)}
          </dd>
        </div>
      )}
      {view.sessionId !== null && (
        <div>
          <dt>Session</dt>
          <dd class="session">
            <code class="clip" data-testid="session-id" title={view.sessionId}>
              {view.sessionId}
            </code>
            <CopyButton text={view.sessionId} label="session id" />
          </dd>
        </div>
      )}
    </dl>
  );
}

/** What the running talk was started with. */
function choiceText({ template, model, voice, language, modality }: TalkChoice): string {
  const title = TEMPLATES.find(({ id }) => id === template)?.title ?? template;
  return [title, voice, language, modality === 'text' ? 'as text' : '', model]
    .filter((part) => part !== '')
    .join(' · ');
}

function leaseWords(ms: number | undefined): string {
  return ms === undefined ? '–' : `${leaseText(ms)} left, then renewed`;
}
