import { describe, expect, it, vi } from 'vitest';
import { FakeAudio } from '../test-support/fake-audio.ts';
import { AudioGraph, type AudioGraphListener, type AudioGraphOptions } from './audio-graph.ts';
import { AIError } from './errors.ts';

function listener() {
  const heard: unknown[] = [];
  const told: AudioGraphListener = {
    frame: (samples, level) => heard.push({ frame: [...samples], level }),
    sent: (samples, level, behind) => heard.push({ sent: [...samples], level, behind }),
    unsent: (ms) => heard.push({ unsent: ms }),
    playback: (report) => heard.push({ report }),
    interrupted: (interruption) => heard.push({ interruption }),
    blocked: (isBlocked) => heard.push({ isBlocked }),
    microphoneOpened: () => {},
    microphoneLost: (error) => heard.push({ lost: error.customErrorData?.audio }),
    failed: (error) => heard.push({ failed: error.code }),
  };
  return { heard, told };
}
function opening(audio: FakeAudio, more: Partial<AudioGraphOptions> = {}) {
  const { heard, told } = listener();
  const opened = AudioGraph.open({ host: audio.host, listener: told, frameMs: 20, ...more });
  return { heard, opened };
}
const refused = (): DOMException => new DOMException('Permission denied', 'NotAllowedError');

describe('AudioGraph.open', () => {
  it('connects playback through the volume to the loudspeaker, and shows it before anything is heard', async () => {
    const audio = new FakeAudio();
    let before: unknown;
    await opening(audio, {
      onGraph: ({ playback, output }) => {
        before = { playback, output, isHeard: audio.nodes.some(({ port }) => port.onmessage) };
      },
    }).opened;
    expect(before).toMatchObject({
      playback: { targets: [{ name: 'output' }] },
      output: { targets: [{ name: 'destination' }] },
      isHeard: false,
    });
  });

  it('listens to a track by the worker before the loudspeaker is loaded, unless a page wants to see all connected first', async () => {
    const early = async (onGraph?: () => void): Promise<boolean> => {
      const audio = new FakeAudio();
      audio.workers = 'good';
      const { audioWorklet } = audio.context;
      const load = audioWorklet.addModule;
      let arrive = (): void => {};
      const arrived = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      audioWorklet.addModule = async (url) => {
        await load(url);
        if (String(url).includes('playback')) await arrived;
      };
      const microphoneOpened = vi.fn();
      const { opened } = opening(audio, { listener: { ...listener().told, microphoneOpened }, onGraph });
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      const isEarly = microphoneOpened.mock.calls.length === 1;
      arrive();
      await opened;
      expect(microphoneOpened).toHaveBeenCalledOnce();
      return isEarly;
    };
    expect(await early()).toBe(true);
    expect(await early(() => {})).toBe(false);
  });

  it('asks for no worker where there is none', async () => {
    const audio = new FakeAudio();
    await opening(audio).opened;
    expect(audio.made).toEqual([]);
  });

  it('asks for mono, echo cancellation, noise suppression and automatic gain by name, and lets a page override', async () => {
    const audio = new FakeAudio();
    await opening(audio, { microphone: { noiseSuppression: false, deviceId: 'desk' } }).opened;
    expect(audio.asked).toEqual([
      {
        audio: {
          channelCount: { ideal: 1 },
          echoCancellation: { ideal: 'all' },
          noiseSuppression: false,
          autoGainControl: { ideal: true },
          voiceIsolation: { ideal: false },
          deviceId: 'desk',
        },
      },
    ]);
  });

  it('loads the worklets as files beside the module, or from where the page has them', async () => {
    const beside = new FakeAudio();
    await opening(beside).opened;
    expect(beside.context.modules.toSorted()).toEqual([
      expect.stringMatching(/^file:.*\/capture\.worklet\.js/),
      expect.stringMatching(/^file:.*\/playback\.worklet\.js/),
    ]);
    const own = new FakeAudio();
    await opening(own, { workletUrls: { capture: '/audio/capture.js' } }).opened;
    expect(own.context.modules.toSorted()).toEqual([
      '/audio/capture.js',
      expect.stringMatching(/playback\.worklet\.js/),
    ]);
  });

  it('asks for the microphone while the context may make no sound yet [W28]', async () => {
    const audio = new FakeAudio();
    audio.context.isLocked = true;
    const { heard, opened } = opening(audio);
    await opened;
    expect(audio.asked).toHaveLength(1);
    await vi.waitFor(() => {
      audio.elapse();
      expect(heard).toEqual([{ isBlocked: true }]);
    });
  });

  it('says what to do where the microphone is refused, with the browser’s error as cause, and closes the context', async () => {
    const audio = new FakeAudio();
    const error = refused();
    audio.prompt = () => Promise.reject(error);
    await expect(opening(audio).opened).rejects.toMatchObject({
      code: 'error',
      cause: error,
      customErrorData: { audio: 'microphone-denied' },
    });
    expect(audio.open).toEqual([]);
  });

  it('makes an AIError of what getUserMedia throws besides', async () => {
    const audio = new FakeAudio();
    const cause = new TypeError('No such constraint.');
    audio.prompt = () => Promise.reject(cause);
    await expect(opening(audio).opened).rejects.toMatchObject({ code: 'error', cause });
    expect(audio.open).toEqual([]);
  });

  it.each(['addModule', 'createMediaStreamSource', 'createWorklet', 'createContext'])(
    'leaves nothing open when %s fails, and says so as an AIError [W40]',
    async (call) => {
      const audio = new FakeAudio();
      const cause = new DOMException('No.', 'AbortError');
      audio.context.failures.set(call, cause);
      const error = await opening(audio).opened.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(AIError);
      expect(error).toMatchObject({ code: 'error', cause });
      if (call !== 'createContext') expect(audio.open).toEqual([]);
      else expect(audio.asked).toEqual([]);
    },
  );

  it('leaves nothing open when the page’s own onGraph throws', async () => {
    const audio = new FakeAudio();
    const cause = new Error('A bug of the page.');
    const { opened } = opening(audio, {
      onGraph: () => {
        throw cause;
      },
    });
    await expect(opened).rejects.toMatchObject({ code: 'error', cause });
    expect(audio.open).toEqual([]);
  });

  it('turns the microphone off that is granted after the worklets have failed', async () => {
    const audio = new FakeAudio();
    let grant = (): void => {};
    audio.prompt = () =>
      new Promise((resolve) => {
        grant = resolve;
      });
    audio.context.failures.set('addModule', new Error('404'));
    await expect(opening(audio).opened).rejects.toMatchObject({ code: 'error' });
    grant();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(audio.open).toEqual([]);
  });
});

