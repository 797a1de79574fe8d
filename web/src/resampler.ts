/**
 * Changes the sample rate of a stream, exactly: the position between samples is kept as a fraction, so that no
 * sample is lost or invented however long it runs and however it is cut into blocks. Pure; runs on the audio thread.
 * @module
 */

/** Rates that can be converted, in Hz: from telephone head-sets to the fastest that `AudioContext` has to take. */
const LOWEST_HZ = 8_000;
const HIGHEST_HZ = 768_000;
/**
 * Length of the filter in samples of the lower rate. Half of it is the delay: 1.25 ms at 16 kHz. More would narrow
 * the transition and be heard later.
 */
const TAPS_AT_LOWER_RATE = 40;
/** −6 dB point as a share of the lower rate; with these taps 6.5 kHz passes whole at 16 kHz and 8.5 kHz is gone. */
const CUTOFF = 0.468_75;
/** Kaiser's β for a stop band below −80 dB. */
const KAISER_BETA = 7.857;
/** Ratios with more phases than this share a table of so many, interpolated (error below −100 dB). */
const MOST_PHASES = 512;
/** Samples taken into the line before it is moved back to its start. */
const LINE_BLOCK = 1_024;

/**
 * A polyphase FIR filter with state. One stream each. `process()` allocates nothing.
 * Throws `RangeError` for a rate that is not a whole number of Hz from 8,000 to 768,000.
 */
export class Resampler {
  /** How much later a sound comes out than it went in, in seconds. */
  readonly delaySeconds: number;
  /** The same in samples of the input, rounded up: so many zeros push the last sound out. */
  readonly delaySamples: number;
  readonly #taps: number;
  /** The ratio of the rates in lowest terms: `#phases` samples come out for `#advance` that go in. */
  readonly #phases: number;
  readonly #advance: number;
  readonly #wholeStep: number;
  readonly #phaseStep: number;
  readonly #rows: number;
  readonly #table: Float32Array;
  readonly #line: Float32Array;
  /** Samples in the line. */
  #filled: number;
  /** Where in the line the newest sample of the next output stands; it may not be there yet. */
  #newest: number;
  /** How far behind that the next output lies, in `1 / #phases` of a sample. */
  #phase = 0;

