/**
 * The states that handles stand for. In memory only.
 * @module
 */
import type { HistoryEntry } from './answer.ts';
import type { EmulatorSettings } from './options.ts';

/** What a handle brings back. */
export interface ResumableState {
  /** The connection that made the handle. */
  readonly sessionId: string;
  readonly owner: string;
  readonly model: string;
  readonly history: readonly HistoryEntry[];
  /** Turns so far; the next one's index. */
  readonly turnCount: number;
}

/** The choices a {@link ResumptionStore} follows. */
export type ResumptionRules = Pick<EmulatorSettings, 'handleScope' | 'handleLifeMs'>;

/** Makes handles and finds what they stand for. `newSecret` gives unguessable text. */
export class ResumptionStore {
  readonly #rules: ResumptionRules;
  readonly #newSecret: () => string;
  readonly #states = new Map<string, { readonly state: ResumableState; readonly untilMs: number }>();

  constructor(rules: ResumptionRules, newSecret: () => string) {
    this.#rules = rules;
    this.#newSecret = newSecret;
  }

  /** A new handle for a state; earlier handles keep working. */
  issue(state: ResumableState, nowMs: number): string {
    for (const [handle, { untilMs }] of this.#states) {
      if (untilMs > nowMs) break;
      this.#states.delete(handle);
    }
    const handle = this.#newSecret();
    this.#states.set(handle, { state, untilMs: nowMs + this.#rules.handleLifeMs });
    return handle;
  }

  /** The state of a handle, unless it is unknown, outlived or, where handles are bound to it, another owner's. */
  find(handle: string, owner: string, nowMs: number): ResumableState | undefined {
    const found = this.#states.get(handle);
    if (found === undefined || nowMs >= found.untilMs) return undefined;
    const { handleScope } = this.#rules;
    const scope = typeof handleScope === 'function' ? handleScope() : handleScope;
    if (scope === 'token' && found.state.owner !== owner) return undefined;
    return found.state;
  }
}
