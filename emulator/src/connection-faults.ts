/**
 * What befalls one connection: the rules that are for it, and its moments. Knows neither sockets nor timers.
 * @module
 */
import type { Fault, FaultMoment } from './fault.ts';
import { type ConnectionFacts, type FiredFault, isAtDoor, type StandingRule } from './standing-rule.ts';

/** What happens on a connection, as far as moments are made of it. */
export type ConnectionEvent =
  | { readonly kind: 'open' | 'setup-complete' | 'now' | 'message-in' | 'turn' | 'tick' }
  /** Before a message goes out; its keys, and `audio` where it holds some. */
  | { readonly kind: 'message-out'; readonly parts: readonly string[] }
  /** So much of an answer's audio has gone. */
  | { readonly kind: 'audio'; readonly ms: number };

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
