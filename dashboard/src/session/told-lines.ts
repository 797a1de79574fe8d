/**
 * What the pages of a session told of its course: the lines that its document holds and those of its batches, once
 * each and in order. Pure; they are a page's word, so anything may stand in them.
 * @module
 */
import {
  isObject,
  type LeaseEntry,
  type LiveSessionDocument,
  readTimelineDetail,
  type TimelineLine,
} from '@livegate/protocol';

/** A line as it was told, and as far as it can be read. */
export interface ToldLine {
  readonly id: string;
  /** Epoch ms, as the page reckons the server's clock. */
  readonly at: number;
  readonly type: string;
  readonly detail: unknown;
  /** `undefined`: of a type that this page does not know, or not what that type has. */
  readonly line: TimelineLine | undefined;
  /** Number of its connection from 1; `null` where its id names none of them. */
  readonly connection: number | null;
}

/** The session's connections in the order of their leases; refused ones had none. One number each, on the whole page. */
export function connectionIds(
  session: Pick<LiveSessionDocument, 'leases' | 'connections'>,
): readonly string[] {
  const named = Object.values(session.leases)
    .filter(({ state }) => state !== 'refused')
    .sort((a: LeaseEntry, b: LeaseEntry) => a.mintedAt - b.mintedAt)
    .map(({ connectionId }) => connectionId);
  return [...new Set([...named, ...Object.keys(session.connections)])];
}

/**
 * The lines in order: by time, and by their ids where that is the same. `more` are those of batches, unread. What is
 * not a line at all is left out.
 */
export function toldLines(session: LiveSessionDocument, more: readonly unknown[] = []): readonly ToldLine[] {
  const connections = connectionIds(session);
  const known: readonly unknown[] = Array.isArray(session.timeline) ? session.timeline : [];
  const byId = new Map<string, ToldLine>();
  for (const each of [...known, ...more]) {
    const line = readLine(each, connections);
    if (line !== undefined && !byId.has(line.id)) byId.set(line.id, line);
  }
  return [...byId.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

function readLine(value: unknown, connections: readonly string[]): ToldLine | undefined {
  if (!isObject(value)) return undefined;
  const { id, at, type, detail } = value;
  if (typeof id !== 'string' || typeof at !== 'number' || typeof type !== 'string') return undefined;
  // An instant that no calendar has cannot be written.
  if (!(Math.abs(at) <= 8.64e15)) return undefined;
  return {
    id,
    at,
    type,
    detail,
    line: readTimelineDetail(type, detail),
    connection: numberOf(id, connections),
  };
}

/** A line's id begins with what fits of its connection's. */
function numberOf(lineId: string, connections: readonly string[]): number | null {
  const index = connections.findIndex((id) => lineId.startsWith(`${id.slice(0, 48)}-`));
  return index < 0 ? null : index + 1;
}
