/**
 * What the audit is filtered by, its address, its entries, and its acts in words. Pure.
 * @module
 */
import { type AuditAct, COLLECTIONS, isObject, type LiveAuditDocument } from '@livegate/protocol';
import { sessionPath, settingPath, userPath } from '../places.ts';

/** Fields the audit can be filtered by, one at a time: those that have an index with the time. */
export const AUDIT_FIELDS = ['act', 'actor', 'subject'] as const;

/** One of {@link AUDIT_FIELDS} and what stands in it. */
export interface AuditFilter {
  readonly by: (typeof AUDIT_FIELDS)[number];
  readonly value: string;
}

/** Each act in words. */
export const ACT_WORDS = {
  'revoke-session': 'Ended a session',
  'block-user': 'Blocked a user',
  'unblock-user': 'Let a user in again',
  'erase-user': 'Erased a user',
  'set-policy': 'Wrote a policy',
  'delete-policy': 'Deleted a policy',
  'set-template': 'Wrote a template',
  'set-price': 'Wrote a price',
  'set-kill-switch': 'Set the kill switch',
  'set-limits': 'Set caps and alerts',
  'set-role': 'Set a role',
  'set-tier': 'Set a tier',
  'raise-quota': 'Gave minutes for a day',
} as const satisfies Readonly<Record<AuditAct, string>>;

/** An act in words; one that this page does not know is shown as it is called. */
export function actWords(act: string): string {
  return Object.hasOwn(ACT_WORDS, act) ? ACT_WORDS[act as AuditAct] : act;
}

/** Reads the query string of the address: the first field that has a value. `null` for all entries. */
export function readAuditFilter(query: Readonly<Record<string, string | undefined>>): AuditFilter | null {
  const by = AUDIT_FIELDS.find((field) => Object.hasOwn(query, field) && query[field] !== '');
  const value = by === undefined ? undefined : query[by];
  return by === undefined || value === undefined ? null : { by, value };
}

/** Address of the audit, filtered. */
export function auditPath(filter: AuditFilter | null): string {
  return filter === null
    ? '/audit'
    : `/audit?${new URLSearchParams({ [filter.by]: filter.value }).toString()}`;
}

/** An entry as the page shows it. */
export interface AuditEntry extends LiveAuditDocument {
  readonly id: string;
}

/** Reads a `liveAudit` document; `undefined` for one of some other version. */
export function readAuditEntry(id: string, data: unknown): AuditEntry | undefined {
  if (!isObject(data)) return undefined;
  const { at, actor, act, target, subject, reason } = data;
  const isWhole =
    typeof at === 'number' &&
    [actor, act, target, reason].every((each) => typeof each === 'string') &&
    (subject === null || typeof subject === 'string');
  return isWhole ? ({ before: null, after: null, ...data, id } as unknown as AuditEntry) : undefined;
}

/** Who acted, where it is nobody who has an account. */
const ACTOR_WORDS: Readonly<Record<string, string>> = {
  command: 'the command line',
  system: 'the deletion of the account',
};

/** Where what was changed can be looked at; `undefined` where it has no page, or is gone by now. */
export function targetPath({ target, act }: Pick<AuditEntry, 'target' | 'act'>): string | undefined {
  const [collection, id, ...more] = target.split('/');
  if (id === undefined || id === '' || more.length > 0 || act === 'erase-user') return undefined;
  if (collection === 'users') return userPath(id);
  if (collection === COLLECTIONS.sessions) return sessionPath(id);
  if (collection === COLLECTIONS.policies) return settingPath('policies', id);
  if (collection === COLLECTIONS.templates) return settingPath('templates', id);
  if (collection === COLLECTIONS.prices) return settingPath('prices', id);
  return collection === COLLECTIONS.config ? '/settings' : undefined;
}

/** An actor in words; an operator by uid. */
export function actorWords(actor: string): string {
  return (Object.hasOwn(ACTOR_WORDS, actor) ? ACTOR_WORDS[actor] : undefined) ?? actor;
}
