import { useEffect, useRef } from 'preact/hooks';
import { CALL_TEXT, CUT_TEXT } from '../talk-words.ts';
import type { Entry, ToolCall, Turn } from '../transcript.ts';

/** Further than this from the end, in px, the reader is looking something up: the list does not run away. */
const NEAR_END_PX = 96;

/** Who said what and what was called, newest last. The end stays in view while it is in view. */
export function TranscriptView({ entries }: { readonly entries: readonly Entry[] }) {
  const log = useRef<HTMLDivElement>(null);
  const followsEnd = useRef(true);
  useEffect(() => {
    if (log.current && followsEnd.current) log.current.scrollTop = log.current.scrollHeight;
  });
  return (
    <div
      class="log"
      role="log"
      // Pieces come several times a second: `Announcer` says each turn once, when it is whole.
      aria-live="off"
      aria-label="Transcript"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      data-testid="transcript"
      ref={log}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        followsEnd.current = scrollHeight - clientHeight - scrollTop < NEAR_END_PX;
      }}
    >
      {entries.length === 0 ? (
        <p class="log-empty muted">What you both say appears here, as it is said.</p>
      ) : (
        <ol class="turns">
          {entries.map((entry) =>
            entry.kind === 'turn' ? (
              <TurnItem key={entry.id} turn={entry} />
            ) : (
              <CallItem key={entry.id} call={entry} />
            ),
          )}
        </ol>
      )}
    </div>
  );
}

function TurnItem({ turn: { role, text, state, typed, cutBy } }: { readonly turn: Turn }) {
  const words = text.trim();
  return (
    <li class={`turn ${role}`} data-role={role} data-state={state} aria-busy={state === 'open'}>
      <span class="speaker">
        {role === 'user' ? 'You' : 'Model'}
        {typed && ', typed'}
      </span>
      <p class="words" data-testid="words">
        {words === '' ? <span class="muted">…</span> : words}
      </p>
      {state === 'interrupted' && <span class="cut">you interrupted</span>}
      {state === 'cut' && <span class="cut">{CUT_TEXT[cutBy ?? 'drop']}</span>}
    </li>
  );
}

function CallItem({ call: { name, state, ms } }: { readonly call: ToolCall }) {
  return (
    <li class="call" data-testid="tool-call" data-state={state} aria-busy={state === 'began'}>
      <code>{name}</code>
      <span class="call-state">
        {CALL_TEXT[state]}
        {state === 'began' ? '…' : ` in ${Math.round(ms)} ms`}
      </span>
    </li>
  );
}
