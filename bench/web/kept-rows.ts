/**
 * Rows that were measured, kept for a run that goes on with the others.
 * @module
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { WrittenBook } from './figure-book.ts';

/** Older ones were measured on another day's machine, in ms. */
const FRESH_MS = 12 * 3_600_000;

/** What all rows of one table have in common. */
export interface Sitting {
  readonly rounds: number;
  /** Browser and modules, as people read them. */
  readonly versions: readonly string[];
}

interface KeptRow extends Sitting {
  /** When it was finished, in ms of the epoch. */
  readonly at: number;
  readonly book: WrittenBook;
}

/** A file of rows. Only the bench writes it, so it is not checked more than that it can be read. */
export class KeptRows {
  readonly #path: string;
  readonly #sitting: Sitting;
  readonly #now: () => number;
  #rows: Readonly<Record<string, KeptRow>> = {};

  private constructor(path: string, sitting: Sitting, now: () => number) {
    this.#path = path;
    this.#sitting = sitting;
    this.#now = now;
  }

  /** Reads the file; an absent one, or one that cannot be read, holds nothing. */
  static async open(path: string, sitting: Sitting, now: () => number = Date.now): Promise<KeptRows> {
    const kept = new KeptRows(path, sitting, now);
    try {
      kept.#rows = JSON.parse(await readFile(path, 'utf8')) as Readonly<Record<string, KeptRow>>;
    } catch {
      // There is none to go on with.
    }
    return kept;
  }

  /** A row that this sitting may use: as many rounds, the same versions, at most 12 hours old. */
  get(id: string): WrittenBook | undefined {
    const row = this.#rows[id];
    if (!row || this.#now() - row.at > FRESH_MS) return undefined;
    const { rounds, versions } = this.#sitting;
    const isSame = row.rounds === rounds && row.versions.join() === versions.join();
    return isSame ? row.book : undefined;
  }

  /** Writes a row down at once: a run may be stopped at any time. */
  async keep(id: string, book: WrittenBook): Promise<void> {
    this.#rows = { ...this.#rows, [id]: { ...this.#sitting, at: this.#now(), book } };
    await mkdir(dirname(this.#path), { recursive: true });
    await writeFile(this.#path, JSON.stringify(this.#rows));
  }
}
