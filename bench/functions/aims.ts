/**
 * What the figures are to be.
 * @module
 */
import type { Table } from './table.ts';

/** One figure beside its bound. */
export interface Aim {
  readonly what: string;
  /** As it is to be read, with its unit. */
  readonly bound: string;
  readonly found: string;
  readonly isMet: boolean;
}

/** A figure that is to be at most `most`. */
export function atMost(
  what: string,
  found: number,
  { most, show }: { readonly most: number; readonly show: (value: number) => string },
): Aim {
  return { what, bound: `≤ ${show(most)}`, found: show(found), isMet: found <= most };
}

/** The aims as a table. */
export function aimsTable(aims: readonly Aim[]): Table {
  return {
    title: 'Aims',
    head: ['aim', 'bound', 'found', ''],
    rows: aims.map(({ what, bound, found, isMet }) => [what, bound, found, isMet ? 'met' : 'NOT MET']),
  };
}

/** The last line of a run. */
export function aimsLine(aims: readonly Aim[]): string {
  return `${aims.filter(({ isMet }) => isMet).length} of ${aims.length} aims met`;
}
