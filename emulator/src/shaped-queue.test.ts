import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from './seeded-random.ts';
import { ShapedQueue } from './shaped-queue.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const plain = (bytes: number) => ({ bytes, audioMs: 0 });
const audio = (audioMs: number) => ({ bytes: audioMs * 48, audioMs });

/** Puts the queue through time: everything that comes out, and when. */
const outOf = <Item>(queue: ShapedQueue<Item>, untilMs = 1e9): [Item, number][] => {
  const out: [Item, number][] = [];
  for (let at = queue.nextMs; at !== undefined && at <= untilMs; at = queue.nextMs) {
    const atMs = at;
    out.push(...queue.take(atMs).map((item): [Item, number] => [item, atMs]));
  }
  return out;
};

describe('ShapedQueue', () => {
  it('lets everything through at once where nothing slows it', () => {
    const queue = new ShapedQueue<string>(() => 0);
    queue.put('a', plain(1_000_000), 5);
    expect(outOf(queue)).toEqual([['a', 5]]);
  });

  it('spends a bucket at once and then keeps to its rate', () => {
    const queue = new ShapedQueue<string>(() => 0);
    queue.shape({ bytesPerSecond: 1_000, burstBytes: 300 }, FOREVER);
    for (const item of ['a', 'b', 'c', 'd']) queue.put(item, plain(200), 0);
    // 300 of 800 bytes are there at once; the rest comes at 1 byte a ms.
    expect(outOf(queue)).toEqual([
      ['a', 0],
      ['b', 100],
      ['c', 300],
      ['d', 500],
    ]);
    queue.put('e', plain(200), 10_000);
    expect(outOf(queue)).toEqual([['e', 10_000]]);
  });

  it('carries a message longer than its bucket', () => {
    const queue = new ShapedQueue<string>(() => 0);
    queue.shape({ bytesPerSecond: 1_000, burstBytes: 100 }, FOREVER);
    queue.put('long', plain(2_100), 0);
    expect(outOf(queue)).toEqual([['long', 2_000]]);
  });

  it('adds latency to each and jitter by its seed, and never overtakes', () => {
    const times = (seed: number): number[] => {
      const queue = new ShapedQueue<number>(seededRandom(seed));
      queue.shape({ latencyMs: 100, jitterMs: 50 }, FOREVER);
      for (let nth = 0; nth < 20; nth++) queue.put(nth, plain(10), nth * 5);
      const out = outOf(queue);
      expect(out.map(([item]) => item)).toEqual([...Array(20).keys()]);
      return out.map(([, atMs]) => atMs);
    };
    expect(times(1)).toEqual(times(1));
    expect(times(1)).not.toEqual(times(2));
    for (const [nth, atMs] of times(3).entries()) {
      expect(atMs).toBeGreaterThanOrEqual(nth * 5 + 100);
      expect(atMs).toBeLessThan(19 * 5 + 150);
    }
  });

  it('lets nothing out of a stall, and all of it after', () => {
    const queue = new ShapedQueue<string>(() => 0);
    queue.put('before', plain(1), 0);
    queue.stall(500);
    queue.put('during', plain(1), 100);
    expect([queue.take(499), queue.nextMs]).toEqual([[], 500]);
    expect(queue.take(500)).toEqual(['before', 'during']);
    queue.stall(FOREVER);
    queue.put('never', plain(1), 600);
    expect([queue.nextMs, queue.take(1e12)]).toEqual([undefined, []]);
    expect(queue.heldBytes).toBe(1);
  });

  it('keeps audio back, lets it go in bursts, and keeps what is behind it in order', () => {
    const queue = new ShapedQueue<string>(() => 0);
    queue.holdAudio({ holdMs: 500 }, FOREVER);
    queue.put('word', plain(1), 0);
    for (let at = 0; at <= 1_000; at += 200) queue.put(`audio ${at}`, audio(200), at);
    queue.put('end', plain(1), 1_010);
    expect(outOf(queue)).toEqual([
      ['word', 0],
      ['audio 0', 500],
      ['audio 200', 500],
      ['audio 400', 500],
      ['audio 600', 1_000],
      ['audio 800', 1_000],
      ['audio 1000', 1_000],
      ['end', 1_010],
    ]);
    queue.put('later', audio(200), 5_000);
    expect(outOf(queue)).toEqual([['later', 5_500]]);
  });

  it('makes audio slower than real time', () => {
    const queue = new ShapedQueue<number>(() => 0);
    queue.holdAudio({ holdMs: 100, rate: 0.5 }, FOREVER);
    for (let nth = 1; nth <= 10; nth++) queue.put(nth, audio(100), 0);
    expect(outOf(queue).map(([, atMs]) => atMs)).toEqual(
      Array.from({ length: 10 }, (_, nth) => (nth + 1) * 200),
    );
  });

  it('ends a shape at its time, in order all the same', () => {
    const queue = new ShapedQueue<string>(() => 0);
    queue.shape({ latencyMs: 1_000 }, 10);
    queue.holdAudio({ holdMs: 5_000 }, 10);
    queue.put('slow', plain(1), 9);
    queue.put('quick', audio(1), 10);
    expect(outOf(queue)).toEqual([
      ['slow', 1_009],
      ['quick', 1_009],
    ]);
    queue.put('quicker', audio(1), 2_000);
    expect(outOf(queue)).toEqual([['quicker', 2_000]]);
  });

  it('gives all it holds when it is released, and is quick after', () => {
    const queue = new ShapedQueue<string>(() => 0);
    queue.shape({ latencyMs: 1_000 }, FOREVER);
    queue.stall(FOREVER);
    queue.put('a', plain(7), 0);
    queue.put('b', plain(7), 0);
    expect(queue.release()).toEqual(['a', 'b']);
    expect([queue.heldBytes, queue.isEmpty]).toEqual([0, true]);
    queue.put('c', plain(7), 1);
    expect(outOf(queue)).toEqual([['c', 1]]);
  });

  it('keeps order and loses nothing, whatever slows it', () => {
    const step = fc.oneof(
      fc.record({ bytes: fc.nat(5_000), audioMs: fc.nat(200), waitMs: fc.nat(300) }),
      fc.record({ stallMs: fc.nat(1_000) }),
      fc.record({
        bytesPerSecond: fc.integer({ min: 1, max: 1e6 }),
        latencyMs: fc.nat(500),
        jitterMs: fc.nat(99),
      }),
      fc.record({
        holdMs: fc.integer({ min: 1, max: 800 }),
        rate: fc.double({ min: 0.1, max: 4, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new ShapedQueue<number>(seededRandom(1));
        const out: number[] = [];
        let nowMs = 0;
        let put = 0;
        for (const each of steps) {
          if ('waitMs' in each) {
            queue.put(put++, each, nowMs);
            nowMs += each.waitMs;
            out.push(...queue.take(nowMs));
          } else if ('stallMs' in each) queue.stall(nowMs + each.stallMs);
          else if ('holdMs' in each) queue.holdAudio(each, nowMs + 2_000);
          else queue.shape(each, nowMs + 2_000);
        }
        out.push(...outOf(queue, Number.MAX_VALUE).map(([item]) => item));
        expect(out).toEqual([...Array(put).keys()]);
        expect(queue.heldBytes).toBe(0);
      }),
    );
  });
});
