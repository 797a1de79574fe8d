/**
 * The states that handles stand for. In memory only.
 * @module
 */
import type { HistoryEntry } from './answer.ts';
import type { Backend } from './endpoints.ts';
import type { EmulatorSettings } from './options.ts';
import type { SessionAge } from './session-limits.ts';

/** What a handle brings back. */
export interface ResumableState extends SessionAge {
  /** The connection that made the handle. */
  readonly sessionId: string;
  readonly owner: string;
  readonly project: string;
  readonly model: string;
  readonly history: readonly HistoryEntry[];
  /** Turns so far; the next one's index. */
  readonly turnCount: number;
}

/** The choices a {@link ResumptionStore} follows. */
export type ResumptionRules = Pick<
  EmulatorSettings,
  'handleScope' | 'handleLifeMs' | 'vertexHandleLifeMs' | 'handleUses'
>;

/** Makes handles and finds what they stand for. `newSecret` gives unguessable text. */
export class ResumptionStore {
  readonly #rules: ResumptionRules;
  readonly #newSecret: () => string;
  readonly #states = new Map<string, { readonly state: ResumableState; readonly untilMs: number }>();

  constructor(rules: ResumptionRules, newSecret: () => string) {
    this.#rules = rules;
    this.#newSecret = newSecret;
  }

  /**
   * A new handle for a state. Earlier ones keep working, but where handles work once the one that the session resumed
   * with, `used`, does no longer: until now a client that lost its connection had no other.
   */
  issue(state: ResumableState, backend: Backend, nowMs: number, used?: string): string {
    for (const [handle, { untilMs }] of this.#states) {
      if (untilMs > nowMs) break;
      this.#states.delete(handle);
    }
    const { handleLifeMs, vertexHandleLifeMs, handleUses } = this.#rules;
    if (used !== undefined && handleUses === 'once') this.#states.delete(used);
    const handle = this.#newSecret();
    const lifeMs = backend === 'vertex-ai' ? vertexHandleLifeMs : handleLifeMs;
    this.#states.set(handle, { state, untilMs: nowMs + lifeMs });
    return handle;
  }

  /** The state of a handle, unless it is unknown, used, outlived, another project's or, where handles are bound to it, another owner's. */
  find(
    handle: string,
    caller: { readonly owner: string; readonly project: string },
    nowMs: number,
  ): ResumableState | undefined {
    const found = this.#states.get(handle);
    if (found === undefined || nowMs >= found.untilMs) return undefined;
    if (found.state.project !== caller.project) return undefined;
    const { handleScope } = this.#rules;
    const scope = typeof handleScope === 'function' ? handleScope() : handleScope;
    if (scope === 'token' && found.state.owner !== caller.owner) return undefined;
    return found.state;
  }

  /** Handles that this connection was given stand for nothing any more. */
  forget(sessionId: string): void {
    for (const [handle, { state }] of this.#states) {
      if (state.sessionId === sessionId) this.#states.delete(handle);
    }
  }
}
