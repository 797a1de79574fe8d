import { isObject, type LiveSessionDocument } from '@livegate/protocol';

/** A session as it stands in Firestore, and its id. */
export interface Session {
  readonly id: string;
  readonly document: LiveSessionDocument;
}

const TEXTS = ['uid', 'backend', 'route', 'model', 'policy', 'policyId', 'state'] as const;
const TEXTS_OR_NONE = ['template', 'templateId'] as const;
const TIMES = ['createdAt', 'deadAt'] as const;
const TOKENS = ['prompt', 'response', 'toolUse', 'cached'] as const;

/**
 * Reads what Firestore holds under a session's id. `undefined` where a field that the page works with is missing or
 * of another type: a document of some other version is counted, not shown half, and takes no view with it.
 */
export function readSession(id: string, data: unknown): Session | undefined {
  if (!isObject(data)) return undefined;
  const isWhole =
    TEXTS.every((field) => typeof data[field] === 'string') &&
    TEXTS_OR_NONE.every((field) => data[field] === null || typeof data[field] === 'string') &&
    TIMES.every((field) => isMoment(data[field])) &&
    (data.endedAt === null || isMoment(data.endedAt)) &&
    isObject(data.leased) &&
    typeof data.leased.seconds === 'number' &&
    isMapOf(data.leases, isLease) &&
    isMapOf(data.connections, hasTotals) &&
    hasTotals(data.reported) &&
    (data.metered === null || hasTotals(data.metered));
  return isWhole ? { id, document: data as unknown as LiveSessionDocument } : undefined;
}

/** A moment, in epoch ms, that a calendar has: another one cannot be written. */
function isMoment(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}

function isMapOf(value: unknown, isEntry: (entry: unknown) => boolean): boolean {
  return isObject(value) && Object.values(value).every(isEntry);
}

function isLease(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.index === 'number' &&
    typeof value.connectionId === 'string' &&
    typeof value.state === 'string' &&
    isMoment(value.mintedAt) &&
    isMoment(value.expiresAt)
  );
}

function hasTotals(figures: unknown): boolean {
  if (!isObject(figures) || typeof figures.seconds !== 'number') return false;
  const totals = figures.totals;
  return (
    isObject(totals) &&
    TOKENS.every((each) => isMapOf(totals[each], (count) => typeof count === 'number')) &&
    ['turns', 'thoughts', 'total'].every((each) => typeof totals[each] === 'number')
  );
}
