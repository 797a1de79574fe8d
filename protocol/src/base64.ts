/**
 * Base64 by what the engine has: `Uint8Array`'s own where it exists, `atob` and `btoa` elsewhere (all browsers, their
 * workers and Node have them; audio worklets have not).
 * @module
 */

/** Bytes that are made characters at a time: engines bound the number of arguments. */
const SLICE = 8_190;

interface Engine {
  atob(text: string): string;
  btoa(binary: string): string;
}
const engine = globalThis as unknown as Engine;

interface NativeBase64 {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}
const native = Uint8Array as unknown as NativeBase64;

/**
 * Brings either base64 form to the standard padded one: `-_` become `+/`, missing padding is added.
 * Answers `undefined` for text that is no base64.
 */
export function standardBase64(text: string): string | undefined {
  const end = text.indexOf('=');
  const body = end < 0 ? text : text.slice(0, end);
  // Looking for what does not belong is several times faster than matching what does; every frame of audio comes by here.
  if (/[^\w+/-]/.test(body) || !['', '=', '=='].includes(text.slice(body.length)) || body.length % 4 === 1)
    return undefined;
  const standard = body.replaceAll('-', '+').replaceAll('_', '/');
  return standard.padEnd(Math.ceil(standard.length / 4) * 4, '=');
}

/**
 * Decodes standard padded base64; call {@link standardBase64} first on text from outside. Throws what the engine throws
 * (`SyntaxError`, or a `DOMException`) for text that is none.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  if (native.fromBase64) return native.fromBase64(text);
  const binary = engine.atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/**
 * The bytes of either base64 form, padded or not; `undefined` for text that {@link standardBase64} does not take. Reads
 * text that is standard already, as the service's is, without looking through it first.
 */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = decodeBase64(text);
    // Engines pass over white space, which is none of either form's.
    if (bytes.length === decodedLength(text)) return bytes;
  } catch {
    // Perhaps the other form.
  }
  const standard = standardBase64(text);
  return standard === undefined ? undefined : decodeBase64(standard);
}

/** What such text comes to, in bytes; no whole number where it can be none. */
function decodedLength(text: string): number {
  const digits = text.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  return digits % 4 === 1 ? Number.NaN : Math.floor((digits * 3) / 4);
}

/** Encodes bytes as standard padded base64. */
export function encodeBase64(bytes: Uint8Array): string {
  const own = bytes as Uint8Array & { toBase64?(): string };
  if (own.toBase64) return own.toBase64();
  let binary = '';
  for (let from = 0; from < bytes.length; from += SLICE) {
    // Not spread: that goes through the array's iterator, at a seventh of the speed.
    binary += String.fromCharCode.apply(null, bytes.subarray(from, from + SLICE) as unknown as number[]);
  }
  return engine.btoa(binary);
}
