/**
 * Runs a command beside the emulator, and tells it where that is.
 * @module
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { EmulatorError } from './errors.ts';
import type { LiveEmulator } from './live-emulator.ts';
import type { LogSink } from './log.ts';

/** What is run, and in what. */
export interface Beside {
  /** A program and its arguments. */
  readonly run: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: LogSink;
  /** Resolves when the command is to end, with the signal that it is sent. */
  readonly untilInterrupted: Promise<Interruption>;
}

/** What ends a command: a signal to pass on, or `terminal`: the terminal has told the command itself. */
export type Interruption = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'terminal';

/** How the emulator is reached. */
export type Reached = Pick<LiveEmulator, 'url' | 'host' | 'caFile' | 'controlToken'>;

/** What a command needs to find the emulator: ours, and what Google's SDKs read. */
function environmentOf(
  { url, host, caFile, controlToken }: Reached,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return {
    ...env,
    GEMINI_LIVE_EMULATOR_HOST: host,
    LIVEGATE_EMULATOR_URL: url,
    LIVEGATE_CONTROL_TOKEN: controlToken,
    GOOGLE_GEMINI_BASE_URL: url,
    GOOGLE_VERTEX_BASE_URL: url,
    GEMINI_API_KEY: env.GEMINI_API_KEY || 'livegate-emulator',
    // Node adds this one to those it trusts; what other languages read would replace theirs, and is left alone.
    ...(caFile !== undefined && {
      LIVEGATE_EMULATOR_CA_FILE: caFile,
      NODE_EXTRA_CA_CERTS: env.NODE_EXTRA_CA_CERTS || caFile,
    }),
  };
}

/**
 * Runs the command to its end; gives its exit code, or 128 and the number of the signal that ended it, as a shell does.
 * Rejects with {@link EmulatorError} `command-not-found` where there is no such program.
 */
export async function runBeside(
  emulator: Reached,
  { run: [program, ...args], env, log, untilInterrupted }: Beside,
): Promise<number> {
  // Node reads one such file, and what the user has put there may be needed.
  if (emulator.caFile !== undefined && env.NODE_EXTRA_CA_CERTS)
    log(
      'warn',
      `NODE_EXTRA_CA_CERTS is set and left alone: a command of Node's does not trust the emulator unless that file also holds ${emulator.caFile}`,
    );
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: environmentOf(emulator, env),
    // Commands of packages are scripts there, which only a shell finds.
    shell: process.platform === 'win32',
  });
  // A second signal would make a command that ends in good order, such as the Firebase emulators, end at once.
  void untilInterrupted.then((signal) => signal !== 'terminal' && child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'ENOENT'
          ? `there is no such program. Is it installed, and on PATH? A line for a shell needs one: sh -c '${[program, ...args].join(' ')}'`
          : cause.message;
      reject(new EmulatorError('command-not-found', `${program} could not be started: ${why}`, { cause }));
    });
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
