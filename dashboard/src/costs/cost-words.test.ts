import { describe, expect, it } from 'vitest';
import { costSeries, sumOf } from './cost-series.ts';
import { dayText, figuresText, seriesWords, usersWords } from './cost-words.ts';

const english = { locale: 'en-US' };
const figures = (microUsd: number, unpriced = 0) => ({
  ...sumOf([]),
  sessions: 2,
  leasedSeconds: 240,
  microUsd,
  unpriced,
});
const days = ['2026-11-20', '2026-11-21'];
const day = (name: string, microUsd: number, unpriced = 0) => ({
  day: name,
  isSample: false,
  all: figures(microUsd, unpriced),
  byModel: { m: figures(microUsd, unpriced) },
  byTemplate: {},
});

describe('dayText', () => {
  it('names the UTC day wherever the viewer is', () => {
    expect(dayText('2026-11-01', english)).toBe('Nov 1');
  });
});

describe('figuresText', () => {
  it('has a unit at every figure', () => {
    expect(figuresText(figures(1_500_000, 1), english)).toBe('$1.50 + 1 unpriced · 2 sessions · 4 min');
  });
});

describe('seriesWords', () => {
  it('says the sum, the costliest day and the costliest parts', () => {
    const series = costSeries(days, [day('2026-11-20', 1_000_000), day('2026-11-21', 2_000_000, 1)], 'model');
    expect(seriesWords(series, 'model', english)).toBe(
      'Bars: cost of each of 2 UTC days, stacked by model; a line: minutes leased. In all $3.00 + 1 unpriced · 4 sessions · 8 min. The costliest day is Nov 21 with $2.00 + 1 unpriced. The costliest: m $3.00 + 1 unpriced. The table below has every figure.',
    );
  });

  it('names no costliest day where nothing has a price', () => {
    const series = costSeries(days, [day('2026-11-20', 0, 2)], 'day');
    expect(seriesWords(series, 'day', english)).not.toContain('costliest');
    expect(seriesWords(series, 'day', english)).toContain('In all 2 unpriced');
  });
});

describe('usersWords', () => {
  it('names the costliest users', () => {
    const group = { name: 'ada', folded: [], days: [], sum: figures(1_000_000) };
    expect(usersWords([group], english)).toContain('The costliest: ada $1.00.');
  });
});
