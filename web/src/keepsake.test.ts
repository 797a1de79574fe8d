import { afterEach, describe, expect, test, vi } from 'vitest';
import { browserBox, type Keepsake, type KeepsakeBox } from './keepsake.ts';
import { refusal, ScriptedStage, settled } from './testing.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A browser of one profile: tabs have storages of their own and share the locks. */
function browser() {
  const held = new Set<string>();
  let granting = Promise.resolve();
  const request = async (
    name: string,
    { signal }: { readonly signal: AbortSignal },
    hold: () => Promise<void>,
  ): Promise<void> => {
    await granting;
    signal.throwIfAborted();
    if (held.has(name)) throw new DOMException('', 'TimeoutError');
    held.add(name);
    await hold().finally(() => held.delete(name));
  };
  const listeners = new Set<(token: null) => void>();
  const auth = {
    getUid: () => 'alice',
    addAuthTokenListener: (listener: (token: null) => void) => void listeners.add(listener),
    removeAuthTokenListener: (listener: (token: null) => void) => void listeners.delete(listener),
  };
  const container = { getProvider: () => ({ getImmediate: () => auth }) };
  const app = { name: 'a', options: {}, automaticDataCollectionEnabled: false, container };
  const tab = (items: Map<string, string>, setup = 's'): KeepsakeBox => {
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    });
    vi.stubGlobal('navigator', { locks: { request } });
    const box = browserBox(app, setup);
    if (!box) throw new Error('no box');
    return box;
  };
  const signOut = (): void => {
    for (const listener of listeners) listener(null);
  };
  /** Locks are granted when the answer is called, not before. */
  const slowLocks = (): (() => void) => {
    let grant = (): void => {};
    granting = new Promise((resolve) => {
      grant = resolve;
    });
    return () => grant();
  };
  return { tab, held, listeners, leave: () => held.clear(), signOut, slowLocks };
}

const kept = (ms = 60_000): Keepsake => ({
  sessionId: 'session-0001',
  handle: 'h1',
  leaseExpiresAt: Date.now() + ms,
});

