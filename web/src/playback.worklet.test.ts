import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FakePort } from '../test-support/fake-audio.ts';
import type { PlaybackReport } from './worklet-messages.ts';

interface Processor {
  readonly port: FakePort;
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}

/** The audio thread's globals. */
const scope = vi.hoisted(() => ({ make: undefined as (new () => unknown) | undefined }));
/** Not named where it is imported: its globals are not those of the other tests. */
const WORKLET: string = './playback.worklet.ts';
const RATE = 48_000;
const BLOCK = 128;

describe('the playback worklet', () => {
  beforeAll(async () => {
    vi.stubGlobal('sampleRate', RATE);
    vi.stubGlobal('currentTime', 0);
    vi.stubGlobal(
      'AudioWorkletProcessor',
      class {
        readonly port = new FakePort();
      },
    );
    vi.stubGlobal('registerProcessor', (_name: string, make: new () => unknown) => {
      scope.make = make;
    });
    await import(/* @vite-ignore */ WORKLET);
  });
  afterAll(() => vi.unstubAllGlobals());

  it('reports how playback does, in one object that is filled in anew', () => {
    const made = scope.make ? (new scope.make() as Processor) : undefined;
    const { port } = made as Processor;
    const objects = new Set<unknown>();
    const reports: PlaybackReport[] = [];
    port.onSent = (notice) => {
      objects.add(notice).add(notice.report);
      reports.push(structuredClone(notice.report) as PlaybackReport);
    };
    const loud = new Int16Array(24_000).fill(8_192);
    port.onmessage?.({ data: { kind: 'play', samples: loud, rateHz: 24_000 } });
    port.onmessage?.({ data: { kind: 'end' } });
    const output = new Float32Array(BLOCK);
    for (let block = 0; block < (RATE * 1.5) / BLOCK; block++) {
      vi.stubGlobal('currentTime', (block * BLOCK) / RATE);
      made?.process([], [[output]]);
    }
    expect(objects.size).toBe(2);
    expect(reports.length).toBeGreaterThan(9);
    const [first, second] = reports;
    expect(first).toMatchObject({ state: 'playing', gaps: 0, gapMs: 0, discardedSamples: 0 });
    expect(second?.windows).toHaveLength(5);
    expect(second?.rms).toBeCloseTo(0.25, 2);
    expect(second?.playedSamples).toBeGreaterThan(first?.playedSamples ?? 0);
    expect(second?.queuedSamples).toBeLessThan(first?.queuedSamples ?? 0);
    expect(reports.at(-1)).toMatchObject({ state: 'idle', playedSamples: 24_000, queuedSamples: 0 });
  });
});
