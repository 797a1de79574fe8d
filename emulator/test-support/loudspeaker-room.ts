import { OUTPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import { readSamples } from '../src/pcm.ts';
import { createResampler } from '../src/resample.ts';
import type { SessionBench } from './session-bench.ts';

/** A room in which the microphone hears the loudspeaker. */
export interface RoomOptions {
  /** From the server's sending to the microphone's hearing, in ms. */
  readonly delayMs: number;
  /** Level of the echo, 1 as loud as played. */
  readonly gain: number;
  /** Amplitude of white noise. */
  readonly noise: number;
}

const FRAME_SAMPLES = 320;
const PER_MS = 16;

/** A client that plays what it is sent, drops it when interrupted, and sends what its microphone hears. */
export class LoudspeakerRoom {
  readonly #bench: SessionBench;
  readonly #options: RoomOptions;
  /** What comes out of the loudspeaker, by sample since the start. */
  readonly #air = new Float64Array(120_000 * PER_MS);
  readonly #users: { readonly samples: Int16Array; readonly atMs: number; readonly gain: number }[] = [];
  #messagesSeen = 0;
  #playedUntil = 0;
  #decimator = createResampler(OUTPUT_SAMPLE_RATE_HZ, 16_000);
  #seed = 7;

  constructor(bench: SessionBench, options: RoomOptions) {
    this.#bench = bench;
    this.#options = options;
  }

  /** Somebody speaks in the room, `inMs` from now. */
  speak(samples: Int16Array, inMs = 0, gain = 1): this {
    this.#users.push({ samples, atMs: this.#bench.atMs + inMs, gain });
    return this;
  }

  /** Lets time pass, in frames of 20 ms. */
  pass(ms: number): this {
    for (let passed = 0; passed < ms; passed += 20) {
      this.#bench.speak(this.#hear(), { realTime: true });
      this.#play();
    }
    return this;
  }

  /** Plays what has come since, from now on or after what is playing. */
  #play(): void {
    const now = this.#bench.atMs * PER_MS;
    for (const { message } of this.#bench.sent.slice(this.#messagesSeen)) {
      this.#messagesSeen++;
      if (message.serverContent?.interrupted) {
        this.#air.fill(0, now);
        this.#playedUntil = now;
        this.#decimator = createResampler(OUTPUT_SAMPLE_RATE_HZ, 16_000);
      }
      const data = message.serverContent?.modelTurn?.parts?.[0]?.inlineData?.data;
      if (data === undefined) continue;
      const samples = this.#decimator.push(readSamples(Buffer.from(data, 'base64')) ?? new Int16Array(0));
      const from = Math.max(this.#playedUntil, now);
      this.#air.set(samples, from);
      this.#playedUntil = from + samples.length;
    }
  }

  #hear(): Int16Array {
    const start = Math.round(this.#bench.atMs * PER_MS);
    return Int16Array.from({ length: FRAME_SAMPLES }, (_, index) => {
      const at = start + index;
      let sample = (this.#air[at - this.#options.delayMs * PER_MS] ?? 0) * this.#options.gain + this.#hiss();
      for (const { samples, atMs, gain } of this.#users) sample += (samples[at - atMs * PER_MS] ?? 0) * gain;
      return Math.max(-32_768, Math.min(32_767, Math.round(sample)));
    });
  }

  #hiss(): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (this.#seed / 1_073_741_824 - 1) * this.#options.noise;
  }
}
