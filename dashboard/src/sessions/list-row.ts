/**
 * A row of a list of sessions: a session itself, or what operators know of one whose books are closed. Pure.
 * @module
 */
import { isObject, type SessionState } from '@livegate/protocol';
import { readSession, type Session } from '../session-document.ts';
import type { ListSource } from './filter-policy.ts';
import type { SessionSort } from './session-filter.ts';

/** What a list by flag or cost holds of a session. */
export interface ClosedSession {
  readonly uid: string;
  readonly model: string;
  readonly backend: string;
  readonly templateId: string | null;
  readonly state: SessionState;
  readonly createdAt: number;
  /** Millionths of a dollar; `null`: unpriced. */
  readonly microUsd: number | null;
  readonly flags: readonly string[];
}

/** A row. */
export type ListRow =
  | { readonly kind: 'session'; readonly id: string; readonly session: Session }
  | { readonly kind: 'closed'; readonly id: string; readonly closed: ClosedSession };

/** Reads a document of a list; `undefined` for one that this page does not know. */
export function readListRow(source: ListSource, id: string, data: unknown): ListRow | undefined {
  if (source !== 'sessions') return readClosed(data);
  const session = readSession(id, data);
  return session && { kind: 'session', id, session };
}

function readClosed(data: unknown): ListRow | undefined {
  if (!isObject(data) || !isObject(data.cost)) return undefined;
  const { sessionId, createdAt, flags } = data;
  const { microUsd } = data.cost;
  const isWhole =
    typeof sessionId === 'string' &&
    typeof createdAt === 'number' &&
    Array.isArray(flags) &&
    (microUsd === null || typeof microUsd === 'number') &&
    ['uid', 'model', 'backend', 'state'].every((field) => typeof data[field] === 'string');
  if (!isWhole) return undefined;
  const { uid, model, backend, state, templateId } = data as unknown as ClosedSession;
  return {
    kind: 'closed',
    id: sessionId,
    closed: { uid, model, backend, templateId: templateId ?? null, state, createdAt, microUsd, flags },
  };
}

/** When a row's session began, epoch ms. */
export function beganAt(row: ListRow): number {
  return row.kind === 'session' ? row.session.document.createdAt : row.closed.createdAt;
}

/** Sorts rows as the query does. */
export function inOrder(sort: SessionSort): (a: ListRow, b: ListRow) => number {
  const costOf = (row: ListRow): number => (row.kind === 'closed' ? (row.closed.microUsd ?? -1) : -1);
  // Firestore breaks ties by the document's name, in the direction of the sort.
  const byName = (a: ListRow, b: ListRow): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  if (sort === 'oldest') return (a, b) => beganAt(a) - beganAt(b) || byName(a, b);
  if (sort === 'newest') return (a, b) => beganAt(b) - beganAt(a) || byName(b, a);
  return (a, b) => costOf(b) - costOf(a) || byName(b, a);
}
