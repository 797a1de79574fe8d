/**
 * What a transcript says besides its words: its language, where the setup names exactly one, and its speaker, where
 * speakers are to be told apart, and of an answer where it begins, where times are asked for. Nobody recognises
 * languages or speakers here: there is one speaker. When the service says what of it is not published.
 * @module
 */
import {
  type AudioTranscriptionConfig,
  durationText,
  type LiveSetup,
  type ServerMessage,
  type Transcription,
} from '@livegate/protocol';

/** What every transcript of one side carries, where the answer did not say it itself. */
type Marks = Pick<Transcription, 'languageCode' | 'speakerLabel' | 'startOffset' | 'words'>;

/** The one speaker. The form of the name is that of the SDKs' documents. */
const SPEAKER = 'spk_1';

/** The message with its transcripts marked as the setup in force asks; `atSeconds`: the answer's audio before it. */
export function withMarks(
  message: ServerMessage,
  setup: LiveSetup | undefined,
  atSeconds: number,
): ServerMessage {
  const content = message.serverContent;
  if (setup === undefined || content === undefined) return message;
  const { inputTranscription, interimInputTranscription, outputTranscription } = content;
  if (!inputTranscription && !interimInputTranscription && !outputTranscription) return message;
  const heard = marks(heardLanguage(setup), setup.inputAudioTranscription);
  const said = marks(saidLanguage(setup), setup.outputAudioTranscription);
  return {
    ...message,
    serverContent: {
      ...content,
      ...(inputTranscription && { inputTranscription: { ...heard, ...inputTranscription } }),
      ...(interimInputTranscription && {
        interimInputTranscription: { ...heard, ...interimInputTranscription },
      }),
      ...(outputTranscription && {
        outputTranscription: {
          ...said,
          ...times(outputTranscription, setup, atSeconds),
          ...outputTranscription,
        },
      }),
    },
  };
}

function marks(languageCode: string | undefined, config: AudioTranscriptionConfig | undefined): Marks {
  return {
    ...(languageCode !== undefined && { languageCode }),
    ...(config?.diarization === true && { speakerLabel: SPEAKER }),
  };
}

/** Where the words begin; of one word alone, as a word too: where others begin within the audio nobody knows. */
function times(
  { text = '' }: Transcription,
  { outputAudioTranscription }: LiveSetup,
  atSeconds: number,
): Marks {
  if (outputAudioTranscription?.wordTimestamp !== true) return {};
  const startOffset = durationText(atSeconds);
  const [word, ...others] = text.split(/\s+/).filter((each) => each !== '');
  return {
    startOffset,
    ...(word !== undefined && others.length === 0 && { words: [{ word, startOffset }] }),
  };
}

function heardLanguage({ inputAudioTranscription }: LiveSetup): string | undefined {
  const { languageCodes = [] } = inputAudioTranscription ?? {};
  return languageCodes.length === 1 ? languageCodes[0] : undefined;
}

/** A translator says what it says in the language it translates to. */
function saidLanguage({ generationConfig, outputAudioTranscription }: LiveSetup): string | undefined {
  const target = generationConfig?.translationConfig?.targetLanguageCode;
  if (typeof target === 'string') return target;
  const { languageCodes = [] } = outputAudioTranscription ?? {};
  return (
    generationConfig?.speechConfig?.languageCode ??
    (languageCodes.length === 1 ? languageCodes[0] : undefined)
  );
}
