/**
 * A process in which the deployed functions run as they are, and meet every canary: started by the redaction test,
 * which reads what it printed. Arguments: a file with the canaries, and one for what became of the calls.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Firestore, getFirestore } from 'firebase-admin/firestore';
import { write } from 'firebase-functions/logger';
import { type Canaries, everyForm } from './canaries.ts';

/** What a call came to, as the page sees it. */
export interface PlayedCall {
  readonly name: string;
  readonly answer?: unknown;
  readonly error?: { readonly code: string; readonly message: string; readonly details: unknown };
}

/** What happened. */
export interface PlayResult {
  readonly calls: readonly PlayedCall[];
  /** The value of `x-goog-api-key` at each request for a token. */
  readonly keysSeen: readonly string[];
  /** Bodies that the service answered with. */
  readonly bodiesSent: readonly string[];
  /** Every URL that was asked for, by the functions or at the service. */
  readonly urls: readonly string[];
  /** Errors that were thrown with canaries in them. */
  readonly thrown: number;
}

const [canariesFile = '', resultFile = '', plant] = process.argv.slice(2);
const canaries = JSON.parse(readFileSync(canariesFile, 'utf8')) as Canaries;
const everything = everyForm(canaries);

/** An error as careless code throws it: secrets in its message, its name's neighbours and its cause. */
let thrown = 0;
function careless(code?: number): Error {
  thrown += 1;
  const cause = Object.assign(new Error(`cause: ${everything}`), { config: { headers: everything } });
  return Object.assign(new Error(`failed with ${everything}`, { cause }), code === undefined ? {} : { code });
}

