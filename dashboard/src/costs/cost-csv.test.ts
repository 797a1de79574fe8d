import papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { CSV_FIELDS, csvText, seriesLines, userLines } from './cost-csv.ts';
import { costSeries, sumOf } from './cost-series.ts';

const figures = (microUsd: number, unpriced = 0) => ({
  ...sumOf([]),
  sessions: 2,
  leasedSeconds: 250,
  microUsd,
  unpriced,
});

describe('csvText', () => {
  it('writes a line for each group of each day, and reads back as it was', async () => {
    const series = costSeries(
      ['2026-11-20', '2026-11-21'],
      [
        {
          day: '2026-11-21',
          isSample: false,
          all: figures(1_500_000),
          byModel: { 'a,"b"\n': figures(1_500_000), secret: figures(0, 2) },
          byTemplate: {},
        },
      ],
      'model',
    );
    const text = await csvText(seriesLines(series));
    expect(papa.parse(text).data).toEqual([
      [...CSV_FIELDS],
      ['2026-11-21', 'a,"b"\n', '2', '4.17', '0', '0', '1.5', '0'],
      ['2026-11-21', 'secret', '2', '4.17', '0', '0', '', '2'],
    ]);
  });

  it.each(['=cmd|x', '+1', '-1', '@SUM(A1)', '\t=1'])(
    'hands no spreadsheet %j as a formula',
    async (name) => {
      const text = await csvText(userLines('2026-11', [{ name, folded: [], days: [], sum: figures(1) }]));
      const [, row] = papa.parse<readonly string[]>(text).data;
      expect(row?.[1]).toBe(`'${name}`);
    },
  );
});
