import { describe, expect, it } from 'vitest';
import { FakeAudio } from '../test-support/fake-audio.ts';
import { openCapture } from './capture.ts';
import { Teardown } from './teardown.ts';

async function opened(audio: FakeAudio) {
  const teardown = new Teardown();
  const failed: string[] = [];
  const worker = audio.host.liveWorker(undefined);
  const isReady = await worker?.isReady;
  const events = { frame: () => {}, sent: () => {}, unsent: () => {}, stopped: () => {}, failed: () => {} };
  const capture = await openCapture({
    host: audio.host,
    context: audio.context as unknown as AudioContext,
    teardown,
    urls: { capture: '/capture.js', playback: '/playback.js', worker: '/worker.js' },
    frameSamples: 320,
    line: isReady ? worker?.openLine(320, events) : undefined,
    listener: { frame: () => {}, stopped: () => {} },
    onFailed: ({ message }) => failed.push(message),
  });
  const stream = await audio.host.openMicrophone({ audio: true });
  return { capture, teardown, failed, stream };
}

describe('openCapture', () => {
  it('hands the track to the worker where the browser can, and loads no capture worklet', async () => {
    const audio = new FakeAudio();
    audio.workers = 'good';
    const { capture, stream } = await opened(audio);
    expect([capture.kind, audio.context.modules]).toEqual(['track', []]);
    capture.listen(stream);
    const [worker] = audio.made;
    expect(worker?.sent.at(-1)).toMatchObject({
      message: { kind: 'listen', source: { of: audio.track } },
      transfer: [{ of: audio.track }],
    });
  });

  it('lets the worklet hand its frames to the worker where that cannot read a track', async () => {
    const audio = new FakeAudio();
    audio.workers = 'good';
    audio.canReadTracks = false;
    const { capture, stream } = await opened(audio);
    expect([capture.kind, audio.context.modules]).toEqual(['worklet', ['/capture.js']]);
    capture.listen(stream);
    const [through] = audio.capture.sent;
    expect(through?.message.kind).toBe('through');
    expect(through?.transfer).toEqual([through?.message.port]);
    expect(audio.made[0]?.kinds).toEqual(['line', 'listen']);
    capture.command({ kind: 'mute', muted: true });
    expect(audio.made[0]?.sent.at(-1)?.message).toMatchObject({
      kind: 'capture',
      command: { kind: 'mute', muted: true },
    });
    expect(audio.sources[0]?.targets).toMatchObject([{ name: 'livegate-capture' }]);
  });

  it.each(['none', 'broken', 'forbidden'] as const)(
    'lets the worklet hand its frames to the page where the worker is %s',
    async (workers) => {
      const audio = new FakeAudio();
      audio.workers = workers;
      const { capture, stream } = await opened(audio);
      expect([capture.kind, audio.context.modules]).toEqual(['worklet', ['/capture.js']]);
      expect(audio.made.every(({ isClosed }) => isClosed)).toBe(true);
      capture.listen(stream);
      capture.command({ kind: 'mute', muted: true });
      expect(audio.capture.kinds).toEqual(['mute']);
      const [node] = audio.nodes;
      expect(node?.options).toMatchObject({ channelCount: 1, processorOptions: { frameSamples: 320 } });
      expect(node?.targets).toMatchObject([{ name: 'destination' }]);
      expect(audio.sources[0]?.targets).toEqual([node]);
    },
  );

  it('does without a worker that is not loaded after 2 s', async () => {
    const audio = new FakeAudio();
    audio.workers = 'silent';
    const opening = opened(audio);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(audio.timers.map(({ ms }) => ms)).toEqual([2_000]);
    audio.elapse();
    expect((await opening).capture.kind).toBe('worklet');
    expect(audio.made[0]?.isClosed).toBe(true);
  });

  it('tells of a worklet that breaks', async () => {
    const audio = new FakeAudio();
    const worklet = await opened(audio);
    audio.nodes[0]?.onprocessorerror?.();
    expect(worklet.failed).toHaveLength(1);
  });
});
