/**
 * How much of the answer under way has been sent as audio: the place at which what is sent next begins.
 * @module
 */
import { OUTPUT_SAMPLE_RATE_HZ, type ServerMessage } from '@livegate/protocol';

/** Bytes of a second of 16-bit mono at 24 kHz. */
const BYTES_PER_SECOND = 2 * OUTPUT_SAMPLE_RATE_HZ;

/** Goes along with what one session sends. */
export class AnswerPlace {
  #bytes = 0;

  /** Seconds of audio since the turn began. */
  get seconds(): number {
    return this.#bytes / BYTES_PER_SECOND;
  }

  /** Counts a message that was sent; the end of a turn begins anew. */
  pass({ serverContent }: ServerMessage): void {
    if (serverContent === undefined) return;
    for (const { inlineData } of serverContent.modelTurn?.parts ?? []) {
      if (inlineData?.mimeType.startsWith('audio/')) this.#bytes += bytesOf(inlineData.data);
    }
    if (serverContent.turnComplete) this.#bytes = 0;
  }
}

/** Of standard base64. */
function bytesOf(data: string): number {
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return (data.length / 4) * 3 - padding;
}
