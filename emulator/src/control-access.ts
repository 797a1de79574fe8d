/**
 * Who may use the control API: any page of any site can reach a port of this machine, and so can a name that was
 * rebound to it. Pure.
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ControlErrorCode } from './control-errors.ts';

/** A call as far as access goes. */
export interface ControlCaller {
  /** IP address of the other end. */
  readonly remoteAddress: string | undefined;
  readonly scheme: 'http' | 'https';
  /** Port on which the call came in. */
  readonly port: number | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

/** Who is let in. */
export interface ControlAccessRules {
  readonly controlToken: string;
  readonly controlRemote: boolean;
  readonly controlOrigins: readonly string[];
}

/** What a control token must look like, in words. */
export const CONTROL_TOKEN_FORM = '22 to 512 characters of A-Z a-z 0-9 - . _ ~';

/** 256 bits, URL-safe. */
export function newControlToken(): string {
  return randomBytes(32).toString('base64url');
}

/** True for text of {@link CONTROL_TOKEN_FORM}. */
export function isControlToken(text: string): boolean {
  return /^[\w.~-]{22,512}$/.test(text);
}

/** True for an origin as browsers send it. */
export function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** Why a caller does not get in at all, not even for the page's files; `undefined` for one who does. */
export function refusalOfPlace(
  { remoteAddress, scheme, port, host }: ControlCaller,
  { controlRemote }: ControlAccessRules,
): ControlErrorCode | undefined {
  if (controlRemote) return undefined;
  if (!isLoopbackAddress(remoteAddress)) return 'remote-caller';
  return isLoopbackHost(host, port, scheme) ? undefined : 'foreign-host';
}

/** Why the page that a call comes from may not make it. Calls from outside browsers name no origin. */
export function refusalOfOrigin(
  { scheme, host, origin }: ControlCaller,
  { controlOrigins }: ControlAccessRules,
): ControlErrorCode | undefined {
  if (origin === undefined || origin === `${scheme}://${host}` || controlOrigins.includes(origin))
    return undefined;
  return 'foreign-origin';
}

/** Why a caller gets no answer to a call: the place, then the origin, then the bearer. */
export function refusalOfCall(
  caller: ControlCaller,
  rules: ControlAccessRules,
): ControlErrorCode | undefined {
  return (
    refusalOfPlace(caller, rules) ??
    refusalOfOrigin(caller, rules) ??
    (isBearer(caller.authorization, rules.controlToken) ? undefined : 'unauthorized')
  );
}

/** Compared as digests, so that the time it takes tells nothing. */
function isBearer(authorization: string | undefined, token: string): boolean {
  const [, given] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isLoopbackAddress(address: string | undefined): boolean {
  const plain = address?.replace(/^::ffff:/i, '');
  return plain === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain ?? '');
}

function isLoopbackHost(
  host: string | undefined,
  port: number | undefined,
  scheme: 'http' | 'https',
): boolean {
  const [, name, given] = /^(localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?$/i.exec(host ?? '') ?? [];
  if (name === undefined) return false;
  return Number(given ?? (scheme === 'https' ? 443 : 80)) === port;
}
