/**
 * Which transcripts a session sends.
 * @module
 */
import { type LiveSetup, modelId } from '@livegate/protocol';
import type { EmulatorSettings } from './options.ts';

/** Of the user's words, and of the model's. */
export interface Transcripts {
  readonly input: boolean;
  readonly output: boolean;
}

/**
 * What the setup asks for, and under `unaskedTranscripts` what models were seen to send all the same. Sources: forum
 * threads 171882 (input on 3.1) and 188765 (output on 3.8), read 2026-11-21.
 */
export function transcriptsOf(
  { model, inputAudioTranscription, outputAudioTranscription }: LiveSetup,
  { unaskedTranscripts }: Pick<EmulatorSettings, 'unaskedTranscripts'>,
): Transcripts {
  const isSeenOn = (family: string): boolean => unaskedTranscripts && modelId(model).startsWith(family);
  return {
    input: inputAudioTranscription !== undefined || isSeenOn('gemini-3.1-'),
    output: outputAudioTranscription !== undefined || isSeenOn('gemini-3.8-'),
  };
}
