/**
 * What is asked of the command `livegate-emulator`: one table of options for reading and for help.
 * @module
 */
import { parseArgs } from 'node:util';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import { type LiveEmulatorOptions, LOOPBACK } from './options.ts';
import { RUNTIME_OPTIONS, type RuntimeOptions, runtimeOptions } from './runtime-options.ts';
import type { TlsOption } from './tls.ts';

/** Port the command listens on where none is named: beside those of the Firebase emulators. */
export const DEFAULT_PORT = 9_910;
/** The service that `record` passes everything on to where none is named. */
const REAL_SERVICE = 'https://generativelanguage.googleapis.com';

/** How a server of the command listens and speaks of itself. */
export interface Listening {
  readonly port: number;
  readonly json: boolean;
  readonly log: LogLevel;
  readonly frames: 'binary' | 'text';
}

/** A call that makes sense. */
export type CommandCall =
  | { readonly command: 'help'; readonly text: string }
  | { readonly command: 'version' }
  | { readonly command: 'start'; readonly listening: Listening; readonly options: LiveEmulatorOptions }
  | {
      readonly command: 'exec';
      readonly listening: Listening;
      readonly options: LiveEmulatorOptions;
      /** What is run beside the emulator: a program and its arguments. */
      readonly run: readonly [string, ...string[]];
    }
  | {
      readonly command: 'record';
      readonly listening: Listening;
      readonly file: string;
      /** Base URL of the service. */
      readonly target: string;
      readonly keepsVoice: boolean;
    }
  | {
      readonly command: 'replay';
      readonly listening: Listening;
      readonly file: string;
      readonly speed: number;
    };

interface Option {
  readonly type: 'string' | 'boolean';
  readonly default: string | boolean | [];
  readonly multiple?: true;
  /** What stands for its value in the help. */
  readonly value?: string;
  readonly help: string;
}

const LISTENING = {
  port: {
    type: 'string',
    default: String(DEFAULT_PORT),
    value: 'n',
    help: `where to listen; 0 for a free one (default ${DEFAULT_PORT})`,
  },
  json: { type: 'boolean', default: false, help: 'print one line of JSON instead of a URL' },
  log: {
    type: 'string',
    default: 'warn',
    value: 'level',
    help: `${LOG_LEVELS.join(', ')} (default warn); log lines go to stderr`,
  },
  frames: {
    type: 'string',
    default: 'binary',
    value: 'kind',
    help: 'binary or text: how JSON goes out (default binary)',
  },
} as const satisfies Readonly<Record<string, Option>>;

const EMULATOR = {
  ...LISTENING,
  scenario: {
    type: 'string',
    default: '',
    value: 'file',
    help: 'what to answer: a .yaml, .json, .ts or .js file (default: an echo)',
  },
  watch: { type: 'boolean', default: false, help: 'read the scenario again when its file has changed' },
  'echo-guard': {
    type: 'boolean',
    default: false,
    help: 'do not take the answer, heard over loudspeakers, for the user',
  },
  host: {
    type: 'string',
    default: LOOPBACK,
    value: 'address',
    help: `where to listen; elsewhere than ${LOOPBACK} others may reach it (default ${LOOPBACK})`,
  },
  tls: {
    type: 'boolean',
    default: false,
    help: 'serve HTTPS and WSS; the certificate to trust is printed after the URL',
  },
  'tls-dir': {
    type: 'string',
    default: '',
    value: 'folder',
    help: 'keep the authority of --tls there, to be trusted once only',
  },
  'tls-names': {
    type: 'string',
    default: '',
    value: 'names',
    help: 'names that --tls is for besides localhost, joined by commas',
  },
  set: {
    type: 'string',
    multiple: true,
    default: [],
    value: 'name=value',
    help: 'any other option that may change while it runs, such as strictModels=true; may be given again',
  },
} as const satisfies Readonly<Record<string, Option>>;

const EXEC = {
  ...EMULATOR,
  port: { ...LISTENING.port, default: '0', help: 'where to listen (default 0: a free one)' },
} as const satisfies Readonly<Record<string, Option>>;

const RECORD = {
  ...LISTENING,
  out: { type: 'string', default: '', value: 'file', help: 'where the recording is written (required)' },
  target: {
    type: 'string',
    default: REAL_SERVICE,
    value: 'url',
    help: `the service that is recorded (default ${REAL_SERVICE})`,
  },
  'keep-voice': {
    type: 'boolean',
    default: false,
    help: "keep the user's audio and pictures too, not only their length",
  },
} as const satisfies Readonly<Record<string, Option>>;

