import { Firestore } from '@google-cloud/firestore';
import { describe, expect, it } from 'vitest';
import { NOON } from './books-testing.ts';
import { livePaths } from './paths.ts';
import { createRefusalCounter, FLUSH_EVERY_MS } from './refusal-counter.ts';

/** A counter whose commits are in the test's hand. */
function counting(options: { readonly commit?: () => Promise<unknown> } = {}) {
  const world = { now: NOON, commits: 0, complaints: [] as unknown[] };
  const counter = createRefusalCounter({
    paths: livePaths(new Firestore({ projectId: 'demo-unit' }) as never),
    now: () => world.now,
    log: { unexpected: (error) => world.complaints.push(error) },
    commit: () => {
      world.commits += 1;
      return options.commit?.() ?? Promise.resolve();
    },
  });
  return { world, counter };
}

describe('createRefusalCounter', () => {
  it('writes nothing when it counts, and at most once a minute after', async () => {
    const { world, counter } = counting();
    counter.count('rate');
    await counter.flushIfDue(NOON);
    await counter.flushIfDue(NOON + FLUSH_EVERY_MS - 1);
    expect(world.commits).toBe(0);
    await counter.flushIfDue(NOON + FLUSH_EVERY_MS);
    expect(world.commits).toBe(1);
    counter.count('rate');
    await counter.flushIfDue(NOON + 2 * FLUSH_EVERY_MS - 1);
    expect(world.commits).toBe(1);
    await counter.flushIfDue(NOON + 2 * FLUSH_EVERY_MS);
    expect(world.commits).toBe(2);
  });

  it('writes nothing together with a refusal that comes after a long rest', async () => {
    const { world, counter } = counting();
    counter.count('rate');
    await counter.flushIfDue(NOON + FLUSH_EVERY_MS);
    world.now = NOON + 10 * FLUSH_EVERY_MS;
    counter.count('rate');
    await counter.flushIfDue(world.now);
    expect(world.commits).toBe(1);
    await counter.flushIfDue(world.now + FLUSH_EVERY_MS);
    expect(world.commits).toBe(2);
  });

  it('writes nothing where nothing was refused', async () => {
    const { world, counter } = counting();
    await counter.flushIfDue(NOON + FLUSH_EVERY_MS);
    counter.count('rate');
    await counter.flushIfDue(NOON + FLUSH_EVERY_MS);
    await counter.flushIfDue(NOON + 2 * FLUSH_EVERY_MS);
    expect(world.commits).toBe(1);
  });

  it('never rejects, and asks no more often after a failure', async () => {
    const { world, counter } = counting({ commit: () => Promise.reject(new Error('unreachable')) });
    counter.count('rate');
    await counter.flushIfDue(NOON + FLUSH_EVERY_MS);
    await counter.flushIfDue(NOON + FLUSH_EVERY_MS + 1);
    expect(world.commits).toBe(1);
    expect(world.complaints).toHaveLength(1);
    await counter.flushIfDue(NOON + 2 * FLUSH_EVERY_MS);
    expect(world.commits).toBe(2);
  });

  it('runs one flush at a time', async () => {
    let release: () => void = () => undefined;
    const { world, counter } = counting({
      commit: () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    });
    counter.count('rate');
    const first = counter.flushIfDue(NOON + FLUSH_EVERY_MS);
    counter.count('rate');
    await counter.flushIfDue(NOON + 2 * FLUSH_EVERY_MS);
    expect(world.commits).toBe(1);
    release();
    await first;
    void counter.flushIfDue(NOON + 2 * FLUSH_EVERY_MS);
    expect(world.commits).toBe(2);
  });
});
