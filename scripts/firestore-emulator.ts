/**
 * Finds a Firestore emulator, or fetches one: `hidane` (one binary, no Java) where it is there; the official one
 * where Java is new enough; else `hidane` built by cargo.
 * @module
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Machine, thisMachine } from './machine.ts';

/** The emulator that firebase-tools will start. */
export interface FirestoreEmulator {
  /** Name and version, for people. */
  readonly name: string;
  /** The command line that runs a firebase-tools command with this emulator in place. */
  wrap(command: readonly string[]): readonly string[];
}

/** The version that was tried; an older or newer one on PATH is taken as it is. */
const HIDANE_VERSION = '0.6.0';
/** What firebase-tools 15 asks of the official emulator's Java. */
const JAVA_MAJOR = 21;

/** What {@link findFirestoreEmulator} may be told. */
export interface FirestoreSearch {
  readonly machine?: Machine;
  /** The official emulator's jar; default: the one that the installed firebase-tools wants. */
  readonly jar?: string;
}

/**
 * The Firestore emulator of this machine, in this order: the one `LIVEGATE_FIRESTORE` names; a `hidane` on PATH or
 * in the cache folder; the official one, with Java 21 or newer and its jar, fetched if need be; `hidane` from
 * cargo (a few minutes, once). Rejects with what can be done where none of them works.
 */
export async function findFirestoreEmulator(search: FirestoreSearch = {}): Promise<FirestoreEmulator> {
  const { machine = thisMachine() } = search;
  const jar = search.jar ?? officialJar(machine);
  const wanted = machine.env.LIVEGATE_FIRESTORE ?? '';
  if (!['', 'hidane', 'official'].includes(wanted))
    throw new Error(`LIVEGATE_FIRESTORE is "${wanted}"; it takes "hidane" or "official".`);
  const problems: string[] = [];
  const found =
    (wanted !== 'official' ? presentHidane(machine) : undefined) ??
    (wanted !== 'hidane' ? await official(machine, jar, problems) : undefined) ??
    (wanted !== 'official' ? await builtHidane(machine, problems) : undefined);
  if (found !== undefined) return found;
  const remedies = {
    official: `install Java ${JAVA_MAJOR} or newer (https://adoptium.net) and let this machine reach the network`,
    hidane: 'install cargo 1.88 or newer (https://rustup.rs), or put a "hidane" on PATH (https://hidane.dev)',
  };
  const advice =
    wanted === 'official' || wanted === 'hidane'
      ? remedies[wanted]
      : `either ${remedies.official}, or ${remedies.hidane}`;
  throw new Error(
    `No Firestore emulator could be found or fetched.\n${problems.map((each) => `- ${each}`).join('\n')}\nTo go on, ${advice}; then run the command again.`,
  );
}

function presentHidane(machine: Machine): FirestoreEmulator | undefined {
  return [machine.find('hidane'), cachedHidane(machine)]
    .map((path) => (path === undefined ? undefined : hidane(machine, path)))
    .find((emulator) => emulator !== undefined);
}

function cachedHidane(machine: Machine): string {
  return join(machine.cache, `hidane-${HIDANE_VERSION}`, 'bin', machine.isWindows ? 'hidane.exe' : 'hidane');
}

function hidane(machine: Machine, path: string): FirestoreEmulator | undefined {
  const version = /^hidane ([\d.]+)/.exec(machine.output(path, ['--version']))?.[1];
  return version === undefined
    ? undefined
    : { name: `hidane ${version}`, wrap: (command) => [path, 'exec', '--', ...command] };
}

async function builtHidane(machine: Machine, problems: string[]): Promise<FirestoreEmulator | undefined> {
  const cargo = machine.find('cargo');
  if (cargo === undefined) {
    problems.push('hidane: neither on PATH nor in the cache folder, and there is no cargo to build it with');
    return undefined;
  }
  const root = join(machine.cache, `hidane-${HIDANE_VERSION}`);
  return machine.once(`hidane-${HIDANE_VERSION}`, async () => {
    // Another process may have been busy with it until now.
    const there = hidane(machine, cachedHidane(machine));
    if (there !== undefined) return there;
    const failure = await machine.run(
      `Building the Firestore emulator (hidane ${HIDANE_VERSION}, once, a few minutes)`,
      cargo,
      ['install', 'hidane', '--version', HIDANE_VERSION, '--locked', '--root', root],
    );
    if (failure === undefined) return hidane(machine, cachedHidane(machine));
    problems.push(`hidane: cargo could not build it: ${failure}`);
    return undefined;
  });
}

async function official(
  machine: Machine,
  jar: string,
  problems: string[],
): Promise<FirestoreEmulator | undefined> {
  const major = javaMajor(machine.output('java', ['-version']));
  if (major === undefined || major < JAVA_MAJOR) {
    const has = major === undefined ? 'there is none' : `this one is ${major}`;
    problems.push(`the official emulator: Java ${JAVA_MAJOR} or newer is needed, and ${has}`);
    return undefined;
  }
  const emulator: FirestoreEmulator = {
    name: `the official emulator (Java ${major})`,
    wrap: (command) => command,
  };
  if (machine.exists(jar)) return emulator;
  const failure = await machine.once('firestore-emulator', async () =>
    machine.exists(jar)
      ? undefined
      : machine.run('Fetching the official Firestore emulator (about 140 MB, once)', process.execPath, [
          firebaseTool(),
          'setup:emulators:firestore',
        ]),
  );
  if (failure === undefined && machine.exists(jar)) return emulator;
  problems.push(`the official emulator: it could not be fetched: ${failure ?? `no file ${jar}`}`);
  return undefined;
}

/** firebase-tools' command-line script. */
export function firebaseTool(): string {
  return createRequire(import.meta.url).resolve('firebase-tools/lib/bin/firebase.js');
}

/** The major version in what `java -version` prints; `1.8.0` is 8. */
export function javaMajor(text: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  if (first === undefined) return undefined;
  return first === '1' && second !== undefined ? Number(second) : Number(first);
}

/** Where the installed firebase-tools looks for the official emulator's jar. */
function officialJar(machine: Machine): string {
  const own = machine.env.FIRESTORE_EMULATOR_BINARY_PATH;
  if (own !== undefined && own !== '') return own;
  const info = JSON.parse(
    readFileSync(join(firebaseTool(), '..', '..', 'emulator', 'downloadableEmulatorInfo.json'), 'utf8'),
  ) as { readonly firestore: { readonly downloadPathRelativeToCacheDir: string } };
  const folder = machine.env.FIREBASE_EMULATORS_PATH ?? join(machine.home, '.cache', 'firebase', 'emulators');
  return join(folder, info.firestore.downloadPathRelativeToCacheDir);
}
