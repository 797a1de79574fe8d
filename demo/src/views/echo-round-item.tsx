import { type EchoEntry, settingsText } from '../echo-report.ts';
import { type EchoRound, sentenceOf } from '../echo-rounds.ts';
import type { EchoRunning } from '../use-echo.ts';

interface EchoRoundItemProps {
  readonly round: EchoRound;
  readonly turns: number;
  readonly last: EchoEntry | undefined;
  readonly running: EchoRunning | null;
  readonly onStart: () => void;
  readonly onStop: () => void;
}

/** One round: what to do, a button, and what came of it. */
export function EchoRoundItem({ round, turns, last, running, onStart, onStop }: EchoRoundItemProps) {
  const { id, title, advice, task } = round;
  const isRunning = running?.round === id;
  const state = isRunning ? 'running' : last ? 'done' : 'open';
  return (
    <li class="round" data-testid={id} data-state={state}>
      <h3 id={`${id}-title`}>{title}</h3>
      <p id={`${id}-advice`}>{advice}</p>
      <div class="actions">
        <button
          type="button"
          class={isRunning ? '' : 'primary'}
          disabled={running !== null && !isRunning}
          aria-describedby={`${id}-title ${id}-advice`}
          data-testid={`${id}-button`}
          onClick={isRunning ? onStop : onStart}
        >
          {isRunning ? 'Stop the round' : last ? 'Run again' : 'Start the round'}
        </button>
        {/* Not announced: a screen reader would be heard by the microphone. */}
        {isRunning && (
          <span aria-live="off" class="progress" data-testid={`${id}-progress`}>
            {progressOf(running, { turns, task })}
          </span>
        )}
      </div>
      <div role="status">
        {!isRunning && last && (
          <>
            <p class="result" data-testid={`${id}-result`}>
              {sentenceOf(last.figures, task)}
            </p>
            <p class="muted mono wrap" data-testid={`${id}-settings`}>
              {last.strategy}
              {last.isGating && ', gate closed'}; {settingsText(last.microphone)}
            </p>
          </>
        )}
      </div>
    </li>
  );
}

function progressOf(
  { turn, isWaiting }: EchoRunning,
  { turns, task }: { readonly turns: number; readonly task: EchoRound['task'] },
): string {
  if (turn === 0) return 'Connecting…';
  const now = isWaiting ? 'wait until it is quiet' : task === 'silent' ? 'stay silent' : 'speak over it';
  return `Turn ${turn} of ${turns} · ${now}`;
}
