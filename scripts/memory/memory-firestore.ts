/**
 * The part of the Admin SDK's Firestore that the functions use, in memory: a thousand runs in the time that one
 * takes on an emulator. `memory-firestore.test.ts` holds it against the emulator, operation by operation.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { FieldPath, type Firestore, type Timestamp } from 'firebase-admin/firestore';
import { cursorAt, EVERYTHING, found, operatorOf, type QueryPlan, type Row } from './memory-query.ts';
import { type Precondition, Store, type Stored, type Write } from './memory-store.ts';
import { MemoryBatch, MemoryTransaction } from './memory-transaction.ts';
import { copied, type Fields, valueAt } from './memory-values.ts';
import { creation, deletion, setting, updating } from './memory-writes.ts';

/** What goes over the network of the real one: a gate may throw here, as a process dies. */
export type Call = 'read' | 'commit' | 'committed';

/** Opens the door to what is stored; asked before each call, and after a commit. */
export type Gate = (call: Call) => void;

/** Documents in memory, and doors to them. */
export interface MemoryStore {
  /** A Firestore on these documents. Several share them, as instances of a function do. */
  open(gate?: Gate): Firestore;
  /** All documents by path: copies. */
  dump(): Readonly<Record<string, Fields>>;
}

/** An empty store. */
export function createMemoryStore(): MemoryStore {
  const store = new Store();
  return {
    open: (gate = () => undefined) => new MemoryFirestore(store, gate) as unknown as Firestore,
    dump: () => Object.fromEntries(store.all().map(([path, { data }]) => [path, copied(data) as Fields])),
  };
}

class MemoryFirestore {
  readonly store: Store;
  readonly gate: Gate;

  constructor(store: Store, gate: Gate) {
    this.store = store;
    this.gate = gate;
  }

  collection(path: string): MemoryCollection {
    return new MemoryCollection(this, path);
  }

  doc(path: string): MemoryDocument {
    const cut = path.lastIndexOf('/');
    return new MemoryDocument(this.collection(path.slice(0, cut)), path.slice(cut + 1));
  }

  batch(): MemoryBatch {
    return new MemoryBatch(this);
  }

  async getAll(...refs: readonly MemoryDocument[]): Promise<readonly MemorySnapshot[]> {
    return this.read(() => refs.map((ref) => ref.look()));
  }

  async runTransaction<T>(body: (transaction: MemoryTransaction) => Promise<T>): Promise<T> {
    return this.store.inTurn(async () => {
      const transaction = new MemoryTransaction({
        read: (look) => this.read(look),
        commit: (writes) => this.#carryOut(writes),
      });
      const result = await body(transaction);
      await transaction.finish();
      return result;
    });
  }

  async recursiveDelete(ref: MemoryDocument | MemoryCollection): Promise<void> {
    const inside = this.store.all().filter(([path]) => path === ref.path || path.startsWith(`${ref.path}/`));
    await this.commit(inside.map(([path]) => deletion(this.doc(path))));
  }

  async terminate(): Promise<void> {}

  /** Reads after a turn of the event loop's queue, as a network would answer. */
  async read<T>(look: () => T): Promise<T> {
    await Promise.resolve();
    this.gate('read');
    return look();
  }

  /** A write waits for the transaction that is under way, as it does for its locks. */
  async commit(writes: readonly Write[]): Promise<Timestamp> {
    return this.store.inTurn(() => this.#carryOut(writes));
  }

  async #carryOut(writes: readonly Write[]): Promise<Timestamp> {
    await Promise.resolve();
    this.gate('commit');
    const time = this.store.commit(writes);
    this.gate('committed');
    return time;
  }
}

class MemoryQuery {
  readonly firestore: MemoryFirestore;
  readonly parentPath: string;
  readonly plan: QueryPlan;

  constructor(firestore: MemoryFirestore, parentPath: string, plan: QueryPlan = EVERYTHING) {
    this.firestore = firestore;
    this.parentPath = parentPath;
    this.plan = plan;
  }

  where(field: string | FieldPath, op: string, value: unknown): MemoryQuery {
    const filter = { field: nameOf(field), op: operatorOf(op), value: idsOf(value) };
    return this.#with({ filters: [...this.plan.filters, filter] });
  }

  orderBy(field: string | FieldPath, direction: 'asc' | 'desc' = 'asc'): MemoryQuery {
    return this.#with({ order: [...this.plan.order, { field: nameOf(field), direction }] });
  }

  limit(limit: number): MemoryQuery {
    return this.#with({ limit });
  }

  startAfter(...values: readonly unknown[]): MemoryQuery {
    const [first] = values;
    return this.#with({
      after: first instanceof MemorySnapshot ? cursorAt(this.plan, first.row()) : values.map(idsOf),
    });
  }

  /** Fields that are not asked for stay away; the paths are names here, not maps. */
  select(...fields: readonly string[]): MemorySelection {
    return new MemorySelection(this, fields);
  }

  async get(): Promise<MemoryQuerySnapshot> {
    return this.firestore.read(() => this.look());
  }

  look(): MemoryQuerySnapshot {
    const collection = this.firestore.collection(this.parentPath);
    return new MemoryQuerySnapshot(
      found(this.firestore.store.rows(this.parentPath), this.plan).map(({ id }) => collection.doc(id).look()),
    );
  }

  count(): { get(): Promise<{ data(): { readonly count: number } }> } {
    return {
      get: async () => {
        const { size } = await this.get();
        return { data: () => ({ count: size }) };
      },
    };
  }

  #with(change: Partial<QueryPlan>): MemoryQuery {
    return new MemoryQuery(this.firestore, this.parentPath, { ...this.plan, ...change });
  }
}

