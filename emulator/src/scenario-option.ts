/**
 * The option `scenario` as the options it stands for.
 * @module
 */
import { EmulatorError } from './errors.ts';
import type { LiveEmulatorOptions } from './options.ts';
import { scenarioAnswer } from './scenario-answer.ts';
import { loadScenario } from './scenario-load.ts';

/**
 * Options with the scenario, if one is named, loaded: its answers, its faults beside those of `faults`, and whether it
 * speaks first (unless `askAtStart` says). Rejects with {@link EmulatorError} `invalid-option` where `answer` is given too, `invalid-scenario` where it cannot
 * be used.
 */
export async function withScenario({
  scenario,
  ...options
}: LiveEmulatorOptions): Promise<Omit<LiveEmulatorOptions, 'scenario'>> {
  if (scenario === undefined) return options;
  if (options.answer !== undefined)
    throw new EmulatorError('invalid-option', 'scenario and answer both decide what is answered; give one.');
  const loaded = await loadScenario(scenario);
  return {
    ...options,
    answer: scenarioAnswer(loaded),
    askAtStart: options.askAtStart ?? loaded.speaksFirst,
    faults: [...loaded.faults, ...(options.faults ?? [])],
  };
}
