import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeWorker } from '../test-support/fake-audio.ts';
import { PairedWorker } from '../test-support/paired-worker.ts';
import { LiveWorker, sharedWorker, type WorkerEnd } from './live-worker.ts';
import type { LiveSocketEvents } from './web-socket-handler.ts';

const events = (told: unknown[], hear: (data: unknown) => void = () => {}): LiveSocketEvents => ({
  opened: () => told.push('opened'),
  frame: hear,
  failed: () => told.push('failed'),
  closed: (code) => told.push(code),
});

describe('LiveWorker', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('hands out the rest of a batch where one listener throws, and the error after it', () => {
    const end = new FakeWorker('silent');
    const worker = new LiveWorker(end as unknown as WorkerEnd, { after: () => () => {} });
    const later = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
    const heard: unknown[] = [];
    worker.openSocket(
      'wss://host',
      [],
      events(heard, (data) => {
        if (data === 'bad') throw new Error('Mine.');
        heard.push(data);
      }),
    );
    const frame = (data: string) => ({ kind: 'frame', socket: 1, data });
    const closed = { kind: 'closed', socket: 1, code: 1000, reason: '' };
    end.say({ kind: 'batch', notices: [frame('bad'), frame('good'), closed] });
    expect(heard).toEqual(['good', 1000]);
    expect(later).toHaveBeenCalledOnce();
    expect(() => later.mock.calls[0]?.[0]()).toThrow('Mine.');
  });

  it('is told that a socket is closed which could not be made, so that the worker has an end', () => {
    const timers = new Set<() => void>();
    const pair = new PairedWorker(
      () => {
        throw new Error('Refused.');
      },
      (_ms, wake) => {
        timers.add(wake);
        return () => timers.delete(wake);
      },
    );
    pair.settle();
    const told: unknown[] = [];
    pair.worker.openSocket('wss://host', [], events(told));
    expect(timers.size).toBe(0);
    pair.settle();
    expect(told).toEqual(['failed', 1006]);
    for (const wake of timers) wake();
    expect(pair.worker.isOver).toBe(true);
  });
});

describe('sharedWorker', () => {
  const made: FakeWorker[] = [];
  const shared = (file: string) => sharedWorker({ worker: `https://host/${file}` });
  const begin = (fate: 'good' | 'broken' | 'silent'): void => {
    const Fated = class extends FakeWorker {
      constructor() {
        super(fate);
        made.push(this);
      }
    };
    vi.stubGlobal('Worker', Fated);
  };
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    made.length = 0;
  });

  it('starts another after one that loaded and broke, or was not used for long', async () => {
    begin('good');
    const first = shared('good.js');
    await first?.isReady;
    made[0]?.break();
    const second = shared('good.js');
    expect(second).not.toBe(first);
    await second?.isReady;
    vi.advanceTimersByTime(90_000);
    expect(second?.isOver).toBe(true);
    expect(shared('good.js')).not.toBe(second);
    expect(made).toHaveLength(3);
  });

  it.each(['broken', 'silent'] as const)('waits once a page for a file that is %s', async (fate) => {
    begin(fate);
    const first = shared(`${fate}.js`);
    await Promise.resolve();
    vi.advanceTimersByTime(2_000);
    expect(await first?.isReady).toBe(false);
    const second = shared(`${fate}.js`);
    expect(await second?.isReady).toBe(false);
    expect([made.length, second?.isOver, vi.getTimerCount()]).toEqual([1, true, 0]);
  });
});
