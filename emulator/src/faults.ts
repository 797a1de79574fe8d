/**
 * Everything that is to go wrong in one run: its rules, its wires and its doors.
 * @module
 */
import type { TokenStore } from './auth-tokens.ts';
import type { CancelTimer } from './clock.ts';
import type { FaultRule, StandingFault } from './fault.ts';
import { FaultPolicy } from './fault-policy.ts';
import { readFaultRule } from './fault-reader.ts';
import { FaultyDoor } from './faulty-door.ts';
import { FaultyWire } from './faulty-wire.ts';
import type { Journal } from './journal.ts';
import type { EmulatorSettings } from './options.ts';
import type { ResumptionStore } from './resumption-store.ts';
import { seededRandom } from './seeded-random.ts';
import type { SocketWire } from './socket-wire.ts';
import type { ConnectionFacts, FiredFault } from './standing-rule.ts';

/** What {@link Faults} need of a run. */
export interface FaultsSurroundings {
  readonly settings: Pick<EmulatorSettings, 'clock' | 'log' | 'faults' | 'seed'>;
  readonly journal: Journal;
  readonly tokens: () => TokenStore;
  readonly resumption: () => ResumptionStore;
  /** A connection and those whose conversation it goes on with. */
  readonly lineage: (sessionId: string) => readonly string[];
}

interface Line {
  readonly wire: FaultyWire;
  readonly facts: ConnectionFacts;
}

/** The faults of one run. */
export class Faults {
  readonly #around: FaultsSurroundings;
  #policy: FaultPolicy;
  readonly #lines = new Set<Line>();
  readonly #expiries = new Set<CancelTimer>();
  readonly door: FaultyDoor;
  #lineCount = 0;

  /** Takes the rules of the options in. */
  constructor(around: FaultsSurroundings) {
    this.#around = around;
    this.#policy = this.#startPolicy();
    this.door = new FaultyDoor({
      clock: around.settings.clock,
      atUpgrade: (tokenHash) => this.#seen(this.#policy.upgrade(tokenHash)),
      atTokenRequest: () => this.#seen(this.#policy.tokenRequest()),
    });
  }

  /** Adds a rule and gives its name. Throws `invalid-fault` that names the field, as `rule` and what lies under it. */
  add(rule: FaultRule): string {
    const standing = this.#policy.add(structuredClone(readFaultRule(rule, 'rule')));
    const { at, scope, fault } = standing.rule;
    if (fault.kind === 'expire-token' && at === 'now' && typeof scope === 'object' && 'token' in scope) {
      // A token can die without a connection under it, and dies once.
      this.#note('', fault.kind, standing.id);
      this.#expireToken(scope.token, fault.afterMs ?? 0);
    } else if (!standing.isForNext) {
      for (const { wire } of [...this.#lines]) if (wire.bind(standing)) this.#policy.taken(standing);
    }
    return standing.id;
  }

  /** The rules that may still befall something new, oldest first. */
  get standing(): readonly StandingFault[] {
    return this.#policy.standing.map(({ id, rule }) => ({ id, rule }));
  }

  /** Ends every rule and lifts what lasts: stalls, shapes, hung requests. What a token lost stays lost. */
  clear(): void {
    this.#policy.clear();
    for (const { wire } of [...this.#lines]) wire.release();
    this.door.release();
  }

  /** As at the start: the rules of the options stand again, and what hangs is cut off. */
  reset(): void {
    this.close();
    this.#policy = this.#startPolicy();
    this.#lineCount = 0;
  }

  /** Ends everything: rules, what lasts, what hangs, and every timer. */
  close(): void {
    this.#policy.clear();
    for (const { wire } of [...this.#lines]) wire.release();
    this.door.close();
    for (const cancel of this.#expiries) cancel();
    this.#expiries.clear();
  }

  /** Puts the faults of a connection before its socket. */
  wire(facts: ConnectionFacts, socket: SocketWire): FaultyWire {
    const { clock, seed } = this.#around.settings;
    const nowMs = clock.now();
    const wire = new FaultyWire({
      wire: socket,
      clock,
      faults: this.#policy.open(facts, nowMs),
      random: seededRandom(seed + ++this.#lineCount * 104_729),
      note: ({ kind }, rule) => this.#note(facts.sessionId, kind, rule),
      expireToken: (afterMs) => {
        if (facts.tokenHash !== undefined) this.#expireToken(facts.tokenHash, afterMs);
      },
      invalidateHandles: () => {
        for (const id of this.#around.lineage(facts.sessionId)) this.#around.resumption().forget(id);
      },
      onGone: () => this.#lines.delete(line),
    });
    const line: Line = { wire, facts };
    this.#lines.add(line);
    return wire;
  }

  #startPolicy(): FaultPolicy {
    const { faults, seed } = this.#around.settings;
    const policy = new FaultPolicy(seed);
    for (const [nth, rule] of faults.entries())
      policy.add(structuredClone(readFaultRule(rule, `faults[${nth}]`)));
    return policy;
  }

  #expireToken(tokenHash: string, afterMs: number): void {
    const { clock } = this.#around.settings;
    this.#around.tokens().expire(tokenHash, clock.now() + afterMs);
    const expire = (): void => {
      for (const { wire, facts } of [...this.#lines]) if (facts.tokenHash === tokenHash) wire.expire();
    };
    if (afterMs === 0) {
      expire();
      return;
    }
    const cancel = clock.setTimeout(() => {
      this.#expiries.delete(cancel);
      expire();
    }, afterMs);
    this.#expiries.add(cancel);
  }

  #seen<F extends { readonly kind: string }>(fired: FiredFault<F> | undefined): FiredFault<F> | undefined {
    if (fired) this.#note('', fired.fault.kind, fired.rule);
    return fired;
  }

  #note(sessionId: string, fault: string, rule: string | undefined): void {
    const { settings, journal } = this.#around;
    journal.note(
      { kind: 'fault', sessionId, fault, ...(rule !== undefined && { rule }) },
      settings.clock.now(),
    );
    settings.log(
      'info',
      `${sessionId || 'door'} fault ${fault}${rule === undefined ? ' of its answer' : ` by ${rule}`}`,
    );
  }
}
