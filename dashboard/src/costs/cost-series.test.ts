import type { StatsFigures } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { costSeries, OTHERS, readDay, SHOWN_GROUPS, sumOf, userGroups } from './cost-series.ts';

const figures = (sessions: number, microUsd: number, unpriced = 0): StatsFigures => ({
  sessions,
  leasedSeconds: sessions * 120,
  reportedSeconds: sessions * 60,
  meteredSeconds: 0,
  microUsd,
  unpriced,
  flagged: 0,
  failed: 0,
});
const day = (name: string, byModel: Readonly<Record<string, StatsFigures>>) => ({
  day: name,
  isSample: false,
  all: sumOf(Object.values(byModel)),
  byModel,
  byTemplate: { '-': sumOf(Object.values(byModel)) },
});
const DAYS = ['2026-11-19', '2026-11-20', '2026-11-21'] as const;

describe('costSeries', () => {
  it('leaves a day without a document empty, and adds the others up', () => {
    const series = costSeries(
      DAYS,
      [day(DAYS[0], { m: figures(2, 50) }), day(DAYS[2], { m: figures(1, 7) })],
      'day',
    );
    expect(series.totals.map((each) => each?.microUsd ?? null)).toEqual([50, null, 7]);
    expect(series.sum).toMatchObject({ sessions: 3, microUsd: 57, leasedSeconds: 360 });
    expect(series.groups).toHaveLength(1);
    expect(series.groups[0]?.days).toEqual(series.totals);
  });

  it('stacks the models of each day, the costliest first, and adds up to the whole', () => {
    const series = costSeries(
      DAYS,
      [day(DAYS[0], { cheap: figures(5, 10), dear: figures(1, 90) }), day(DAYS[1], { cheap: figures(1, 5) })],
      'model',
    );
    expect(series.groups.map(({ name }) => name)).toEqual(['dear', 'cheap']);
    expect(series.groups.map(({ days }) => days.map((each) => each?.microUsd ?? null))).toEqual([
      [90, null, null],
      [10, 5, null],
    ]);
    expect(sumOf(series.groups.map(({ sum }) => sum))).toEqual(series.sum);
  });

  it('counts what has no price apart: a model without one has no height and still a count', () => {
    const series = costSeries(
      DAYS,
      [day(DAYS[1], { known: figures(1, 9), secret: figures(4, 0, 4) })],
      'model',
    );
    expect(series.groups.map(({ name, sum }) => [name, sum.microUsd, sum.unpriced])).toEqual([
      ['known', 9, 0],
      ['secret', 0, 4],
    ]);
    expect(series.sum.unpriced).toBe(4);
  });

  it('folds the cheapest of many models into others and loses nothing', () => {
    const many = Object.fromEntries(
      Array.from({ length: SHOWN_GROUPS + 3 }, (_, place) => [`m${place}`, figures(1, 1_000 - place)]),
    );
    const series = costSeries(DAYS, [day(DAYS[0], many)], 'model');
    expect(series.groups).toHaveLength(SHOWN_GROUPS + 1);
    expect(series.groups.at(-1)).toMatchObject({
      name: OTHERS,
      folded: ['m6', 'm7', 'm8'],
      sum: { sessions: 3 },
    });
    expect(series.groups.at(-1)?.days[1]).toBeNull();
    expect(sumOf(series.groups.map(({ sum }) => sum))).toEqual(series.sum);
  });

  it('folds nothing where one would stand alone among the others', () => {
    const seven = Object.fromEntries(
      Array.from({ length: SHOWN_GROUPS + 1 }, (_, place) => [`m${place}`, figures(1, place)]),
    );
    const { groups } = costSeries(DAYS, [day(DAYS[0], seven)], 'model');
    expect(groups.map(({ name }) => name)).not.toContain(OTHERS);
  });

  it('names sessions without a template', () => {
    const { groups } = costSeries(DAYS, [day(DAYS[0], { m: figures(1, 1) })], 'template');
    expect(groups.map(({ name }) => name)).toEqual(['no template']);
  });

  it('does not take a model for a part of every object', () => {
    const { groups } = costSeries(
      DAYS,
      [day(DAYS[0], { constructor: figures(1, 5) }), day(DAYS[1], { m: figures(1, 4) })],
      'model',
    );
    expect(groups.map(({ sum }) => sum.microUsd)).toEqual([5, 4]);
  });
});

describe('userGroups', () => {
  const user = (uid: string, microUsd: number) => ({
    ...figures(1, microUsd),
    uid,
    month: '2026-11',
    closedAt: 0,
    isSample: false,
  });

  it('counts everybody who is not listed, the erased ones too, as all others', () => {
    const { groups, sum } = userGroups(
      [user('a', 50), user('b', 20)],
      [day(DAYS[0], { m: figures(4, 100, 1) })],
    );
    expect(groups.map(({ name, sum: { microUsd } }) => [name, microUsd])).toEqual([
      ['a', 50],
      ['b', 20],
      [OTHERS, 30],
    ]);
    expect(sum).toMatchObject({ microUsd: 100, unpriced: 1, sessions: 4 });
  });

  it('has no others while the days are rolled up later than the users are counted', () => {
    const { groups, sum } = userGroups([user('a', 50)], []);
    expect(groups.map(({ name }) => name)).toEqual(['a']);
    expect(sum.microUsd).toBe(50);
  });
});

describe('readDay', () => {
  const document = { v: 1, all: figures(1, 5), byModel: { m: figures(1, 5) }, byTemplate: {} };

  it('reads what the roll-up wrote', () => {
    expect(readDay('2026-11-21', document)).toMatchObject({ day: '2026-11-21', all: { microUsd: 5 } });
    expect(readDay('2026-11-21', document)?.isSample).toBe(false);
    expect(readDay('2026-11-21', { ...document, sample: true })?.isSample).toBe(true);
  });

  it.each([null, {}, { ...document, byModel: [1] }, { ...document, all: { microUsd: '5' } }])(
    'does not read %j',
    (data) => {
      expect(readDay('2026-11-21', data)).toBeUndefined();
    },
  );
});
