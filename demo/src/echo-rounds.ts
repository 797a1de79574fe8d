/**
 * The rounds of the echo checklist, and what is measured in one. Pure.
 * @module
 */

/** One round: where the model is heard, and what the person does meanwhile. */
export interface EchoRound {
  readonly id: string;
  readonly title: string;
  readonly advice: string;
  readonly task: 'silent' | 'speak-over';
}

const SILENT = 'Stay silent from beginning to end, and let nobody else speak.';
const OVER =
  'Each time the model speaks, cut in with a sentence after a second or so, as loud as you always speak.';

/** In the order of the checklist. */
export const ECHO_ROUNDS = [
  { id: 'loudspeaker-silent', title: 'Loudspeaker, silent', task: 'silent', advice: SILENT },
  { id: 'loudspeaker-over', title: 'Loudspeaker, speak over it', task: 'speak-over', advice: OVER },
  {
    id: 'headphones-silent',
    title: 'Headphones, silent',
    task: 'silent',
    advice: `Put on headphones and choose them above. ${SILENT} Without an echo nothing may be interrupted.`,
  },
  {
    id: 'headphones-over',
    title: 'Headphones, speak over it',
    task: 'speak-over',
    advice: `${OVER} This is the delay without an echo, to compare with.`,
  },
  {
    id: 'room-silent',
    title: 'Another room, silent',
    task: 'silent',
    advice: `Take the device to a room that sounds otherwise: a bathroom, a hall. ${SILENT}`,
  },
  { id: 'room-over', title: 'Another room, speak over it', task: 'speak-over', advice: OVER },
] as const satisfies readonly EchoRound[];

/** How loud both sides are at one moment: root mean squares of samples in [−1, 1]; `at` in ms. */
export interface Loudness {
  readonly at: number;
  readonly microphone: number;
  readonly speaker: number;
}

/** What came of one turn of the model. */
export interface EchoTurn {
  /**
   * How often the model was interrupted, by whatever voice: in its turn, and in what it answered to the voice that it
   * heard there.
   */
  readonly interruptions: number;
  /** How often of these the detector took it for the model's own voice. */
  readonly own: number;
  /** A person cut in, and the model gave way. */
  readonly cutIn: boolean;
  /** From the beginning of that voice to silence, in ms; `null` where it fell into a pause of the model. */
  readonly delayMs: number | null;
  /** Mean power at the microphone while the model was heard, and while nothing was; `null` where unknown. */
  readonly echoPower: number | null;
  readonly noisePower: number | null;
}

/** Louder than −46 dBFS the model is heard. */
const HEARD_RMS = 0.005;
/** Louder than −34 dBFS at the microphone is a voice, if no echo is as loud. */
const VOICE_RMS = 0.02;
/** A voice is louder than the room's echo by so much: 6 dB. */
const ABOVE_ECHO = 2;
/** Shorter sound is a knock, in ms. */
const KNOCK_MS = 60;
/** Longer silence ends a person's sentence, in ms. */
const PAUSE_MS = 700;
/** The room answers so much later, in ms: not its noise yet. */
const REVERBERATION_MS = 400;

/** Measures one turn of the model. `echoRms`: how loud the echo of this place is, 0 if unknown. */
export class EchoMeter {
  readonly #voiceRms: number;
  #heardAt = Number.NEGATIVE_INFINITY;
  #voiceFrom: number | undefined;
  #voiceUntil = Number.NEGATIVE_INFINITY;
  #cutInAt: number | undefined;
  #cutIn = false;
  #delayMs: number | null = null;
  #isOver = false;
  #interruptions = 0;
  #own = 0;
  readonly #echo = new Mean();
  readonly #noise = new Mean();

  constructor({ echoRms = 0 }: { readonly echoRms?: number } = {}) {
    this.#voiceRms = Math.max(VOICE_RMS, echoRms * ABOVE_ECHO);
  }

  /** When the model was last heard, in ms; −∞ before. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** When a voice, or whatever is as loud, was last at the microphone, in ms; −∞ before. */
  get voiceAt(): number {
    return this.#voiceUntil;
  }

