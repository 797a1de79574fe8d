/**
 * Which fault befalls what, and how often: the rules of a run. Knows neither sockets nor timers.
 * @module
 */
import { ConnectionFaults } from './connection-faults.ts';
import type { FaultRule, TokenFault, UpgradeFault } from './fault.ts';
import { type ConnectionFacts, type FiredFault, StandingRule } from './standing-rule.ts';

/** The rules of a run. `seed` decides every draw. */
export class FaultPolicy {
  readonly #seed: number;
  #rules: readonly StandingRule[] = [];
  #count = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Adds a rule that has been read; those given before it come first. One for `now` is for no connection to come. */
  add(rule: FaultRule): StandingRule {
    const nth = ++this.#count;
    const standing = new StandingRule(`fault-${nth}`, rule, this.#seed + nth * 7_919);
    if (rule.at !== 'now') this.#rules = [...this.#rules, standing];
    return standing;
  }

  /** A connection has taken the rule in: one that is for it alone is no other's. */
  taken(standing: StandingRule): void {
    if (standing.isForOne) this.#rules = this.#rules.filter((each) => each !== standing);
  }

  /** The rules that may still befall something new. */
  get standing(): readonly StandingRule[] {
    return this.#rules.filter((rule) => !rule.isSpent);
  }

  /** No rule is for a connection to come any more. */
  clear(): void {
    this.#rules = [];
  }

  /** What befalls an upgrade: the first rule that applies. */
  upgrade(tokenHash: string | undefined): FiredFault<UpgradeFault> | undefined {
    return this.#atDoor('upgrade', { tokenHash }) as FiredFault<UpgradeFault> | undefined;
  }

  /** What befalls a request for a token: the first rule that applies. */
  tokenRequest(): FiredFault<TokenFault> | undefined {
    return this.#atDoor('token-request', {}) as FiredFault<TokenFault> | undefined;
  }

  /** The rules for a connection that has just opened. */
  open(facts: ConnectionFacts, nowMs: number): ConnectionFaults {
    const faults = new ConnectionFaults(facts);
    for (const rule of this.#rules) {
      if (!rule.isSpent && faults.bind(rule, nowMs)) this.taken(rule);
    }
    return faults;
  }

  #atDoor(at: 'upgrade' | 'token-request', facts: Partial<ConnectionFacts>): FiredFault<unknown> | undefined {
    this.#rules = this.#rules.filter((each) => !each.isSpent);
    const found = this.#rules.find((each) => each.rule.at === at && each.covers(facts) && each.fire());
    return found && { fault: found.rule.fault, rule: found.id };
  }
}