class MemorySelection {
  readonly #query: MemoryQuery;
  readonly #fields: readonly string[];

  constructor(query: MemoryQuery, fields: readonly string[]) {
    this.#query = query;
    this.#fields = fields;
  }

  async get(): Promise<MemoryQuerySnapshot> {
    const { docs } = await this.#query.get();
    return new MemoryQuerySnapshot(docs.map((each) => each.only(this.#fields)));
  }
}

class MemoryCollection extends MemoryQuery {
  readonly path: string;
  readonly id: string;

  constructor(firestore: MemoryFirestore, path: string) {
    if (path.split('/').length % 2 !== 1 || path.split('/').includes(''))
      throw new Error(`"${path}" is no path of a collection.`);
    super(firestore, path);
    this.path = path;
    this.id = path.slice(path.lastIndexOf('/') + 1);
  }

  doc(id: string = randomBytes(15).toString('hex').slice(0, 20)): MemoryDocument {
    return new MemoryDocument(this, id);
  }

  async add(data: Fields): Promise<MemoryDocument> {
    const ref = this.doc();
    await ref.create(data);
    return ref;
  }
}

class MemoryDocument {
  readonly parent: MemoryCollection;
  readonly id: string;
  readonly path: string;

  constructor(parent: MemoryCollection, id: string) {
    if (id === '' || id.includes('/')) throw new Error(`"${id}" is no id of a document.`);
    this.parent = parent;
    this.id = id;
    this.path = `${parent.path}/${id}`;
  }

  get firestore(): MemoryFirestore {
    return this.parent.firestore;
  }

  collection(name: string): MemoryCollection {
    return this.firestore.collection(`${this.path}/${name}`);
  }

  async listCollections(): Promise<readonly MemoryCollection[]> {
    return this.firestore.read(() =>
      this.firestore.store.children(this.path).map((path) => this.firestore.collection(path)),
    );
  }

  /** As it is at this instant. */
  look(): MemorySnapshot {
    return new MemorySnapshot(this, this.firestore.store.at(this.parent.path, this.id));
  }

  isEqual(other: { readonly path?: string }): boolean {
    return other.path === this.path;
  }

  async get(): Promise<MemorySnapshot> {
    return this.firestore.read(() => this.look());
  }

  async set(
    data: Fields,
    options: { readonly merge?: boolean } = {},
  ): Promise<{ readonly writeTime: Timestamp }> {
    return { writeTime: await this.firestore.commit([setting(this, data, options)]) };
  }

  async update(data: Fields, precondition?: Precondition): Promise<{ readonly writeTime: Timestamp }> {
    return { writeTime: await this.firestore.commit([updating(this, data, precondition)]) };
  }

  async create(data: Fields): Promise<{ readonly writeTime: Timestamp }> {
    return { writeTime: await this.firestore.commit([creation(this, data)]) };
  }

  async delete(precondition?: Precondition): Promise<{ readonly writeTime: Timestamp }> {
    return { writeTime: await this.firestore.commit([deletion(this, precondition)]) };
  }
}

class MemorySnapshot {
  readonly ref: MemoryDocument;
  readonly #stored: Stored | undefined;

  constructor(ref: MemoryDocument, stored: Stored | undefined) {
    this.ref = ref;
    this.#stored = stored;
  }

  get id(): string {
    return this.ref.id;
  }

  get exists(): boolean {
    return this.#stored !== undefined;
  }

  get createTime(): Timestamp | undefined {
    return this.#stored?.createTime;
  }

  get updateTime(): Timestamp | undefined {
    return this.#stored?.updateTime;
  }

  data(): Fields | undefined {
    return this.#stored ? (copied(this.#stored.data) as Fields) : undefined;
  }

  get(path: string): unknown {
    const value = this.#stored ? valueAt(this.#stored.data, path) : undefined;
    return value === undefined ? undefined : copied(value);
  }

  row(): Row {
    return { id: this.id, data: this.#stored?.data ?? {} };
  }

  only(fields: readonly string[]): MemorySnapshot {
    const data = this.#stored?.data ?? {};
    const kept = fields.flatMap((field) =>
      Object.hasOwn(data, field) ? [[field, data[field]] as const] : [],
    );
    return new MemorySnapshot(
      this.ref,
      this.#stored ? { ...this.#stored, data: Object.fromEntries(kept) } : undefined,
    );
  }
}

class MemoryQuerySnapshot {
  readonly docs: readonly MemorySnapshot[];

  constructor(docs: readonly MemorySnapshot[]) {
    this.docs = docs;
  }

  get size(): number {
    return this.docs.length;
  }

  get empty(): boolean {
    return this.docs.length === 0;
  }

  forEach(look: (snapshot: MemorySnapshot) => void): void {
    for (const each of this.docs) look(each);
  }
}

function nameOf(field: string | FieldPath): string {
  if (typeof field === 'string') return field;
  if (!FieldPath.documentId().isEqual(field))
    throw new Error('The memory knows FieldPath.documentId() only.');
  return '__name__';
}

function idsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(idsOf);
  return value instanceof MemoryDocument ? value.id : value;
}
