import { isObject, type LiveSessionDocument } from '@livegate/protocol';

/** A session as it stands in Firestore, and its id. */
export interface Session {
  readonly id: string;
  readonly document: LiveSessionDocument;
}

const TEXTS = ['uid', 'backend', 'route', 'model', 'policy', 'state'] as const;
const TIMES = ['createdAt', 'deadAt'] as const;
const MAPS = ['leases', 'leased', 'reported', 'connections'] as const;

/**
 * Reads what Firestore holds under a session's id. `undefined` where a field that the page shows is missing or
 * of another type: a document of some other version is counted, not shown half.
 */
export function readSession(id: string, data: unknown): Session | undefined {
  if (!isObject(data)) return undefined;
  const isWhole =
    TEXTS.every((field) => typeof data[field] === 'string') &&
    TIMES.every((field) => typeof data[field] === 'number') &&
    MAPS.every((field) => isObject(data[field])) &&
    hasTotals(data.reported) &&
    (data.metered === null || hasTotals(data.metered));
  return isWhole ? { id, document: data as unknown as LiveSessionDocument } : undefined;
}

function hasTotals(figures: unknown): boolean {
  if (!isObject(figures) || typeof figures.seconds !== 'number') return false;
  const totals = figures.totals;
  return (
    isObject(totals) &&
    ['prompt', 'response', 'toolUse', 'cached'].every((each) => isObject(totals[each])) &&
    ['turns', 'thoughts', 'total'].every((each) => typeof totals[each] === 'number')
  );
}
