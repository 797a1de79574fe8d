/**
 * Which language a transcript says it is in: the one that the setup names, where it names exactly one. Nobody
 * recognises languages here; when the service names them is not published.
 * @module
 */
import type { LiveSetup, ServerMessage } from '@livegate/protocol';

/** The message with the language of its transcripts, unless they name their own. */
export function withLanguage(message: ServerMessage, setup: LiveSetup | undefined): ServerMessage {
  const content = message.serverContent;
  if (setup === undefined || content === undefined) return message;
  const { inputTranscription, outputTranscription } = content;
  if (inputTranscription === undefined && outputTranscription === undefined) return message;
  const heard = heardLanguage(setup);
  const said = saidLanguage(setup);
  return {
    ...message,
    serverContent: {
      ...content,
      ...(inputTranscription &&
        heard !== undefined && { inputTranscription: { languageCode: heard, ...inputTranscription } }),
      ...(outputTranscription &&
        said !== undefined && { outputTranscription: { languageCode: said, ...outputTranscription } }),
    },
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