const REPLAY = {
  ...LISTENING,
  speed: {
    type: 'string',
    default: '1',
    value: 'factor',
    help: 'how many times faster than recorded; 0 without waiting (default 1)',
  },
} as const satisfies Readonly<Record<string, Option>>;

const COMMANDS = {
  start: {
    call: 'start [options]',
    summary: 'runs the emulator until it is interrupted',
    options: EMULATOR,
    more: `It prints its URL first, then that of its live page. Point a client at it with
GEMINI_LIVE_EMULATOR_HOST=127.0.0.1:<port>, or with the base URL http://127.0.0.1:<port>. The control API wants the
controlToken that --json prints: another for each run, or the one in LIVEGATE_CONTROL_TOKEN. What has no flag here can
be set while it runs: POST <url>/livegate/control/options. GET <url>/ answers 200 once it is up.`,
  },
  exec: {
    call: 'exec [options] -- <command> [arguments]',
    summary: 'runs the emulator while a command runs, and ends as that ends',
    options: EXEC,
    more: `The command finds the emulator in its environment: GEMINI_LIVE_EMULATOR_HOST, LIVEGATE_EMULATOR_URL with
LIVEGATE_CONTROL_TOKEN (what connectLiveEmulator() reads), and what Google's SDKs read, GOOGLE_GEMINI_BASE_URL and
GOOGLE_VERTEX_BASE_URL; GEMINI_API_KEY is set where it is not. It ends with the command's exit code. A line for a shell
needs one: livegate-emulator exec -- sh -c 'npm run seed && npm test'

  livegate-emulator exec -- firebase emulators:exec 'npm test'
  firebase emulators:exec 'livegate-emulator exec -- npm test'`,
  },
  record: {
    call: 'record --out <file> [options]',
    summary: 'passes sessions on to the real service and writes them down',
    options: RECORD,
    more: `Point a client at the URL that it prints first. With GEMINI_API_KEY set, that key goes to the service instead of the
client's. Keys, tokens and handles are not written; what was said is.`,
  },
  replay: {
    call: 'replay <file> [options]',
    summary: 'plays recorded sessions to clients that say the same',
    options: REPLAY,
    more: `It prints its URL first. The first connection gets the first session of the recording, and so on; one that resumes
gets the session that did. A client that says something else than was recorded is closed with 1008 and told what.`,
  },
} as const;

type CommandName = keyof typeof COMMANDS;
/** Options by name; which there are depends on the command. */
type GivenOptions = Readonly<Record<string, unknown>>;

/** Help for one command, or the list of them. */
export function helpText(name?: CommandName): string {
  if (name === undefined) {
    const rows = Object.values(COMMANDS).map(({ call, summary }) => `  ${call}\n      ${summary}`);
    return `livegate-emulator: the Gemini Live API on localhost\n\n${rows.join('\n')}\n\nlivegate-emulator <command> --help says more.\n`;
  }
  const { call, summary, options, more } = COMMANDS[name];
  const rows = Object.entries<Option>({
    ...options,
    help: { type: 'boolean', default: false, help: 'this text' },
  }).map(
    ([option, { value, help }]) =>
      `  ${`--${option}${value === undefined ? '' : ` <${value}>`}`.padEnd(19)} ${help}`,
  );
  return `livegate-emulator ${call}\n\n${summary}\n\n${rows.join('\n')}\n\n${more}\n`;
}

/** Reads a command line: what is asked for, or what is wrong with it and where help is. */
export function readCall(args: readonly string[]): CommandCall | string {
  const [first, second] = args;
  if (first === undefined) return `No command.\n\n${helpText().trimEnd()}`;
  if (first === 'help' && isCommand(second)) return { command: 'help', text: helpText(second) };
  if (['--help', '-h', 'help'].includes(first)) return { command: 'help', text: helpText() };
  if (['--version', '-v', 'version'].includes(first)) return { command: 'version' };
  if (!isCommand(first))
    return `There is no command "${first}"; expected ${Object.keys(COMMANDS).join(', ')}.\nlivegate-emulator --help says more.`;
  const call = readCommand(first, args.slice(1));
  return typeof call === 'string' ? `${call}\nlivegate-emulator ${first} --help says more.` : call;
}

