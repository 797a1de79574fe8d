/**
 * What is said before there is a session to say it to.
 * @module
 */
import type { EarlyEntries, Entry } from './microphone-line.ts';

/** So much of it is kept, in ms: the oldest of more is lost. */
const EARLY_MS = 10_000;

/** Keeps the last ten seconds, and every beginning and end of an activity among them. */
export class EarlySpeech implements EarlyEntries {
  readonly #onLost: (ms: number) => void;
  readonly #kept: { readonly entry: Entry; readonly ms: number }[] = [];
  #keptMs = 0;

  /** `onLost`: so much of the beginning was lost, because no session was there for too long. */
  constructor(onLost: (ms: number) => void) {
    this.#onLost = onLost;
  }

  keep(entry: Entry, ms: number): void {
    this.#kept.push({ entry, ms });
    this.#keptMs += ms;
    if (this.#keptMs <= EARLY_MS) return;
    const oldest = this.#kept.findIndex((each) => each.ms > 0);
    const [lost] = this.#kept.splice(oldest, 1);
    this.#keptMs -= lost?.ms ?? 0;
    this.#onLost(lost?.ms ?? 0);
  }

  take(): readonly Entry[] {
    this.#keptMs = 0;
    return this.#kept.splice(0).map(({ entry }) => entry);
  }
}
