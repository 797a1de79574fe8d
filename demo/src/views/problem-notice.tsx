import { useEffect, useState } from 'preact/hooks';
import { type Problem, waitText } from '../problems.ts';
import { Notice } from './notice.tsx';

interface ProblemNoticeProps {
  readonly problem: Problem;
  readonly onSignIn: () => void;
  readonly onDismiss: () => void;
}

/** What went wrong, what to do, and when trying again can help. */
export function ProblemNotice({ problem, onSignIn, onDismiss }: ProblemNoticeProps) {
  return (
    <Notice tone="bad" title={problem.title} testId="error">
      <p>{problem.advice}</p>
      {problem.retryAfterMs !== undefined && (
        <Countdown key={problem.retryAfterMs} ms={problem.retryAfterMs} />
      )}
      <p class="actions">
        {problem.needsSignIn === true && (
          <button type="button" class="primary" onClick={onSignIn}>
            Sign in
          </button>
        )}
        <button type="button" class="small" onClick={onDismiss}>
          Dismiss
        </button>
      </p>
    </Notice>
  );
}

function Countdown({ ms }: { readonly ms: number }) {
  const [until] = useState(() => performance.now() + ms);
  const [left, setLeft] = useState(ms);
  useEffect(() => {
    const timer = setInterval(() => setLeft(until - performance.now()), 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return (
    // The alert was read out once; a screen reader need not hear every second of it.
    <p aria-live="off" data-testid="retry">
      {left > 0 ? `Try again in ${waitText(left)}.` : 'You can try again now.'}
    </p>
  );
}
