/**
 * Asks for one token and reads the answer.
 * @module
 */
import { CALLABLES_VERSION, type MintAnswer, type MintRequest } from '@livegate/protocol';
import type { Clock } from './clock.ts';
import { AIError } from './errors.ts';
import { requestId } from './request-id.ts';
import { type SocketAddress, socketAddress } from './socket-address.ts';
import type { TokenSource } from './token-source.ts';

/** A request without what every request has. */
type Body<T> = T extends MintRequest ? Omit<T, 'v' | 'requestId'> : never;
/** What is asked for, before it has a name. */
export type MintBody = Body<MintRequest>;

/** A token in hand. Holds secrets. */
export interface MintedToken {
  readonly answer: MintAnswer;
  readonly address: SocketAddress;
  /** By the session's clock, ms. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Where tokens are asked for. */
export interface MintWay {
  readonly source: TokenSource;
  readonly clock: Clock;
  /** Live emulators (`host:port`) that may be dialled; read at each mint. */
  readonly emulators: ReadonlySet<string>;
}

/**
 * Asks once, under `id`. Throws what the source throws; {@link AIError} `response-error` for an answer that cannot be
 * read, `unsupported` for one to a newer module, `request-error` for a socket this page does not dial.
 */
export async function askToken(way: MintWay, body: MintBody, id = requestId()): Promise<MintedToken> {
  const { source, clock, emulators } = way;
  const sentAt = clock.now();
  const answer = readAnswer(await source({ v: CALLABLES_VERSION, requestId: id, ...body }));
  const receivedAt = clock.now();
  return { answer, address: socketAddress(answer.socket, emulators), sentAt, receivedAt };
}

/** What the session relies on: its type → paths. */
const RELIED_ON = {
  string: 'sessionId connectionId socket.url socket.auth.value setup.model',
  number: 'serverTime expiresAt renewAfter startBy openFields.length',
  object: 'quotaLeft report',
};

/** Checks what the session relies on: the source may be anybody's. */
function readAnswer(answer: unknown): MintAnswer {
  for (const [type, paths] of Object.entries(RELIED_ON))
    for (const path of paths.split(' ')) {
      let value: unknown = answer;
      for (const key of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[key];
      if (
        typeof value !== type ||
        value === '' ||
        value === null ||
        (type === 'number' && !Number.isFinite(value))
      )
        throw new AIError('response-error', 'The token source answered something that is no token.');
    }
  const read = answer as MintAnswer;
  if (read.clientMin > CALLABLES_VERSION)
    throw new AIError(
      'unsupported',
      'The functions no longer answer this version of @livegate/web: update it.',
      {
        reason: 'client-outdated',
      },
    );
  return read;
}
