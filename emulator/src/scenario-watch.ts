/**
 * A scenario that is read again when its file has changed.
 * @module
 */
import { statSync } from 'node:fs';
import type { AnswerHandler } from './answer.ts';
import type { LogSink } from './log.ts';
import { scenarioAnswer } from './scenario-answer.ts';
import { type LoadedScenario, loadScenario } from './scenario-load.ts';

/**
 * The scenario of `path`, loaded already, as a handler that looks at each turn whether the file has changed and then
 * answers by what it says now. A file that is wrong, or gone, is told to `log` once, and what was loaded stays. What
 * rules of the old scenario were used is forgotten.
 */
export function watchedScenarioAnswer(path: string, first: LoadedScenario, log: LogSink): AnswerHandler {
  let seenMs = changedMs(path);
  let current: AnswerHandler | Promise<AnswerHandler> = scenarioAnswer(first, { log });

  const reload = async (before: AnswerHandler | Promise<AnswerHandler>): Promise<AnswerHandler> => {
    try {
      const scenario = await loadScenario(path);
      log('info', `read the scenario ${scenario.source} again`);
      return scenarioAnswer(scenario, { log });
    } catch (error) {
      log(
        'error',
        `${error instanceof Error ? error.message : String(error)}\nThe scenario stays as it was.`,
      );
      return before;
    }
  };
  return (turn, context) => {
    const nowMs = changedMs(path);
    if (nowMs !== seenMs) {
      seenMs = nowMs;
      const loading = reload(current);
      current = loading;
      void loading.then((handler) => {
        if (current === loading) current = handler;
      });
    }
    return current instanceof Promise
      ? current.then((handler) => handler(turn, context))
      : current(turn, context);
  };
}

/** When the file was changed; 0 where it is gone. */
function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
