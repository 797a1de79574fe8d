/**
 * Where a session's keeper sits: empty at first, then taken, or empty for good. What the keeper is to be told before
 * it is there is remembered with its time.
 * @module
 */
import type { Clock } from './clock.ts';
import type { KeepingModule, KeepingSource } from './keeper-loader.ts';
import { fetched } from './late.ts';
import type { Keeper, Untold } from './session-line.ts';

/** The keeper is fetched this often, twice as long apart each time. Ours. */
const FETCHES = 6;
/** Most that is remembered for it meanwhile. Ours: half a minute of audio, and minutes of a lively talk. */
const MOST_UNTOLD = 8_192;
/** Most audio among it, in ms: as much as is ever sent again. Ours. */
const MOST_AUDIO_MS = 30_000;

/** What a seat is made with. */
export interface SeatParts {
  readonly keeping: KeepingSource;
  readonly clock: Clock;
  readonly hire: (module: KeepingModule) => Keeper;
  /** Nobody comes: what was remembered is gone. */
  readonly onWithout: () => void;
}

/** The seat of one session's keeper. */
export class KeeperSeat {
  readonly #parts: SeatParts;
  #keeper: Keeper | undefined;
  /** `undefined` once it was told, or will never be. */
  #untold: (Untold & { readonly ms: number })[] | undefined = [];
  #audioMs = 0;

  constructor(parts: SeatParts) {
    this.#parts = parts;
  }

  get keeper(): Keeper | undefined {
    return this.#keeper;
  }

  /** Nobody keeps the session, and nobody will. */
  get isGivenUp(): boolean {
    return !this.#keeper && !this.#untold;
  }

  /** Tells the keeper, or remembers it for the keeper; of audio, `ms` long, the latest only. */
  tell(what: Untold['what'], ms = 0): void {
    const untold = this.#untold;
    if (this.#keeper) what(this.#keeper);
    else if (untold) {
      untold.push({ at: this.#parts.clock.now(), what, ms });
      this.#audioMs += ms;
      while (this.#audioMs > MOST_AUDIO_MS) {
        const oldest = untold.findIndex((each) => each.ms > 0);
        this.#audioMs -= untold.splice(oldest, 1)[0]?.ms ?? this.#audioMs;
      }
      if (untold.length > MOST_UNTOLD) this.#giveUp();
    }
  }

  /** Fetches the keeper. */
  call(): void {
    const { keeping, clock } = this.#parts;
    const here = keeping.here();
    if (here) this.take(here);
    else
      fetched(() => keeping.load(), { after: (ms, wake) => clock.after(ms, wake), tries: FETCHES }).then(
        (module) => this.#untold && this.take(module),
        () => this.#giveUp(),
      );
  }

  /** Seats a keeper, unless there is one, and tells it everything. */
  take(module: KeepingModule): Keeper {
    if (this.#keeper) return this.#keeper;
    const untold = this.#untold ?? [];
    this.#untold = undefined;
    this.#keeper = this.#parts.hire(module);
    this.#keeper.catchUp(untold);
    return this.#keeper;
  }

  #giveUp(): void {
    if (this.isGivenUp || this.#keeper) return;
    this.#untold = undefined;
    this.#parts.onWithout();
  }
}
