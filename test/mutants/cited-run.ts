/**
 * Runs the tests that cite an id, in a copy of the tree, and reads what became of them.
 * @module
 */
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { binOf } from '../../scripts/tool.ts';

/** What is run, and where. */
export interface CitedRun {
  /** The tree. */
  readonly path: string;
  /** The test's file. */
  readonly file: string;
  /** Tests whose title holds one of these. */
  readonly titles: readonly string[];
  /** Added to the environment of the run. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the run, which counts as one that did not come to its end. */
  readonly signal?: AbortSignal;
}

/** What became of them. */
export interface CitedResult {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** The last lines of a run in which no test came to its end. */
  readonly said: string;
}

/** A run that lasts longer hangs. */
const LONGEST_MS = 300_000;
const SHOWN_CHARACTERS = 2_000;

/** The project that a test's file belongs to. */
export function projectOf(file: string): 'unit' | 'suite' {
  return file.startsWith('test/') && !file.startsWith('test/repository/') ? 'suite' : 'unit';
}

/** Runs them. Never rejects for what a test does. */
export async function runCited({ path, file, titles, env = {}, signal }: CitedRun): Promise<CitedResult> {
  const report = join(path, 'mutant-report.json');
  await rm(report, { force: true });
  const pattern = titles.map((title) => title.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
  const said = await output(
    [
      binOf('vitest'),
      'run',
      '--project',
      projectOf(file),
      file,
      '-t',
      pattern,
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { path, env, signal: AbortSignal.any([AbortSignal.timeout(LONGEST_MS), ...(signal ? [signal] : [])]) },
  );
  const tests = await readTests(report);
  const titlesOf = (status: string): readonly string[] =>
    tests.filter((test) => test.status === status).map(({ fullName }) => fullName);
  return { passed: titlesOf('passed'), failed: titlesOf('failed'), said };
}

interface TestOutcome {
  readonly status: string;
  readonly fullName: string;
}

async function readTests(report: string): Promise<readonly TestOutcome[]> {
  try {
    const { testResults } = JSON.parse(await readFile(report, 'utf8')) as {
      readonly testResults: readonly { readonly assertionResults: readonly TestOutcome[] }[];
    };
    return testResults.flatMap(({ assertionResults }) => assertionResults);
  } catch {
    return [];
  }
}

function output(
  args: readonly string[],
  options: {
    readonly path: string;
    readonly env: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: options.path,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    let said = '';
    const take = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-SHOWN_CHARACTERS);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    options.signal.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
    child.once('error', reject);
    child.once('close', () => resolve(said));
  });
}
