/**
 * Figures and times as the page writes them: always with a unit, never a guess. Pure.
 * @module
 */
import type { TokensByModality } from '@livegate/protocol';

/** Stands where a figure does not exist: nothing measured is not zero. */
export const NONE = '—';

/** Whose way of writing numbers and times; the viewer's own where left out. */
export interface Locale {
  readonly locale?: string;
  readonly timeZone?: string;
}

/** Seconds as the table compares them: `1,020 s`. Fractions are rounded. */
export function secondsText(seconds: number, { locale }: Locale = {}): string {
  return `${wholeFormat(locale).format(Math.round(seconds))} s`;
}

/** Seconds as people say them: `45 s`, `2 min`, `2 min 5 s`, `1 h 3 min`. */
export function durationWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = whole % 60;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
}

/** A whole number with the viewer's separators. */
export function countText(count: number, { locale }: Locale = {}): string {
  return wholeFormat(locale).format(Math.round(count));
}

const wholeFormats = new Map<string | undefined, Intl.NumberFormat>();

/** Made once for each locale: to make one takes longer than to use it a hundred times. */
function wholeFormat(locale: string | undefined): Intl.NumberFormat {
  const known = wholeFormats.get(locale) ?? new Intl.NumberFormat(locale);
  wholeFormats.set(locale, known);
  return known;
}

/** Large counts in little room: `950`, `12.3K`, `4.1M`. */
export function shortCount(count: number, { locale }: Locale = {}): string {
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}

/** Tokens by modality, largest first: `['audio 1,234', 'text 20']`; empty where there are none. */
export function modalityParts(tokens: TokensByModality, options: Locale = {}): readonly string[] {
  return modalitiesOf(tokens).map(
    ([modality, count]) => `${modality.toLowerCase()} ${countText(count, options)}`,
  );
}

/** The modalities that occurred, largest first. */
export function modalitiesOf(tokens: TokensByModality): readonly (readonly [string, number])[] {
  return Object.entries(tokens)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
}

/** Sum over modalities. */
export function tokensIn(tokens: TokensByModality): number {
  return Object.values(tokens).reduce((sum, count) => sum + count, 0);
}

/** Millionths of a US dollar as money, with as many digits as tell something: `$12.40`, `$0.0312`, `$0.00015`. */
export function usdText(microUsd: number, { locale }: Locale = {}): string {
  const usd = microUsd / 1_000_000;
  const size = Math.abs(usd);
  const digits = size === 0 || size >= 1 ? 2 : size >= 0.01 ? 4 : 6;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(usd);
}

/** Formats that were made: making one costs more than using it a hundred times, and lists use them in every row. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(options: Intl.DateTimeFormatOptions, { locale, timeZone }: Locale): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${Object.entries(options).join()}`;
  const zone = timeZone === undefined ? {} : { timeZone };
  const format = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale, { ...zone, ...options });
  dateFormats.set(key, format);
  return format;
}

/** A moment in the viewer's zone: to the second on `nowMs`'s day, with the date and to the minute on others. */
export function momentText(ms: number, nowMs: number, where: Locale = {}): string {
  const day = dateFormat({ dateStyle: 'short' }, where);
  if (day.format(ms) === day.format(nowMs)) return dateFormat({ timeStyle: 'medium' }, where).format(ms);
  const date = dateFormat({ month: 'short', day: 'numeric' }, where).format(ms);
  return `${date}, ${dateFormat({ timeStyle: 'short' }, where).format(ms)}`;
}

/** The same moment for a title: `2026-11-21 14:03:07 UTC`. */
export function utcText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
