/**
 * Lets go wrong what comes before a connection: the upgrade, and the request for a token.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CancelTimer, Clock } from './clock.ts';
import type { TokenFault, UpgradeFault } from './fault.ts';
import { refusalOf } from './fault-refusal.ts';
import { STATUS_CODES } from './node-http.ts';
import { secretHash } from './session-pass.ts';
import type { FiredFault } from './standing-rule.ts';

/** What a {@link FaultyDoor} needs. */
export interface FaultyDoorSurroundings {
  readonly clock: Clock;
  /** What befalls an upgrade under a token, and a request for one. */
  readonly atUpgrade: (tokenHash: string | undefined) => FiredFault<UpgradeFault> | undefined;
  readonly atTokenRequest: () => FiredFault<TokenFault> | undefined;
}

/** The doors as a server sees them. */
export type Door = Pick<FaultyDoor, 'upgrade' | 'tokenRequest'>;

/** Lets everything go on as it comes. */
export const OPEN_DOOR: Door = {
  upgrade: (_token, _stream, goOn) => goOn(),
  tokenRequest: (_request, _response, mint) => mint(),
};

interface Held {
  readonly goOn: () => void;
  readonly stream: Duplex;
}

/** The doors of one run. Holds what hangs, and nothing else. */
export class FaultyDoor {
  readonly #around: FaultyDoorSurroundings;
  readonly #held = new Set<Held>();

  constructor(around: FaultyDoorSurroundings) {
    this.#around = around;
  }

  /** Lets an upgrade go on: now, later, or never. */
  upgrade(token: string | undefined, stream: Duplex, goOn: () => void): void {
    const fault = this.#around.atUpgrade(token === undefined ? undefined : secretHash(token))?.fault;
    if (fault?.kind === 'refuse') stream.end(rawAnswer(fault));
    else if (fault?.kind === 'reset') reset(stream);
    else if (fault?.kind === 'hang') {
      // Nobody reads this socket yet; unread, it would not say that the client has left.
      const look = (): void => void stream.read(0);
      const leave = (): void => void stream.destroy();
      stream.on('readable', look).on('end', leave);
      this.#hold(stream, fault.forMs, () => {
        stream.off('readable', look).off('end', leave);
        if (!stream.destroyed) goOn();
      });
    } else goOn();
  }

  /** Lets a request for a token go on: the answer that `mint` gives, or `undefined` where all is said. */
  async tokenRequest<Token>(
    request: IncomingMessage,
    response: ServerResponse,
    mint: () => Promise<Token>,
  ): Promise<Token | undefined> {
    const fault = this.#around.atTokenRequest()?.fault;
    switch (fault?.kind) {
      case 'refuse': {
        const { status, headers, body } = refusalOf(fault);
        // Read to the end: who stops early resets the connection, and the refusal is lost.
        for await (const _ of request);
        response.writeHead(status, { ...headers, connection: 'close' }).end(body);
        return undefined;
      }
      case 'reset':
        reset(request.socket);
        return undefined;
      case 'lose-answer':
        await mint();
        reset(request.socket);
        return undefined;
      case 'hang':
        await new Promise<void>((resolve) => this.#hold(request.socket, fault.forMs, resolve));
        return request.socket.destroyed ? undefined : mint();
      default:
        return mint();
    }
  }

  /** Whatever hangs goes on. */
  release(): void {
    for (const { goOn } of [...this.#held]) goOn();
  }

  /** Whatever hangs is cut off. */
  close(): void {
    for (const { goOn, stream } of [...this.#held]) {
      stream.destroy();
      goOn();
    }
  }

  /** Runs `goOn` once: after `forMs`, at a release, or when the client has left. */
  #hold(stream: Duplex, forMs: number | undefined, goOn: () => void): void {
    let cancel: CancelTimer | undefined;
    const held: Held = {
      stream,
      goOn: () => {
        if (!this.#held.delete(held)) return;
        cancel?.();
        stream.off('close', held.goOn);
        goOn();
      },
    };
    this.#held.add(held);
    stream.once('close', held.goOn);
    if (forMs !== undefined) cancel = this.#around.clock.setTimeout(held.goOn, forMs);
  }
}

function rawAnswer(fault: Extract<UpgradeFault, { kind: 'refuse' }>): string {
  const { status, headers, body } = refusalOf(fault);
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`;
}

/** Ends a TCP connection by a reset; under TLS, where Node has none, by cutting it off. */
function reset(stream: Duplex): void {
  const isPlain = stream instanceof Socket && !('encrypted' in stream);
  if (isPlain) stream.resetAndDestroy();
  else stream.destroy();
}
