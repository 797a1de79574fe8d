/**
 * Where a call came from, as a hash that says it to nobody: it is another one each day, and made with a secret.
 * @module
 */
import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { dayOf } from './quota-window.ts';

/**
 * The address that Google's front end saw: the last in `x-forwarded-for`, since what stands before it was sent by the
 * caller. Behind a load balancer of one's own it is the balancer's; then all share one origin.
 */
export function addressOf(forwardedFor: string | undefined, socketAddress: string | undefined): string {
  const last = forwardedFor?.split(',').at(-1)?.trim();
  return last || socketAddress || 'unknown';
}

/**
 * What one customer has: an IPv4 address, or the first 64 bits of an IPv6 one, of which a customer has all the others
 * (RFC 6177). What is no address stays what it is.
 */
export function networkOf(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return bare;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare) ?? [];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = bare.split('::');
  const groups = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));
  // A dotted end stands for two groups, which are not among the first four.
  const after = groups(tail ?? '').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
  const before = groups(head);
  const between = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array<string>(Math.max(0, between)).fill('0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** 23 characters, the same for one app, address and UTC day. */
export function originOf(
  { address, appId, nowMs }: { readonly address: string; readonly appId: string; readonly nowMs: number },
  secret: string,
): string {
  const hash = createHmac('sha256', secret).update(`${dayOf(nowMs)}\n${appId}\n${networkOf(address)}`);
  return `o${hash.digest('base64url').slice(0, 22)}`;
}
