import { useEffect, useRef } from 'preact/hooks';
import type { Turn } from '../transcript.ts';

/** Further than this from the end, in px, the reader is looking something up: the list does not run away. */
const NEAR_END_PX = 96;

/** Who said what, newest last. The end stays in view while it is in view. */
export function TranscriptView({ turns }: { readonly turns: readonly Turn[] }) {
  const log = useRef<HTMLDivElement>(null);
  const followsEnd = useRef(true);
  useEffect(() => {
    if (log.current && followsEnd.current) log.current.scrollTop = log.current.scrollHeight;
  });
  return (
    <div
      class="log"
      role="log"
      aria-label="Transcript"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      data-testid="transcript"
      ref={log}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        followsEnd.current = scrollHeight - clientHeight - scrollTop < NEAR_END_PX;
      }}
    >
      {turns.length === 0 ? (
        <p class="log-empty muted">What you both say appears here, as it is said.</p>
      ) : (
        <ol class="turns">
          {turns.map((turn) => (
            <TurnItem key={turn.id} turn={turn} />
          ))}
        </ol>
      )}
    </div>
  );
}

function TurnItem({ turn: { role, text, state, typed } }: { readonly turn: Turn }) {
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
      {state === 'interrupted' && <span class="cut">interrupted</span>}
    </li>
  );
}
