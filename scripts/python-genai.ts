/**
 * Finds a Python with Google's SDK in it, or makes one: a virtual environment in the cache folder, once. Nothing of
 * Livegate needs it but the tests that play that client.
 * @module
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Machine, thisMachine } from './machine.ts';

/** The SDK's version that the tests play. */
export const PYTHON_GENAI_VERSION = '3.4.0';
/** The oldest Python that it runs on. */
const OLDEST_MINOR = 10;

/** What {@link findPythonGenai} came to. */
export type PythonGenai =
  | { readonly kind: 'found'; readonly path: string; readonly name: string }
  | { readonly kind: 'missing'; readonly reason: string };

/**
 * The Python of the virtual environment in the cache folder; makes it where it is not there: a few seconds and the
 * network. Never rejects: what is missing is said in `reason`.
 */
export async function findPythonGenai(machine: Machine = thisMachine()): Promise<PythonGenai> {
  const folder = join(machine.cache, `python-google-genai-${PYTHON_GENAI_VERSION}`);
  const there = present(machine, folder);
  if (there) return there;
  const python = ['python3', 'python'].flatMap((name) => machine.find(name) ?? []).find(isNewEnough);
  if (python === undefined)
    return { kind: 'missing', reason: `there is no python3 of 3.${OLDEST_MINOR} or newer on PATH` };
  return machine.once(`python-google-genai-${PYTHON_GENAI_VERSION}`, async () => {
    // Another process may have been busy with it until now.
    const made = present(machine, folder);
    if (made) return made;
    const reason = await make(machine, python, folder);
    return reason === undefined
      ? (present(machine, folder) ?? {
          kind: 'missing',
          reason: 'the environment that was made does not work',
        })
      : { kind: 'missing', reason };
  });

  function isNewEnough(path: string): boolean {
    const minor = Number(/^Python 3\.(\d+)/.exec(machine.output(path, ['--version']))?.[1] ?? 0);
    return minor >= OLDEST_MINOR;
  }
}

/** In words, for the end of a run. */
export function pythonLine(python: PythonGenai): string {
  return python.kind === 'found'
    ? `Python: ${python.name}`
    : `Python: none; the tests of google-genai were SKIPPED: ${python.reason}`;
}

function present(machine: Machine, folder: string): PythonGenai | undefined {
  const path = pythonIn(machine, folder);
  if (!machine.exists(path)) return undefined;
  const code =
    "import importlib.metadata as m, platform; print(m.version('google-genai'), platform.python_version())";
  const [sdk, python] = machine.output(path, ['-c', code]).trim().split(' ');
  if (sdk !== PYTHON_GENAI_VERSION) return undefined;
  return { kind: 'found', path, name: `${python}, google-genai ${sdk}` };
}

/** Makes it beside its place and moves it there whole: who interrupts this leaves no half of one. Gives why it failed. */
async function make(machine: Machine, python: string, folder: string): Promise<string | undefined> {
  const started = `${folder}.making`;
  await mkdir(machine.cache, { recursive: true });
  await rm(started, { recursive: true, force: true });
  const failure =
    (await machine.run('Making a Python environment (once)', python, ['-m', 'venv', started])) ??
    (await machine.run(`Fetching google-genai ${PYTHON_GENAI_VERSION} (once)`, pythonIn(machine, started), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--retries=1',
      '--timeout=10',
      `google-genai==${PYTHON_GENAI_VERSION}`,
    ]));
  if (failure !== undefined) {
    await rm(started, { recursive: true, force: true });
    return `google-genai could not be installed: ${failure.split('\n').at(-1)}`;
  }
  await rm(folder, { recursive: true, force: true });
  await rename(started, folder);
  return undefined;
}

function pythonIn({ isWindows }: Machine, folder: string): string {
  return isWindows ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}
