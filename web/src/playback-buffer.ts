/**
 * The model's speech between the network and the loudspeaker: turns of 24 kHz PCM in, a continuous signal at the
 * loudspeaker's rate out. Pure; runs on the audio thread. Nothing is dropped but by {@link PlaybackBuffer.interrupt},
 * however far ahead of speech it comes.
 * @module
 */
import { OUTPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import { JitterPolicy, type TurnTiming } from './jitter-policy.ts';
import { floatOf } from './pcm.ts';
import { Resampler } from './resampler.ts';

/** How long a fade lasts, in seconds: too short to be heard as one, long enough not to click. */
const FADE_SECONDS = 0.002_5;

/** What playback does now. `starved`: it ran dry before the turn's end. */
export type PlaybackState = 'idle' | 'holding' | 'playing' | 'starved';

/** Counts since the start. Samples are of 24 kHz. */
export interface PlaybackCounts {
  /** Samples that went to the loudspeaker. */
  readonly playedSamples: number;
  /** Samples thrown away by interruptions. */
  readonly discardedSamples: number;
  /** Breaks inside turns, and their sum in ms. */
  readonly gaps: number;
  readonly gapMs: number;
}

/** What an interruption cut, in samples of 24 kHz: of that turn, and of all that waited. */
export interface Interruption {
  readonly playedSamples: number;
  readonly discardedSamples: number;
}

/** The samples of one turn that are still to be played. */
interface Turn {
  readonly timing: TurnTiming;
  readonly chunks: Int16Array[];
  /** Read so far of the first chunk. */
  offset: number;
  waiting: number;
  played: number;
  isEnded: boolean;
}

/** One loudspeaker's buffer. `render()` allocates nothing in steady state. */
export class PlaybackBuffer {
  readonly #rateHz: number;
  readonly #resampler: Resampler;
  readonly #jitter = new JitterPolicy();
  readonly #fadeOutputs: number;
  readonly #fadeInputs: number;
  /** Pushes the filter's last sound out at a turn's end. Told from speech by being this very array. */
  readonly #tail: Int16Array;
  readonly #turns: Turn[] = [];
  #input = new Float32Array(0);
  #gain = 0;
  #state: PlaybackState = 'idle';
  #dryAt: number | undefined;
  readonly #counts = { playedSamples: 0, discardedSamples: 0, gaps: 0, gapMs: 0 };

  /** Throws `RangeError` for a rate that {@link Resampler} does not make. */
  constructor(options: { readonly outputRateHz: number }) {
    this.#rateHz = options.outputRateHz;
    this.#resampler = new Resampler({
      inputRateHz: OUTPUT_SAMPLE_RATE_HZ,
      outputRateHz: options.outputRateHz,
    });
    this.#fadeOutputs = Math.round(FADE_SECONDS * options.outputRateHz);
    this.#fadeInputs = Math.round(FADE_SECONDS * OUTPUT_SAMPLE_RATE_HZ);
    this.#tail = new Int16Array(this.#resampler.delaySamples);
  }

  /** What it does now. */
  get state(): PlaybackState {
    return this.#state;
  }

  /** Samples that wait. */
  get queuedSamples(): number {
    let sum = 0;
    for (const turn of this.#turns) {
      const hasTail = turn.chunks.at(-1) === this.#tail;
      sum += Math.max(0, turn.waiting - (hasTail ? this.#tail.length : 0));
    }
    return sum;
  }

  /** How long the next turn's first sample will be held at most, in seconds. */
  get hold(): number {
    return this.#jitter.hold;
  }

  /** What happened so far: one object, which goes on counting. */
  get counts(): PlaybackCounts {
    return this.#counts;
  }

  /** Adds 24 kHz samples to the turn, or begins one. Keeps the array. `now` in seconds of the audio clock. */
  push(samples: Int16Array, now: number): void {
    if (samples.length === 0) return;
    let turn = this.#turns.at(-1);
    if (!turn || turn.isEnded) {
      turn = { timing: this.#jitter.turn(), chunks: [], offset: 0, waiting: 0, played: 0, isEnded: false };
      this.#turns.push(turn);
      if (this.#state === 'idle') this.#state = 'holding';
    }
    const isDry = this.#state === 'starved';
    turn.timing.arrived(now, { seconds: samples.length / OUTPUT_SAMPLE_RATE_HZ, isDry });
    turn.chunks.push(samples);
    turn.waiting += samples.length;
    if (isDry) this.#state = 'holding';
  }

  /** The turn is complete: what waits is played, and the silence after it is no gap. */
  end(): void {
    const turn = this.#turns.at(-1);
    if (!turn || turn.isEnded) return;
    turn.isEnded = true;
    this.#jitter.learn(turn.timing);
    if (this.#state === 'starved') this.#close();
    else {
      turn.chunks.push(this.#tail);
      turn.waiting += this.#tail.length;
    }
  }

  /** Fades what is heard within 2.5 ms and forgets the rest. What comes afterwards is a new turn. */
  interrupt(): Interruption {
    const [turn] = this.#turns;
    if (!turn) return { playedSamples: 0, discardedSamples: 0 };
    const left = this.#state === 'playing' ? Math.min(turn.waiting, this.#fadeInputs) : 0;
    const discardedSamples = Math.max(0, this.queuedSamples - left);
    const playedSamples = turn.played + left;
    this.#counts.discardedSamples += discardedSamples;
    this.#turns.length = 1;
    if (!turn.isEnded) this.#jitter.learn(turn.timing);
    turn.isEnded = true;
    turn.waiting = left;
    if (left === 0) this.#close();
    return { playedSamples, discardedSamples };
  }

  /** Fills `output` with the next samples; silence where there are none. `now` is the time of its first one. */
  render(output: Float32Array, now: number): void {
    let made = 0;
    const turn = this.#turns[0];
    if (turn && this.#mayPlay(turn, now)) {
      const taken = Math.min(this.#resampler.inputsFor(output.length), turn.waiting);
      this.#take(turn, taken);
      made = this.#resampler.process(this.#input, taken, output);
      this.#shape(output, made, this.#resampler.outputsFor(turn.waiting));
      if (turn.waiting === 0) this.#ranOut(turn, now + made / this.#rateHz);
    }
    output.fill(0, made);
  }

  #mayPlay(turn: Turn, now: number): boolean {
    if (this.#state === 'playing') return true;
    // Of a complete turn nothing can come late.
    if (this.#state !== 'holding' || (now < turn.timing.readyAt && !turn.isEnded)) return false;
    this.#state = 'playing';
    if (this.#dryAt !== undefined) {
      this.#counts.gaps++;
      this.#counts.gapMs += (now - this.#dryAt) * 1_000;
      this.#dryAt = undefined;
    }
    return true;
  }

  #take(turn: Turn, count: number): void {
    if (this.#input.length < count) this.#input = new Float32Array(count * 2);
    let taken = 0;
    while (taken < count) {
      const chunk = turn.chunks[0];
      if (!chunk) break;
      const end = Math.min(chunk.length, turn.offset + count - taken);
      if (chunk !== this.#tail) {
        turn.played += end - turn.offset;
        this.#counts.playedSamples += end - turn.offset;
      }
      const input = this.#input;
      let offset = turn.offset;
      while (offset < end) input[taken++] = floatOf(chunk[offset++] as number);
      turn.offset = offset;
      if (turn.offset === chunk.length) {
        turn.chunks.shift();
        turn.offset = 0;
      }
    }
    turn.waiting -= count;
  }

  /**
   * Gives the samples their gain: it rises from silence in one fade, and falls to silence with the last sample there
   * is, so that neither a gap nor an end nor an interruption clicks. `left`: samples that could follow these.
   */
  #shape(output: Float32Array, made: number, left: number): void {
    if (this.#gain === 1 && left >= this.#fadeOutputs) return;
    const step = 1 / this.#fadeOutputs;
    for (let at = 0; at < made; at++) {
      const fall = (left + made - 1 - at) * step;
      this.#gain = Math.min(1, this.#gain + step, fall);
      output[at] = (output[at] ?? 0) * this.#gain;
    }
  }

  #ranOut(turn: Turn, now: number): void {
    if (turn.isEnded) this.#close();
    else {
      this.#state = 'starved';
      this.#dryAt = now;
    }
  }

  /** The first turn is over and nothing of it is heard any more. */
  #close(): void {
    this.#turns.shift();
    this.#resampler.reset();
    this.#gain = 0;
    this.#dryAt = undefined;
    this.#state = this.#turns.length > 0 ? 'holding' : 'idle';
  }
}
