import { describe, expect, it } from 'vitest';
import type { ConnectionEvent, ConnectionFaults } from './connection-faults.ts';
import type { FaultMoment, FaultRule } from './fault.ts';
import { FaultPolicy } from './fault-policy.ts';

const ALICE = { sessionId: 'session-1', tokenHash: 'aa' };
const BOB = { sessionId: 'session-2', tokenHash: 'bb' };
const OUT: ConnectionEvent = { kind: 'message-out', parts: ['serverContent'] };
const AUDIO: ConnectionEvent = { kind: 'message-out', parts: ['serverContent', 'audio'] };
const OPEN: ConnectionEvent = { kind: 'open' };
const IN: ConnectionEvent = { kind: 'message-in' };
const TURN: ConnectionEvent = { kind: 'turn' };
const said = (ms: number): ConnectionEvent => ({ kind: 'audio', ms });

const policyOf = (...rules: readonly FaultRule[]): FaultPolicy => {
  const policy = new FaultPolicy(1);
  for (const rule of rules) policy.add(rule);
  return policy;
};
const firedAt = (at: FaultMoment | undefined, events: readonly ConnectionEvent[]): readonly number[] => {
  const faults = policyOf({ fault: { kind: 'drop' }, ...(at && { at }) }).open(ALICE, 0);
  return events.flatMap((event, nth) => (faults.see(event, 0).length > 0 ? nth : []));
};
const drops = (faults: ConnectionFaults): boolean =>
  faults.see(OPEN, 0).some(({ fault }) => fault.kind === 'drop');

