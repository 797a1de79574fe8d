/**
 * The emulators' configuration, derived from the one that is deployed: other ports, other folders, and a
 * Content-Security-Policy that lets the pages reach this machine instead of Google. Nothing else differs.
 * @module
 */

/** Every run's Firebase project: the prefix keeps firebase-tools from any real one. */
export const PROJECT_ID = 'demo-livegate';
/** Where the functions say they run. */
export const REGION = 'us-central1';

/** One header of a Hosting site. */
interface HostingHeader {
  readonly key: string;
  readonly value: string;
}

/** One Hosting site of `firebase.json`. */
export interface HostingSite {
  readonly target: string;
  readonly public: string;
  readonly ignore: readonly string[];
  /** Addresses that the page itself reads. */
  readonly rewrites?: readonly { readonly source: string; readonly destination: string }[];
  readonly headers: readonly { readonly source: string; readonly headers: readonly HostingHeader[] }[];
}

/** `firebase.json`, as far as the stack reads it. */
export interface FirebaseConfig {
  readonly firestore: { readonly rules: string; readonly indexes: string };
  readonly functions: readonly {
    readonly codebase: string;
    readonly source: string;
    readonly runtime: string;
    readonly ignore: readonly string[];
  }[];
  readonly hosting: readonly HostingSite[];
  readonly emulators: {
    readonly [name in EmulatorName]: { readonly host: string; readonly port: number };
  } & { readonly firestore: { readonly websocketPort: number } };
}

/** The emulators of firebase-tools that the stack starts, those that come along included. */
export const EMULATOR_NAMES = [
  'hub',
  'logging',
  'auth',
  'functions',
  'eventarc',
  'tasks',
  'firestore',
  'hosting',
] as const;
/** One of {@link EMULATOR_NAMES}. */
export type EmulatorName = (typeof EMULATOR_NAMES)[number];

/** A port for each emulator, and one for the feed of Firestore's requests, which nobody here reads. */
export type StackPorts = Readonly<Record<EmulatorName | 'websocket', number>>;

/** Where the real Live API listens; in the stack only where no Live emulator stands for it. */
const LIVE_API = 'wss://generativelanguage.googleapis.com';

/** What {@link stackConfig} derives with. */
export interface StackConfigOptions {
  readonly ports: StackPorts;
  /** Origins that the pages may connect to besides their own. */
  readonly reach: readonly string[];
}

/** The configuration of a run. Folders in it are those of the run's folder: `functions`, `hosting/<target>`. */
export function stackConfig(deployed: FirebaseConfig, { ports, reach }: StackConfigOptions): object {
  const { websocket, ...listening } = ports;
  const host = '127.0.0.1';
  return {
    firestore: deployed.firestore,
    functions: deployed.functions.map(({ codebase, runtime, ignore }) => ({
      codebase,
      runtime,
      ignore,
      source: 'functions',
    })),
    hosting: deployed.hosting.map(({ target, ignore, rewrites, headers }) => ({
      site: `${PROJECT_ID}-${target}`,
      public: `hosting/${target}`,
      ignore,
      ...(rewrites === undefined ? {} : { rewrites }),
      headers: headers.map((rule) => ({
        ...rule,
        headers: rule.headers.map((header) => localHeader(header, reach)),
      })),
    })),
    emulators: {
      singleProjectMode: false,
      ui: { enabled: false },
      ...Object.fromEntries(Object.entries(listening).map(([name, port]) => [name, { host, port }])),
      firestore: { host, port: ports.firestore, websocketPort: websocket },
    },
  };
}

/** The origins that a run's pages connect to. `live`: `host:port` of the Live emulator; absent: the real service. */
export function reachOf(ports: StackPorts, live: string | undefined): readonly string[] {
  return [
    ...(['auth', 'functions', 'firestore'] as const).map((name) => `http://127.0.0.1:${ports[name]}`),
    live === undefined ? LIVE_API : `ws://${live}`,
  ];
}

function localHeader(header: HostingHeader, reach: readonly string[]): HostingHeader {
  if (header.key !== 'Content-Security-Policy') return header;
  const value = header.value
    .split(';')
    .map((directive) => directive.trim())
    .map((directive) =>
      directive.startsWith('connect-src ') ? ['connect-src', "'self'", ...reach].join(' ') : directive,
    )
    .join('; ');
  return { ...header, value };
}
