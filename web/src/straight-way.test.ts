import { describe, expect, it } from 'vitest';
import { FakeAudio } from '../test-support/fake-audio.ts';
import { FakeSession } from '../test-support/fake-session.ts';
import { openConversation } from './audio-conversation.ts';
import type { AudioConversationOptions } from './conversation-options.ts';
import { INTERNALS } from './live-session.ts';
import type { HeardQuality } from './usage-book.ts';
import type { SocketInWorker } from './web-socket-handler.ts';

/** A conversation whose session has its socket, number 7, in the worker that has the microphone. */
async function talking(options: AudioConversationOptions = {}) {
  const audio = new FakeAudio();
  audio.workers = 'good';
  const session = new FakeSession();
  const measured: HeardQuality[] = [];
  let tell: (socket: SocketInWorker | undefined) => void = () => {};
  const worker = audio.host.liveWorker(undefined) as object;
  const internals = session[INTERNALS];
  if (internals)
    Object.assign(internals, {
      sendAudioStreamEnd: () =>
        session.sent.push(end?.kinds.includes('detach') ? 'audioStreamEnd' : { pcm: [] }),
      measure: (quality: HeardQuality) => measured.push(quality),
      sentPcm: (samples: Uint8Array) => session.sent.push({ pcm: [...samples] }),
      followSocket: (listener: typeof tell) => {
        tell = listener;
        listener({ worker, socket: 7 });
        return () => {};
      },
    });
  const [end] = audio.made;
  const conversation = await openConversation(session.session, options, audio.host);
  const orders = (): unknown[] => {
    const found = end?.sent.map(({ message }) => message.kind).filter((kind) => WAY.has(String(kind)));
    end?.sent.splice(0);
    return found ?? [];
  };
  return {
    audio,
    session,
    measured,
    conversation,
    end,
    orders,
    move: (to?: object) => tell(to && { worker: to, socket: 8 }),
    worker,
  };
}
const WAY = new Set(['attach', 'detach', 'hear']);

describe('the straight way of a conversation', () => {
  it('is taken both ways as soon as it runs', async () => {
    const { orders } = await talking();
    expect(orders()).toEqual(['attach', 'hear']);
  });

  it('is left by the microphone while it is muted, before the stream is ended', async () => {
    const { conversation, orders, session } = await talking();
    orders();
    conversation.mute(true);
    expect([orders(), session.sent]).toEqual([['detach'], ['audioStreamEnd']]);
    conversation.mute(false);
    expect(orders()).toEqual(['attach']);
  });

  it('is taken only while the button is held with push-to-talk', async () => {
    const { conversation, orders, session } = await talking({ pushToTalk: true });
    expect(orders()).toEqual(['hear']);
    conversation.press();
    expect([orders(), session.sent]).toEqual([['attach'], ['activityStart']]);
    conversation.release();
    expect(orders()).toEqual(['detach']);
  });

  it('is not the microphone’s where a gate listens to every frame', async () => {
    const { orders } = await talking({ echo: 'half-duplex' });
    expect(orders()).toEqual(['hear']);
  });

  it('is left in a move, and taken to the next socket', async () => {
    const { orders, move, worker } = await talking();
    orders();
    move();
    expect(orders()).toEqual(['detach']);
    move(worker);
    expect(orders()).toEqual(['attach', 'hear']);
  });

  it('is not taken to a socket of another worker, nor of the page', async () => {
    const { orders, move } = await talking();
    move({});
    expect(orders()).toEqual(['attach', 'hear', 'detach']);
  });

  it('tells the session and the page of what was sent', async () => {
    const { end, session, conversation } = await talking();
    const levels: unknown[] = [];
    conversation.on('level', (level) => levels.push(level));
    const line = end?.sent.find(({ message }) => message.kind === 'line')?.message.line;
    const frames = Float32Array.from(Array.from({ length: 10 }, () => [1, 0.5, 0.75]).flat());
    end?.say({ kind: 'sent', line, samples: new Int16Array(10).fill(1), frames, unsentMs: 0 });
    expect(session.sent).toEqual(Array.from({ length: 10 }, () => ({ pcm: [1, 0] })));
    expect(levels).toEqual([{ side: 'microphone', rms: expect.closeTo(0.5), peak: 0.75 }]);
  });

  it('adds gaps and interruptions to what the session reports, as they come', async () => {
    const { audio, measured } = await talking();
    const report = { state: 'playing', queuedSamples: 0, playedSamples: 0, rms: 0, peak: 0, windows: [] };
    audio.playback.say({ kind: 'report', report: { ...report, gaps: 1, gapMs: 40 } });
    audio.playback.say({ kind: 'report', report: { ...report, gaps: 1, gapMs: 40 } });
    audio.playback.say({ kind: 'report', report: { ...report, gaps: 3, gapMs: 60 } });
    audio.playback.say({ kind: 'interrupted', interruption: { playedSamples: 0, discardedSamples: 0 } });
    expect(measured).toEqual([{ gaps: 1, gapMs: 40 }, { gaps: 2, gapMs: 20 }, { interruptions: 1 }]);
  });
});
