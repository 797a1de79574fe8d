/**
 * Keeps the model from hearing itself: counts how often it interrupted itself, and closes the microphone to its voice
 * where it must.
 * @module
 */
import { EchoPolicy, WINDOW_MS } from './echo-policy.ts';
import type { Level } from './level-meter.ts';

/**
 * What is done about an echo that the browser's canceller leaves.
 * - `plain`: nothing, until the model has interrupted itself twice; then as `half-duplex`.
 * - `half-duplex`: while the model is heard the microphone is silent to it, but for a voice that is louder than the
 *   echo: that opens it, from 300 ms before it was noticed.
 * - `none`: nothing, ever; for headphones, and pages that look after it themselves.
 */
export type EchoStrategy = 'plain' | 'half-duplex' | 'none';

/** So often, and `plain` gives up. */
const SELF_INTERRUPTIONS = 2;
/** The echo of the last word may come so much later, in ms. */
const TAIL_MS = 400;
/** What is sent of a person's voice from before it was noticed, in ms. */
const PREROLL_MS = 300;
/** So much louder sound within {@link NOTICING_MS} is a person, in ms. */
const PERSON_MS = 80;
const NOTICING_MS = 200;
/** A person that was not heard for so long has spoken, in ms. */
const PAUSE_MS = 800;

/** What an {@link EchoGate} takes. */
export interface EchoGateOptions {
  readonly strategy: EchoStrategy;
  readonly frameMs: number;
  /** Gets what the model may hear. */
  readonly pass: (samples: Uint8Array, level: Level) => void;
}

/** Takes what the microphone hears, and gives what the model may hear. */
export class EchoGate {
  readonly #strategy: EchoStrategy;
  readonly #frameMs: number;
  readonly #pass: (samples: Uint8Array, level: Level) => void;
  readonly #policy = new EchoPolicy();
  readonly #held: { readonly samples: Uint8Array; readonly level: Level }[] = [];
  /** When louder sound than an echo was heard, in ms. */
  #noticed: number[] = [];
  readonly #speakerClock = new PacedClock();
  readonly #microphoneClock = new PacedClock();
  #count = 0;
  #isSpeaking = false;
  #silentSince = Number.NEGATIVE_INFINITY;
  #personAt = Number.NEGATIVE_INFINITY;

  constructor(options: EchoGateOptions) {
    this.#strategy = options.strategy;
    this.#frameMs = options.frameMs;
    this.#pass = options.pass;
  }

  /** Whether the model's voice is kept from it. */
  get isGating(): boolean {
    return (
      this.#strategy === 'half-duplex' || (this.#strategy === 'plain' && this.#count >= SELF_INTERRUPTIONS)
    );
  }

  /** Times the model interrupted itself. */
  get selfInterruptions(): number {
    return this.#count;
  }

  /** The loudspeaker: whether the model is heard, and how loud it was in windows of 20 ms that end at `now`, in ms. */
  played(isSpeaking: boolean, levels: ArrayLike<number>, now: number): void {
    if (this.#strategy === 'none') return;
    if (this.#isSpeaking && !isSpeaking) this.#silentSince = now;
    this.#isSpeaking = isSpeaking;
    if (levels.length > 0)
      this.#policy.played(levels, this.#speakerClock.tick(levels.length * WINDOW_MS, now));
  }

  /** The model was interrupted; answers whether by its own voice, and counts it. */
  interrupted(now: number): boolean {
    const isOwn =
      this.#strategy !== 'none' && now - this.#personAt > PAUSE_MS && this.#policy.isOwnVoice(now);
    if (isOwn) this.#count++;
    return isOwn;
  }

  /** A frame of 16 kHz PCM16LE that ends at `now`, in ms. */
  hear(samples: Uint8Array, level: Level, now: number): void {
    if (this.#strategy === 'none') {
      this.#pass(samples, level);
      return;
    }
    const at = this.#microphoneClock.tick(this.#frameMs, now);
    this.#policy.heard(level.rms, this.#frameMs, at);
    if (!this.isGating || !(this.#isSpeaking || now - this.#silentSince < TAIL_MS)) {
      this.#held.length = 0;
      this.#noticed.length = 0;
      this.#pass(samples, level);
      return;
    }
    this.#notice(level.rms, at, now);
    if (now - this.#personAt < PAUSE_MS) {
      for (const held of this.#held.splice(0)) this.#pass(held.samples, held.level);
      this.#pass(samples, level);
      return;
    }
    this.#held.push({ samples, level });
    // The stream goes on, in silence: a detector that gets nothing would wait.
    this.#pass(new Uint8Array(samples.length), { rms: 0, peak: 0 });
    if (this.#held.length * this.#frameMs > PREROLL_MS) this.#held.shift();
  }

  /** Such a frame that the model hears already. */
  overhear(level: Level, now: number): void {
    if (this.#strategy !== 'none')
      this.#policy.heard(level.rms, this.#frameMs, this.#microphoneClock.tick(this.#frameMs, now));
  }

  #notice(rms: number, at: number, now: number): void {
    if (this.#policy.isPerson(rms, at)) this.#noticed.push(now);
    while ((this.#noticed[0] ?? now) < now - NOTICING_MS) this.#noticed.shift();
    if (this.#noticed.length * this.#frameMs >= PERSON_MS) this.#personAt = now;
  }
}

/** How far a paced clock may be from the page's, in ms, and how much of that it makes up for at a time. */
const ASTRAY_MS = 150;
const CATCH_UP = 0.05;

/** Gives pieces of a steady stream their times, though the page hears of them in bursts. */
class PacedClock {
  #at = Number.NEGATIVE_INFINITY;

  tick(ms: number, now: number): number {
    const next = this.#at + ms;
    this.#at = Math.abs(now - next) > ASTRAY_MS ? now : next + (now - next) * CATCH_UP;
    return this.#at;
  }
}
