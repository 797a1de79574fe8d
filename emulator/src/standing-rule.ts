/**
 * A rule of faults in force: whom it covers, and how often it may still fire.
 * @module
 */
import type { Fault, FaultRule, FaultScope } from './fault.ts';
import { seededRandom } from './seeded-random.ts';

/** A fault whose moment has come, and the name of its rule. */
export interface FiredFault<F = Fault> {
  readonly fault: F;
  readonly rule: string;
}

/** Who a connection is to a rule. */
export interface ConnectionFacts {
  readonly sessionId: string;
  readonly tokenHash: string | undefined;
}

/** A rule in force. */
export class StandingRule {
  readonly id: string;
  readonly rule: FaultRule;
  readonly #random: () => number;
  #timesLeft: number;

  constructor(id: string, rule: FaultRule, seed: number) {
    this.id = id;
    this.rule = rule;
    this.#random = seededRandom(seed);
    this.#timesLeft = rule.times ?? (this.isForNext && isAtDoor(rule) ? 1 : Number.POSITIVE_INFINITY);
  }

  get isForNext(): boolean {
    return this.rule.scope === 'next-connection';
  }

  /** True where one connection takes it, and no other after that. */
  get isForOne(): boolean {
    const { scope } = this.rule;
    return this.isForNext || (typeof scope === 'object' && 'session' in scope);
  }

  get isSpent(): boolean {
    return this.#timesLeft <= 0;
  }

  /** True where the connection lies in the rule's scope; a share is drawn anew at each call. */
  covers({ sessionId, tokenHash }: Partial<ConnectionFacts>): boolean {
    const scope: FaultScope = this.rule.scope ?? 'every-connection';
    if (typeof scope === 'string') return true;
    if ('session' in scope) return scope.session === sessionId;
    if ('token' in scope) return scope.token === tokenHash;
    return this.#random() < scope.share;
  }

  /** Counts it down. False where it has fired as often as it may. */
  fire(): boolean {
    if (this.isSpent) return false;
    this.#timesLeft--;
    return true;
  }
}

/** True for a rule that befalls what is no connection yet. */
export function isAtDoor(rule: FaultRule): rule is Extract<FaultRule, { at: 'upgrade' | 'token-request' }> {
  return rule.at === 'upgrade' || rule.at === 'token-request';
}
