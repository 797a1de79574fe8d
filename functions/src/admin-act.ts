/**
 * What every act of an operator goes through: one transaction, one entry in the audit, one line in the log; or none
 * of them where everything was so already.
 * @module
 */
import { type AdminAnswer, type AuditAct, CALLABLES_VERSION, ProtocolError } from '@livegate/protocol';
import type { Transaction } from 'firebase-admin/firestore';
import { type AuditedAct, writeAudit } from './audit.ts';
import type { Operator, UserDirectory } from './operator-door.ts';
import type { LivePaths } from './paths.ts';
import { Refusal } from './refusal.ts';

/** What the operators' handlers work with. */
export interface AdminDependencies {
  readonly paths: LivePaths;
  /** Runs a transaction: `transactionsOn`. */
  readonly run: <T>(body: (transaction: Transaction) => Promise<T>) => Promise<T>;
  readonly users: UserDirectory;
  /** Epoch ms. */
  readonly now: () => number;
  /** A new id: 20 characters of `A-Za-z0-9`, unguessable. */
  readonly newId: () => string;
  readonly log: AdminLog;
}

/** The line of an act. */
export interface AdminLog {
  adminActed(fields: { readonly actor: string; readonly act: AuditAct; readonly target: string }): void;
}

/** An operators' callable: what was sent, read or refused, done by an operator whom the door let in. */
export type AdminHandler = (
  dependencies: AdminDependencies,
  operator: Operator,
  data: unknown,
) => Promise<AdminAnswer>;

/** What the body of an act found. */
export interface ActOutcome {
  /** What changed; `null` where everything was so already: nothing may have been written then. */
  readonly done: AuditedAct | null;
  readonly version?: number | undefined;
  readonly tokensDieAt?: number | undefined;
}

/**
 * Runs `body` as a transaction that also writes the audit's entry, then logs. `body` makes its reads before its
 * writes, and may run more than once.
 */
export async function act(
  { paths, run, now, newId, log }: AdminDependencies,
  operator: Operator,
  body: (transaction: Transaction) => Promise<ActOutcome>,
): Promise<AdminAnswer> {
  const id = newId();
  const outcome = await run(async (transaction) => {
    const found = await body(transaction);
    if (found.done) writeAudit(transaction, paths, { id, at: now(), actor: operator.uid, done: found.done });
    return found;
  });
  const { done, version, tokensDieAt } = outcome;
  if (done) log.adminActed({ actor: operator.uid, act: done.act, target: done.target });
  return {
    v: CALLABLES_VERSION,
    changed: done !== null,
    ...(version === undefined ? {} : { version }),
    ...(tokensDieAt === undefined ? {} : { tokensDieAt }),
  };
}

/** Reads what an operator wrote. Throws {@link Refusal} `invalid` naming the field. */
export function readDraft<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new Refusal('invalid', error.message, { field: error.path }, { cause: error });
  }
}
