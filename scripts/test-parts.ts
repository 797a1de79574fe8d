/**
 * The parts of a test run: checks that are one command each, and Vitest's projects.
 * @module
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { countCheck, countVitest, type PartResult, type VitestReport } from './results.ts';
import { ROOT } from './root.ts';
import { binOf, runTool } from './tool.ts';

/** Vitest's projects, as `vitest.config.ts` names them. */
export type Project = 'unit' | 'suite' | 'pages' | 'browser';

/** The formatter, the linter and the type checker. Each rejects nothing and counts once. */
export async function runChecks(): Promise<readonly PartResult[]> {
  const biome = binOf('@biomejs/biome', 'biome');
  return [
    await check('format', biome, ['format']),
    await check('lint', biome, ['check', '--formatter-enabled=false']),
    await check('types', binOf('typescript', 'tsc'), ['-b']),
  ];
}

/** How {@link runProject} runs. */
export interface ProjectRun {
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly note?: string;
  /** `quiet`: what it prints is shown when it fails, at its end; for one that runs beside another. */
  readonly output?: 'shown' | 'quiet';
}

/** One project. */
export async function runProject(
  project: Project,
  { env = {}, note = '', output = 'shown' }: ProjectRun = {},
): Promise<PartResult> {
  const startedAt = performance.now();
  console.log(output === 'shown' ? `\n> ${project} …` : `\n> ${project}, beside what follows …`);
  const folder = join(ROOT, '.livegate');
  const file = join(folder, `report-${project}-${process.pid}.json`);
  await mkdir(folder, { recursive: true });
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const exitCode = await runTool(binOf('vitest'), args, { env, output });
  const counts = countVitest(await readReport(file), { exitCode });
  await rm(file, { force: true });
  return { name: project, ...counts, ms: performance.now() - startedAt, note };
}

/** A command of `run.mjs` that is a part by itself: passed where its exit code is 0. */
export function runCommand(command: string, args: readonly string[]): Promise<PartResult> {
  return check(command, join(ROOT, 'scripts/run.mjs'), [command, ...args]);
}

async function check(name: string, script: string, args: readonly string[]): Promise<PartResult> {
  const startedAt = performance.now();
  console.log(`\n> ${name} …`);
  const counts = countCheck(await runTool(script, args));
  return { name, ...counts, ms: performance.now() - startedAt, note: '' };
}

async function readReport(file: string): Promise<VitestReport | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as VitestReport;
  } catch {
    return undefined;
  }
}
