import { describe, expect, it } from 'vitest';
import { countReads } from './read-meter.ts';

/** What is counted in these pieces of an answer. */
function counted(...pieces: readonly string[]) {
  const reads = { documents: 0, aggregations: 0 };
  const count = countReads(
    (more) => {
      reads.documents += more;
    },
    (more) => {
      reads.aggregations += more;
    },
  );
  for (const piece of pieces) count(piece);
  return reads;
}

const CHANGE = '[[3,[{"documentChange":{"document":{"name":"a"},"targetIds":[2]}}]]]';
const sum = (count: number) =>
  `[{"result":{"aggregateFields":{"aggregate_0":{"integerValue":"${count}"}}},"readTime":"x"}]`;

describe('countReads', () => {
  it('counts a document that was sent, and one that left the result by a change', () => {
    expect(counted(CHANGE, CHANGE)).toEqual({ documents: 2, aggregations: 0 });
    expect(counted('[[4,[{"documentRemove":{"document":"a"}}]]]').documents).toBe(1);
  });

  it('counts no deletion, which is not billed', () => {
    expect(counted('[[4,[{"documentDelete":{"document":"a"}}]]]').documents).toBe(0);
  });

  it.each(Array.from({ length: CHANGE.length }, (_, at) => at))(
    'counts a change once that comes in two pieces, cut at %i',
    (at) => {
      expect(counted(CHANGE.slice(0, at), CHANGE.slice(at)).documents).toBe(1);
    },
  );

  it('counts an aggregation as one read for each thousand entries, and as one where there are none', () => {
    expect(counted(sum(0)).aggregations).toBe(1);
    expect(counted(sum(1_000)).aggregations).toBe(1);
    expect(counted(sum(1_001)).aggregations).toBe(2);
  });

  it('takes a sum for one read, whatever it comes to', () => {
    let reads = 0;
    const count = countReads(
      () => undefined,
      (more) => {
        reads += more;
      },
      () => true,
    );
    count(sum(8_000_000));
    expect(reads).toBe(1);
  });
});
