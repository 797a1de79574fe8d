/**
 * The option `scenario` as the options it stands for.
 * @module
 */
import { EmulatorError } from './errors.ts';
import { silentLog } from './log.ts';
import type { LiveEmulatorOptions, ScenarioOption } from './options.ts';
import { scenarioAnswer } from './scenario-answer.ts';
import { loadScenario } from './scenario-load.ts';
import { watchedScenarioAnswer } from './scenario-watch.ts';

/**
 * Options with the scenario, if one is named, loaded: its answers, its faults beside those of `faults`, and whether it
 * speaks first (unless `askAtStart` says; one that is watched may always). Rejects with {@link EmulatorError}
 * `invalid-option` where `answer` is given too, or nothing to watch, `invalid-scenario` where it cannot be used.
 */
export async function withScenario({
  scenario,
  watchScenario = false,
  ...options
}: LiveEmulatorOptions): Promise<Omit<LiveEmulatorOptions, ScenarioOption>> {
  if (watchScenario && typeof scenario !== 'string')
    throw new EmulatorError('invalid-option', 'watchScenario wants a scenario in a file.');
  if (scenario === undefined) return options;
  if (options.answer !== undefined)
    throw new EmulatorError('invalid-option', 'scenario and answer both decide what is answered; give one.');
  const loaded = await loadScenario(scenario);
  const isWatched = watchScenario && typeof scenario === 'string';
  return {
    ...options,
    answer: isWatched
      ? watchedScenarioAnswer(scenario, loaded, options.log ?? silentLog)
      : scenarioAnswer(loaded, options.log && { log: options.log }),
    askAtStart: options.askAtStart ?? (isWatched || loaded.speaksFirst),
    faults: [...loaded.faults, ...(options.faults ?? [])],
  };
}
