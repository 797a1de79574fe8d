/**
 * Text to typed message and back. Either casing and either base64 form come in; camelCase and standard base64
 * go out.
 * @module
 */
import type { ClientKind, ClientMessage } from './client-messages.ts';
import type { UsageMetadata } from './content.ts';
import { isDeeperThan, MOST_DEPTH } from './depth.ts';
import { ProtocolError } from './errors.ts';
import { clientShapes, serverShapes } from './message-shapes.ts';
import type { ServerKind, ServerMessage } from './server-messages.ts';
import { camelCase, isObject, type Shape } from './shape.ts';
import { decodeUsage } from './usage-codec.ts';

const SHAPES_OF_CLIENT: Readonly<Record<ClientKind, Shape<unknown>>> = clientShapes;
const SHAPES_OF_SERVER: Readonly<Record<ServerKind, Shape<unknown>>> = serverShapes;

/**
 * Reads a client's message as a server must: exactly one known key, no unknown field, at most {@link MOST_DEPTH} deep.
 * Throws {@link ProtocolError} (`invalid-json`, `unknown-message`, `unknown-field`, `invalid-field`).
 */
export function decodeClientMessage(source: string): ClientMessage {
  const message = parse(source);
  if (isDeeperThan(message, MOST_DEPTH))
    throw new ProtocolError('invalid-field', '', `Message too deep: at most ${MOST_DEPTH} levels are read.`);
  const keys = Object.keys(message).filter((key) => message[key] !== null && message[key] !== undefined);
  const [key] = keys;
  if (key === undefined)
    throw new ProtocolError('unknown-message', '', 'Empty message: expected one of its known fields.');
  const kind = camelCase(key);
  if (!Object.hasOwn(SHAPES_OF_CLIENT, kind)) {
    throw new ProtocolError('unknown-message', '', `Unknown name "${key.slice(0, 40)}": Cannot find field.`);
  }
  if (keys.length > 1) throw new ProtocolError('unknown-message', '', 'A message holds exactly one field.');
  return { [kind]: SHAPES_OF_CLIENT[kind as ClientKind](message[key], kind, 'reject') } as ClientMessage;
}

/**
 * Reads a server's message as a client must: unknown inner fields are kept, a message of unknown keys only is
 * `unknown-message` (warn and skip), a frame that is not JSON is `invalid-json` (warn and skip).
 * Vertex AI's `candidates…` names of usage come out under the Developer API's names.
 */
export function decodeServerMessage(source: string): ServerMessage {
  return readServerMessage(source, decodeUsage);
}

/**
 * The same with usage as `readUsage` has it: for who lets another part read usage ({@link decodeUsage}), and so needs
 * none of its shapes.
 */
export function readServerMessage(
  source: string,
  readUsage: (usage: unknown) => UsageMetadata,
): ServerMessage {
  const message = parse(source);
  const read: Record<string, unknown> = {};
  let known = false;
  for (const [key, value] of Object.entries(message)) {
    if (value === null || value === undefined) continue;
    const kind = camelCase(key);
    if (kind === 'usageMetadata') read[kind] = readUsage(value);
    else if (Object.hasOwn(SHAPES_OF_SERVER, kind))
      read[kind] = SHAPES_OF_SERVER[kind as ServerKind](value, kind, 'keep');
    else continue;
    known = true;
  }
  if (!known)
    throw new ProtocolError(
      'unknown-message',
      '',
      `Unknown message: ${Object.keys(message).slice(0, 4).join(', ')}.`,
    );
  return read as ServerMessage;
}

/** The wire text of a client message. */
export function encodeClientMessage(message: ClientMessage): string {
  return JSON.stringify(message);
}

/** The wire text of a server message; int64 goes out as a string, as in all of ProtoJSON. */
export function encodeServerMessage(message: ServerMessage): string {
  const update = message.sessionResumptionUpdate;
  const index = update?.lastConsumedClientMessageIndex;
  if (index === undefined) return JSON.stringify(message);
  const written = { ...update, lastConsumedClientMessageIndex: String(index) };
  return JSON.stringify({ ...message, sessionResumptionUpdate: written });
}

/** Seconds of a Duration; 0 where it is absent or not one, as firebase/ai reads it. */
export function durationSeconds(text: string | undefined): number {
  const seconds = text?.endsWith('s') ? Number(text.slice(0, -1)) : 0;
  return Number.isFinite(seconds) ? seconds : 0;
}

/** A Duration of `seconds`, to the millisecond. */
export function durationText(seconds: number): string {
  return `${Number(seconds.toFixed(3))}s`;
}

function parse(source: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw new ProtocolError('invalid-json', '', 'Invalid JSON payload received.', { cause });
  }
  if (!isObject(value))
    throw new ProtocolError('invalid-json', '', 'Invalid JSON payload received: expected an object.');
  return value;
}
