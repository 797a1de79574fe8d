/**
 * The audit: one entry for each act, written in the transaction that does it.
 * @module
 */
import { type AuditAct, DOCUMENTS_VERSION, type LiveAuditDocument } from '@livegate/protocol';
import type { Transaction } from 'firebase-admin/firestore';
import type { LivePaths } from './paths.ts';

/** One act, as the audit is to tell it. */
export interface AuditedAct {
  readonly act: AuditAct;
  /** Path of what is changed. */
  readonly target: string;
  /** The user it is about, where it is about one. */
  readonly subject?: string;
  readonly reason: string;
  /** The document, or the part of it that operators write; absent for none. Nothing secret stands in those. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Most JSON of a document that is kept beside another in one entry: Firestore takes 1 MiB. Ours. */
const SHOWN_CHARACTERS = 120_000;

/** Writes the entry of an act. */
export function writeAudit(
  transaction: Transaction,
  paths: Pick<LivePaths, 'audits'>,
  { id, at, actor, done }: Written,
): void {
  transaction.create(paths.audits.doc(id), auditEntry({ at, actor, done }));
}

/** Who did what, and when. */
interface Written {
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  readonly actor: string;
  readonly done: AuditedAct;
}

/** The entry of an act. A document that is too long for it (somebody wrote it by hand) is left out, and said so. */
export function auditEntry({ at, actor, done }: Omit<Written, 'id'>): LiveAuditDocument {
  const { act, target, subject = null, reason, before, after } = done;
  return {
    v: DOCUMENTS_VERSION,
    at,
    actor,
    act,
    target,
    subject,
    reason,
    before: shown(before),
    after: shown(after),
  };
}

function shown(document: unknown): unknown {
  if (document === undefined || document === null) return null;
  return JSON.stringify(document).length > SHOWN_CHARACTERS ? { omitted: 'too long' } : document;
}
