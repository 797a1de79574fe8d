import type { LiveSetup } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { SessionBench } from '../test-support/session-bench.ts';
import { quiet, speech } from '../test-support/speech.ts';
import type { Answer } from './answer.ts';

const languages = (setup: Partial<LiveSetup>, answer?: Answer) => {
  const transcripts = { inputAudioTranscription: {}, outputAudioTranscription: {} };
  const bench = SessionBench.ready({ ...transcripts, ...setup }, answer ? { answer: () => answer } : {});
  bench.speak(speech('question')).speak(quiet(1)).advance(10_000);
  const of = (side: 'inputTranscription' | 'outputTranscription') =>
    bench.sent
      .flatMap(({ message }) => message.serverContent?.[side] ?? [])
      .map(({ languageCode }) => languageCode);
  return { heard: of('inputTranscription'), said: of('outputTranscription') };
};

describe('the language of a transcript', () => {
  it('is left out where the setup names none', () => {
    expect(languages({})).toEqual({ heard: [undefined], said: [undefined] });
  });

  it('of what is said is that of the voice', () => {
    const generationConfig = { speechConfig: { languageCode: 'de-DE' } };
    expect(languages({ generationConfig })).toEqual({ heard: [undefined], said: ['de-DE'] });
  });

  it('of what is said is the one that is translated to', () => {
    const translationConfig = { targetLanguageCode: 'fr-FR', echoTargetLanguage: false };
    const generationConfig = { translationConfig, speechConfig: { languageCode: 'de-DE' } };
    expect(languages({ generationConfig })).toEqual({ heard: [undefined], said: ['fr-FR'] });
  });

  it('is the one that its transcription is asked for in, where that is one', () => {
    const asked = (languageCodes: readonly string[]) =>
      languages({
        inputAudioTranscription: { languageCodes },
        outputAudioTranscription: { languageCodes },
      });
    expect(asked(['nb-NO'])).toEqual({ heard: ['nb-NO'], said: ['nb-NO'] });
    expect(asked(['nb-NO', 'sv-SE'])).toEqual({ heard: [undefined], said: [undefined] });
  });
});

describe('the speaker of a transcript', () => {
  const speakers = (setup: Partial<LiveSetup>) => {
    const bench = SessionBench.ready(setup).speak(speech('question')).speak(quiet(1)).advance(10_000);
    return bench.sent.flatMap(({ message: { serverContent } }) =>
      [serverContent?.inputTranscription, serverContent?.outputTranscription].flatMap((each) =>
        each ? [each.speakerLabel] : [],
      ),
    );
  };

  it('is named where speakers are to be told apart, side by side with one who is not', () => {
    const both = { inputAudioTranscription: { diarization: true }, outputAudioTranscription: {} };
    expect(speakers(both)).toEqual(['spk_1', undefined]);
    expect(speakers({ ...both, outputAudioTranscription: { diarization: true } })).toEqual([
      'spk_1',
      'spk_1',
    ]);
    expect(speakers({ ...both, inputAudioTranscription: { diarization: false } })).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('the place of a transcript', () => {
  const said = (outputAudioTranscription: object) => {
    const bench = SessionBench.ready({ outputAudioTranscription });
    for (const text of ['hello there', 'again']) bench.say(text).advance(10_000);
    return bench.sent.flatMap(({ message }) => message.serverContent?.outputTranscription ?? []);
  };

  it('is the audio of its turn before it, where times are asked for', () => {
    const placed = (text: string, startOffset: string) => ({
      text,
      startOffset,
      words: [{ word: text.trim(), startOffset }],
    });
    expect(said({ wordTimestamp: true })).toEqual([
      placed('hello ', '0s'),
      placed('there', '0.24s'),
      placed('again', '0s'),
    ]);
    expect(said({ wordTimestamp: false })).toEqual([
      { text: 'hello ' },
      { text: 'there' },
      { text: 'again' },
    ]);
  });

  it('is told of several words together as the place of the first', () => {
    const answer: Answer = [
      { audio: { samples: new Int16Array(2_400), rateHz: 24_000 } },
      { transcript: 'two words' },
    ];
    const bench = SessionBench.ready(
      { outputAudioTranscription: { wordTimestamp: true } },
      { answer: () => answer },
    );
    bench.say('go').advance(10_000);
    expect(bench.sent.flatMap(({ message }) => message.serverContent?.outputTranscription ?? [])).toEqual([
      { text: 'two words', startOffset: '0.1s' },
    ]);
  });
});
