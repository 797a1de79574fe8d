import { describe, expect, it } from 'vitest';
import { createBurstGuard } from './burst-guard.ts';
import { Refusal } from './refusal.ts';

const START = { isStart: true, limits: { starts: 2, calls: 4 } };
const MORE = { isStart: false, limits: { starts: 2, calls: 4 } };

/** Work that waits to be let go. */
function held(): { work: () => Promise<string>; go: () => void; began: () => boolean } {
  let release = (): void => undefined;
  let hasBegun = false;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    work: async () => {
      hasBegun = true;
      await gate;
      return 'done';
    },
    go: release,
    began: () => hasBegun,
  };
}
const reason = async (call: Promise<unknown>): Promise<string> => {
  try {
    return String(await call);
  } catch (error) {
    return error instanceof Refusal ? error.details.reason : String(error);
  }
};
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a user's burst", () => {
  it('goes through one after the other, and beyond the limit is sent away at once', async () => {
    const guard = createBurstGuard();
    const [first, second] = [held(), held()];
    const calls = [guard.run('u', START, first.work), guard.run('u', START, second.work)];
    expect(await reason(guard.run('u', START, first.work))).toBe('concurrency');
    await settled();
    expect([first.began(), second.began()]).toEqual([true, false]);
    first.go();
    await calls[0];
    await settled();
    expect(second.began()).toBe(true);
    second.go();
    expect(await Promise.all(calls)).toEqual(['done', 'done']);
    expect(await reason(guard.run('u', START, async () => 'again'))).toBe('again');
  });

  it('holds back neither another user nor a call of another kind', async () => {
    const guard = createBurstGuard();
    const first = held();
    const calls = [guard.run('u', START, first.work), guard.run('u', START, first.work)];
    expect(await reason(guard.run('v', START, async () => 'v'))).toBe('v');
    const more = guard.run('u', MORE, async () => 'more');
    first.go();
    expect(await more).toBe('more');
    await Promise.all(calls);
  });

  it('is bounded for calls of any kind', async () => {
    const guard = createBurstGuard();
    const first = held();
    const calls = Array.from({ length: 4 }, () => guard.run('u', MORE, first.work));
    expect(await reason(guard.run('u', MORE, first.work))).toBe('live-tokens');
    first.go();
    await Promise.all(calls);
    expect(await reason(guard.run('u', MORE, async () => 'again'))).toBe('again');
  });

  it('goes on after a call that failed, which fails by itself', async () => {
    const guard = createBurstGuard();
    const failing = guard.run('u', START, () => Promise.reject(new Error('no')));
    const next = guard.run('u', START, async () => 'next');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('next');
  });
});
