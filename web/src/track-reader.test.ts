import { describe, expect, it } from 'vitest';
import { FakeAudio } from '../test-support/fake-audio.ts';
import { FakeSession } from '../test-support/fake-session.ts';
import { openConversation } from './audio-conversation.ts';
import { LiveDesk } from './live-desk.ts';
import type { WorkerNotice } from './worker-messages.ts';

/** What a track gives: sound of a rate, and whether it was closed. */
class Sound {
  readonly sampleRate: number;
  readonly numberOfFrames = 480;
  readonly numberOfChannels = 1;
  isClosed = false;
  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
  }
  copyTo(to: Float32Array): void {
    to.fill(0.5);
  }
  close(): void {
    this.isClosed = true;
  }
}

/** A line that listens to a stream; what the page is told, once nothing is under way. */
async function listening(give: (stream: ReadableStreamDefaultController<Sound>) => void) {
  const told: WorkerNotice[] = [];
  const desk = new LiveDesk({
    openSocket: () => ({ bufferedAmount: 0, send: () => {}, close: () => {} }),
    post: (notice) => told.push(notice),
    after: () => {},
  });
  desk.obey({ kind: 'line', line: 1, frameSamples: 160 });
  let isCancelled = false;
  const source = new ReadableStream<Sound>({
    start: give,
    cancel: () => {
      isCancelled = true;
    },
  });
  desk.obey({ kind: 'listen', line: 1, source: source as unknown as ReadableStream<AudioData> });
  await new Promise((done) => setTimeout(done, 0));
  return { told: told.map(({ kind }) => kind), isCancelled: () => isCancelled };
}

describe('TrackReader', () => {
  it('makes frames of what a track gives, and gives each buffer back', async () => {
    const sounds = [new Sound(48_000), new Sound(48_000), new Sound(48_000)];
    const { told } = await listening((stream) => {
      for (const sound of sounds) stream.enqueue(sound);
    });
    expect(told).toEqual(['captured', 'captured', 'captured']);
    expect(sounds.map(({ isClosed }) => isClosed)).toEqual([true, true, true]);
  });

  it('tells the page of sound that cannot be read, gives the buffer back and reads no more', async () => {
    const sounds = [new Sound(6_000), new Sound(48_000)];
    const { told, isCancelled } = await listening((stream) => {
      for (const sound of sounds) stream.enqueue(sound);
    });
    expect([told, sounds[0]?.isClosed, isCancelled()]).toEqual([['broken'], true, true]);
  });

  it('leaves it to the track to tell that it broke off', async () => {
    const { told } = await listening((stream) => stream.error(new Error('Unplugged.')));
    expect(told).toEqual([]);
  });
});

describe('a conversation', () => {
  it('ends where the sound of its microphone cannot be read', async () => {
    const audio = new FakeAudio();
    audio.workers = 'good';
    const conversation = await openConversation(new FakeSession().session, {}, audio.host);
    const line = audio.made[0]?.sent.find(({ message }) => message.kind === 'line')?.message.line;
    audio.made[0]?.say({ kind: 'broken', line });
    await expect(conversation.done).resolves.toMatchObject({
      reason: 'failed',
      error: { message: expect.stringContaining('Choose another microphone') },
    });
  });
});
