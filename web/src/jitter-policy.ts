/**
 * When playback may start, and when it may go on after it ran dry. Pure: it sees arrival times and answers times.
 *
 * First sound and gaps pull against each other: what is played at once cannot make up for a piece that comes late.
 * The service sends much faster than it is spoken, so the rule is to start at once and to wait only as long as
 * deliveries have shown to be needed: after a gap not at all where pieces come ahead of real time, the longest where they
 * do not, and by what the last turn lacked at the next one. Nothing is ever dropped or sped up to catch up. All times are
 * in seconds of one clock.
 * @module
 */

/** Hold before the first sound of an unknown network: covers the 10 ms in which audio threads take their work. */
const SHORTEST_HOLD = 0.01;
/**
 * Longest hold that is chosen, and how far playback may be behind the earliest delivery for jitter's sake: bears
 * lateness up to 150 ms, and keeps the delay of the earliest pieces below 200 ms, audio thread and device included.
 */
const LONGEST_HOLD = 0.155;
/** Least hold after a gap where delivery is in real time. */
const HOLD_AFTER_GAP = 0.01;
/** A gap before so much audio was heard says nothing about the pace: delivery ahead of real time has such gaps too. */
const EARLY_SECONDS = 0.1;
/**
 * Longest hold that is learned from a gap in a delivery ahead of real time: with the baseline's jitter it spares more
 * than half of such gaps, and nobody notices so much at the start of an answer.
 */
const LONGEST_HOLD_AHEAD = 0.06;
/** Added to what was seen to be needed. */
const MARGIN = 0.005;
/** A turn shorter than this, or in fewer pieces, tells nothing about its network. */
const TELLING_SECONDS = 0.3;
const TELLING_PIECES = 3;
/** Delivery that is faster than speech by more than this share is ahead of real time. */
const AHEAD = 0.2;

/**
 * What one turn's delivery teaches, and the hold it began with. Made by {@link JitterPolicy.turn}.
 *
 * A piece's offset is its arrival less the audio before it in the turn: equal offsets are real time, falling ones are
 * ahead of it. Playback runs at an offset too, the earliest piece's plus an allowance for jitter.
 */
export class TurnTiming {
  /** Whether the turn before came ahead of real time; `undefined`: nobody knows. */
  readonly #wasAhead: boolean | undefined;
  #allowance: number;
  /** Audio before the piece that playback waits to begin with. */
  #baseMedia = 0;
  #media = 0;
  #pieces = 0;
  #firstOffset = Number.POSITIVE_INFINITY;
  #lastOffset = Number.POSITIVE_INFINITY;
  #leastOffset = Number.POSITIVE_INFINITY;
  #mostOffset = Number.NEGATIVE_INFINITY;
  #hasGap = false;

  constructor({ hold, wasAhead }: { readonly hold: number; readonly wasAhead: boolean | undefined }) {
    this.#allowance = hold;
    this.#wasAhead = wasAhead;
  }

  /**
   * From when on the next sample may be played; never, before anything came. It moves nearer as pieces come that are
   * earlier than any before. Those that were only held up behind a late one are not.
   */
  get readyAt(): number {
    return this.#baseMedia + this.#leastOffset + this.#allowance;
  }

  /** A piece of `seconds` of audio came at `now`. `isDry`: playback had nothing left. */
  arrived(now: number, piece: { readonly seconds: number; readonly isDry: boolean }): void {
    const offset = now - this.#media;
    if (this.#pieces === 0) this.#firstOffset = offset;
    this.#lastOffset = offset;
    this.#leastOffset = Math.min(this.#leastOffset, offset);
    this.#mostOffset = Math.max(this.#mostOffset, offset);
    if (piece.isDry) {
      const late = offset - this.#leastOffset;
      // Ahead of real time every piece adds to what waits: to hold would only make the gap longer. In real time a first
      // late piece says that others will be, and by how much it does not say: one longer break in the first second
      // instead of one at every piece that is later than all before.
      const goesOn = this.#wasAhead ?? this.#media < EARLY_SECONDS;
      this.#allowance = goesOn ? late : Math.max(late + HOLD_AFTER_GAP, LONGEST_HOLD);
      this.#hasGap = true;
      this.#baseMedia = this.#media;
    }
    this.#media += piece.seconds;
    this.#pieces++;
  }

  /** Whether this turn came ahead of real time; `undefined` where it was too short to tell. */
  get isAhead(): boolean | undefined {
    if (this.#media < TELLING_SECONDS || this.#pieces < TELLING_PIECES) return undefined;
    return this.#firstOffset - this.#lastOffset > AHEAD * this.#media;
  }

  /** The hold that suits a turn like this one; `undefined` where it was too short to tell. */
  get neededHold(): number | undefined {
    const { isAhead } = this;
    if (isAhead === undefined) return undefined;
    // Ahead of real time only a late beginning can lack; in real time every piece may be the latest or the earliest.
    const lack = this.#mostOffset - (isAhead ? this.#firstOffset : this.#leastOffset);
    const longest = !isAhead ? LONGEST_HOLD : this.#hasGap ? LONGEST_HOLD_AHEAD : SHORTEST_HOLD;
    return Math.min(longest, Math.max(SHORTEST_HOLD, lack + MARGIN));
  }
}

/** Carries what one turn needed to the next, and forgets it as soon as a turn needed less. */
export class JitterPolicy {
  #hold = SHORTEST_HOLD;
  #wasAhead: boolean | undefined;

  /** The hold that the next turn begins with. */
  get hold(): number {
    return this.#hold;
  }

  /** A turn begins. */
  turn(): TurnTiming {
    return new TurnTiming({ hold: this.#hold, wasAhead: this.#wasAhead });
  }

  /** A turn is over. */
  learn(timing: TurnTiming): void {
    this.#hold = timing.neededHold ?? this.#hold;
    this.#wasAhead = timing.isAhead ?? this.#wasAhead;
  }
}
