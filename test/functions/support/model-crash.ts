/**
 * Instances that die: a gate between a handler and its Firestore through which, from a chosen call on, nothing passes.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';
import { createMemoryStore, type Gate } from '../../../scripts/memory/memory-firestore.ts';

/** What a dead process throws: no handler may turn it into an answer. */
export class Died extends Error {}

/** The commit at which an instance dies: before it is carried out, or when it is and nobody has heard yet. */
export interface DeathPlan {
  readonly at: 'commit' | 'committed';
  readonly nth: number;
}

/** The gate of one instance. */
export class CrashGate {
  #plan: DeathPlan | null = null;
  #commits = 0;
  #dead = false;
  /** Called after the first commit of a call: the time that it took. */
  #afterFirst: () => void = () => undefined;

  get isDead(): boolean {
    return this.#dead;
  }

  /** A living instance again, for one call. */
  arm(plan: DeathPlan | null = null, afterFirst: () => void = () => undefined): void {
    this.#plan = plan;
    this.#commits = 0;
    this.#dead = false;
    this.#afterFirst = afterFirst;
  }

  /** The instance is gone from here on. */
  die(): never {
    this.#dead = true;
    throw new Died('this instance died');
  }

  readonly pass: Gate = (call) => {
    if (this.#dead) this.die();
    if (call === 'commit') this.#commits += 1;
    if (call !== 'read' && this.#plan?.at === call && this.#plan.nth === this.#commits) this.die();
    if (call === 'committed' && this.#commits === 1) this.#afterFirst();
  };
}

/** The books of a run and the doors that two instances have to them. */
export interface ModelBooks {
  readonly doors: readonly { readonly firestore: Firestore; readonly gate: CrashGate }[];
  /** All documents, where they are this run's alone. */
  readonly dump: (() => Readonly<Record<string, Readonly<Record<string, unknown>>>>) | null;
}

/** Books in memory, for one run. */
export function memoryBooks(): ModelBooks {
  const store = createMemoryStore();
  const door = (): ModelBooks['doors'][number] => {
    const gate = new CrashGate();
    return { firestore: store.open(gate.pass), gate };
  };
  return { doors: [door(), door()], dump: () => store.dump() };
}

/** The part of the SDK's client that every call goes through. Not public, hence the look below. */
interface Requests {
  request(method: string, ...rest: unknown[]): Promise<unknown>;
  requestStream(method: string, ...rest: unknown[]): Promise<unknown>;
}

/** Books on the emulator, for many runs with users of their own. */
export function emulatedBooks(host: string): ModelBooks & { close(): Promise<void> } {
  // No look-up of a cloud machine's metadata: there is none.
  process.env.METADATA_SERVER_DETECTION = 'none';
  process.env.FIRESTORE_EMULATOR_HOST = host;
  const projectId = `demo-model-${randomUUID().slice(0, 8)}`;
  const made = [1, 2].map(() => {
    const app = initializeApp({ projectId }, randomUUID());
    const firestore = getFirestore(app);
    const gate = new CrashGate();
    putBetween(firestore as unknown as Requests, gate);
    return { app, firestore, gate };
  });
  return {
    doors: made,
    dump: null,
    close: async () => {
      await Promise.all(made.map(({ app }) => deleteApp(app)));
    },
  };
}

function putBetween(client: Requests, gate: CrashGate): void {
  if (typeof client.request !== 'function' || typeof client.requestStream !== 'function')
    throw new Error('This Firestore client has no request and requestStream; look where its calls go now.');
  const request = client.request.bind(client);
  const requestStream = client.requestStream.bind(client);
  client.request = async (method, ...rest) => {
    // The server rolls back what a dead client left; here at once, so that the next call need not wait for it.
    if (method !== 'commit') return request(method, ...rest);
    gate.pass('commit');
    const answer = await request(method, ...rest);
    gate.pass('committed');
    return answer;
  };
  client.requestStream = async (method, ...rest) => {
    gate.pass('read');
    return requestStream(method, ...rest);
  };
}
