/**
 * Sums as the page writes them: minutes, shares, and costs in which an unknown price is never 0. Pure.
 * @module
 */
import type { StatsFigures } from '@livegate/protocol';
import { countText, type Locale, NONE, usdText } from './format.ts';

/** Seconds as minutes, `2.5 min`; one decimal below a hundred. */
export function minutesText(seconds: number, { locale }: Locale = {}): string {
  const minutes = seconds / 60;
  return `${minutes.toLocaleString(locale, { maximumFractionDigits: minutes < 100 ? 1 : 0 })} min`;
}

/**
 * What sums cost: the part that has a price, and how many sessions have a part without one. `—` where there was no
 * session at all, `unpriced` alone where nothing had a price.
 */
export function costText(
  { sessions, microUsd, unpriced }: Pick<StatsFigures, 'sessions' | 'microUsd' | 'unpriced'>,
  options: Locale = {},
): string {
  if (sessions === 0) return NONE;
  if (unpriced === 0) return usdText(microUsd, options);
  const some = `${countText(unpriced, options)} unpriced`;
  return microUsd === 0 ? some : `${usdText(microUsd, options)} + ${some}`;
}

/** A part of a whole in percent: `12 %`, `< 1 %`; `—` where the whole is nothing. */
export function shareText(part: number, whole: number, { locale }: Locale = {}): string {
  if (whole <= 0) return NONE;
  const share = (part / whole) * 100;
  if (share > 0 && share < 1) return '< 1 %';
  return `${share.toLocaleString(locale, { maximumFractionDigits: 0 })} %`;
}
