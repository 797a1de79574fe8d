/**
 * Base64 without DOM or Node: the engine's own `Uint8Array.fromBase64` where it exists, a table elsewhere.
 * @module
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SEXTETS = /* @__PURE__ */ sextetsByCharacter();

interface NativeBase64 {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}
const native = Uint8Array as unknown as NativeBase64;

/**
 * Brings either base64 form to the standard padded one: `-_` become `+/`, missing padding is added.
 * Answers `undefined` for text that is no base64.
 */
export function standardBase64(text: string): string | undefined {
  const body = text.replace(/=+$/, '');
  if (text.length - body.length > 2 || !/^[A-Za-z0-9+/_-]*$/.test(body) || body.length % 4 === 1)
    return undefined;
  const standard = body.replaceAll('-', '+').replaceAll('_', '/');
  return standard.padEnd(Math.ceil(standard.length / 4) * 4, '=');
}

/** Decodes standard padded base64; call {@link standardBase64} first on text from outside. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  if (native.fromBase64) return native.fromBase64(text);
  let length = text.length;
  while (length > 0 && text.charCodeAt(length - 1) === 61) length--;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let written = 0;
  for (let read = 0; read < length; read += 4) {
    const bits =
      (sextet(text, read) << 18) |
      (sextet(text, read + 1) << 12) |
      (sextet(text, read + 2) << 6) |
      sextet(text, read + 3);
    bytes[written++] = bits >> 16;
    if (written < bytes.length) bytes[written++] = bits >> 8;
    if (written < bytes.length) bytes[written++] = bits;
  }
  return bytes;
}

function sextetsByCharacter(): Int8Array {
  const sextets = new Int8Array(128).fill(-1);
  for (let index = 0; index < ALPHABET.length; index++) sextets[ALPHABET.charCodeAt(index)] = index;
  return sextets;
}

function sextet(text: string, index: number): number {
  const value = index < text.length ? (SEXTETS[text.charCodeAt(index)] ?? 0) : 0;
  return Math.max(value, 0);
}

/** Encodes bytes as standard padded base64. */
export function encodeBase64(bytes: Uint8Array): string {
  const own = bytes as Uint8Array & { toBase64?(): string };
  if (own.toBase64) return own.toBase64();
  const parts: string[] = [];
  for (let read = 0; read < bytes.length; read += 3) {
    const bits = ((bytes[read] ?? 0) << 16) | ((bytes[read + 1] ?? 0) << 8) | (bytes[read + 2] ?? 0);
    parts.push(
      ALPHABET.charAt(bits >> 18),
      ALPHABET.charAt((bits >> 12) & 63),
      read + 1 < bytes.length ? ALPHABET.charAt((bits >> 6) & 63) : '=',
      read + 2 < bytes.length ? ALPHABET.charAt(bits & 63) : '=',
    );
  }
  return parts.join('');
}
