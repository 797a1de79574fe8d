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
