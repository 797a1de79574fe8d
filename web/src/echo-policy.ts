/**
 * Tells the model's own voice, come back through the microphone, from a person's. Pure: it sees how loud both sides
 * were in windows of 20 ms, and when.
 *
 * Both are judged by their shape. An echo is as loud as what was played a moment ago, times a coupling that hardly
 * changes; a person is loud where the model pauses, or louder than its echo. Speech has such a shape, a steady tone
 * has none.
 * @module
 */

/** Length of a window in ms. */
export const WINDOW_MS = 20;
/** Windows that are remembered: 4 s. */
const REMEMBERED = 200;
/** Latest echo, in windows: 400 ms for loudspeaker, room, microphone, and reports under way. */
const LAGS = 20;
/** Windows that are compared: 1 s. */
const COMPARED = 50;
/** Alike from here on: of fifty pairs of strangers one reaches it, at the lag that suits them best. Ours. */
const ALIKE = 0.75;
/** Quieter than −50 dBFS is silence. */
const SILENCE_RMS = 0.003;
/** A person stands out of the echo's usual upper bound by this factor: 5 dB. */
const ABOVE_ECHO = 1.8;
/** An echo is looked for so many windows around its lag: pages are told of sound when they have time. */
const BLUR = 5;
/** Reports of what was played may be so many windows late. */
const UNKNOWN = 4;
/** So many windows of speech teach the coupling: half a second. */
const TAUGHT = 25;

/** The two sides, compared. `lagMs`: how late the microphone has what was played. */
export interface Likeness {
  readonly coefficient: number;
  readonly lagMs: number;
}

/** One conversation's echo. Times in ms of one clock. */
export class EchoPolicy {
  readonly #speaker = new Track();
  readonly #microphone = new Track();
  /** Microphone over loudspeaker, of windows in which the model was heard. */
  readonly #ratios: number[] = [];
  /** In windows; `undefined` before it was measured. */
  #lag: number | undefined;

  /** The loudspeaker's windows that end at `now`, oldest first. */
  played(levels: ArrayLike<number>, now: number): void {
    for (let at = 0; at < levels.length; at++)
      this.#speaker.put(slotOf(now) - levels.length + at, levels[at] ?? 0);
  }

  /** A frame of the microphone, of `ms`, that ends at `now`. */
  heard(rms: number, ms: number, now: number): void {
    const windows = Math.max(1, Math.round(ms / WINDOW_MS));
    for (let back = windows; back >= 1; back--) this.#microphone.put(slotOf(now) - back, rms);
  }

  /** How alike both sides were in the last second, at the lag where they are most alike. */
  likeness(now: number): Likeness {
    let best = { coefficient: 0, lagMs: 0 };
    const end = slotOf(now) - 1;
    for (let lag = 0; lag <= LAGS; lag++) {
      const coefficient = correlation(this.#microphone, this.#speaker, { end, lag });
      if (coefficient > best.coefficient) best = { coefficient, lagMs: lag * WINDOW_MS };
    }
    return best;
  }

  /** Whether an interruption at `now` was the model's own voice. */
  isOwnVoice(now: number): boolean {
    const { coefficient, lagMs } = this.likeness(now);
    if (coefficient < ALIKE) return false;
    this.#measured(lagMs);
    return true;
  }

  /**
   * Whether the microphone's last window holds more than an echo. Never before the coupling is known. Learns from every
   * window; ask once for each.
   */
  isPerson(rms: number, now: number): boolean {
    const slot = slotOf(now) - 1;
    // What was played is not known yet: the page was busy.
    if (this.#speaker.newest < slot - UNKNOWN) return false;
    const loudest = this.#speaker.loudest(slot - LAGS, slot);
    if (loudest < SILENCE_RMS) return rms > SILENCE_RMS * ABOVE_ECHO && this.#ratios.length >= TAUGHT;
    const around =
      this.#lag === undefined
        ? loudest
        : this.#speaker.loudest(slot - this.#lag - BLUR, slot - this.#lag + BLUR);
    const usual = this.#coupling() * Math.max(around, SILENCE_RMS);
    const isMore = this.#ratios.length >= TAUGHT && rms > ABOVE_ECHO * usual + SILENCE_RMS;
    this.#learn(rms / Math.max(around, SILENCE_RMS), isMore);
    if (this.#ratios.length % TAUGHT === 0) {
      const { coefficient, lagMs } = this.likeness(now);
      if (coefficient >= ALIKE) this.#measured(lagMs);
    }
    return isMore;
  }

  /** A coupling that was learned at another lag is none. */
  #measured(lagMs: number): void {
    const lag = lagMs / WINDOW_MS;
    if (this.#lag !== undefined && Math.abs(this.#lag - lag) <= BLUR / 2) return;
    this.#lag = lag;
    this.#ratios.length = 0;
  }

  /** A person's windows are left out, or the gate would grow deaf to them. */
  #learn(ratio: number, isPerson: boolean): void {
    if (isPerson) return;
    this.#ratios.push(ratio);
    if (this.#ratios.length > REMEMBERED) this.#ratios.shift();
  }

  #coupling(): number {
    const sorted = this.#ratios.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length * 0.9)] ?? 0;
  }
}

/** Loudness by window; forgets what is older than {@link REMEMBERED}. */
class Track {
  readonly #levels = new Float32Array(REMEMBERED);
  readonly #slots = new Float64Array(REMEMBERED).fill(-1);
  newest = -1;

  put(slot: number, level: number): void {
    if (slot < 0) return;
    const at = slot % REMEMBERED;
    this.#levels[at] = this.#slots[at] === slot ? Math.max(this.#levels[at] ?? 0, level) : level;
    this.#slots[at] = slot;
    this.newest = Math.max(this.newest, slot);
  }

  at(slot: number): number {
    const at = slot < 0 ? 0 : slot % REMEMBERED;
    return this.#slots[at] === slot ? (this.#levels[at] ?? 0) : 0;
  }

  loudest(from: number, to: number): number {
    let most = 0;
    for (let slot = from; slot <= to; slot++) most = Math.max(most, this.at(slot));
    return most;
  }
}

function slotOf(now: number): number {
  return Math.floor(now / WINDOW_MS);
}

/** Pearson's, of the last second's windows; 0 where a side has no shape. */
function correlation(
  microphone: Track,
  speaker: Track,
  { end, lag }: { readonly end: number; readonly lag: number },
): number {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let slot = end - COMPARED + 1; slot <= end; slot++) {
    const a = microphone.at(slot);
    const b = speaker.at(slot - lag);
    sumA += a;
    sumB += b;
    squaresA += a * a;
    squaresB += b * b;
    products += a * b;
  }
  const spreadA = squaresA - sumA ** 2 / COMPARED;
  const spreadB = squaresB - sumB ** 2 / COMPARED;
  const least = COMPARED * (SILENCE_RMS / 3) ** 2;
  if (spreadA < least || spreadB < least) return 0;
  return (products - (sumA * sumB) / COMPARED) / Math.sqrt(spreadA * spreadB);
}
