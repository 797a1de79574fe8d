/**
 * Documents in memory, and what a commit does to them: all of its writes, or none.
 * @module
 */
import { Timestamp } from 'firebase-admin/firestore';
import type { Row } from './memory-query.ts';
import type { Fields } from './memory-values.ts';

const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;

/** A document and when it was written. */
export interface Stored {
  readonly data: Fields;
  readonly createTime: Timestamp;
  readonly updateTime: Timestamp;
}

/** Where a document stands. */
export interface Place {
  readonly parent: { readonly path: string };
  readonly id: string;
  readonly path: string;
}

/** One write of a commit. */
export interface Write {
  readonly place: Place;
  readonly precondition?: Precondition | undefined;
  /** `null`: the document goes. Throws where the document must, or must not, exist. */
  apply(before: Fields | null): Fields | null;
}

/** What must be so for a write. */
export interface Precondition {
  readonly lastUpdateTime?: Timestamp;
  readonly exists?: boolean;
}

/** An error as gRPC has it. */
export function failed(code: number, message: string): Error {
  return Object.assign(new Error(`${code} ${message}`), { code });
}

/** The documents. */
export class Store {
  readonly #collections = new Map<string, Map<string, Stored>>();
  #instant = 0;
  #turn: Promise<unknown> = Promise.resolve();

  at(parent: string, id: string): Stored | undefined {
    return this.#collections.get(parent)?.get(id);
  }

  rows(parent: string): readonly Row[] {
    return [...(this.#collections.get(parent) ?? [])].map(([id, { data }]) => ({ id, data }));
  }

  all(): readonly (readonly [string, Stored])[] {
    return [...this.#collections].flatMap(([parent, each]) =>
      [...each].map(([id, stored]) => [`${parent}/${id}`, stored] as const),
    );
  }

  children(path: string): readonly string[] {
    return [...this.#collections]
      .filter(
        ([name, each]) =>
          each.size > 0 && name.startsWith(`${path}/`) && !name.slice(path.length + 1).includes('/'),
      )
      .map(([name]) => name);
  }

  /** One transaction at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** All of the writes, or none. */
  commit(writes: readonly Write[]): Timestamp {
    const time = Timestamp.fromMillis(++this.#instant);
    const drafts = new Map<string, { readonly place: Place; stored: Stored | null }>();
    for (const { place, precondition, apply } of writes) {
      const draft = drafts.get(place.path);
      const before = draft ? draft.stored : (this.at(place.parent.path, place.id) ?? null);
      check(before, precondition, place.path);
      const data = apply(before?.data ?? null);
      const stored = data ? { data, createTime: before?.createTime ?? time, updateTime: time } : null;
      drafts.set(place.path, { place, stored });
    }
    for (const { place, stored } of drafts.values()) {
      const rows = this.#collections.get(place.parent.path) ?? new Map<string, Stored>();
      this.#collections.set(place.parent.path, rows);
      if (stored) rows.set(place.id, stored);
      else rows.delete(place.id);
    }
    return time;
  }
}

function check(before: Stored | null, precondition: Precondition | undefined, path: string): void {
  if (!precondition) return;
  const { lastUpdateTime, exists } = precondition;
  if (exists === true && !before) throw failed(NOT_FOUND, `NOT_FOUND: no document to update: ${path}`);
  if (lastUpdateTime && !before?.updateTime.isEqual(lastUpdateTime))
    throw failed(FAILED_PRECONDITION, `FAILED_PRECONDITION: ${path} was changed`);
}
