import { describe, expect, it } from 'vitest';
import { ManualClock } from './testing.ts';
import type { VideoHost } from './video-host.ts';
import { fittingSize } from './video-policy.ts';
import { openVideo, type VideoEnd, type VideoOptions, type VideoSource } from './video-sender.ts';

class FakeStream {
  readonly track = Object.assign(new EventTarget(), {
    isOn: true,
    stop: () => {
      this.track.isOn = false;
    },
  });
  getTracks(): unknown[] {
    return [this.track];
  }
  getVideoTracks(): unknown[] {
    return [this.track];
  }
  get stream(): MediaStream {
    return this as unknown as MediaStream;
  }
}

function stage() {
  const clock = new ManualClock();
  const opened = new FakeStream();
  const asked: unknown[] = [];
  const state = {
    isCameraOpen: false,
    picture: Uint8Array.of(1, 2, 3) as Uint8Array<ArrayBuffer> | undefined,
  };
  let prompt = async (): Promise<void> => {};
  const host: VideoHost = {
    openCamera: async (constraints) => {
      asked.push(constraints);
      await prompt();
      return opened.stream;
    },
    openScreen: async () => {
      asked.push('screen');
      return opened.stream;
    },
    camera: async () => {
      state.isCameraOpen = true;
      return {
        take: async () => state.picture,
        close: () => {
          state.isCameraOpen = false;
        },
      };
    },
    after: (ms, wake) => clock.after(ms, wake),
    now: () => clock.now(),
  };
  const sent: unknown[] = [];
  const session = {
    isClosed: false,
    sessionId: 'session-0001',
    send: async (): Promise<void> => {},
    sendVideoRealtime: async (blob: unknown): Promise<void> => {
      sent.push(blob);
      await session.send();
    },
  };
  const ends: VideoEnd[] = [];
  const open = (source: VideoSource, options: VideoOptions = {}) =>
    openVideo(session, source, { ...options, onEnded: (end) => ends.push(end), host });
  return {
    clock,
    opened,
    asked,
    state,
    session,
    sent,
    ends,
    open,
    refuse: (error: Error) => {
      prompt = () => Promise.reject(error);
    },
  };
}

describe('sendVideo', () => {
  it('sends a picture at once and then as many a second as were asked for, as JPEG', async () => {
    const { clock, sent, open } = stage();
    const video = await open('camera', { framesPerSecond: 2 });
    await clock.advance(0);
    expect(sent).toEqual([{ mimeType: 'image/jpeg', data: 'AQID' }]);
    await clock.advance(3_000);
    expect(video.figures).toEqual({ sent: 7, skipped: 0 });
    await video.stop();
  });

  it('leaves pictures out while one is under way, and makes up for none', async () => {
    const { clock, session, sent, open } = stage();
    let done = (): void => {};
    session.send = () =>
      new Promise((resolve) => {
        done = resolve;
      });
    const video = await open('camera');
    await clock.advance(3_000);
    expect([sent.length, video.figures]).toEqual([1, { sent: 0, skipped: 3 }]);
    done();
    await clock.advance(1_000);
    expect(sent).toHaveLength(2);
  });

  it('waits for a camera that shows nothing yet', async () => {
    const { clock, state, sent, open } = stage();
    state.picture = undefined;
    await open('camera');
    await clock.advance(2_000);
    expect(sent).toEqual([]);
    state.picture = Uint8Array.of(9);
    await clock.advance(1_000);
    expect(sent).toHaveLength(1);
  });

  it('turns off on stop() what it opened, and leaves the page’s own stream on', async () => {
    const own = stage();
    await (await own.open('screen')).stop();
    expect([own.asked, own.opened.track.isOn, own.state.isCameraOpen]).toEqual([['screen'], false, false]);
    expect(own.ends).toEqual([{ reason: 'stopped' }]);
    const other = stage();
    const page = new FakeStream();
    await (await other.open(page.stream)).stop();
    expect([other.asked, page.track.isOn, other.clock.pending]).toEqual([[], true, 0]);
  });

  it('ends with the stream, with the session, and with a picture that cannot be taken', async () => {
    const stream = stage();
    await stream.open('screen');
    stream.opened.track.dispatchEvent(new Event('ended'));
    await stream.clock.advance(0);
    expect(stream.ends).toEqual([{ reason: 'ended' }]);
    const over = stage();
    await over.open('camera');
    over.session.isClosed = true;
    await over.clock.advance(1_000);
    expect([over.ends, over.opened.track.isOn]).toEqual([[{ reason: 'session-ended' }], false]);
    const broken = stage();
    broken.session.send = () => Promise.reject(new Error('Too large.'));
    await broken.open('camera');
    await broken.clock.advance(0);
    expect(broken.ends).toMatchObject([{ reason: 'failed', error: { code: 'error' } }]);
  });

  it('says what is wrong before it asks for a camera, and why there is none', async () => {
    const { asked, session, open, refuse } = stage();
    for (const options of [
      { framesPerSecond: 0 },
      { framesPerSecond: 11 },
      { quality: 2 },
      { longestSide: 8 },
    ])
      await expect(open('camera', options)).rejects.toMatchObject({ code: 'request-error' });
    expect(asked).toEqual([]);
    for (const [name, video, says] of [
      ['NotAllowedError', 'camera-denied', 'was refused. Allow it'],
      ['SecurityError', 'camera-denied', 'was refused. Allow it'],
      ['NotFoundError', 'no-camera', 'There is no such camera. Connect one'],
      ['OverconstrainedError', 'no-camera', 'There is no such camera. Connect one'],
      ['NotReadableError', 'camera-busy', 'gives no picture. Close the program'],
    ] as const) {
      const cause = new DOMException('No.', name);
      refuse(cause);
      await expect(open('camera')).rejects.toMatchObject({
        code: 'error',
        cause,
        message: expect.stringContaining(says),
        customErrorData: { video, sessionId: 'session-0001' },
      });
    }
    refuse(new Error('Odd.'));
    await expect(open('camera')).rejects.toMatchObject({
      code: 'error',
      customErrorData: { sessionId: 'session-0001' },
    });
    session.isClosed = true;
    await expect(open('camera')).rejects.toMatchObject({
      code: 'session-closed',
      customErrorData: { sessionId: 'session-0001' },
    });
  });
});

describe('fittingSize', () => {
  it('makes large pictures smaller in their own shape, and small ones no larger', () => {
    expect(fittingSize({ width: 1_920, height: 1_080 }, 768)).toEqual({ width: 768, height: 432 });
    expect(fittingSize({ width: 1_080, height: 1_920 }, 768)).toEqual({ width: 432, height: 768 });
    expect(fittingSize({ width: 320, height: 240 }, 768)).toEqual({ width: 320, height: 240 });
  });
});
