/**
 * Tells the emulator's own answer, heard by the microphone over loudspeakers, from a user. An echo is what was
 * played, late by a lag that stays the same and weaker by a gain that stays the same in every band; what is
 * left over is somebody speaking. Audio must come in real time: the guard compares it with what plays just then.
 * @module
 */
import { INPUT_SAMPLE_RATE_HZ, OUTPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import { BAND_WINDOW, BANDS, bandEnergies } from './band-energies.ts';
import { EchoGain } from './echo-gain.ts';
import { EchoReference, GUARD_RATE_HZ } from './echo-reference.ts';
import { createLagSearch } from './lag-search.ts';
import { LagTrack } from './lag-track.ts';
import { NoiseFloor } from './noise-floor.ts';
import { createResampler } from './resample.ts';
import { FRAME_MS } from './voice-detector.ts';

const PER_MS = GUARD_RATE_HZ / 1_000;
/** What is compared with what was played. */
const SIGNAL_MS = 240;
/** Lags that are looked at: a player that is ahead of what one assumes, to a slow one in a large room. */
const MIN_LAG_MS = -60;
const MAX_LAG_MS = 700;
/** Frames between two searches. */
const SEARCH_EVERY = 2;
/** Voiced frames without a sighting before they are taken for a user. */
const HOLD_FRAMES = 6;
/** Frames of quiet at the microphone while audio plays after which nothing is held: the user wears headphones. */
const QUIET_FRAMES = 25;
/** Part of the energy that no echo explains from which a frame is a user's. */
const UNEXPLAINED = 0.2;
/** What is left of a sound in the room after one frame, as energy. */
const REVERBERATION = 0.4;
/** Frames that a first estimate of the gain is made from. */
const RECENT_FRAMES = 12;
/** A stream that comes this much later than it should, in ms, was paused. */
const PAUSE_MS = 400;
/** Doubt about the earliest arrival, in ms a frame: clocks drift. */
const ARRIVAL_DRIFT_MS = 0.02;

interface HeardFrame {
  readonly bands: Float64Array;
  readonly noise: Float64Array;
  readonly atMs: number;
}

/** Hears one stream of a user's audio beside what the client was given to play. Times are epoch ms. */
export class EchoGuard {
  readonly #reference = new EchoReference();
  readonly #decimator = createResampler(INPUT_SAMPLE_RATE_HZ, GUARD_RATE_HZ);
  readonly #search = createLagSearch(SIGNAL_MS * PER_MS, (SIGNAL_MS + MAX_LAG_MS - MIN_LAG_MS) * PER_MS);
  readonly #track = new LagTrack();
  #gain: EchoGain | undefined;
  /** The last of what was heard, at the guard's rate. */
  readonly #heard = new Float64Array(SIGNAL_MS * PER_MS + 1);
  #recent: readonly HeardFrame[] = [];
  #framesTaken = 0;
  #samplesGiven = 0;
  /** Clock time of the stream's first sample, by its earliest arrival. */
  #streamStartMs: number | undefined;
  #playedUntilMs = Number.NEGATIVE_INFINITY;
  #smeared = new Float64Array(BANDS);
  readonly #noise = new NoiseFloor();
  #heldFrames = 0;
  #quietFrames = 0;

  /** Audio at 24 kHz that a client starts to play at `startMs`. */
  played(samples: Int16Array, startMs: number): void {
    this.#reference.add(samples, startMs);
    const endMs = startMs + (samples.length * 1_000) / OUTPUT_SAMPLE_RATE_HZ;
    this.#playedUntilMs = Math.max(this.#playedUntilMs, endMs);
  }

  /** The client was told to stop at `nowMs`. */
  stopped(nowMs: number): void {
    this.#reference.cut(nowMs);
    this.#playedUntilMs = Math.min(this.#playedUntilMs, nowMs);
  }

  /**
   * True where a frame of 20 ms at 16 kHz, whose last sample came at `endMs`, is an echo, or may still turn out to be
   * one. `isVoiced` is what the detector makes of it.
   */
  hears(frame: Int16Array, endMs: number, isVoiced: boolean): boolean {
    const heard = this.#take(frame, endMs);
    if (heard.atMs > this.#playedUntilMs + MAX_LAG_MS + SIGNAL_MS) {
      this.#heldFrames = 0;
      return false;
    }
    if (isVoiced && this.#framesTaken % SEARCH_EVERY === 0) this.#look(heard.atMs);
    this.#reference.forget(heard.atMs);
    const { lagMs } = this.#track;
    if (lagMs !== undefined) return this.#isEcho(heard, lagMs);
    this.#gain = undefined;
    return this.#isHeld(heard.atMs, isVoiced);
  }

  #take(frame: Int16Array, endMs: number): HeardFrame {
    const samples = this.#decimator.push(frame);
    this.#heard.copyWithin(0, samples.length);
    this.#heard.set(samples, this.#heard.length - samples.length);
    this.#samplesGiven += samples.length;
    this.#framesTaken++;
    const bands = bandEnergies(this.#heard.slice(-BAND_WINDOW));
    const noise = this.#noise.hear(bands);
    const heard = { bands, noise, atMs: this.#startOf(endMs) + this.#samplesGiven / PER_MS };
    this.#recent = [...this.#recent.slice(1 - RECENT_FRAMES), heard];
    return heard;
  }

  /** Arrivals jitter, a microphone's samples do not: the earliest arrival tells when the stream began. */
  #startOf(endMs: number): number {
    const byThisMs = endMs - this.#framesTaken * FRAME_MS;
    const knownMs = this.#streamStartMs ?? byThisMs;
    const wasPaused = byThisMs - knownMs > PAUSE_MS;
    this.#streamStartMs = wasPaused ? byThisMs : Math.min(knownMs + ARRIVAL_DRIFT_MS, byThisMs);
    return this.#streamStartMs;
  }

  #look(heardMs: number): void {
    const length = (SIGNAL_MS + MAX_LAG_MS - MIN_LAG_MS) * PER_MS;
    const played = this.#reference.before(heardMs - MIN_LAG_MS, length + 1);
    const { lag, likeness } = this.#search(emphasized(this.#heard), emphasized(played));
    this.#track.see(lag / PER_MS + MIN_LAG_MS, likeness);
  }

  #isEcho({ bands, noise, atMs }: HeardFrame, lagMs: number): boolean {
    this.#heldFrames = 0;
    this.#quietFrames = 0;
    this.#gain ??= this.#firstGain(lagMs);
    const expected = this.#expected(lagMs, atMs);
    const isExplained = this.#gain.unexplained(bands, expected, noise) < UNEXPLAINED;
    const isEcho = isExplained || (this.#gain.isNew && this.#track.isClean);
    if (isEcho) this.#gain.learn(bands, expected);
    return isEcho;
  }

  /** No echo was made out so far. What is voiced could become one: wait, unless none came when one should have. */
  #isHeld(heardMs: number, isVoiced: boolean): boolean {
    if (isVoiced) return ++this.#heldFrames <= HOLD_FRAMES && this.#quietFrames < QUIET_FRAMES;
    this.#heldFrames = Math.max(0, this.#heldFrames - 1);
    if (this.#reference.isLoudBetween(heardMs - MAX_LAG_MS, heardMs)) this.#quietFrames++;
    return false;
  }

  #firstGain(lagMs: number): EchoGain {
    const gain = new EchoGain();
    this.#smeared.fill(0);
    for (const { bands, atMs } of this.#recent) gain.learn(bands, this.#expected(lagMs, atMs));
    return gain;
  }

  /** Energies of what should be heard now if the gain were 1: the loudest of what is near, and the room's memory. */
  #expected(lagMs: number, heardMs: number): Float64Array {
    const near = [-FRAME_MS, 0, FRAME_MS].map((shiftMs) =>
      bandEnergies(this.#reference.before(heardMs - lagMs + shiftMs, BAND_WINDOW)),
    );
    this.#smeared = this.#smeared.map((memory, band) =>
      Math.max(memory * REVERBERATION, ...near.map((energies) => energies[band] ?? 0)),
    );
    return this.#smeared;
  }
}

/** Lifts the treble, where speech differs most; one sample shorter. */
function emphasized(samples: Float64Array): Float64Array {
  const lifted = new Float64Array(samples.length - 1);
  for (let index = 0; index < lifted.length; index++)
    lifted[index] = (samples[index + 1] ?? 0) - 0.95 * (samples[index] ?? 0);
  return lifted;
}
