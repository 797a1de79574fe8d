/**
 * Costs in words: the chart for those who do not see it, and its tooltips. Pure.
 * @module
 */
import type { StatsFigures } from '@livegate/protocol';
import { countText, type Locale } from '../format.ts';
import { costText, minutesText } from '../money.ts';
import type { CostGroup, CostSeries } from './cost-series.ts';

/** A UTC day in little room: `Nov 21`. */
export function dayText(day: string, { locale }: Locale = {}): string {
  return new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(day),
  );
}

/** Sessions, minutes and cost of figures in one line. */
export function figuresText(figures: StatsFigures, options: Locale = {}): string {
  const { sessions, leasedSeconds } = figures;
  const noun = sessions === 1 ? 'session' : 'sessions';
  return `${costText(figures, options)} · ${countText(sessions, options)} ${noun} · ${minutesText(leasedSeconds, options)}`;
}

/** What a chart of days shows, in a few sentences. */
export function seriesWords(
  { days, groups, totals, sum }: CostSeries,
  by: 'day' | 'model' | 'template',
  options: Locale = {},
): string {
  const costliest = totals.reduce<number | null>((best, each, place) => {
    const held = best === null ? 0 : (totals[best]?.microUsd ?? 0);
    return each && each.microUsd > held ? place : best;
  }, null);
  const split = by === 'day' ? '' : `, stacked by ${by}`;
  const parts = [
    `Bars: cost of each of ${days.length} UTC days${split}; a line: minutes leased.`,
    `In all ${figuresText(sum, options)}.`,
  ];
  if (costliest !== null) {
    const day = days[costliest];
    const figures = totals[costliest];
    if (day && figures)
      parts.push(`The costliest day is ${dayText(day, options)} with ${costText(figures, options)}.`);
  }
  if (by !== 'day') parts.push(groupsWords(groups, options));
  parts.push('The table below has every figure.');
  return parts.join(' ');
}

/** What a chart of users shows, in a few sentences. */
export function usersWords(groups: readonly CostGroup[], options: Locale = {}): string {
  return `Bars: cost of each user in the month, the costliest first. ${groupsWords(groups, options)} The table below has every figure.`;
}

function groupsWords(groups: readonly CostGroup[], options: Locale): string {
  const named = groups.slice(0, 3).map(({ name, sum }) => `${name} ${costText(sum, options)}`);
  return `The costliest: ${named.join('; ')}.`;
}
