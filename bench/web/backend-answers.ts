/**
 * What the backend answers a page of the bench: a mint, and an anonymous sign-in for the page that goes the whole way.
 * @module
 */
import { CALLABLES_VERSION, type MintAnswer } from '@livegate/protocol';

/** Long enough that no run of the bench meets a renewal. */
const LEASE_MS = 3_600_000;
const MODEL = 'models/gemini-3.8-live';

/** A mint's answer that leads to the bench's own server. */
export function mintAnswer(host: string, now: number): MintAnswer {
  return {
    v: CALLABLES_VERSION,
    sessionId: 'bench-session-0001',
    leaseId: 'bench-lease-0001',
    leaseIndex: 0,
    connectionId: 'bench-connection-0001',
    serverTime: now,
    expiresAt: now + LEASE_MS,
    renewAfter: now + LEASE_MS - 30_000,
    startBy: now + 60_000,
    route: 'direct',
    socket: {
      url: `ws://${host}/ws/livegate`,
      auth: { kind: 'query', name: 'access_token', value: 'auth_tokens/bench' },
    },
    setup: { model: MODEL, generationConfig: { responseModalities: ['AUDIO'] } },
    openFields: ['sessionResumption'],
    report: { everySeconds: 3_600, transcripts: false },
    quotaLeft: { daySeconds: 86_400, monthSeconds: null },
    clientMin: 1,
  };
}

/** What Auth's emulator and the callables answer to one path; `undefined` for any other. */
export function firebaseAnswer(path: string, body: string, { host }: { readonly host: string }): unknown {
  if (path.endsWith('/accounts:signUp'))
    return { idToken: idToken(Date.now()), refreshToken: 'bench', expiresIn: '3600', localId: 'bench' };
  if (path.endsWith('/accounts:lookup')) return { users: [{ localId: 'bench', lastLoginAt: '0' }] };
  if (path.endsWith('/mintLiveToken'))
    return { result: body.includes('"requestId"') ? mintAnswer(host, Date.now()) : {} };
  if (path.endsWith('/reportLiveUsage'))
    return { result: { v: CALLABLES_VERSION, status: 'ok', serverTime: Date.now() } };
  return undefined;
}

/** An unsigned token, as Auth's emulator makes them. */
function idToken(now: number): string {
  const text = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const seconds = Math.floor(now / 1_000);
  const claims = { iss: 'bench', sub: 'bench', user_id: 'bench', iat: seconds, exp: seconds + 3_600 };
  return `${text({ alg: 'none', typ: 'JWT' })}.${text({ ...claims, firebase: { sign_in_provider: 'anonymous' } })}.`;
}