  constructor(options: { readonly inputRateHz: number; readonly outputRateHz: number }) {
    const { inputRateHz, outputRateHz } = options;
    for (const hz of [inputRateHz, outputRateHz])
      if (!Number.isInteger(hz) || hz < LOWEST_HZ || hz > HIGHEST_HZ)
        throw new RangeError(`A rate of ${hz} Hz cannot be converted: give whole Hz from 8,000 to 768,000.`);
    const divisor = greatestCommonDivisor(inputRateHz, outputRateHz);
    this.#phases = outputRateHz / divisor;
    this.#advance = inputRateHz / divisor;
    this.#wholeStep = Math.floor(this.#advance / this.#phases);
    this.#phaseStep = this.#advance % this.#phases;
    const lowerHz = Math.min(inputRateHz, outputRateHz);
    this.#taps = Math.ceil((TAPS_AT_LOWER_RATE * inputRateHz) / lowerHz);
    this.delaySeconds = this.#taps / 2 / inputRateHz;
    this.delaySamples = Math.ceil(this.#taps / 2);
    this.#rows = Math.min(this.#phases, MOST_PHASES);
    this.#table = tableOf(this.#rows, this.#taps, (CUTOFF * lowerHz) / inputRateHz);
    this.#line = new Float32Array(this.#taps - 1 + LINE_BLOCK);
    this.#filled = this.#taps - 1;
    this.#newest = this.#filled;
  }

  /** How many samples come out when `inputs` more go in. */
  outputsFor(inputs: number): number {
    const reach = inputs - (this.#newest - this.#filled);
    return Math.max(0, Math.ceil((reach * this.#phases - this.#phase) / this.#advance));
  }

  /** How many samples have to go in for `outputs` (at least one) to come out. */
  inputsFor(outputs: number): number {
    const steps = Math.floor((this.#phase + (outputs - 1) * this.#advance) / this.#phases);
    return Math.max(0, this.#newest - this.#filled + steps + 1);
  }

  /**
   * Takes the first `count` samples of `input` and writes what comes of them to the start of `output`; answers how
   * many that is. What the last of them gives beyond the end of `output` comes first the next time. Throws
   * `RangeError`, before anything is taken, where fewer inputs would have filled `output`.
   */
  process(input: Float32Array, count: number, output: Float32Array): number {
    if (output.length < this.outputsFor(count) && this.inputsFor(output.length) < count)
      throw new RangeError('The output is too short.');
    let read = 0;
    let written = 0;
    for (;;) {
      if (this.#filled === this.#line.length) this.#moveBack();
      const end = Math.min(count, read + this.#line.length - this.#filled);
      const line = this.#line;
      let filled = this.#filled;
      while (read < end) line[filled++] = input[read++] as number;
      this.#filled = filled;
      while (this.#newest < this.#filled && written < output.length) {
        output[written++] = this.#next();
        this.#newest += this.#wholeStep;
        this.#phase += this.#phaseStep;
        if (this.#phase >= this.#phases) {
          this.#phase -= this.#phases;
          this.#newest++;
        }
      }
      if (read >= count) return written;
    }
  }

  /** Forgets what went in; the next sample is the first. */
  reset(): void {
    this.#line.fill(0);
    this.#filled = this.#taps - 1;
    this.#newest = this.#filled;
    this.#phase = 0;
  }

  #next(): number {
    if (this.#rows === this.#phases) return this.#weigh(this.#phase);
    const position = (this.#phase / this.#phases) * this.#rows;
    const row = Math.floor(position);
    const lower = this.#weigh(row);
    return lower + (this.#weigh(row + 1) - lower) * (position - row);
  }

  #weigh(row: number): number {
    const line = this.#line;
    const table = this.#table;
    const taps = this.#taps;
    let from = this.#newest - taps + 1;
    let at = row * taps;
    const end = at + taps;
    // Four sums side by side: one would have each addition wait for the one before. All indices are within bounds.
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (; at + 3 < end; at += 4, from += 4) {
      a += (line[from] as number) * (table[at] as number);
      b += (line[from + 1] as number) * (table[at + 1] as number);
      c += (line[from + 2] as number) * (table[at + 2] as number);
      d += (line[from + 3] as number) * (table[at + 3] as number);
    }
    for (; at < end; at++, from++) a += (line[from] as number) * (table[at] as number);
    return a + b + (c + d);
  }

  #moveBack(): void {
    const moved = Math.min(this.#newest, this.#filled) - this.#taps + 1;
    this.#line.copyWithin(0, moved, this.#filled);
    this.#filled -= moved;
    this.#newest -= moved;
  }
}

/**
 * Rows of weights, oldest sample first: row `r` makes the output that lies `r / rows` of a sample after the newest
 * input. One row more than `rows` for interpolation. Each sums to 1, so that no phase is louder than the next.
 */
function tableOf(rows: number, taps: number, cutoff: number): Float32Array {
  const table = new Float32Array((rows + 1) * taps);
  const half = taps / 2;
  const widest = besselI0(KAISER_BETA);
  const weights = new Float64Array(taps);
  for (let row = 0; row <= rows; row++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const time = taps - 1 - tap + row / rows - half;
      const across = 1 - (time / half) ** 2;
      const weight =
        sinc(2 * cutoff * time) * (besselI0(KAISER_BETA * Math.sqrt(Math.max(0, across))) / widest);
      weights[tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < taps; tap++) table[row * taps + tap] = (weights[tap] ?? 0) / sum;
  }
  return table;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The modified Bessel function of order 0 by its series, to the last bit that counts here. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
