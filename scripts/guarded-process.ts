/**
 * A command that cannot outlive this process: it runs under `guard.ts`, which ends it and all that it started
 * when asked to, or when this process is gone.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** How {@link GuardedProcess.start} runs the command. */
export interface GuardedOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it prints is kept here. */
  readonly logFile: string;
  /** Takes each line as it comes, without colours. */
  readonly onLine?: (line: string) => void;
}

const GUARD = fileURLToPath(new URL('guard.ts', import.meta.url));
const TAIL_LINES = 60;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that starts a colour is one.
const COLOURS = /\u001b\[[0-9;]*m/g;

/** One running command. */
export class GuardedProcess {
  readonly #guard: ChildProcess;
  readonly #log: WriteStream;
  readonly #onLine: (line: string) => void;
  readonly #ended: Promise<number>;
  #tail: readonly string[] = [];
  #unfinished = '';

  private constructor(command: readonly string[], options: GuardedOptions) {
    this.#onLine = options.onLine ?? (() => {});
    // Others may write to it as well: nobody writes over what stands there.
    this.#log = createWriteStream(options.logFile, { flags: 'a' });
    this.#guard = spawn(process.execPath, [GUARD, ...command], {
      cwd: options.cwd,
      env: options.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: a terminal's Ctrl-C reaches this process only, which then ends things in order.
      detached: process.platform !== 'win32',
    });
    this.#guard.stdin?.on('error', () => {});
    this.#guard.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#guard.stderr?.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#ended = new Promise((resolve) => {
      this.#guard.once('close', (code) => {
        this.#log.end(() => resolve(code ?? 1));
      });
    });
  }

  /** Starts the command. Resolves when it runs; rejects when it could not be started. */
  static async start(command: readonly string[], options: GuardedOptions): Promise<GuardedProcess> {
    const running = new GuardedProcess(command, options);
    await new Promise<void>((resolve, reject) => {
      running.#guard.once('spawn', () => resolve());
      running.#guard.once('error', reject);
    });
    return running;
  }

  /** Resolves with its exit code when it has ended, with everything that it started. */
  get ended(): Promise<number> {
    return this.#ended;
  }

  /** The last lines it printed. */
  get tail(): readonly string[] {
    return this.#tail;
  }

  /** Asks it to end, and sees to it. */
  stop(): Promise<number> {
    this.#guard.stdin?.end();
    return this.#ended;
  }

  /** Ends it at once. */
  kill(): Promise<number> {
    this.#guard.kill('SIGTERM');
    return this.#ended;
  }

  #take(chunk: Buffer): void {
    this.#log.write(chunk);
    const lines = (this.#unfinished + chunk.toString('utf8').replace(COLOURS, '')).split('\n');
    this.#unfinished = lines.pop() ?? '';
    this.#tail = [...this.#tail, ...lines].slice(-TAIL_LINES);
    for (const line of lines) this.#onLine(line);
  }
}