describe('AudioGraph', () => {
  it('hands frames on as bytes of its listener’s own, and the arrays back eight at a time', async () => {
    const audio = new FakeAudio();
    const { heard, opened } = opening(audio);
    await opened;
    const samples = Int16Array.of(1, -1, 7, 7);
    for (let frame = 0; frame < 8; frame++)
      audio.capture.say({ kind: 'frame', samples, count: 2, rms: 0.1, peak: 0.2 });
    expect(heard).toHaveLength(8);
    expect(heard[0]).toEqual({ frame: [1, 0, 255, 255], level: { rms: 0.1, peak: 0.2 } });
    expect(audio.capture.sent).toHaveLength(1);
    expect(audio.capture.sent[0]?.message.frames).toHaveLength(8);
    expect(audio.capture.sent[0]?.transfer[0]).toBe(samples.buffer);
  });

  it('gives samples to the loudspeaker without a copy', async () => {
    const audio = new FakeAudio();
    const graph = await opening(audio).opened;
    const samples = Int16Array.of(1, 2);
    graph.play(samples, 24_000);
    graph.endTurn();
    graph.interrupt();
    expect(audio.playback.kinds).toEqual(['play', 'end', 'interrupt']);
    expect(audio.playback.sent[0]?.transfer).toEqual([samples.buffer]);
  });

  it('tells of a microphone that was unplugged, and of a worklet that broke', async () => {
    const audio = new FakeAudio();
    const { heard, opened } = opening(audio);
    await opened;
    for (const node of audio.nodes) node.onprocessorerror?.();
    audio.prompt = () => Promise.reject(new DOMException('None.', 'NotFoundError'));
    audio.track.dispatchEvent(new Event('ended'));
    await vi.waitFor(() => expect(heard).toHaveLength(3));
    expect(heard).toEqual([{ failed: 'error' }, { failed: 'error' }, { lost: 'microphone-lost' }]);
  });

  it('takes the last frame before it closes everything, once', async () => {
    const audio = new FakeAudio();
    const { heard, opened } = opening(audio);
    const graph = await opened;
    const { capture } = audio;
    capture.onSent = ({ kind }) => {
      if (kind !== 'stop') return;
      expect(audio.open).toContain('microphone');
      setTimeout(() => {
        capture.say({ kind: 'frame', samples: Int16Array.of(5, 0), count: 1, rms: 0, peak: 0 });
        capture.say({ kind: 'stopped' });
      }, 0);
    };
    await Promise.all([graph.close(), graph.close()]);
    expect(heard).toEqual([{ frame: [5, 0], level: { rms: 0, peak: 0 } }]);
    expect(audio.open).toEqual([]);
    expect(capture.kinds.filter((kind) => kind === 'stop')).toHaveLength(1);
    expect(capture.isClosed).toBe(true);
  });

  it('closes all the same when the audio thread gives no answer', async () => {
    const audio = new FakeAudio();
    const graph = await opening(audio).opened;
    audio.capture.onSent = () => {};
    const closing = graph.close();
    await Promise.resolve();
    audio.elapse();
    await closing;
    expect(audio.open).toEqual([]);
  });
});
