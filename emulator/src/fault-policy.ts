/**
 * Which fault befalls what, and how often: rules, counted. Knows neither sockets nor timers.
 * @module
 */
import type { Fault, FaultMoment, FaultRule, FaultScope, TokenFault, UpgradeFault } from './fault.ts';
import { seededRandom } from './seeded-random.ts';

/** A fault whose moment has come, and the name of its rule. */
export interface FiredFault<F = Fault> {
  readonly fault: F;
  readonly rule: string;
}

/** What happens on a connection, as far as moments are made of it. */
export type ConnectionEvent =
  | { readonly kind: 'open' | 'setup-complete' | 'now' | 'message-in' | 'turn' | 'tick' }
  /** Before a message goes out; its keys, and `audio` where it holds some. */
  | { readonly kind: 'message-out'; readonly parts: readonly string[] }
  /** So much of an answer's audio has gone. */
  | { readonly kind: 'audio'; readonly ms: number };

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

interface Bound {
  readonly standing: StandingRule;
  /** Absent: as soon as may be. */
  readonly at: FaultMoment | undefined;
  readonly fault: Fault;
  readonly boundAtMs: number;
  count: number;
  /** Audio of the answer under way, in ms. */
  audioMs: number;
  isDone: boolean;
}

const NONE: readonly FiredFault[] = [];

/** The rules of one connection. */
export class ConnectionFaults {
  readonly #facts: ConnectionFacts;
  #bound: readonly Bound[] = [];

  constructor(facts: ConnectionFacts) {
    this.#facts = facts;
  }

  /** Takes a rule in, from `nowMs` on; false where it is not for this connection. */
  bind(standing: StandingRule, nowMs: number): boolean {
    const { rule } = standing;
    if (isAtDoor(rule) || !standing.covers(this.#facts)) return false;
    const bound = {
      standing,
      at: rule.at,
      fault: rule.fault,
      boundAtMs: nowMs,
      count: 0,
      audioMs: 0,
      isDone: false,
    };
    this.#bound = [...this.#bound, bound];
    return true;
  }

  /** No rule is for this connection any more. */
  clear(): void {
    this.#bound = [];
  }

  /** True while no rule is for this connection. */
  get isEmpty(): boolean {
    return this.#bound.length === 0;
  }

  /** When a `tick` has something to do. */
  get nextMs(): number | undefined {
    const times = this.#bound.flatMap((each) =>
      each.isDone || each.standing.isSpent ? [] : (dueMs(each) ?? []),
    );
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** What befalls the connection at an event, in the order of the rules. */
  see(event: ConnectionEvent, nowMs: number): readonly FiredFault[] {
    if (this.#bound.length === 0) return NONE;
    const fired: FiredFault[] = [];
    for (const bound of this.#bound) {
      if (!bound.isDone && isMoment(bound, event, nowMs) && bound.standing.fire())
        fired.push({ fault: bound.fault, rule: bound.standing.id });
    }
    if (this.#bound.some(({ isDone, standing }) => isDone || standing.isSpent))
      this.#bound = this.#bound.filter(({ isDone, standing }) => !isDone && !standing.isSpent);
    return fired;
  }
}

function isAtDoor(rule: FaultRule): rule is Extract<FaultRule, { at: 'upgrade' | 'token-request' }> {
  return rule.at === 'upgrade' || rule.at === 'token-request';
}

function dueMs({ at, boundAtMs }: Bound): number | undefined {
  return typeof at === 'object' && 'afterMs' in at ? boundAtMs + at.afterMs : undefined;
}

/** Counts the event, and says whether the rule's moment has come with it. */
function isMoment(bound: Bound, event: ConnectionEvent, nowMs: number): boolean {
  const { at } = bound;
  if (typeof at !== 'object') {
    bound.isDone = at === undefined ? event.kind === 'open' || event.kind === 'now' : at === event.kind;
    return bound.isDone;
  }
  if ('messageOut' in at) {
    if (event.kind !== 'message-out') return false;
    if (at.of !== undefined && !event.parts.includes(at.of)) return false;
    return isNth(bound, at.messageOut);
  }
  if ('messageIn' in at) return event.kind === 'message-in' && isNth(bound, at.messageIn);
  if ('afterMs' in at) {
    bound.isDone = nowMs >= bound.boundAtMs + at.afterMs;
    return bound.isDone;
  }
  return isInAnswer(bound, 'turn' in at ? at.turn : undefined, at.audioMs, event);
}

function isNth(bound: Bound, wanted: number | 'each'): boolean {
  bound.count++;
  if (wanted === 'each') return true;
  bound.isDone = bound.count >= wanted;
  return bound.count === wanted;
}

function isInAnswer(
  bound: Bound,
  turn: number | 'each' | undefined,
  audioMs: number | undefined,
  event: ConnectionEvent,
): boolean {
  if (event.kind === 'turn') {
    bound.count++;
    bound.audioMs = 0;
    const isPast = typeof turn === 'number' && bound.count > turn;
    const isHere = audioMs === undefined && (turn === 'each' || bound.count === turn);
    bound.isDone = isPast || (isHere && turn !== 'each');
    return isHere;
  }
  if (event.kind !== 'audio' || audioMs === undefined) return false;
  const beforeMs = bound.audioMs;
  bound.audioMs += event.ms;
  if (typeof turn === 'number' && bound.count !== turn) return false;
  const isReached = beforeMs < audioMs && bound.audioMs >= audioMs;
  bound.isDone = isReached && turn !== 'each';
  return isReached;
}
