/**
 * Serves a recording: each connection is played one of its sessions.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { type ClientMessage, closeReason, decodeClientMessage, ProtocolError } from '@livegate/protocol';
import { type Clock, systemClock } from './clock.ts';
import { EmulatorError } from './errors.ts';
import { OPEN_DOOR } from './faulty-door.ts';
import type { LogSink } from './log.ts';
import { isCloseCode, LOOPBACK } from './options.ts';
import { type RecordedSession, readRecording } from './recording.ts';
import { type ReplayOutput, ReplayPlayer } from './replay-player.ts';
import { type SocketEnd, startServer } from './server.ts';
import type { SocketWire } from './socket-wire.ts';

/** What {@link startReplay} takes. */
export interface ReplayOptions {
  /** Port on 127.0.0.1; 0 for a free one. */
  readonly port: number;
  readonly file: string;
  /** How many times faster than recorded; 0: without waiting. Default 1. */
  readonly speed?: number;
  readonly frames?: 'binary' | 'text';
  readonly log?: LogSink;
  readonly clock?: Clock;
}

/** A running replay. */
export interface Replay {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts playing a recording. Rejects with {@link EmulatorError} `invalid-recording` where the file is none, and
 * `port-in-use` where another process holds the port.
 */
export async function startReplay(options: ReplayOptions): Promise<Replay> {
  const { port, file, frames = 'binary', speed = 1, clock = systemClock, log = () => {} } = options;
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'is not there' : `cannot be read (${cause.code ?? cause.message})`;
    throw new EmulatorError('invalid-recording', `${file} ${why}; record --out makes one.`, { cause });
  });
  const waiting = [...readRecording(text, file)];
  const ends = new Set<PlayedConnection>();
  const server = await startServer(
    { port, host: LOOPBACK },
    {
      frames,
      mintToken: () => ({ name: 'auth_tokens/replay' }),
      refusalOf: () => undefined,
      door: OPEN_DOOR,
      openSocket: (_route, _request, wire) => {
        const end = new PlayedConnection({
          wire,
          clock,
          speed,
          log,
          take: (handle) => takeSession(waiting, handle),
        });
        ends.add(end);
        return end;
      },
      onError: (error) => log('warn', `socket: ${error instanceof Error ? error.message : String(error)}`),
    },
  );
  const host = `${LOOPBACK}:${server.port}`;
  return {
    url: `http://${host}`,
    host,
    port: server.port,
    async close() {
      for (const end of ends) end.end();
      await server.close();
    },
  };
}

/** The session that resumed with `handle`, or the next that resumed with none. Played once. */
function takeSession(waiting: RecordedSession[], handle: string | undefined): RecordedSession | undefined {
  const at = waiting.findIndex(({ steps }) => handleIn(steps[0]) === handle);
  return waiting.splice(at < 0 ? waiting.length : at, 1)[0];
}

function handleIn(step: RecordedSession['steps'][number] | undefined): string | undefined {
  if (step?.kind !== 'client' || !('setup' in step.message)) return undefined;
  return step.message.setup.sessionResumption?.handle || undefined;
}

interface Played {
  readonly wire: SocketWire;
  readonly clock: Clock;
  readonly speed: number;
  readonly log: LogSink;
  readonly take: (handle: string | undefined) => RecordedSession | undefined;
}

class PlayedConnection implements SocketEnd {
  readonly #around: Played;
  #player: ReplayPlayer | undefined;
  #cancel: (() => void) | undefined;
  #isOpen = true;

  constructor(around: Played) {
    this.#around = around;
  }

  receive(text: string): void {
    if (!this.#isOpen) return;
    const { clock } = this.#around;
    try {
      const message = decodeClientMessage(text);
      this.#player ??= this.#playerFor(message);
      if (this.#player) this.#apply(this.#player.take(message, clock.now()));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#close(1007, error.message);
    }
  }

  gone(): void {
    this.end();
  }

  end(): void {
    this.#isOpen = false;
    this.#cancel?.();
  }

  #playerFor(message: ClientMessage): ReplayPlayer | undefined {
    const { clock, speed, take } = this.#around;
    if (!('setup' in message)) {
      this.#close(1007, 'The first message must be setup.');
      return undefined;
    }
    const session = take(message.setup.sessionResumption?.handle || undefined);
    if (session) return new ReplayPlayer(session, { speed, nowMs: clock.now() });
    this.#close(
      1008,
      'The recording has no further session for this client. Start replay again to play it anew.',
    );
    return undefined;
  }

  #apply(outputs: readonly ReplayOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'send') this.#around.wire.send(output.text);
      else if (output.kind === 'close') this.#close(output.code, output.reason);
      else {
        this.#around.log('error', output.problem);
        this.#close(1008, output.problem);
      }
    }
    this.#cancel?.();
    const { clock } = this.#around;
    const nextMs = this.#isOpen ? this.#player?.nextMs : undefined;
    if (nextMs === undefined) return;
    this.#cancel = clock.setTimeout(
      () => this.#apply(this.#player?.pump(clock.now()) ?? []),
      nextMs - clock.now(),
    );
  }

  #close(code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.end();
    if (isCloseCode(code)) this.#around.wire.close(code, closeReason(reason));
    else this.#around.wire.cut();
  }
}
