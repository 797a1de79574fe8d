/**
 * Messages spoiled on purpose, and frames that a WebSocket library would not send.
 * @module
 */
import { isObject } from '@livegate/protocol';
import type { MessageFault } from './fault.ts';

/** A key that no client knows. */
const UNKNOWN_KEY = 'livegateUnknown';

/** The first `keep` (0 to 1) of a text; never the whole of it. */
function truncated(text: string, keep: number): string {
  return text.slice(0, Math.min(text.length - 1, Math.floor(text.length * keep)));
}

/** What stands where JSON should. */
const NOT_JSON = 'This is not JSON.';

/** A message behind a byte that UTF-8 does not have. */
function notUtf8(text: string): Uint8Array {
  return Buffer.concat([Buffer.of(0xff), Buffer.from(text)]);
}

/** A message of an unknown kind and nothing else. */
const UNKNOWN_MESSAGE = JSON.stringify({ [UNKNOWN_KEY]: {} });

/** A message with one field more in each of its payloads. */
function withUnknownField(text: string): string {
  const message: unknown = JSON.parse(text);
  if (!isObject(message)) return text;
  const payloads = Object.entries(message).map(([key, payload]) => [
    key,
    isObject(payload) ? { ...payload, [UNKNOWN_KEY]: true } : payload,
  ]);
  return JSON.stringify(Object.fromEntries(payloads));
}

/** The first half of the frame that a server would send (RFC 6455, 5.2): a whole header, half of what it announces. */
export function halfFrame(payload: Uint8Array, type: 'binary' | 'text'): Uint8Array {
  const header = frameHeader(type === 'binary' ? 0x2 : 0x1, payload.length);
  return Buffer.concat([header, payload.subarray(0, Math.floor(payload.length / 2))]);
}

/** A close frame of any code, at most 123 bytes of reason. */
export function closeFrame(code: number, reason: string): Uint8Array {
  const body = Buffer.alloc(2 + Buffer.byteLength(reason));
  body.writeUInt16BE(code);
  body.write(reason, 2);
  return Buffer.concat([frameHeader(0x8, body.length), body]);
}

function frameHeader(opcode: number, length: number): Buffer {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.of(first, length);
  if (length < 65_536) return Buffer.of(first, 126, length >> 8, length & 0xff);
  const header = Buffer.alloc(10);
  header.writeUInt8(first, 0);
  header.writeUInt8(127, 1);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

/** What goes to a client in place of a message. `half` breaks off in the middle of its frame. */
export type SpoiledMessage =
  | { readonly kind: 'text' | 'half'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** What becomes of a message under faults, one after another. Reordering is not done here: it takes a second message. */
export function spoiled(text: string, faults: readonly MessageFault[]): readonly SpoiledMessage[] {
  let messages: readonly SpoiledMessage[] = [{ kind: 'text', text }];
  for (const fault of faults) {
    messages = messages.flatMap((each) => (each.kind === 'text' ? spoiledBy(fault, each.text) : each));
  }
  // Nothing follows a frame that breaks off, its own duplicate included.
  const end = messages.findIndex(({ kind }) => kind === 'half');
  return end < 0 ? messages : messages.slice(0, end + 1);
}

function spoiledBy(fault: MessageFault, text: string): readonly SpoiledMessage[] {
  const whole = { kind: 'text', text } as const;
  switch (fault.kind) {
    case 'lose':
      return [];
    case 'duplicate':
      return Array<SpoiledMessage>((fault.copies ?? 1) + 1).fill(whole);
    case 'reorder':
      return [whole];
    case 'truncate':
      return [{ kind: 'text', text: truncated(text, fault.keep ?? 0.5) }];
    case 'malform':
      return malformed(fault.how, text);
    case 'break-frame':
      return [{ kind: 'half', text }];
  }
}

function malformed(
  how: Extract<MessageFault, { kind: 'malform' }>['how'],
  text: string,
): readonly SpoiledMessage[] {
  switch (how) {
    case 'not-json':
      return [{ kind: 'text', text: NOT_JSON }];
    case 'not-utf8':
      return [{ kind: 'bytes', bytes: notUtf8(text) }];
    case 'unknown-message':
      return [
        { kind: 'text', text: UNKNOWN_MESSAGE },
        { kind: 'text', text },
      ];
    case 'unknown-field':
      return [{ kind: 'text', text: withUnknownField(text) }];
  }
}
