/**
 * Transactions as this package runs them: contention becomes a refusal that says when to ask again.
 * @module
 */
import type { Firestore, Transaction } from 'firebase-admin/firestore';
import { Refusal } from './refusal.ts';

/** Runs `body` as one transaction. The seam at which a test takes the transaction away. */
export type TransactionRunner = <T>(
  db: Firestore,
  body: (transaction: Transaction) => Promise<T>,
) => Promise<T>;

const inTransaction: TransactionRunner = (db, body) => db.runTransaction(body);

/** How long, in ms, a caller waits after contention: somewhere in this range, so that a burst spreads out. */
const CONTENTION_WAIT_MS = { least: 500, most: 2_500 } as const;

/** What {@link transactionsOn} goes by. `random` answers 0 ≤ x < 1. */
export interface TransactionOptions {
  readonly transaction?: TransactionRunner;
  readonly random?: () => number;
}

/** Runs transactions on `db`. Throws {@link Refusal} `contention` where Firestore gives up; other errors as they come. */
export function transactionsOn(
  db: Firestore,
  { transaction = inTransaction, random = Math.random }: TransactionOptions = {},
): <T>(body: (transaction: Transaction) => Promise<T>) => Promise<T> {
  return async (body) => {
    try {
      return await transaction(db, body);
    } catch (error) {
      if (codeOf(error) !== ABORTED) throw error;
      const { least, most } = CONTENTION_WAIT_MS;
      throw new Refusal(
        'contention',
        'Too many requests of this user at once; ask again.',
        { retryAfterMs: Math.round(least + random() * (most - least)) },
        { cause: error },
      );
    }
  };
}

const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;

/** True where a write failed since the document is gone or is no longer the one that was read. */
export function isOutdated(error: unknown): boolean {
  return codeOf(error) === FAILED_PRECONDITION || codeOf(error) === NOT_FOUND;
}

/** The gRPC code of a Firestore error. */
function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