  hear({ at, microphone, speaker }: Loudness): void {
    const isHeard = speaker > HEARD_RMS;
    if (isHeard) this.#heardAt = at;
    if (microphone > this.#voiceRms) this.#voice(at);
    if (this.#isOver) return;
    if (isHeard) this.#echo.add(microphone);
    else if (at - this.#heardAt > REVERBERATION_MS) this.#noise.add(microphone);
  }

  #voice(at: number): void {
    // Who begins before the model does not cut in.
    const hasBegun = this.#heardAt > Number.NEGATIVE_INFINITY;
    if (at - this.#voiceUntil > PAUSE_MS) this.#voiceFrom = hasBegun ? at : undefined;
    this.#voiceUntil = at;
    if (this.#voiceFrom !== undefined && at - this.#voiceFrom >= KNOCK_MS) this.#cutInAt ??= this.#voiceFrom;
  }

  /** The model was interrupted. */
  interrupted(): void {
    this.#interruptions++;
  }

  /** The detector says that the model interrupted itself. */
  selfInterrupted(): void {
    this.#own++;
  }

  /** The model is silent again. What it answers to a voice that it heard is no part of the turn, but is counted. */
  over(): void {
    this.#isOver = true;
    this.#cutIn = this.#interruptions > this.#own && this.#cutInAt !== undefined;
    const delay = this.#heardAt - (this.#cutInAt ?? Number.POSITIVE_INFINITY);
    if (this.#cutIn && delay > 0) this.#delayMs = Math.round(delay);
  }

  get result(): EchoTurn {
    return {
      interruptions: this.#interruptions,
      own: this.#own,
      cutIn: this.#cutIn,
      delayMs: this.#delayMs,
      echoPower: this.#echo.value,
      noisePower: this.#noise.value,
    };
  }
}

class Mean {
  #sum = 0;
  #count = 0;

  /** Takes a root mean square. */
  add(rms: number): void {
    this.#sum += rms * rms;
    this.#count++;
  }

  get value(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count;
  }
}

/** What came of a round. Delays in ms. */
export interface EchoFigures {
  readonly turns: number;
  readonly interruptions: number;
  readonly own: number;
  /** How often a person cut in and was heard, and how long it took. */
  readonly cutIns: number;
  readonly delay: { readonly median: number; readonly least: number; readonly most: number } | null;
  /** What the browser's canceller leaves, above the room's noise, in dB; `null` where it was not measured. */
  readonly echoDb: number | null;
  /** Root mean square of the echo, 0 if unknown. */
  readonly echoRms: number;
}

/** Adds a round's turns up. An echo is measured in silent rounds only: elsewhere it is the person's own voice. */
export function figuresOf(turns: readonly EchoTurn[], task: EchoRound['task']): EchoFigures {
  const delays = turns
    .flatMap(({ delayMs }) => (delayMs === null ? [] : [delayMs]))
    .sort((one, other) => one - other);
  const [least, most, median] = [delays[0], delays.at(-1), delays[Math.floor(delays.length / 2)]];
  const isSilent = task === 'silent';
  const echo = isSilent ? meanOf(turns.map(({ echoPower }) => echoPower)) : null;
  const noise = isSilent ? meanOf(turns.map(({ noisePower }) => noisePower)) : null;
  return {
    turns: turns.length,
    interruptions: turns.reduce((sum, { interruptions }) => sum + interruptions, 0),
    own: turns.reduce((sum, { own }) => sum + own, 0),
    cutIns: turns.filter(({ cutIn }) => cutIn).length,
    delay: least === undefined || most === undefined || median === undefined ? null : { median, least, most },
    echoDb:
      echo === null || noise === null
        ? null
        : Math.round(10 * Math.log10(Math.max(echo, QUIETEST) / Math.max(noise, QUIETEST))),
    echoRms: Math.sqrt(echo ?? 0),
  };
}

/** Power of −90 dBFS: what 16 bits can tell from nothing. */
const QUIETEST = 1e-9;

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** A round's figures in a sentence. */
export function sentenceOf(figures: EchoFigures, task: EchoRound['task']): string {
  const { turns, interruptions, own, cutIns, delay, echoDb } = figures;
  if (task === 'silent') {
    const echo = echoDb === null ? '' : ` The echo that is left is ${echoDb} dB above the room’s noise.`;
    const detected = interruptions === 0 ? '' : ` (${own} noticed by the detector)`;
    const times = interruptions === 1 ? 'self-interruption' : 'self-interruptions';
    return `${interruptions} ${times} in ${turns} turns${detected}.${echo}`;
  }
  const took =
    delay === null
      ? ''
      : ` Silence ${delay.median} ms after the voice began (${delay.least} to ${delay.most}).`;
  const wrong = own === 0 ? '' : ` ${own} taken for the model’s own voice.`;
  return `${cutIns} of ${turns} turns gave way.${took}${wrong}`;
}
