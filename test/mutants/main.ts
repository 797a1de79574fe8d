/**
 * `npm run mutants`: changes the source, one line at a time, and wants to see a test go red each time.
 * @module
 */
import { parseArgs } from 'node:util';
import { onInterrupt } from '../../scripts/interrupt.ts';
import { seconds } from '../../scripts/progress.mjs';
import { hunt, type Verdict } from './hunt.ts';
import { MUTANTS } from './mutant-table.ts';

/** Hunts them. 0 where each was killed, 1 otherwise, 2 for an id nobody knows. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string', multiple: true, default: [] } },
  });
  const unknown = values.only.filter((id) => !MUTANTS.some((mutant) => isNamed(mutant.id, id)));
  if (unknown.length > 0) {
    console.error(`No mutant is called ${unknown.join(' or ')}. There are:`);
    for (const { id } of MUTANTS) console.error(`  ${id}`);
    return 2;
  }
  const chosen = MUTANTS.filter(
    ({ id }) => values.only.length === 0 || values.only.some((name) => isNamed(id, name)),
  );
  const abort = new AbortController();
  const interrupt = onInterrupt({ first: () => abort.abort(), second: () => process.exit(1) });
  try {
    console.log(`${'mutant'.padEnd(ID_WIDTH)}  ${'changes'.padEnd(FILE_WIDTH)}      time  killed by`);
    const verdicts = await hunt(chosen, {
      onVerdict: (verdict) => console.log(row(verdict)),
      signal: abort.signal,
    });
    const killed = verdicts.filter(({ killedBy }) => killedBy !== null).length;
    console.log(`\n${killed} of ${chosen.length} mutants killed`);
    return killed === chosen.length ? 0 : 1;
  } finally {
    interrupt.forget();
  }
}

/** An id, or what several begin with. */
function isNamed(id: string, name: string): boolean {
  return id === name || id.startsWith(`${name}:`);
}

function row({ id, file, killedBy, problem, ms }: Verdict): string {
  const outcome = killedBy === null ? `NOT KILLED: ${problem}` : killedBy.replace(/ ?\[threat:[^\]]+\]/g, '');
  return `${id.padEnd(ID_WIDTH)}  ${file.padEnd(FILE_WIDTH)}  ${seconds(ms).padStart(8)}  ${outcome}`;
}

const ID_WIDTH = Math.max(...MUTANTS.map(({ id }) => id.length));
const FILE_WIDTH = Math.max(...MUTANTS.map(({ change }) => change.file.length));
