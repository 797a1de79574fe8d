/**
 * `npm run check`: format, lint, types and unit tests.
 * @module
 */
import { lastLine, resultTable } from './results.ts';
import { runChecks, runProject } from './test-parts.ts';

/** Runs them all, whatever the first ones say. */
export async function run(): Promise<number> {
  const parts = [...(await runChecks()), await runProject('unit')];
  console.log(`\n${resultTable(parts)}\n${lastLine(parts)}`);
  return parts.some(({ failed }) => failed > 0) ? 1 : 0;
}
