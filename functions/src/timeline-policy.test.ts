import type { ReportEvent } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { TIMELINE_CHARACTERS, TIMELINE_LINES, timelineWith } from './timeline-policy.ts';

const line = (id: number, detail = ''): ReportEvent => ({
  id: `line-${id}`,
  at: id,
  type: 'turn',
  detail: { detail },
});
const lines = (from: number, count: number): readonly ReportEvent[] =>
  Array.from({ length: count }, (_, index) => line(from + index));

describe('a timeline', () => {
  it('takes lines in order, each once', () => {
    const { timeline, rest } = timelineWith(lines(1, 2), [line(2), line(3), line(3), line(4)]);
    expect(timeline.map(({ id }) => id)).toEqual(['line-1', 'line-2', 'line-3', 'line-4']);
    expect(rest).toEqual([]);
  });

  it('holds so many lines and leaves the others, losing none', () => {
    const known = lines(1, TIMELINE_LINES - 1);
    expect(timelineWith(known, [line(98)]).rest).toEqual([]);
    const { timeline, rest } = timelineWith(known, [line(98), line(99)]);
    expect(timeline).toHaveLength(TIMELINE_LINES);
    expect(rest).toEqual([line(99)]);
    expect(timelineWith(timeline, [line(98), line(99)])).toEqual({ timeline, rest: [line(99)] });
  });

  it('holds so many characters and leaves the others in order', () => {
    const long = line(1, 'x'.repeat(TIMELINE_CHARACTERS));
    expect(timelineWith([], [line(0), long, line(2)])).toEqual({
      timeline: [line(0)],
      rest: [long, line(2)],
    });
  });
});