describe('FaultPolicy', () => {
  it.each<[string, FaultMoment | undefined, readonly ConnectionEvent[], readonly number[]]>([
    ['without a moment, at the opening', undefined, [OPEN, { kind: 'now' }], [0]],
    ['at the opening', 'open', [OPEN, OPEN], [0]],
    ['after setup', 'setup-complete', [OPEN, OUT, { kind: 'setup-complete' }, OUT], [2]],
    ['at the second message out', { messageOut: 2 }, [IN, OUT, IN, OUT, OUT], [3]],
    ['at each message out', { messageOut: 'each' }, [OUT, IN, OUT], [0, 2]],
    ['at the second with audio', { messageOut: 2, of: 'audio' }, [AUDIO, OUT, OUT, AUDIO], [3]],
    ['at the second message in', { messageIn: 2 }, [IN, OUT, IN, IN], [2]],
    ['at the second turn', { turn: 2 }, [TURN, OUT, TURN, TURN], [2]],
    ['at each turn', { turn: 'each' }, [TURN, OUT, TURN], [0, 2]],
    ['in an answer', { audioMs: 300 }, [TURN, said(200), TURN, said(200), said(100), said(500)], [4]],
    ['in the second answer', { turn: 2, audioMs: 150 }, [TURN, said(900), TURN, said(100), said(50)], [4]],
    ['in each answer', { turn: 'each', audioMs: 5 }, [TURN, said(9), said(9), TURN, said(5)], [1, 4]],
  ])('fires %s', (_, at, events, expected) => {
    expect(firedAt(at, events)).toEqual(expected);
  });

  it('lets an answer pass that another turn was named for', () => {
    expect(firedAt({ turn: 1, audioMs: 300 }, [TURN, said(100), TURN, said(500)])).toEqual([]);
  });

  it('fires so long after the opening, and says when', () => {
    const faults = policyOf({ at: { afterMs: 500 }, fault: { kind: 'drop' } }).open(ALICE, 1_000);
    expect(faults.nextMs).toBe(1_500);
    expect(faults.see({ kind: 'tick' }, 1_499)).toEqual([]);
    expect(faults.see({ kind: 'tick' }, 1_500)).toEqual([{ fault: { kind: 'drop' }, rule: 'fault-1' }]);
    expect([faults.nextMs, faults.see({ kind: 'tick' }, 9_999)]).toEqual([undefined, []]);
  });

  it.each<[string, FaultRule['scope'], boolean, boolean]>([
    ['every connection', undefined, true, true],
    ['the next connection', 'next-connection', true, false],
    ['a session', { session: 'session-2' }, false, true],
    ['a token', { token: 'aa' }, true, false],
    ['all of them by a share of 1', { share: 1 }, true, true],
    ['none of them by a share of 0', { share: 0 }, false, false],
  ])('befalls %s and no other', (_, scope, alice, bob) => {
    const policy = policyOf({ fault: { kind: 'drop' }, ...(scope !== undefined && { scope }) });
    expect([drops(policy.open(ALICE, 0)), drops(policy.open(BOB, 0))]).toEqual([alice, bob]);
  });

  it('draws the same share of connections for the same seed', () => {
    const drawn = (seed: number): string => {
      const policy = new FaultPolicy(seed);
      policy.add({ scope: { share: 0.3 }, fault: { kind: 'drop' } });
      return Array.from({ length: 1_000 }, () => (drops(policy.open(ALICE, 0)) ? 'x' : '.')).join('');
    };
    expect(drawn(7)).toBe(drawn(7));
    expect(drawn(7)).not.toBe(drawn(8));
    expect(drawn(7).replaceAll('.', '').length).toBeGreaterThan(250);
    expect(drawn(7).replaceAll('.', '').length).toBeLessThan(350);
  });

  it('fires as often as it may over all connections', () => {
    const policy = policyOf({ times: 2, at: { messageOut: 'each' }, fault: { kind: 'lose' } });
    const [alice, bob] = [policy.open(ALICE, 0), policy.open(BOB, 0)];
    expect([alice, bob, alice, bob].map((each) => each.see(OUT, 0).length)).toEqual([1, 1, 0, 0]);
  });

  it('binds a rule to an open connection from then on', () => {
    const policy = new FaultPolicy(1);
    const faults = policy.open(ALICE, 0);
    for (const event of [OPEN, TURN, OUT, OUT]) faults.see(event, 0);
    expect(faults.bind(policy.add({ at: { messageOut: 1 }, fault: { kind: 'lose' } }), 0)).toBe(true);
    expect(faults.bind(policy.add({ fault: { kind: 'stall' } }), 0)).toBe(true);
    expect(faults.bind(policy.add({ scope: { session: 'session-9' }, fault: { kind: 'drop' } }), 0)).toBe(
      false,
    );
    expect(faults.see({ kind: 'now' }, 0).map(({ fault }) => fault.kind)).toEqual(['stall']);
    expect(faults.see(OUT, 0).map(({ fault }) => fault.kind)).toEqual(['lose']);
  });

  it('keeps what is said of open connections from those that come later', () => {
    const policy = policyOf({ at: 'now', fault: { kind: 'drop' } });
    const faults = policy.open(ALICE, 0);
    expect([OPEN, { kind: 'now' } as const].flatMap((event) => faults.see(event, 0))).toEqual([]);
  });

  it('gives the doors the first rule that applies, and the next one its turn', () => {
    const policy = policyOf(
      { scope: 'next-connection', at: 'token-request', fault: { kind: 'refuse', status: 429 } },
      { times: 1, at: 'token-request', fault: { kind: 'lose-answer' } },
      { at: 'upgrade', scope: { token: 'bb' }, fault: { kind: 'hang' } },
    );
    const kinds = [1, 2, 3].map(() => policy.tokenRequest()?.fault.kind);
    expect(kinds).toEqual(['refuse', 'lose-answer', undefined]);
    expect([policy.upgrade('aa'), policy.upgrade('bb')?.rule, policy.upgrade('bb')?.rule]).toEqual([
      undefined,
      'fault-3',
      'fault-3',
    ]);
  });

  it('lists what may still befall a connection, and nothing else', () => {
    const policy = policyOf(
      { at: 'now', fault: { kind: 'drop' } },
      { scope: 'next-connection', fault: { kind: 'drop' } },
      { scope: { session: 'session-1' }, fault: { kind: 'drop' } },
      { scope: { session: 'session-2' }, fault: { kind: 'drop' } },
      { times: 1, fault: { kind: 'drop' } },
    );
    policy.open(ALICE, 0).see(OPEN, 0);
    expect(policy.standing.map(({ id }) => id)).toEqual(['fault-4']);
  });

  it('ends every rule when it is cleared, bound ones included', () => {
    const policy = policyOf(
      { at: { messageOut: 'each' }, fault: { kind: 'lose' } },
      { at: 'upgrade', fault: { kind: 'reset' } },
    );
    const faults = policy.open(ALICE, 0);
    expect(faults.see(OUT, 0)).toHaveLength(1);
    policy.clear();
    faults.clear();
    expect([faults.see(OUT, 0), policy.open(BOB, 0).see(OUT, 0), policy.upgrade('aa')]).toEqual([
      [],
      [],
      undefined,
    ]);
  });
});
