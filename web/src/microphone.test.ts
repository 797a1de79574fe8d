import { describe, expect, it } from 'vitest';
import { FakeAudio } from '../test-support/fake-audio.ts';
import { Microphone } from './microphone.ts';

const echoOf = ({ audio }: MediaStreamConstraints): unknown =>
  typeof audio === 'object' ? audio.echoCancellation : undefined;

describe('Microphone', () => {
  it.each([new TypeError('No such word.'), new DOMException('No.', 'OverconstrainedError')])(
    'asks for plain echo cancellation where the browser does not know the word: %s',
    async (error) => {
      const audio = new FakeAudio();
      audio.prompt = async () => {
        if (audio.asked.length === 1) throw error;
      };
      await Microphone.open({ host: audio.host, onLost: () => {} });
      expect(audio.asked.map(echoOf)).toEqual([{ ideal: 'all' }, { ideal: true }]);
    },
  );

  it('asks once more where the browser took the word for no cancellation at all', async () => {
    const audio = new FakeAudio();
    audio.track.settings = { echoCancellation: false };
    await Microphone.open({ host: audio.host, onLost: () => {} });
    expect(audio.track.applied).toMatchObject([{ echoCancellation: { ideal: true } }]);
    const own = new FakeAudio();
    own.track.settings = { echoCancellation: false };
    await Microphone.open({ host: own.host, own: { echoCancellation: false }, onLost: () => {} });
    expect([own.asked.map(echoOf), own.track.applied]).toEqual([[false], []]);
  });

  it.each([
    ['NotAllowedError', 'microphone-denied'],
    ['SecurityError', 'microphone-denied'],
    ['NotFoundError', 'no-microphone'],
    ['NotReadableError', 'microphone-busy'],
    ['AbortError', 'microphone-busy'],
    ['InvalidStateError', undefined],
  ])('says of %s what a person can do: %s', async (name, reason) => {
    const audio = new FakeAudio();
    const cause = new DOMException('No.', name);
    audio.prompt = () => Promise.reject(cause);
    const opening = Microphone.open({ host: audio.host, onLost: () => {} });
    await expect(opening).rejects.toMatchObject({ code: 'error', cause });
    const error = await Microphone.open({ host: audio.host, onLost: () => {} }).catch((each) => each);
    expect(error.customErrorData?.audio).toBe(reason);
  });
});
