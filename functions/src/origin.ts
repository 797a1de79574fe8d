/**
 * Where a call came from, as a hash that says it to nobody: it is another one each day, and made with a secret.
 * @module
 */
import { createHmac } from 'node:crypto';
import { dayOf } from './quota-window.ts';

/**
 * The address that Google's front end saw: the last in `x-forwarded-for`, since what stands before it was sent by the
 * caller. Behind a load balancer of one's own it is the balancer's; then all share one origin.
 */
export function addressOf(forwardedFor: string | undefined, socketAddress: string | undefined): string {
  const last = forwardedFor?.split(',').at(-1)?.trim();
  return last || socketAddress || 'unknown';
}

/** 23 characters, the same for one app, address and UTC day. */
export function originOf(
  { address, appId, nowMs }: { readonly address: string; readonly appId: string; readonly nowMs: number },
  secret: string,
): string {
  const hash = createHmac('sha256', secret).update(`${dayOf(nowMs)}\n${appId}\n${address}`);
  return `o${hash.digest('base64url').slice(0, 22)}`;
}