const urls: string[] = [];
const keysSeen: string[] = [];
const bodiesSent: string[] = [];
type Reply = (request: IncomingMessage, response: ServerResponse) => void;
const replying = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply => {
  return (_, response) => {
    bodiesSent.push(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
};
const MINTED = replying(200, JSON.stringify({ name: canaries.token.plain }));
/** How the service may answer, and mean no token. */
const FAILURES: Readonly<Record<string, Reply>> = {
  refuses: replying(400, JSON.stringify({ error: { message: everything } })),
  'does not know us': replying(403, everything),
  'is busy': replying(429, everything, { 'retry-after': everything }),
  'is broken': replying(503, everything),
  'answers what cannot be read': replying(200, `{"name": ${everything}`),
  'answers without a name': replying(200, JSON.stringify({ error: everything })),
  'sends elsewhere': replying(302, everything, {
    location: `/elsewhere?${new URLSearchParams({ everything })}`,
  }),
  'hangs up': (request) => request.socket.destroy(),
};
let reply: Reply = MINTED;
const server = createServer((request, response) => {
  urls.push(request.url ?? '');
  keysSeen.push(String(request.headers['x-goog-api-key']));
  request.resume().once('end', () => reply(request, response));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
process.env.GEMINI_LIVE_EMULATOR_HOST = `127.0.0.1:${(server.address() as AddressInfo).port}`;

const fetchPlainly = globalThis.fetch;
let fetchFails = false;
globalThis.fetch = async (input, init) => {
  urls.push(String(input instanceof Request ? input.url : input));
  if (fetchFails) throw careless();
  return fetchPlainly(input, init);
};
const runTransaction = Firestore.prototype.runTransaction;
let firestoreFails: number | undefined;
Firestore.prototype.runTransaction = function (this: Firestore, ...args: never[]) {
  return firestoreFails === undefined
    ? (runTransaction as (...given: never[]) => Promise<never>).apply(this, args)
    : Promise.reject(careless(firestoreFails));
} as typeof runTransaction;

const { createLiveFunctions } = await import('../../../functions/src/live-functions.ts');
const functions = createLiveFunctions({
  authorize({ caller }) {
    if (caller.uid === 'doubted') throw careless();
    return { allow: true };
  },
  onLease() {
    throw careless();
  },
  onSettled() {
    throw careless();
  },
});

const calls: PlayedCall[] = [];
type Runnable = { run(request: never): unknown };
async function call(
  name: 'mintLiveToken' | 'reportLiveUsage' | 'getLiveQuota',
  uid: string,
  data: unknown,
): Promise<unknown> {
  const token = {
    firebase: { sign_in_provider: 'password' },
    ...(uid.startsWith('kept') ? { livegatePolicy: 'keeping' } : {}),
  };
  const request = {
    auth: { uid, token },
    data,
    rawRequest: { headers: {}, socket: {} },
    acceptsStreaming: false,
  };
  try {
    const answer = await (functions[name] as Runnable).run(request as never);
    calls.push({ name: `${name} by ${uid}`, answer });
    return answer;
  } catch (error) {
    const { code, message, details } = error as { code: string; message: string; details: unknown };
    calls.push({ name: `${name} by ${uid}`, error: { code, message, details } });
    return undefined;
  }
}

interface Lease {
  readonly sessionId: string;
  readonly connectionId: string;
}
const wish = { generationConfig: { temperature: 0.5 } };
const setup = { ...wish, sessionResumption: { handle: canaries.handle.plain } };
const start = (uid: string, more: object = {}) =>
  call('mintLiveToken', uid, {
    v: 1,
    op: 'start',
    requestId: randomUUID(),
    model: 'gemini-3.8-live',
    setup,
    ...more,
  }) as Promise<Lease>;
const none = { turns: 0, prompt: {}, response: {}, toolUse: {}, cached: {}, thoughts: 0, total: 0 };
const report = (uid: string, { sessionId, connectionId }: Lease, more: object = {}) =>
  call('reportLiveUsage', uid, {
    v: 1,
    sessionId,
    connectionId,
    seq: 1,
    final: true,
    seconds: 1,
    totals: none,
    transcript: [canaries.transcript.plain, canaries.transcript.base64].map((text, number) => ({
      id: `spoken-line-${number}`,
      at: Date.now(),
      role: 'user',
      text,
    })),
    ...more,
  });

// What works: with a handle in both forms, and what was said, kept and not.
for (const uid of ['silent', 'kept']) {
  const lease = await start(uid);
  await report(uid, lease);
  await call('mintLiveToken', uid, {
    v: 1,
    op: 'remint',
    requestId: randomUUID(),
    sessionId: lease.sessionId,
  });
  await call('getLiveQuota', uid, { v: 1 });
}
await start('encoded', { setup: { ...wish, sessionResumption: { handle: canaries.handle.base64 } } });
// What is refused at the door, with the secret in the wrong place.
await start('misplaced', { setup: { sessionResumption: { handle: [canaries.handle.plain] } } });
await start('misspelt', { setup: { sessionResumption: { handel: canaries.handle.plain } } });
await start('unknown', { model: canaries.transcript.plain });
await start('templated', { template: { id: canaries.transcript.plain, variables: { a: everything } } });
// What fails on the other side.
for (const [how, failing] of Object.entries(FAILURES)) {
  reply = failing;
  await start(`service ${how}`);
}
reply = MINTED;
fetchFails = true;
await start('fetch fails');
fetchFails = false;
// What fails on this side: an error nobody knows, and one of contention.
const lease = await start('unlucky');
for (const code of [13, 10]) {
  firestoreFails = code;
  await start(`firestore fails with ${code}`);
  await report('unlucky', lease);
  firestoreFails = undefined;
}
await start('doubted');

// The books close on all of it, as if every token were dead.
const sessions = await getFirestore().collection('liveSessions').get();
await Promise.all(sessions.docs.map(({ ref }) => ref.update({ deadAt: Date.now() - 1 })));
const schedule = { scheduleTime: new Date(Date.now()).toISOString(), jobName: 'play' };
for (const each of Object.values(functions) as (Runnable & { __endpoint?: { scheduleTrigger?: object } })[])
  if (each.__endpoint?.scheduleTrigger) await each.run(schedule as never);

if (plant !== undefined) write({ severity: 'INFO', message: 'planted', planted: canaries.token.plain });
const result: PlayResult = { calls, keysSeen, bodiesSent, urls, thrown };
writeFileSync(resultFile, JSON.stringify(result));
server.closeAllConnections();
server.close();
process.exit(0);
