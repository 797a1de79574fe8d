/**
 * Reads a list of sessions to its end, or to a bound, and writes it into a CSV file.
 * @module
 */

import { isObject, type LiveOpsDocument } from '@livegate/protocol';
import {
  type Firestore,
  getDocs,
  type Query,
  type QueryDocumentSnapshot,
  type QuerySnapshot,
} from 'firebase/firestore';
import { CSV_FORM } from '../csv-form.ts';
import { readSession } from '../session-document.ts';
import { planOf } from './filter-policy.ts';
import { FILE_PAGE_ROWS, IDS_AT_ONCE, listQuery, opsByIdQuery, sessionsByIdQuery } from './queries.ts';
import { CSV_HEADER, csvCells, type FileRow } from './session-csv.ts';
import type { SessionFilter } from './session-filter.ts';

/** Most sessions of one file. Ours: it is made in the page's memory. */
export const FILE_ROWS_LIMIT = 10_000;

/** Documents that a line of the file is read from: the session, and what operators know of it. */
export const READS_A_ROW = 2;

/** A file that was made. */
export interface CsvFile {
  readonly text: string;
  readonly rows: number;
  /** There are more sessions than the file holds. */
  readonly isCut: boolean;
  /** Sessions that were left out: documents that this page cannot read, or that were deleted meanwhile. */
  readonly leftOut: number;
}

/** How {@link exportSessions} goes about it. */
export interface ExportOptions {
  readonly filter: SessionFilter;
  /** Rows that were read so far. */
  readonly onProgress: (rows: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Makes the file, page by page. Rejects with the signal's reason once that is aborted, and with Firestore's error where a
 * read fails: nothing is kept then.
 */
export async function exportSessions(
  db: Firestore,
  { filter, onProgress, signal }: ExportOptions,
): Promise<CsvFile> {
  const { unparse } = await import('papaparse');
  const { source } = planOf(filter);
  const rows: FileRow[] = [];
  let found = 0;
  let after: QueryDocumentSnapshot | undefined;
  let isEnd = false;
  while (!isEnd && found < FILE_ROWS_LIMIT) {
    signal.throwIfAborted();
    const size = Math.min(FILE_PAGE_ROWS, FILE_ROWS_LIMIT - found);
    const { docs } = await getDocs(
      listQuery(db, filter, { rows: size, ...(after === undefined ? {} : { after }) }),
    );
    rows.push(...(source === 'sessions' ? await withOps(db, docs) : await withSessions(db, docs)));
    found += docs.length;
    after = docs.at(-1);
    isEnd = docs.length < size;
    onProgress(found);
  }
  signal.throwIfAborted();
  const text = unparse([[...CSV_HEADER], ...rows.map((row) => [...csvCells(row)])], CSV_FORM);
  return { text, rows: rows.length, isCut: !isEnd, leftOut: found - rows.length };
}

/** Hands the file to the browser as a download. */
export function download({ text }: CsvFile, name: string): void {
  // The mark at the front tells spreadsheets that it is UTF-8.
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function withOps(db: Firestore, docs: readonly QueryDocumentSnapshot[]): Promise<readonly FileRow[]> {
  const ops = await byIds(
    docs.map(({ id }) => id),
    { query: (ids) => opsByIdQuery(db, ids), idOf: ({ ref }) => ref.parent.parent?.id },
  );
  return docs.flatMap((each) => rowOf(each.id, each.data(), ops.get(each.id)?.data()));
}

async function withSessions(
  db: Firestore,
  docs: readonly QueryDocumentSnapshot[],
): Promise<readonly FileRow[]> {
  const idOf = ({ ref }: QueryDocumentSnapshot): string | undefined => ref.parent.parent?.id;
  const ids = docs.flatMap((each) => idOf(each) ?? []);
  const sessions = await byIds(ids, { query: (some) => sessionsByIdQuery(db, some), idOf: ({ id }) => id });
  return docs.flatMap((each) => {
    const id = idOf(each) ?? '';
    return rowOf(id, sessions.get(id)?.data(), each.data());
  });
}

function rowOf(id: string, data: unknown, ops: unknown): readonly FileRow[] {
  const session = readSession(id, data);
  if (session === undefined) return [];
  const isKnown = isObject(ops) && isObject(ops.cost) && Array.isArray(ops.flags);
  return [{ id, session: session.document, ops: isKnown ? (ops as unknown as LiveOpsDocument) : null }];
}

/** Documents by the sessions they belong to, so many at a time as Firestore takes. */
async function byIds(
  ids: readonly string[],
  {
    query,
    idOf,
  }: {
    readonly query: (ids: readonly string[]) => Query;
    readonly idOf: (document: QueryDocumentSnapshot) => string | undefined;
  },
): Promise<ReadonlyMap<string, QueryDocumentSnapshot>> {
  const asked: Promise<QuerySnapshot>[] = [];
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE)
    asked.push(getDocs(query(ids.slice(from, from + IDS_AT_ONCE))));
  const found = new Map<string, QueryDocumentSnapshot>();
  for (const { docs } of await Promise.all(asked))
    for (const each of docs) {
      const id = idOf(each);
      if (id !== undefined) found.set(id, each);
    }
  return found;
}
