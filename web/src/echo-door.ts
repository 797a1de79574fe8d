/**
 * Where the microphone goes through while what looks for the model's echo is still being fetched.
 * @module
 */
import type { EchoGate, EchoGateOptions } from './echo-gate.ts';
import { fetched } from './late.ts';
import { type Level, SILENCE } from './level-meter.ts';

/** What an {@link EchoDoor} takes. */
export interface EchoDoorOptions extends EchoGateOptions {
  readonly after: (ms: number, wake: () => void) => () => void;
  /** Instead of the module's own. */
  readonly load?: () => Promise<{ readonly EchoGate: typeof EchoGate }>;
}

/**
 * An {@link EchoGate} that is there a moment after {@link EchoDoor.open}, or later where it is hard to fetch. Until
 * then nothing is taken for an echo; with `half-duplex` the microphone is silent to the model while it is heard, for
 * anybody.
 */
export class EchoDoor {
  readonly #options: EchoDoorOptions;
  #gate: EchoGate | undefined;
  #isSpeaking = false;
  #isClosed = false;

  constructor(options: EchoDoorOptions) {
    this.#options = options;
  }

  /** Begins to fetch it; resolves when it is there. Never rejects. */
  async open(): Promise<void> {
    const { strategy, after, load = () => import('./echo-gate.ts') } = this.#options;
    if (strategy === 'none') return;
    try {
      const { EchoGate: Gate } = await fetched(load, { after, isOver: () => this.#isClosed });
      this.#gate = new Gate(this.#options);
      this.#gate.played(this.#isSpeaking, [], 0);
    } catch {
      // The conversation was over before.
    }
  }

  /** No further attempt to fetch it. */
  close(): void {
    this.#isClosed = true;
  }

  /** Whether the model's voice is kept from it. */
  get isGating(): boolean {
    return this.#gate?.isGating ?? this.#options.strategy === 'half-duplex';
  }

  /** Times the model interrupted itself. */
  get selfInterruptions(): number {
    return this.#gate?.selfInterruptions ?? 0;
  }

  /** As {@link EchoGate.played}. */
  played(isSpeaking: boolean, levels: ArrayLike<number>, now: number): void {
    this.#isSpeaking = isSpeaking;
    this.#gate?.played(isSpeaking, levels, now);
  }

  /** As {@link EchoGate.interrupted}. */
  interrupted(now: number): boolean {
    return this.#gate?.interrupted(now) ?? false;
  }

  /** As {@link EchoGate.hear}. */
  hear(samples: Uint8Array, level: Level, now: number): void {
    if (this.#gate) this.#gate.hear(samples, level, now);
    else if (this.isGating && this.#isSpeaking) this.#options.pass(new Uint8Array(samples.length), SILENCE);
    else this.#options.pass(samples, level);
  }

  /** As {@link EchoGate.overhear}. */
  overhear(level: Level, now: number): void {
    this.#gate?.overhear(level, now);
  }
}
