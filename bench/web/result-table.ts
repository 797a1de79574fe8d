/**
 * The table of a run: figures, aims, and what was met.
 * @module
 */
import { quantile } from '../functions/statistics.ts';
import type { Table } from '../functions/table.ts';
import { ADAPTER_NAMES, ADAPTERS, type Adapter } from './adapters.ts';
import type { FigureBook } from './figure-book.ts';
import type { Row, RowFigure } from './rows.ts';

/** One figure with an aim, judged. */
export interface Verdict {
  readonly figure: RowFigure;
  readonly bound: string;
  readonly isMet: boolean;
}

/** The median of a figure; not a number where it was not measured. */
export function medianIn(book: FigureBook, figure: string, adapter: Adapter): number {
  const values = book.of(figure, adapter).filter((value) => !Number.isNaN(value));
  return values.length === 0 ? Number.NaN : quantile(values, 0.5);
}

/** Judges every figure that has an aim, by medians. A figure that was not measured is not met. */
export function verdictsOf(rows: readonly Row[], book: FigureBook): readonly Verdict[] {
  return rows.flatMap(({ figures }) =>
    figures.flatMap((figure) => {
      if (!figure.aim) return [];
      const others = (id: string, adapter: Adapter = 'firebase'): number => medianIn(book, id, adapter);
      const ours = medianIn(book, figure.id, 'livegate');
      const { bound, isMet } = figure.aim(ours, others);
      return [{ figure, bound, isMet: isMet && !Number.isNaN(ours) }];
    }),
  );
}

/** All rows, the modules beside one another, medians with the least and the most. */
export function resultTable(rows: readonly Row[], book: FigureBook, verdicts: readonly Verdict[]): Table {
  return {
    title: 'Beside one another',
    head: ['measure', ...ADAPTERS.map((adapter) => ADAPTER_NAMES[adapter]), 'aim', ''],
    rows: rows.flatMap(({ figures }) =>
      figures.map((figure) => {
        const verdict = verdicts.find((each) => each.figure === figure);
        return [
          figure.what,
          ...ADAPTERS.map((adapter) => spreadText(book.of(figure.id, adapter), figure)),
          verdict?.bound ?? '',
          verdict ? (verdict.isMet ? 'met' : 'NOT MET') : '',
        ];
      }),
    ),
  };
}

/** `median [least..most]`, or the one figure there is; `–` for none. */
export function spreadText(
  all: readonly number[],
  { unit, digits }: Pick<RowFigure, 'unit' | 'digits'>,
): string {
  const values = all.filter((value) => !Number.isNaN(value));
  if (values.length === 0) return '–';
  const show = (value: number): string => {
    const text = value.toFixed(digits);
    return Number(text) === 0 ? text.replace('-', '') : text;
  };
  const [least, most] = [show(Math.min(...values)), show(Math.max(...values))];
  const middle = show(quantile(values, 0.5));
  return least === most ? `${middle}${unit}` : `${middle} [${least}..${most}]${unit}`;
}

/** The last line of a run. */
export function verdictLine(verdicts: readonly Verdict[]): string {
  return `${verdicts.filter(({ isMet }) => isMet).length} of ${verdicts.length} aims met`;
}

/** Says what could not be measured; empty where all was. */
export function lostLine({ lost }: Pick<FigureBook, 'lost'>): string {
  return lost.length === 0 ? '' : `Failed twice and not in the table: ${lost.join('; ')}.`;
}
