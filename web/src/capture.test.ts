import { describe, expect, it } from 'vitest';
import { FakeAudio } from '../test-support/fake-audio.ts';
import { openCapture } from './capture.ts';
import { Teardown } from './teardown.ts';

async function opened(audio: FakeAudio) {
  const teardown = new Teardown();
  const failed: string[] = [];
  const capture = await openCapture({
    host: audio.host,
    context: audio.context as unknown as AudioContext,
    teardown,
    urls: { capture: '/capture.js', playback: '/playback.js', worker: '/worker.js' },
    frameSamples: 320,
    onFailed: ({ message }) => failed.push(message),
  });
  const stream = await audio.host.openMicrophone({ audio: true });
  return { capture, teardown, failed, stream };
}

describe('openCapture', () => {
  it('hands the track to a worker where the browser can, and loads no capture worklet', async () => {
    const audio = new FakeAudio();
    audio.workers = 'good';
    const { capture, stream } = await opened(audio);
    expect([capture.kind, audio.context.modules]).toEqual(['worker', []]);
    capture.listen(stream);
    const [worker] = audio.made;
    expect(worker?.sent).toMatchObject([
      { message: { kind: 'listen', readable: { of: audio.track }, frameSamples: 320 } },
    ]);
    expect(worker?.sent[0]?.transfer).toEqual([{ of: audio.track }]);
  });

  it.each(['none', 'broken', 'forbidden'] as const)(
    'connects the track to the worklet where the worker is %s',
    async (workers) => {
      const audio = new FakeAudio();
      audio.workers = workers;
      const { capture, stream } = await opened(audio);
      expect([capture.kind, audio.context.modules]).toEqual(['worklet', ['/capture.js']]);
      expect(audio.made.every(({ isClosed }) => isClosed)).toBe(true);
      capture.listen(stream);
      const [node] = audio.nodes;
      expect(node?.options).toMatchObject({ channelCount: 1, processorOptions: { frameSamples: 320 } });
      expect(node?.targets).toMatchObject([{ name: 'destination' }]);
      expect(audio.sources[0]?.targets).toEqual([node]);
    },
  );

  it('connects the track to the worklet where the worker is not loaded after 2 s', async () => {
    const audio = new FakeAudio();
    audio.workers = 'silent';
    const opening = opened(audio);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(audio.timers.map(({ ms }) => ms)).toEqual([2_000]);
    audio.elapse();
    expect((await opening).capture.kind).toBe('worklet');
  });

  it('tells of a worker and of a worklet that breaks', async () => {
    const first = new FakeAudio();
    first.workers = 'good';
    const worker = await opened(first);
    first.made[0]?.onerror?.();
    expect(worker.failed).toHaveLength(1);
    const second = new FakeAudio();
    const worklet = await opened(second);
    second.nodes[0]?.onprocessorerror?.();
    expect(worklet.failed).toHaveLength(1);
  });

  it.each(['none', 'good'] as const)('closes what it opened (worker: %s)', async (workers) => {
    const audio = new FakeAudio();
    audio.workers = workers;
    const { capture, teardown, stream } = await opened(audio);
    capture.listen(stream);
    await teardown.close();
    expect(audio.open).toEqual(['context', 'microphone']);
  });
});
