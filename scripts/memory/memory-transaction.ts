/**
 * Writes that go together, and the reads before them.
 * @module
 */
import type { Timestamp } from 'firebase-admin/firestore';
import type { Place, Precondition, Write } from './memory-store.ts';
import type { Fields } from './memory-values.ts';
import { creation, deletion, setting, updating } from './memory-writes.ts';

/** The way to the documents. */
export interface Connection {
  read<T>(look: () => T): Promise<T>;
  commit(writes: readonly Write[]): Promise<Timestamp>;
}

/** A document or a query: what can be read. */
interface Readable<T> {
  look(): T;
}

/** Writes that are carried out together, or not at all. */
export class MemoryBatch {
  readonly #connection: Connection;
  readonly #writes: Write[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get hasWrites(): boolean {
    return this.#writes.length > 0;
  }

  set(ref: Place, data: Fields, options: { readonly merge?: boolean } = {}): this {
    return this.#add(setting(ref, data, options));
  }

  update(ref: Place, data: Fields, precondition?: Precondition): this {
    return this.#add(updating(ref, data, precondition));
  }

  create(ref: Place, data: Fields): this {
    return this.#add(creation(ref, data));
  }

  delete(ref: Place, precondition?: Precondition): this {
    return this.#add(deletion(ref, precondition));
  }

  async commit(): Promise<readonly { readonly writeTime: Timestamp }[]> {
    const writeTime = await this.#connection.commit(this.#writes);
    return this.#writes.map(() => ({ writeTime }));
  }

  #add(write: Write): this {
    this.#writes.push(write);
    return this;
  }
}

/** Reads, then writes. */
export class MemoryTransaction {
  readonly #connection: Connection;
  readonly #batch: MemoryBatch;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#batch = new MemoryBatch(connection);
  }

  async get<T>(what: Readable<T>): Promise<T> {
    this.#onlyBeforeWrites();
    return this.#connection.read(() => what.look());
  }

  async getAll<T>(...refs: readonly Readable<T>[]): Promise<readonly T[]> {
    this.#onlyBeforeWrites();
    return this.#connection.read(() => refs.map((ref) => ref.look()));
  }

  set(ref: Place, data: Fields, options: { readonly merge?: boolean } = {}): this {
    this.#batch.set(ref, data, options);
    return this;
  }

  update(ref: Place, data: Fields, precondition?: Precondition): this {
    this.#batch.update(ref, data, precondition);
    return this;
  }

  create(ref: Place, data: Fields): this {
    this.#batch.create(ref, data);
    return this;
  }

  delete(ref: Place, precondition?: Precondition): this {
    this.#batch.delete(ref, precondition);
    return this;
  }

  /** Commits what was written. */
  async finish(): Promise<void> {
    if (this.#batch.hasWrites) await this.#batch.commit();
  }

  #onlyBeforeWrites(): void {
    if (this.#batch.hasWrites)
      throw new Error('Firestore transactions require all reads to be executed before all writes.');
  }
}
