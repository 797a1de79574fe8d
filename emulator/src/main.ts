/**
 * The command `livegate-emulator`.
 * @module
 */
import { parseArgs } from 'node:util';
import { EmulatorError } from './errors.ts';
import { LOG_LEVELS, type LogLevel, logTo } from './log.ts';
import { startLiveEmulator } from './start.ts';

const HELP = `livegate-emulator: the Gemini Live API on localhost

  livegate-emulator start [options]

  --port <n>         port on 127.0.0.1; 0 for a free one (default 9910)
  --json             print one line of JSON instead of a URL: { "url", "host", "port" }
  --log <level>      ${LOG_LEVELS.join(', ')} (default warn); log lines go to stderr
  --frames <kind>    binary or text: how JSON goes out (default binary)
  --echo-guard       do not take the answer, heard over loudspeakers, for the user
  --help             this text

It prints its URL first and runs until it is interrupted. Point a client at it with
GEMINI_LIVE_EMULATOR_HOST=127.0.0.1:<port>, or with the base URL http://127.0.0.1:<port>.
`;

/** Port the command listens on where none is named: beside those of the Firebase emulators. */
export const DEFAULT_PORT = 9_910;

/** What the command writes to and waits for. */
export interface CommandSurroundings {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Resolves when the command is to end. */
  readonly untilInterrupted: Promise<void>;
}

/** Runs the command; gives its exit code: 0 when it ran, 1 when it could not, 2 for a wrong call. */
export async function main(args: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  const { out, err } = surroundings;
  const call = readCall(args);
  if (typeof call === 'string') {
    err(`${call}\n\n${HELP}`);
    return 2;
  }
  if (call.help) {
    out(HELP);
    return 0;
  }
  try {
    const { port, json, log, frames, echoGuard } = call;
    const sink = logTo((line) => err(`${line}\n`), log);
    const emulator = await startLiveEmulator({ port, frames, echoGuard, log: sink });
    const { url, host } = emulator;
    out(json ? `${JSON.stringify({ url, host, port: emulator.port })}\n` : `${url}\n`);
    await surroundings.untilInterrupted;
    await emulator.close();
    return 0;
  } catch (error) {
    if (!(error instanceof EmulatorError)) throw error;
    err(`${error.message}\n`);
    return 1;
  }
}

interface Call {
  readonly help: boolean;
  readonly json: boolean;
  readonly echoGuard: boolean;
  readonly port: number;
  readonly log: LogLevel;
  readonly frames: 'binary' | 'text';
}

/** What is asked for, or what is wrong with it. */
function readCall(args: readonly string[]): Call | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string', default: String(DEFAULT_PORT) },
        json: { type: 'boolean', default: false },
        log: { type: 'string', default: 'warn' },
        frames: { type: 'string', default: 'binary' },
        'echo-guard': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const log = LOG_LEVELS.find((level) => level === values.log);
    const { frames, help, json } = values;
    if (log === undefined) return `--log must be one of ${LOG_LEVELS.join(', ')}.`;
    if (frames !== 'binary' && frames !== 'text') return '--frames must be binary or text.';
    if (!/^\d{1,5}$/.test(values.port)) return '--port must be a number.';
    if (!help && positionals.join(' ') !== 'start') return 'The one command is start.';
    return { help, json, echoGuard: values['echo-guard'], port: Number(values.port), log, frames };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
