/**
 * Runs a command beside the emulator, and tells it where that is.
 * @module
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { EmulatorError } from './errors.ts';
import type { LiveEmulator } from './live-emulator.ts';

/** What is run, and in what. */
export interface Beside {
  /** A program and its arguments. */
  readonly run: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resolves when the command is to end: it is sent SIGTERM. */
  readonly untilInterrupted: Promise<void>;
}

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
  { run: [program, ...args], env, untilInterrupted }: Beside,
): Promise<number> {
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: environmentOf(emulator, env),
    // Commands of packages are scripts there, which only a shell finds.
    shell: process.platform === 'win32',
  });
  void untilInterrupted.then(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(
        new EmulatorError(
          'command-not-found',
          `${program} could not be started: ${cause.message}. Is it installed, and on PATH?`,
          {
            cause,
          },
        ),
      ),
    );
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
