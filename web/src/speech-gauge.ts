/**
 * Hears whether a microphone's frames hold speech. A rough ear: it decides when a swap may happen and what is
 * sent again, never what the model hears, so it errs towards "speech".
 * @module
 */

/** Loudness is judged over this many samples: 10 ms at 16 kHz. */
const BLOCK_SAMPLES = 160;
const SAMPLES_PER_MS = 16;
/** Never louder than this is never speech: −50 dBFS RMS, the noise of a quiet room at a common gain. */
const SILENCE_RMS = 104;
/** Louder than this is always speech, however noisy the room: −24 dBFS RMS. */
const SPEECH_RMS = 2_000;
/** Speech stands this far above the noise floor: about 10 dB. */
const ABOVE_FLOOR = 3;
/** The floor follows a louder room by a tenth per second, a quieter one at once. */
const FLOOR_RISE = 1.001;
/** A pause shorter than this belongs to the utterance, in ms. */
const HANGOVER_MS = 500;
/** A burst with less sound than this was a click, in ms. */
const SHORTEST_MS = 60;

/** What the ear hears now. `ended`: the frame that ended an utterance. `dismissed`: it was but a click. */
export type Heard = 'quiet' | 'speech' | 'ended' | 'dismissed';

/** Follows one stream of 16 kHz PCM16LE mono. */
export class SpeechGauge {
  #floor = SILENCE_RMS;
  #loudMs = 0;
  #pauseMs = 0;
  #speaking = false;

  /** How long the utterance that runs has been silent, in ms; `undefined` where none runs, or but a click so far. */
  get pauseMs(): number | undefined {
    return this.#speaking && this.#loudMs >= SHORTEST_MS ? this.#pauseMs : undefined;
  }

  /** Hears the next samples, of any number of bytes (an odd last byte is ignored). */
  hear(bytes: Uint8Array): Heard {
    const before = this.#speaking;
    const samples = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = Math.floor(bytes.byteLength / 2);
    for (let start = 0; start < count; start += BLOCK_SAMPLES)
      this.#block(samples, start, Math.min(start + BLOCK_SAMPLES, count));
    if (this.#speaking) return 'speech';
    if (!before) return 'quiet';
    const wasSpeech = this.#loudMs >= SHORTEST_MS;
    this.#loudMs = 0;
    return wasSpeech ? 'ended' : 'dismissed';
  }

  #block(samples: DataView, start: number, end: number): void {
    let energy = 0;
    for (let at = start; at < end; at++) energy += samples.getInt16(at * 2, true) ** 2;
    const rms = Math.sqrt(energy / (end - start));
    const ms = (end - start) / SAMPLES_PER_MS;
    const threshold = Math.min(SPEECH_RMS, Math.max(SILENCE_RMS, this.#floor * ABOVE_FLOOR));
    this.#floor = Math.max(
      1,
      Math.min(this.#floor * FLOOR_RISE, rms < this.#floor ? rms : this.#floor * FLOOR_RISE),
    );
    if (rms > threshold) {
      this.#speaking = true;
      this.#loudMs += ms;
      this.#pauseMs = 0;
    } else if (this.#speaking) {
      this.#pauseMs += ms;
      if (this.#pauseMs >= HANGOVER_MS) this.#speaking = false;
    }
  }
}
