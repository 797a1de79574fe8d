import { useEffect, useState } from 'preact/hooks';
import type { Problem, WayOn } from '../refusals.ts';
import { clockText, waitText } from '../waiting.ts';
import { Notice } from './notice.tsx';

interface ProblemNoticeProps {
  readonly problem: Problem;
  /** Ways that this page can go; others of the problem's are not offered. */
  readonly ways: { readonly [W in WayOn]?: () => void };
  readonly onDismiss: () => void;
}

const WAY_TEXT = {
  'sign-in': 'Sign in',
  again: 'Try again',
  'text-only': 'Type instead',
  'no-wishes': 'Start as the app has it',
  reload: 'Reload the page',
} as const satisfies Readonly<Record<WayOn, string>>;

/** What went wrong, what to do, when trying again can help, and a button for each way on. */
export function ProblemNotice({ problem, ways, onDismiss }: ProblemNoticeProps) {
  const waitMs = useWait(problem);
  return (
    <Notice tone="bad" title={problem.title} testId="error">
      <p>{problem.advice}</p>
      {problem.retryAfterMs !== undefined && (
        // The alert was read out once; a screen reader need not hear every second of it.
        <p aria-live="off" data-testid="retry">
          {waitMs > 0
            ? `You can try again at ${clockText(Date.now() + waitMs, { now: Date.now() })}, in ${waitText(waitMs)}.`
            : 'You can try again now.'}
        </p>
      )}
      <p class="actions">
        {problem.ways.map((way, at) => {
          const go = way === 'reload' ? () => location.reload() : ways[way];
          return (
            go !== undefined && (
              <button
                key={way}
                type="button"
                class={at === 0 ? 'primary small' : 'small'}
                data-testid={`way-${way}`}
                disabled={way === 'again' && waitMs > 0}
                onClick={go}
              >
                {WAY_TEXT[way]}
              </button>
            )
          );
        })}
        <button type="button" class="small" onClick={onDismiss}>
          Dismiss
        </button>
      </p>
    </Notice>
  );
}

/** How long trying again cannot help, in ms; counts down, by the page's own clock. */
function useWait({ retryAfterMs = 0 }: Problem): number {
  const [until, setUntil] = useState(() => performance.now() + retryAfterMs);
  const [left, setLeft] = useState(retryAfterMs);
  useEffect(() => {
    setUntil(performance.now() + retryAfterMs);
    setLeft(retryAfterMs);
  }, [retryAfterMs]);
  useEffect(() => {
    const timer = setInterval(() => setLeft(until - performance.now()), 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}
