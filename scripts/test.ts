/**
 * `npm test`: build, format, lint, types, unit tests, the suite on the emulators, the browser tests; `--long` with the
 * long forms, and the commands that are long by themselves.
 * @module
 */
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { findChromium } from './chromium.ts';
import { findFirestoreEmulator } from './firestore-emulator.ts';
import { findPythonGenai, pythonLine } from './python-genai.ts';
import { lastLine, type PartResult, resultTable } from './results.ts';
import { LONG_COMMANDS, shortFormsLine } from './short-forms.ts';
import { type Project, type ProjectRun, runChecks, runCommand, runProject } from './test-parts.ts';

/** Runs everything. Ends with the table and one line, `N passed, N failed`. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { long: { type: 'boolean', default: false } } });
  const env = values.long ? { LIVEGATE_LONG: '1' } : {};
  const parts: PartResult[] = [];
  const built = await preparation(parts, 'build', () => build(['functions', 'pages', 'emulator-pages']));
  parts.push(...(await runChecks()), await runProject('unit', { env }));
  const firestore = await preparation(parts, 'Firestore emulator', findFirestoreEmulator);
  const browser = await preparation(parts, 'Chromium', findChromium);
  const python = await findPythonGenai();
  const emulated = (project: Project, run: Pick<ProjectRun, 'note' | 'output'>): Promise<PartResult> =>
    runProject(project, { env: { ...env, LIVEGATE_BUILT: '1' }, ...run });
  if (built && firestore) {
    const { name } = firestore.value;
    const note = browser ? `${name}, ${browser.value.name}` : name;
    // Both wait more than they compute, and neither is cut by real seconds; what is, runs alone.
    const [pages, suite] = await Promise.all([
      browser ? emulated('pages', { note, output: 'quiet' }) : undefined,
      emulated('suite', { note: name }),
    ]);
    parts.push(suite, ...(pages ? [pages] : []));
    if (browser) parts.push(await emulated('browser', { note }));
  }
  if (values.long && built && firestore)
    for (const { command, args } of LONG_COMMANDS) parts.push(await runCommand(command, args));
  console.log(`\n${resultTable(parts)}\n`);
  if (firestore) console.log(`Firestore: ${firestore.value.name}`);
  if (browser) console.log(`Browser: ${browser.value.name}`);
  console.log(pythonLine(python));
  if (!values.long) console.log(shortFormsLine());
  console.log(`Ran: ${parts.map(({ name }) => name).join(', ')}`);
  console.log(lastLine(parts));
  return parts.some(({ failed }) => failed > 0) ? 1 : 0;
}

/** Does what later parts stand on. Its failure is one of the run, and those parts are left out. */
async function preparation<T>(
  parts: PartResult[],
  name: string,
  work: () => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const startedAt = performance.now();
  try {
    return { value: await work() };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    const ms = performance.now() - startedAt;
    parts.push({ name, passed: 0, failed: 1, skipped: 0, ms, note: 'what stands on it was not run' });
    return undefined;
  }
}