describe('browserBox', () => {
  test('gives a reloaded page its session, a duplicated tab none', async () => {
    const { tab, leave } = browser();
    const items = new Map<string, string>();
    const mine = kept();
    tab(items).keep(mine);
    expect(await tab(new Map(items)).take()).toBeUndefined();
    leave();
    expect(await tab(items).take()).toEqual(mine);
  });

  test('holds its session’s lock however late that is granted, while a tab that asks for another’s gives up', async () => {
    vi.useFakeTimers();
    try {
      const { tab, held, slowLocks } = browser();
      const items = new Map<string, string>();
      const grant = slowLocks();
      const mine = kept();
      tab(items).keep(mine);
      const copied = tab(new Map(items)).take();
      await vi.advanceTimersByTimeAsync(10_000);
      grant();
      expect(await copied).toBeUndefined();
      expect([...held]).toEqual([`livegate/${mine.sessionId}`]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('gives nothing to another set-up, nor after the lease’s end, and forgets at sign-out and clear()', async () => {
    const { tab, leave, signOut } = browser();
    const items = new Map<string, string>();
    const box = tab(items);
    box.keep(kept());
    leave();
    expect(await tab(items, 'other').take()).toBeUndefined();
    signOut();
    expect(items.size).toBe(0);
    box.keep(kept(-1));
    expect(await tab(items).take()).toBeUndefined();
    expect(items.size).toBe(0);
    box.keep(kept());
    box.clear();
    expect(items.size).toBe(0);
  });
});

describe('a session that is over', () => {
  test('leaves no listener with firebase/auth and no lock', async () => {
    const { tab, listeners, held } = browser();
    const items = new Map<string, string>();
    for (let session = 0; session < 3; session++) {
      const box = tab(items);
      box.keep({ ...kept(), sessionId: `session-${session}` });
      await settled();
      expect([listeners.size, held.size]).toEqual([1, 1]);
      box.clear();
      await settled();
      expect([listeners.size, held.size]).toEqual([0, 0]);
    }
  });

  test('gives a lock back that is granted afterwards', async () => {
    const { tab, held, slowLocks } = browser();
    const grant = slowLocks();
    const box = tab(new Map());
    box.keep(kept());
    box.clear();
    grant();
    await settled();
    expect(held.size).toBe(0);
  });

  test('leaves another session of the page what that one keeps', () => {
    const { tab } = browser();
    const items = new Map<string, string>();
    const first = tab(items);
    const second = tab(items);
    first.keep(kept());
    second.keep({ ...kept(), sessionId: 'session-0002' });
    first.clear();
    expect(items.size).toBe(1);
    second.clear();
    expect(items.size).toBe(0);
  });
});

describe('a reloaded page', () => {
  function boxOf(first: Keepsake | undefined) {
    let now = first;
    let released = 0;
    const box: KeepsakeBox = {
      take: async () => now,
      keep: (each) => {
        now = each;
      },
      release: () => {
        released += 1;
      },
      clear: () => {
        now = undefined;
      },
    };
    return { box, kept: () => now, released: () => released };
  }

  test('goes on with the session by a re-mint and its handle, and keeps newer handles until close()', async () => {
    const stage = new ScriptedStage();
    const keeper = boxOf(kept());
    const session = await stage.model({}, { keepsakes: keeper.box }).connect();
    expect(stage.tokens.requests).toMatchObject([{ op: 'remint', sessionId: 'session-0001' }]);
    expect(stage.server.last.setup).toMatchObject({ sessionResumption: { handle: 'h1' } });
    stage.server.last.say({ sessionResumptionUpdate: { newHandle: 'h2', resumable: true } });
    await settled();
    expect(keeper.kept()).toMatchObject({ sessionId: 'session-0001', handle: 'h2' });
    await session.close();
    expect(keeper.kept()).toBeUndefined();
  });

  test('starts a new session where the old one is over, and where nothing was kept', async () => {
    const stage = new ScriptedStage();
    stage.tokens.refusals.push(refusal('failed-precondition', { reason: 'session-over' }));
    await stage.model({}, { keepsakes: boxOf(kept()).box }).connect();
    await stage.model({}, { keepsakes: boxOf(undefined).box }).connect();
    expect(stage.tokens.requests.map(({ op }) => op)).toEqual(['remint', 'start', 'start']);
  });

  test('starts a new session where an operator ended the old one, and forgets it', async () => {
    const stage = new ScriptedStage();
    stage.tokens.refusals.push(refusal('permission-denied', { reason: 'revoked' }));
    const keeper = boxOf(kept());
    await stage.model({}, { keepsakes: keeper.box }).connect();
    expect(stage.tokens.requests.map(({ op }) => op)).toEqual(['remint', 'start']);
    expect(keeper.kept()).toBeUndefined();
  });

  test('is told that there is no network, and goes on with the session once there is', async () => {
    const stage = new ScriptedStage();
    const keeper = boxOf(kept());
    const model = stage.model({}, { keepsakes: keeper.box });
    for (let times = 0; times < 40; times++)
      stage.tokens.refusals.push(Object.assign(new Error('x'), { code: 'functions/unavailable' }));
    const failed = model.connect().catch((error: unknown) => error);
    await stage.clock.advance(90_000);
    expect(await failed).toMatchObject({ code: 'fetch-error' });
    expect(keeper.kept()).toMatchObject({ handle: 'h1' });
    expect(keeper.released()).toBe(1);
    stage.tokens.refusals.length = 0;
    await model.connect();
    expect(stage.tokens.requests.at(-1)).toMatchObject({ op: 'remint', sessionId: 'session-0001' });
    expect(stage.server.last.setup).toMatchObject({ sessionResumption: { handle: 'h1' } });
  });

  test.each([
    ['kill-switch', 'keeps'],
    ['minutes-day', 'keeps'],
    ['concurrency', 'keeps'],
    ['blocked', 'forgets'],
    ['client-outdated', 'forgets'],
  ])('refused with %s tells so and %s what it had', async (reason, verb) => {
    const stage = new ScriptedStage();
    const keeper = boxOf(kept());
    for (let times = 0; times < 40; times++)
      stage.tokens.refusals.push(refusal('failed-precondition', { reason }));
    const failed = stage
      .model({}, { keepsakes: keeper.box })
      .connect()
      .catch((error: unknown) => error);
    await stage.clock.advance(90_000);
    expect(await failed).toMatchObject({ customErrorData: { reason } });
    expect(keeper.kept() === undefined).toBe(verb === 'forgets');
  });

  test('lets go of what it could not use: the next connect() of the page gets it', async () => {
    const { tab } = browser();
    const items = new Map<string, string>();
    const mine = kept();
    const first = tab(items);
    first.keep(mine);
    first.release();
    await settled();
    const second = tab(items);
    expect(await second.take()).toEqual(mine);
    second.release();
    await settled();
    expect(await tab(items).take()).toEqual(mine);
  });
});
