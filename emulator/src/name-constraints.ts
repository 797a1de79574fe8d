/**
 * The extension that keeps a certificate authority to the names it was made for (RFC 5280, 4.2.1.10): whoever trusts
 * it trusts it for these alone. The certificate library has no class for it; its form is small.
 * @module
 */
import { isIP } from 'node:net';

/** OID of the extension. */
export const NAME_CONSTRAINTS = '2.5.29.30';

/** DER tags: SEQUENCE, permittedSubtrees [0], dNSName [2], iPAddress [7]. */
const SEQUENCE = 0x30;
const PERMITTED = 0xa0;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** The value of the extension that permits these names and addresses and, of these two kinds, nothing else. */
export function nameConstraints(names: readonly string[]): Buffer {
  return der(SEQUENCE, der(PERMITTED, Buffer.concat(names.map(subtree))));
}

/** True where a value made by {@link nameConstraints} permits every one of these names. */
export function permits(constraints: Buffer, names: readonly string[]): boolean {
  return names.every((name) => constraints.includes(subtree(name)));
}

function subtree(name: string): Buffer {
  const base = isIP(name) === 0 ? der(DNS_NAME, Buffer.from(name, 'latin1')) : der(IP_ADDRESS, alone(name));
  return der(SEQUENCE, base);
}

/** An address and a mask that leaves no other. */
function alone(address: string): Buffer {
  const bytes = addressBytes(address);
  return Buffer.concat([bytes, Buffer.alloc(bytes.length, 0xff)]);
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content]);
}
