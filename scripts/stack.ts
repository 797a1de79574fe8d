/**
 * Everything Livegate runs on, on this machine: the Live emulator in this process, and the emulators of Auth,
 * Functions, Firestore and Hosting under firebase-tools, on free ports, with the functions as they would be
 * uploaded and both pages under the headers they are deployed with.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LiveEmulator, type LiveEmulatorOptions, startLiveEmulator } from '@livegate/emulator';
import { startFirebaseEmulators, withTail } from './firebase-emulators.ts';
import { findFirestoreEmulator } from './firestore-emulator.ts';
import { ROOT } from './root.ts';
import { openRunFolder } from './run-folder.ts';
import { type FirebaseConfig, PROJECT_ID, REGION } from './stack-config.ts';
import { writeRunFiles } from './stack-files.ts';
import { livePort, type PortOptions, stackPorts } from './stack-ports.ts';

/** Where the parts of a stack listen, `host:port` each. */
export interface StackHosts {
  readonly auth: string;
  readonly firestore: string;
  readonly functions: string;
}

/** What every running stack has. */
export interface RunningStack {
  readonly projectId: string;
  readonly hosts: StackHosts;
  /** Empty where Hosting was left out. */
  readonly demoUrl: string;
  readonly dashboardUrl: string;
  /** `http://host:port/project/region`; a callable's name follows. */
  readonly functionsUrl: string;
  /** Name and version of the Firestore emulator. */
  readonly firestoreName: string;
  /** What the emulators and the functions print. Gone with the stack. */
  readonly logFile: string;
  /** Resolves when the emulators have ended by themselves, with their last lines; never after `stop`. */
  readonly died: Promise<string>;
  /** Ends every process and removes the run's folder. Calling it again gives the same promise. */
  stop(): Promise<void>;
  /** The same at once, without asking anything to end by itself. */
  kill(): Promise<void>;
}

/** A stack in which the Live emulator stands for Gemini. */
export interface Stack extends RunningStack {
  readonly live: LiveEmulator;
  readonly hosts: StackHosts & { readonly live: string };
}

/** How a stack is started. */
export interface StackOptions extends PortOptions {
  /** Serve the pages; default `true`. Needs `emulator-pages` built. */
  readonly hosting?: boolean;
  /** Run the functions; default `true`. Needs `functions` built. */
  readonly functions?: boolean;
  /** Environment of the functions, beside what the stack gives them. */
  readonly functionsEnv?: Readonly<Record<string, string>>;
  /** Environment of every process of the stack, beside this one's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Takes each line that the emulators and functions print. */
  readonly onLine?: (line: string) => void;
  /** Gives up starting, and leaves nothing behind. No effect once the stack runs. */
  readonly signal?: AbortSignal;
}

/** A port may be taken between the choice and its use; so often another set is tried. */
const ATTEMPTS = 3;

/**
 * Starts a stack with the Live emulator. Rejects with the last lines of the log where a part does not come up;
 * nothing is left running then.
 */
export async function startStack(
  options: StackOptions & { readonly live?: LiveEmulatorOptions } = {},
): Promise<Stack> {
  const live = await startLiveEmulator({ ...options.live, port: await livePort(options) });
  try {
    const running = await startRunning(options, { live: live.host, geminiApiKey: 'emulated' });
    const andLive = (end: () => Promise<void>) => async (): Promise<void> => {
      await Promise.all([end(), live.close()]);
    };
    return {
      ...running,
      live,
      hosts: { ...running.hosts, live: live.host },
      stop: andLive(running.stop),
      kill: andLive(running.kill),
    };
  } catch (error) {
    await live.close();
    throw error;
  }
}

/**
 * Starts a stack whose functions and pages go to the real Live API with this key. The key stands in one file of
 * the run's folder, readable by this user only, and goes with it.
 */
export function startRealStack(
  options: StackOptions & { readonly geminiApiKey: string },
): Promise<RunningStack> {
  return startRunning(options, { geminiApiKey: options.geminiApiKey });
}

interface Upstream {
  readonly live?: string;
  readonly geminiApiKey: string;
}

async function startRunning(options: StackOptions, upstream: Upstream): Promise<RunningStack> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options, upstream);
    } catch (error) {
      const isCollision = error instanceof Error && /port taken|address already in use/i.test(error.message);
      if (!isCollision || attempt === ATTEMPTS) throw error;
    }
  }
}

async function startOnce(options: StackOptions, upstream: Upstream): Promise<RunningStack> {
  const { functions = true, hosting = true, functionsEnv = {}, env = {}, onLine, signal } = options;
  const deployed = JSON.parse(await readFile(join(ROOT, 'firebase.json'), 'utf8')) as FirebaseConfig;
  const firestore = await findFirestoreEmulator();
  const ports = await stackPorts(deployed, options);
  const folder = await openRunFolder();
  try {
    const contents = { ports, functions, hosting, functionsEnv, ...upstream };
    await writeRunFiles(folder.path, { deployed, contents });
    const logFile = join(folder.path, 'emulators.log');
    const { process: emulators, pagePorts } = await startFirebaseEmulators(folder, {
      firestore,
      ports,
      functions,
      hosting,
      logFile,
      env,
      ...(onLine ? { onLine } : {}),
      ...(signal ? { signal } : {}),
    });
    let ending: Promise<void> | undefined;
    const endBy = (ended: Promise<number>): Promise<void> => {
      ending ??= ended.then(() => folder.remove());
      return ending;
    };
    const pages = pagePorts.map((port) => `http://127.0.0.1:${port}`);
    return {
      projectId: PROJECT_ID,
      hosts: {
        auth: `127.0.0.1:${ports.auth}`,
        firestore: `127.0.0.1:${ports.firestore}`,
        functions: `127.0.0.1:${ports.functions}`,
      },
      demoUrl: pages[0] ?? '',
      dashboardUrl: pages[1] ?? '',
      functionsUrl: `http://127.0.0.1:${ports.functions}/${PROJECT_ID}/${REGION}`,
      firestoreName: firestore.name,
      logFile,
      died: emulators.ended.then((code) =>
        ending === undefined
          ? withTail(`The emulators ended with ${code}.`, emulators)
          : new Promise(() => {}),
      ),
      stop: () => endBy(emulators.stop()),
      kill: () => endBy(emulators.kill()),
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
