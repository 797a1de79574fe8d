/**
 * Steps of a scenario that have the form of the wire: read as a client reads them, so that none is sent that none can.
 * @module
 */
import {
  decodeServerMessage,
  isObject,
  ProtocolError,
  type ServerMessage,
  type Transcription,
} from '@livegate/protocol';
import type { AnswerStep, Words } from './answer.ts';
import { described, expected, type Reader } from './scenario-check.ts';
import { type Filled, jsonTemplate, textTemplate } from './scenario-template.ts';

/** A step, once the words are known. */
interface MadeStep {
  readonly make: Filled<AnswerStep>;
}

/** Reads an object whose form `messageOf` shows in a server message. */
export function wireReader<T extends object>(
  messageOf: (value: T) => ServerMessage,
  make: (value: T) => AnswerStep,
): Reader<MadeStep> {
  return described({ type: 'object' }, (value, path, reading) => {
    if (!isObject(value)) return expected(path, 'an object as the wire has it', value, reading);
    const filled = jsonTemplate(value, path, reading);
    if (filled === undefined) return undefined;
    try {
      decodeServerMessage(JSON.stringify(messageOf(value as T)));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      reading.problems.push({ path, on: 'value', message: error.message.replace(/\.$/, '') });
      return undefined;
    }
    return { make: (words) => make(filled(words) as unknown as T) };
  });
}

/** Reads words, or words with what is known about them. */
export function wordsReader(make: (words: Words) => AnswerStep): Reader<MadeStep> {
  const known = wireReader<Transcription>(
    (outputTranscription) => ({ serverContent: { outputTranscription } }),
    make,
  );
  return described({ type: ['string', 'object'] }, (value, path, reading) => {
    if (isObject(value)) return known(value, path, reading);
    const filled = textTemplate(value, path, reading);
    return filled && { make: (words) => make(filled(words)) };
  });
}