function isCommand(name: string | undefined): name is CommandName {
  return name !== undefined && Object.hasOwn(COMMANDS, name);
}

function readCommand(name: CommandName, rest: readonly string[]): CommandCall | string {
  const cut = rest.indexOf('--');
  const own = name === 'exec' && cut >= 0 ? rest.slice(0, cut) : rest;
  if (name === 'exec' && cut < 0 && own.some((arg) => /^[^-]/.test(arg)) && !own.includes('--help'))
    return 'exec wants -- before the command that it runs: livegate-emulator exec -- npm test';
  if (own.includes('--help') || own.includes('-h')) return { command: 'help', text: helpText(name) };
  try {
    const { values, positionals } = parseArgs({
      args: own,
      allowPositionals: name === 'replay',
      options: COMMANDS[name].options,
    });
    const given: GivenOptions = values;
    const listening = readListening(values);
    if (typeof listening === 'string') return listening;
    switch (name) {
      case 'start':
        if (given.watch === true && given.scenario === '') return '--watch wants a --scenario.';
        return { command: name, listening, options: emulatorOptions(given) };
      case 'exec': {
        const [program, ...more] = cut < 0 ? [] : rest.slice(cut + 1);
        if (program === undefined) return 'exec runs a command: livegate-emulator exec -- <command>';
        return { command: name, listening, options: emulatorOptions(given), run: [program, ...more] };
      }
      case 'record':
        return readRecord(given, listening);
      case 'replay': {
        const [file, ...others] = positionals;
        const speed = Number(given.speed);
        if (file === undefined || others.length > 0)
          return 'replay plays one file: livegate-emulator replay <file>';
        if (given.speed === '' || !(speed >= 0)) return '--speed must be a number, 0 or more.';
        return { command: name, listening, file, speed };
      }
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function readRecord(
  { out, target, 'keep-voice': keepsVoice }: GivenOptions,
  listening: Listening,
): CommandCall | string {
  if (typeof out !== 'string' || out === '') return '--out <file> is needed.';
  if (typeof target !== 'string' || !/^https?:\/\/[^/]/.test(target))
    return '--target must be an http or https URL.';
  return { command: 'record', listening, file: out, target, keepsVoice: keepsVoice === true };
}

function readListening(values: {
  readonly port: string;
  readonly json: boolean;
  readonly log: string;
  readonly frames: string;
}): Listening | string {
  const log = LOG_LEVELS.find((level) => level === values.log);
  const { frames, json, port } = values;
  if (log === undefined) return `--log must be one of ${LOG_LEVELS.join(', ')}.`;
  if (frames !== 'binary' && frames !== 'text') return '--frames must be binary or text.';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return '--port must be a number from 0 to 65535.';
  return { port: Number(port), json, log, frames };
}

/** Throws with a sentence where `--set` makes no sense. */
function emulatorOptions(given: GivenOptions): LiveEmulatorOptions {
  const { scenario } = given;
  return {
    ...(given['echo-guard'] === true && { echoGuard: true }),
    ...setOptions(given.set),
    ...(typeof scenario === 'string' && scenario !== '' && { scenario }),
    ...(given.watch === true && { watchScenario: true }),
    ...(typeof given.host === 'string' && { host: given.host }),
    tls: tlsOption(given),
  };
}

/** `name=value`, the value as JSON or as plain text. */
function setOptions(set: unknown): RuntimeOptions {
  const given: Record<string, unknown> = {};
  for (const each of Array.isArray(set) ? set : []) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(String(each)) ?? [];
    if (!RUNTIME_OPTIONS.some((known) => known === name))
      throw new Error(`--set takes name=value, the name one of ${RUNTIME_OPTIONS.join(', ')}.`);
    given[name] = jsonOrText(value);
  }
  return runtimeOptions(given, '--set', 'reject');
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A folder or names ask for TLS by themselves. */
function tlsOption({ tls, 'tls-dir': folder, 'tls-names': names }: GivenOptions): TlsOption {
  const kept = typeof folder === 'string' && folder !== '' ? { folder } : {};
  const named = typeof names === 'string' && names !== '' ? { names: names.split(',') } : {};
  const made = { ...kept, ...named };
  return Object.keys(made).length > 0 ? made : tls === true;
}
