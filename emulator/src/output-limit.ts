/**
 * Where an answer is cut: `maxOutputTokens`, else what the model can say at most.
 * @module
 */
import { type LiveSetup, liveModel, OUTPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import type { AnswerPiece } from './answer-pieces.ts';
import { AUDIO_TOKENS_PER_SECOND, CHARACTERS_PER_TOKEN } from './usage-meter.ts';

/** A piece as far as it may be said; `isCut`: the rest of it, and of the answer, may not. */
export interface Admitted {
  readonly piece?: AnswerPiece;
  readonly isCut: boolean;
}

/** Samples of a token, and what a character of text weighs beside them. */
const TOKEN = OUTPUT_SAMPLE_RATE_HZ / AUDIO_TOKENS_PER_SECOND;
const CHARACTER = TOKEN / CHARACTERS_PER_TOKEN;

/** Tokens that one turn may say under a setup. */
export function outputLimitOf(setup: LiveSetup): number {
  const most = liveModel(setup.model)?.window.output ?? Number.MAX_SAFE_INTEGER;
  return Math.min(setup.generationConfig?.maxOutputTokens ?? most, most);
}

/** Counts what is said, audio and text, against a limit. Transcripts and thoughts cost nothing. */
export class OutputLimit {
  /** In samples, so that nothing is rounded. */
  #left: number;

  constructor(tokens: number) {
    this.#left = tokens * TOKEN;
  }

  /** Takes what the piece costs; gives as much of it as there is room for. */
  admit(piece: AnswerPiece): Admitted {
    switch (piece.kind) {
      case 'audio': {
        const samples = piece.samples.subarray(0, this.#left);
        this.#left -= samples.length;
        return fitted(samples.length, piece.samples.length, { kind: 'audio', samples });
      }
      case 'text': {
        const text = piece.text.slice(0, Math.floor(this.#left / CHARACTER));
        this.#left -= text.length * CHARACTER;
        return fitted(text.length, piece.text.length, { kind: 'text', text });
      }
      case 'transcript':
        return this.#left < CHARACTER ? { isCut: true } : { piece, isCut: false };
      default:
        return { piece, isCut: false };
    }
  }
}

function fitted(length: number, whole: number, piece: AnswerPiece): Admitted {
  return { ...((length > 0 || whole === 0) && { piece }), isCut: length < whole };
}
