/**
 * Operations of the handlers, run one at a time and counted.
 * @module
 */
import { CALLABLES_VERSION, type MintAnswer } from '@livegate/protocol';
import type { Caller } from '../../functions/src/caller.ts';
import { mintLiveToken } from '../../functions/src/mint.ts';
import { type BenchBackend, MODEL, newId } from './bench-backend.ts';
import type { Tally } from './counted-firestore.ts';

/** One operation and what it cost. */
export interface CountedOperation {
  readonly name: string;
  readonly tally: Tally;
  /** `answered`, or why it was refused. */
  readonly outcome: string;
}

/** Who acts. */
export const OPERATOR = { uid: 'operator' } as const;

/** A connection that used nothing. */
export const EMPTY_TOTALS = {
  turns: 0,
  prompt: {},
  response: {},
  toolUse: {},
  cached: {},
  thoughts: 0,
  total: 0,
};

/** Runs one operation and tells what it did. */
export async function counted(
  backend: BenchBackend,
  name: string,
  work: () => Promise<unknown>,
): Promise<CountedOperation> {
  const { answer, all } = await backend.counter.count(async () => {
    try {
      await work();
      return 'answered';
    } catch (error) {
      return reasonIn(error);
    }
  });
  return { name, tally: all, outcome: answer };
}

function reasonIn(error: unknown): string {
  const details =
    typeof error === 'object' && error !== null && 'details' in error ? error.details : undefined;
  const reason =
    typeof details === 'object' && details !== null && 'reason' in details ? details.reason : undefined;
  if (typeof reason !== 'string') throw error;
  return reason;
}

/** Runs it, and throws where it is refused. */
export async function answered(
  backend: BenchBackend,
  name: string,
  work: () => Promise<unknown>,
): Promise<CountedOperation> {
  const operation = await counted(backend, name, work);
  if (operation.outcome !== 'answered') throw new Error(`${name}: ${operation.outcome}`);
  return operation;
}

/** Starts a session. */
export const start = (backend: BenchBackend, caller: Caller, more: object = {}): Promise<MintAnswer> =>
  mintLiveToken(backend.live, caller, {
    v: CALLABLES_VERSION,
    op: 'start',
    requestId: newId(),
    model: MODEL,
    ...more,
  });
/** Goes on with one. */
export const goOn = (
  backend: BenchBackend,
  caller: Caller,
  { op, sessionId }: { readonly op: 'renew' | 'remint'; readonly sessionId: string },
): Promise<MintAnswer> =>
  mintLiveToken(backend.live, caller, { v: CALLABLES_VERSION, op, requestId: newId(), sessionId });

/** Has the settings of this caller read, without a mint. */
export async function warm({ live }: BenchBackend, { provider }: Caller): Promise<void> {
  await Promise.all([
    live.settings.policy(provider),
    live.settings.policy('default'),
    live.settings.config(),
  ]);
  await live.settings.policy('none');
}
