import type { LiveSessionDocument, TranscriptTurn } from '@livegate/protocol';
import type { Role } from '../access.ts';
import { Moment } from '../views/moment.tsx';
import { Part, Scrolling } from './part.tsx';
import { type TranscriptRule, transcriptOf } from './session-reading.ts';
import { transcriptWords } from './session-words.ts';
import type { Batches } from './use-batches.ts';

interface TranscriptPartProps {
  readonly session: LiveSessionDocument;
  readonly role: Role;
  /** `undefined` while it is looked for. */
  readonly rule: TranscriptRule | null | undefined;
  readonly batches: Batches | null;
  readonly nowMs: number;
}

/** What was said, where the policy keeps it: for admins; else why it does not stand here. All of it is text. */
export function TranscriptPart({ session, role, rule, batches, nowMs }: TranscriptPartProps) {
  const turns = batches === null ? [] : transcriptOf(batches.batches);
  const isLoading = rule === undefined || batches?.first.watched.kind === 'loading';
  return (
    <Part id="transcript" title="Transcript" wide>
      {turns.length > 0 ? (
        <Scrolling label="What was said">
          <ol class="transcript" data-testid="transcript">
            {turns.map((turn) => (
              <Said key={turn.id} turn={turn} nowMs={nowMs} />
            ))}
          </ol>
        </Scrolling>
      ) : (
        <p class="muted" data-testid="no-transcript">
          {isLoading ? 'Loading…' : transcriptWords({ role, session, rule, more: batches?.more ?? false })}
        </p>
      )}
    </Part>
  );
}

function Said({
  turn: { role, at, text },
  nowMs,
}: {
  readonly turn: TranscriptTurn;
  readonly nowMs: number;
}) {
  return (
    <li class={`said ${role}`} data-role={role}>
      <p class="said-by">
        {role === 'user' ? 'User' : 'Model'}{' '}
        <span class="muted">
          <Moment ms={at} nowMs={nowMs} />
        </span>
      </p>
      <p class="said-text wrap">{text}</p>
    </li>
  );
}
