import { describe, expect, it } from 'vitest';
import { FigureBook } from './figure-book.ts';
import { spreadText, verdictLine, verdictsOf } from './result-table.ts';
import { ROWS } from './rows.ts';

const rowsOf = (id: string) => ROWS.filter((row) => row.id === id);
const bookOf = (latencies: Readonly<Record<'firebase' | 'livegate', readonly number[]>>): FigureBook => {
  const book = new FigureBook();
  for (const adapter of ['firebase', 'livegate'] as const)
    for (const latency of latencies[adapter]) book.add('latency', adapter, latency);
  return book;
};

describe('verdictsOf', () => {
  it('compares medians with firebase/ai’s of the same run', () => {
    const met = verdictsOf(rowsOf('microphone'), bookOf({ firebase: [10, 12, 30], livegate: [1, 4.8, 90] }));
    expect(met.find(({ figure }) => figure.id === 'latency')).toMatchObject({
      bound: '≤ 0.4 × = 4.80 ms',
      isMet: true,
    });
    const missed = verdictsOf(rowsOf('microphone'), bookOf({ firebase: [10, 12, 30], livegate: [4.9] }));
    expect(missed.find(({ figure }) => figure.id === 'latency')).toMatchObject({ isMet: false });
  });
  it('counts what was not measured, on either side, as not met', () => {
    for (const latencies of [
      { firebase: [], livegate: [1] },
      { firebase: [10], livegate: [] },
      { firebase: [10], livegate: [Number.NaN] },
    ])
      expect(verdictsOf(rowsOf('microphone'), bookOf(latencies)).every(({ isMet }) => !isMet)).toBe(true);
  });
  it('says how many were met', () => {
    const verdicts = verdictsOf(rowsOf('microphone'), bookOf({ firebase: [10], livegate: [1] }));
    expect(verdictLine(verdicts)).toBe('1 of 2 aims met');
  });
});

describe('spreadText', () => {
  it('shows the median between the least and the most, a single figure alone, and nothing as a dash', () => {
    const style = { unit: ' ms', digits: 1 };
    expect(spreadText([3, 1, 2], style)).toBe('2.0 [1.0..3.0] ms');
    expect(spreadText([2, 2.01], style)).toBe('2.0 ms');
    expect(spreadText([Number.NaN], style)).toBe('–');
    expect(spreadText([-0.01], style)).toBe('0.0 ms');
  });
});

describe('rows', () => {
  it('name every figure once', () => {
    const ids = ROWS.flatMap(({ figures }) => figures.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
