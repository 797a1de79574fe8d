/**
 * What a page leaves to itself so that a reload goes on with the talk: in `sessionStorage`, by app, user and set-up.
 * A Web Lock, held while the session lives, keeps a duplicated tab from using its copy.
 * @module
 */
import { isObject } from '@livegate/protocol';
import type { FirebaseApp } from 'firebase/app';
import { KEPT_UNDER } from './kept-under.ts';

/** A lock that is not free after this is another tab's, and no longer that of the page before, in ms. Ours. */
const LOCK_WAIT_MS = 300;

/** A session to go on with. Holds a secret. */
export interface Keepsake {
  readonly sessionId: string;
  readonly handle: string;
  /** The running token's end by the device's clock, epoch ms: it is only read on the same device. */
  readonly leaseExpiresAt: number;
}

/** Where a page keeps its session. Nothing of it throws: without it a reload starts a new session. */
export interface KeepsakeBox {
  /** What the page before left, if it is this tab's and its lease lives. */
  take(): Promise<Keepsake | undefined>;
  keep(kept: Keepsake): void;
  /** Lets go of what was taken without forgetting it: whoever comes next may have it. */
  release(): void;
  /** The session is over, or its user signed out. */
  clear(): void;
}

/** What is read of firebase/auth's inner face. Not public, hence checked; without it nobody is kept. */
interface AuthInternal {
  getUid?(): unknown;
  addAuthTokenListener?(listener: (token: string | null) => void): void;
  removeAuthTokenListener?(listener: (token: string | null) => void): void;
}

/** The browser's box for sessions of this set-up; `undefined` where there is no `sessionStorage` or no Web Locks. */
export function browserBox(app: FirebaseApp, setup: string): KeepsakeBox | undefined {
  const { navigator } = globalThis as Partial<Window & typeof globalThis>;
  const locks = navigator?.locks;
  const storage = ownStorage();
  if (!storage || !locks) return undefined;
  return new BrowserBox({ app, setup: hashOf(setup), storage, locks });
}

class BrowserBox implements KeepsakeBox {
  readonly #app: FirebaseApp;
  readonly #setup: string;
  readonly #storage: Storage;
  readonly #locks: LockManager;
  #held: string | undefined;
  #release: () => void = () => {};
  #key: string | undefined;
  #listens = false;

  constructor(options: {
    readonly app: FirebaseApp;
    readonly setup: string;
    readonly storage: Storage;
    readonly locks: LockManager;
  }) {
    this.#app = options.app;
    this.#setup = options.setup;
    this.#storage = options.storage;
    this.#locks = options.locks;
  }

  async take(): Promise<Keepsake | undefined> {
    const key = this.#keyOfUser();
    const kept = key === undefined ? undefined : readKeepsake(this.#read(key));
    if (key === undefined || !kept) return undefined;
    if (kept.leaseExpiresAt <= Date.now()) {
      this.#remove(key);
      return undefined;
    }
    if (!(await this.#lock(kept.sessionId, LOCK_WAIT_MS))) return undefined;
    this.#key = key;
    return kept;
  }

  keep(kept: Keepsake): void {
    const key = this.#keyOfUser();
    if (key === undefined) return;
    this.#key = key;
    this.#listen();
    // Its own session's lock is nobody else's: a page that is busy just now gets it later, and must not give it up.
    if (this.#held !== kept.sessionId) void this.#lock(kept.sessionId);
    try {
      this.#storage.setItem(key, JSON.stringify(kept));
    } catch {
      // Storage is full or forbidden: a reload starts a new session.
    }
  }

  clear(): void {
    const key = this.#key;
    // A second session of the page may have left its own by now.
    if (key !== undefined && readKeepsake(this.#read(key))?.sessionId === this.#held) this.#remove(key);
    this.release();
  }

  release(): void {
    this.#release();
    this.#release = () => {};
    this.#held = undefined;
    this.#key = undefined;
    this.#listens = false;
    authOf(this.#app)?.removeAuthTokenListener?.(this.#onToken);
  }

  /** True once this tab has the session's lock; it keeps it until {@link clear} or the page's end. False after `waitMs`. */
  #lock(sessionId: string, waitMs?: number): Promise<boolean> {
    this.#release();
    this.#held = sessionId;
    return new Promise((resolve) => {
      const asking = new AbortController();
      const timer = waitMs === undefined ? undefined : setTimeout(() => asking.abort(), waitMs);
      // A lock that is granted after the session's end would be the page's until it goes.
      this.#release = () => asking.abort();
      const hold = (): Promise<void> =>
        new Promise((release) => {
          clearTimeout(timer);
          if (asking.signal.aborted) release();
          else this.#release = release;
          resolve(!asking.signal.aborted);
        });
      const { signal } = asking;
      this.#locks.request(`livegate/${sessionId}`, { signal }, hold).catch(() => {
        clearTimeout(timer);
        resolve(false);
      });
    });
  }

  #listen(): void {
    if (this.#listens) return;
    this.#listens = true;
    authOf(this.#app)?.addAuthTokenListener?.(this.#onToken);
  }

  readonly #onToken = (token: string | null): void => {
    if (token === null) this.clear();
  };

  #keyOfUser(): string | undefined {
    const uid = authOf(this.#app)?.getUid?.();
    return typeof uid === 'string' ? `${KEPT_UNDER}${this.#app.name}/${uid}/${this.#setup}` : undefined;
  }

  #read(key: string): string | null {
    try {
      return this.#storage.getItem(key);
    } catch {
      return null;
    }
  }

  #remove(key: string): void {
    try {
      this.#storage.removeItem(key);
    } catch {
      // It ends with its lease all the same.
    }
  }
}

/** A page in a sandbox is refused by an exception. */
function ownStorage(): Storage | undefined {
  try {
    return (globalThis as Partial<Window & typeof globalThis>).sessionStorage;
  } catch {
    return undefined;
  }
}

function authOf(app: FirebaseApp): AuthInternal | undefined {
  const { container } = app as unknown as {
    readonly container?: {
      getProvider?(name: string): { getImmediate?(options: object): AuthInternal | null };
    };
  };
  return container?.getProvider?.('auth-internal').getImmediate?.({ optional: true }) ?? undefined;
}

function readKeepsake(text: string | null): Keepsake | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    if (!isObject(value)) return undefined;
    const { sessionId, handle, leaseExpiresAt } = value;
    if (typeof sessionId !== 'string' || typeof handle !== 'string') return undefined;
    return typeof leaseExpiresAt === 'number' ? { sessionId, handle, leaseExpiresAt } : undefined;
  } catch {
    return undefined;
  }
}

/** FNV-1a, so that another set-up is another key and its words are nowhere stored. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
