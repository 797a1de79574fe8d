import { describe, expect, it } from 'vitest';
import { leaseOf, lineOf, sessionOf } from './testing.ts';
import { connectionIds, toldLines } from './told-lines.ts';

describe('connectionIds', () => {
  it('numbers connections by their leases, without refused ones, and keeps one that no lease names', () => {
    const session = sessionOf({
      leases: {
        b: leaseOf({ connectionId: 'two', mintedAt: 20 }),
        c: leaseOf({ connectionId: 'never', mintedAt: 15, state: 'refused' }),
        a: leaseOf({ connectionId: 'one', mintedAt: 10 }),
      },
      connections: { stray: { seq: 1, final: true, seconds: 1, totals: sessionOf().reported.totals } },
    });
    expect(connectionIds(session)).toEqual(['one', 'two', 'stray']);
  });
});

describe('toldLines', () => {
  it('puts the document’s lines and those of batches in order, each once, with its connection’s number', () => {
    const [first, second, third] = [
      lineOf('connected', 1, { detail: { leaseIndex: 0 } }),
      lineOf('turn', 2),
      lineOf('interrupted', 3),
    ];
    const session = sessionOf({ timeline: [second, first] });
    const told = toldLines(session, [third, second]);
    expect(told.map(({ type }) => type)).toEqual(['connected', 'turn', 'interrupted']);
    expect(told.map(({ connection }) => connection)).toEqual([1, 1, 1]);
    expect(told[0]?.line).toEqual({ type: 'connected', detail: { leaseIndex: 0 } });
  });

  it('orders lines of one instant by their ids', () => {
    const at = 5;
    const lines = ['b', 'a', 'c'].map((id) => ({ id: `connection-0-${id}`, at, type: id }));
    expect(toldLines(sessionOf(), lines).map(({ type }) => type)).toEqual(['a', 'b', 'c']);
  });

  it('keeps a line of an unknown type, and leaves out what is no line', () => {
    const told = toldLines(sessionOf(), [
      { id: 'x', at: 1, type: 'something-new', detail: { a: 1 } },
      { id: 'y', at: Number.NaN, type: 'turn' },
      { id: 'z', type: 'turn' },
      null,
      'turn',
    ]);
    expect(told).toEqual([
      { id: 'x', at: 1, type: 'something-new', detail: { a: 1 }, line: undefined, connection: null },
    ]);
  });
});
