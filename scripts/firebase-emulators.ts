/**
 * The emulators of firebase-tools: starting them on a run's folder, and knowing when they are ready.
 * @module
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type FirestoreEmulator, firebaseTool } from './firestore-emulator.ts';
import { GuardedProcess } from './guarded-process.ts';
import type { RunFolder } from './run-folder.ts';
import { PROJECT_ID, type StackPorts } from './stack-config.ts';

/** What is started, and how. */
export interface EmulatorsOptions {
  readonly firestore: FirestoreEmulator;
  readonly ports: StackPorts;
  readonly functions: boolean;
  readonly hosting: boolean;
  readonly logFile: string;
  /** Added to the environment of every process. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The emulators, ready. */
export interface RunningEmulators {
  readonly process: GuardedProcess;
  /** The ports that the sites of Hosting got, in the order of the configuration. */
  readonly pagePorts: readonly number[];
}

/** How long the emulators may take to be ready: a loaded machine with two cores needs some of it. */
const READY_MS = 120_000;
const POLL_MS = 100;

/**
 * Starts them. Rejects, with their last lines and nothing left running, where one does not come up, where the
 * functions cannot be loaded, and where `signal` aborts.
 */
export async function startFirebaseEmulators(
  folder: RunFolder,
  options: EmulatorsOptions,
): Promise<RunningEmulators> {
  const { ports, signal } = options;
  const seen = { ready: false, broken: '' };
  const emulators = await GuardedProcess.start(options.firestore.wrap(commandLine(folder, options)), {
    cwd: folder.path,
    env: environment(folder, options.env),
    logFile: options.logFile,
    onLine(line) {
      if (line.includes('All emulators ready')) seen.ready = true;
      if (line.includes('Failed to load function definition')) seen.broken = line;
      options.onLine?.(line);
    },
  });
  try {
    await untilReady(emulators, { isReady: () => seen.ready, ...(signal ? { signal } : {}) });
    if (seen.broken !== '') throw new Error(`The functions could not be loaded: ${seen.broken}`);
    if (options.functions) await functionsLoaded(`http://127.0.0.1:${ports.functions}/backends`);
    const hub = `http://127.0.0.1:${ports.hub}/emulators`;
    return { process: emulators, pagePorts: options.hosting ? await pagePorts(hub) : [] };
  } catch (cause) {
    await emulators.stop();
    if (signal?.aborted) throw signal.reason;
    throw new Error(withTail(cause instanceof Error ? cause.message : String(cause), emulators), { cause });
  }
}

/** A sentence, and the last lines that the emulators printed. */
export function withTail(sentence: string, emulators: GuardedProcess): string {
  return `${sentence}\nThe emulators' last lines:\n${emulators.tail.map((line) => `  ${line}`).join('\n')}`;
}

function commandLine(folder: RunFolder, { functions, hosting }: EmulatorsOptions): readonly string[] {
  const parts = ['auth', 'firestore', ...(functions ? ['functions'] : []), ...(hosting ? ['hosting'] : [])];
  return [
    process.execPath,
    firebaseTool(),
    'emulators:start',
    '--only',
    parts.join(','),
    '--project',
    PROJECT_ID,
    '--config',
    join(folder.path, 'firebase.json'),
  ];
}

/** Nothing of a real project, of other emulators or of a test runner reaches the emulators and the functions. */
const KEPT_OUT =
  /^(GEMINI_|GOOGLE_|GCLOUD_|CLOUDSDK_|FIREBASE_(?!EMULATORS_PATH)|FUNCTIONS_|K_|VITEST|NODE_ENV$|NODE_CHANNEL_|PORT$|FORCE_COLOR$)|_EMULATOR_HOST$/;

function environment(folder: RunFolder, added: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !KEPT_OUT.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    TMPDIR: folder.temporary,
    TMP: folder.temporary,
    TEMP: folder.temporary,
    // firebase-tools keeps accounts and settings there; a run has none.
    XDG_CONFIG_HOME: join(folder.temporary, 'config'),
    CI: '1',
    NO_COLOR: '1',
    NO_UPDATE_NOTIFIER: '1',
    FUNCTIONS_DISCOVERY_TIMEOUT: '60',
    // Through a file: over HTTP the emulator waits some seconds for a connection that is kept alive.
    FIREBASE_FUNCTIONS_DISCOVERY_OUTPUT_PATH: 'true',
    ...added,
  };
}

async function untilReady(
  emulators: GuardedProcess,
  { isReady, signal }: { readonly isReady: () => boolean; readonly signal?: AbortSignal },
): Promise<void> {
  let code: number | undefined;
  void emulators.ended.then((ended) => {
    code = ended;
  });
  const deadline = performance.now() + READY_MS;
  while (!isReady()) {
    signal?.throwIfAborted();
    if (code !== undefined) throw new Error(`The emulators ended with ${code} before they were ready.`);
    if (performance.now() > deadline)
      throw new Error(`The emulators were not ready after ${READY_MS / 1_000} s.`);
    await delay(POLL_MS);
  }
}

async function functionsLoaded(url: string): Promise<void> {
  const { backends } = (await (await fetch(url)).json()) as {
    readonly backends: readonly { readonly functionTriggers: readonly unknown[] }[];
  };
  if (!backends.some(({ functionTriggers }) => functionTriggers.length > 0))
    throw new Error('The functions emulator found no function in functions/dist.');
}

/** The first site gets the wanted port; where the others landed only the hub knows. */
async function pagePorts(url: string): Promise<readonly number[]> {
  const { hosting } = (await (await fetch(url)).json()) as {
    readonly hosting: { readonly port: number; readonly reservedPorts?: readonly number[] };
  };
  const ports = [hosting.port, ...(hosting.reservedPorts ?? [])];
  for (const port of ports) {
    const { status } = await fetch(`http://127.0.0.1:${port}/`);
    if (status !== 200) throw new Error(`The page at port ${port} answers ${status}.`);
  }
  return ports;
}
