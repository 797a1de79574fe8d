/**
 * What the model has said and not yet laid down in the conversation.
 * @module
 */
import { OUTPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import type { HistoryEntry } from './answer.ts';
import type { AnswerPiece } from './answer-pieces.ts';

/** Gathers pieces that went out into one entry of the conversation. */
export class Utterance {
  #text = '';
  #transcript = '';
  #samples = 0;
  #images = 0;

  /** Notes a piece that goes out. */
  add(piece: AnswerPiece): void {
    if (piece.kind === 'audio') this.#samples += piece.samples.length;
    else if (piece.kind === 'text') this.#text += piece.text;
    else if (piece.kind === 'transcript') this.#transcript += piece.words.text ?? '';
    else if (piece.kind === 'part' && !piece.part.thought) {
      this.#text += piece.part.text ?? '';
      if (piece.part.inlineData?.mimeType.startsWith('image/')) this.#images++;
    }
  }

  /** What was said since the last call, if anything was. */
  take(): HistoryEntry | undefined {
    const [text, transcript, samples, images] = [this.#text, this.#transcript, this.#samples, this.#images];
    this.#text = this.#transcript = '';
    this.#samples = this.#images = 0;
    if (text === '' && transcript === '' && samples === 0 && images === 0) return undefined;
    return {
      role: 'model',
      ...(text !== '' && { text }),
      ...(transcript !== '' && { transcript }),
      ...(samples > 0 && { audioSeconds: samples / OUTPUT_SAMPLE_RATE_HZ }),
      ...(images > 0 && { images }),
    };
  }
}
