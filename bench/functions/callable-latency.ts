/**
 * The same comparison through the functions emulator: what a page waits for, less what any callable costs.
 * @module
 */
import {
  CALLABLES_VERSION,
  DOCUMENTS_VERSION,
  type LiveConfigDocument,
  type LiveQuotaDocument,
} from '@livegate/protocol';
import { openAdminFirestore } from '../../scripts/admin-firestore.ts';
import { benchPolicy, MODEL, newId } from './bench-backend.ts';
import { type BenchEmulators, startBenchEmulators } from './bench-emulators.ts';
import {
  type HandlerLatency,
  type LatencyFigures,
  latencyFigures,
  type Round,
  type Rounds,
  timeOf,
} from './handler-latency.ts';
import { seededRandom, shuffled } from './statistics.ts';

/** A user who is signed in. */
interface Signed {
  readonly uid: string;
  readonly idToken: string;
}

/**
 * Measures. A round calls each once, in an order of its own: a callable that does nothing, one that runs one
 * transaction, one that asks the Live emulator for a token, and `mintLiveToken` for a user of its own.
 */
export async function measureCallables(
  mint: Pick<HandlerLatency, 'documents' | 'order'>,
  { rounds, warmUp, signal }: Rounds & { readonly signal: AbortSignal },
): Promise<LatencyFigures> {
  const emulators = await startBenchEmulators(mint, { signal });
  try {
    const db = openAdminFirestore(emulators);
    const config: LiveConfigDocument = { v: DOCUMENTS_VERSION, killSwitch: false, caps: null, alerts: null };
    await db.doc('liveConfig/global').set(config);
    await db.doc('livePolicies/default').set(benchPolicy());
    const order = seededRandom(rounds);
    const taken: Round[] = [];
    try {
      for (let round = -warmUp; round < rounds; round++) {
        signal.throwIfAborted();
        const user = await signUp(emulators, signal);
        await db.doc(`liveQuotas/${user.uid}`).set(yesterdaysQuota(Date.now()));
        const times = { benchNoOp: 0, benchTransaction: 0, benchUpstream: 0, mintLiveToken: 0 };
        for (const name of shuffled(Object.keys(times) as (keyof typeof times)[], order))
          times[name] = await timeOf(() => call(emulators, { user, name, signal }));
        if (round < 0) continue;
        taken.push({
          noOp: times.benchNoOp,
          transaction: times.benchTransaction - times.benchNoOp,
          // The callable that asks for a token costs what a callable costs and what the Live API does.
          mint: times.mintLiveToken - times.benchUpstream,
        });
      }
    } finally {
      await db.terminate();
    }
    return latencyFigures('through the functions emulator, caps off', taken);
  } finally {
    await emulators.stop();
  }
}

/** A user who talked the day before. */
function yesterdaysQuota(now: number): Omit<LiveQuotaDocument, 'purgeAt'> {
  const at = now - 86_400_000;
  const [sessionId, requestId] = [newId(), newId()];
  const day = new Date(at).toISOString().slice(0, 10);
  return {
    v: DOCUMENTS_VERSION,
    tokens: { [newId()]: { sessionId, index: 0, mintedAt: at, expiresAt: at + 120_000 } },
    day,
    dayMs: 120_000,
    month: day.slice(0, 7),
    monthMs: 120_000,
    rate: { level: 0, at },
    blocked: null,
    requests: { [requestId]: { sessionId, leaseId: newId(), at } },
  };
}

async function signUp({ hosts }: BenchEmulators, signal: AbortSignal): Promise<Signed> {
  const url = `http://${hosts.auth}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=demo`;
  const body = { email: `${newId()}@example.com`, password: newId(), returnSecureToken: true };
  const answer = (await (await post(url, { body, signal })).json()) as {
    readonly localId: string;
    readonly idToken: string;
  };
  return { uid: answer.localId, idToken: answer.idToken };
}

async function call(
  { functionsUrl }: BenchEmulators,
  { user, name, signal }: { readonly user: Signed; readonly name: string; readonly signal: AbortSignal },
): Promise<void> {
  const data = { v: CALLABLES_VERSION, op: 'start', requestId: newId(), model: MODEL };
  const headers = { authorization: `Bearer ${user.idToken}` };
  const response = await post(`${functionsUrl}/${name}`, { body: { data }, headers, signal });
  const answer = (await response.json()) as { readonly result?: { readonly outcome?: string } };
  if (!response.ok || (answer.result?.outcome ?? 'minted') !== 'minted')
    throw new Error(
      `${name} answered ${response.status}: ${JSON.stringify(answer.result?.outcome ?? 'an error')}`,
    );
}

/** Longest that one call may take, in ms: a worker's first call loads the functions. */
const CALL_LIMIT_MS = 60_000;

function post(
  url: string,
  {
    body,
    headers = {},
    signal,
  }: {
    readonly body: object;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  },
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_LIMIT_MS)]),
  });
}
