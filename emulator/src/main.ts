/**
 * The command `livegate-emulator`.
 * @module
 */
import { readFileSync } from 'node:fs';
import { type CommandCall, type Listening, readCall } from './command-line.ts';
import { EmulatorError } from './errors.ts';
import type { Interruption } from './exec.ts';
import { type LogSink, logTo } from './log.ts';

export { DEFAULT_PORT } from './command-line.ts';

/** What the command writes to, reads and waits for. */
export interface CommandSurroundings {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resolves when the command is to end, with what ends it. */
  readonly untilInterrupted: Promise<Interruption>;
}

/**
 * Runs the command; gives its exit code: 0 when it ran, 1 when it could not, 2 for a wrong call; of `exec`, that of
 * the command it ran, or 127 where there is none, as a shell does.
 */
export async function main(args: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  const { out, err } = surroundings;
  const call = readCall(args);
  if (typeof call === 'string') {
    err(`${call}\n`);
    return 2;
  }
  if (call.command === 'help') {
    out(call.text);
    return 0;
  }
  if (call.command === 'version') {
    out(`${readVersion()}\n`);
    return 0;
  }
  try {
    return await run(
      call,
      surroundings,
      logTo((line) => err(`${line}\n`), call.listening.log),
    );
  } catch (error) {
    if (!(error instanceof EmulatorError)) throw error;
    err(`${error.message}\n`);
    return error.code === 'command-not-found' ? 127 : 1;
  }
}

async function run(
  call: Exclude<CommandCall, { readonly command: 'help' | 'version' }>,
  { out, env, untilInterrupted }: CommandSurroundings,
  log: LogSink,
): Promise<number> {
  const { port, frames, json } = call.listening;
  const announce = (server: Announced): void => out(announcement(server, { json }));
  if (call.command === 'record') {
    const { startRecorder } = await import('./recorder.ts');
    const { file, target, keepsVoice } = call;
    const apiKey = env.GEMINI_API_KEY || undefined;
    const recorder = await startRecorder({
      port,
      frames,
      file,
      target,
      keepsVoice,
      log,
      ...(apiKey && { apiKey }),
    });
    announce(recorder);
    await untilInterrupted;
    await recorder.close();
    return 0;
  }
  if (call.command === 'replay') {
    const { startReplay } = await import('./replay-server.ts');
    const replay = await startReplay({ port, frames, file: call.file, speed: call.speed, log });
    announce(replay);
    await untilInterrupted;
    await replay.close();
    return 0;
  }
  const { startLiveEmulator } = await import('./start.ts');
  const controlToken = env.LIVEGATE_CONTROL_TOKEN || undefined;
  const emulator = await startLiveEmulator({
    port,
    frames,
    log,
    ...(controlToken && { controlToken }),
    ...call.options,
  });
  try {
    if (call.command === 'start') {
      announce(emulator);
      if (!json) out(`Live page: ${emulator.pageUrl}\n`);
      await untilInterrupted;
      return 0;
    }
    const { runBeside } = await import('./exec.ts');
    return await runBeside(emulator, { run: call.run, env, log, untilInterrupted });
  } finally {
    await emulator.close();
  }
}

/** The version of the package, which lies above this file in the source and in what is built of it. */
function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String(version);
}

interface Announced extends Pick<Listening, 'port'> {
  readonly url: string;
  readonly host: string;
  readonly controlToken?: string;
  readonly pageUrl?: string;
  readonly caFile?: string;
}

/** What is printed first: the URL, and with TLS the certificate to trust; or one line of JSON. */
function announcement(server: Announced, { json }: { readonly json: boolean }): string {
  const { url, host, port, controlToken, pageUrl, caFile } = server;
  if (json) return `${JSON.stringify({ url, host, port, controlToken, pageUrl, caFile })}\n`;
  return caFile === undefined ? `${url}\n` : `${url}\nCA certificate: ${caFile}\n`;
}
