/**
 * Tables as text: the same lines for a terminal and for a page.
 * @module
 */

/** A cell; numbers stand to the right. */
export type Cell = string | number;

/** A table with its rows. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Sentences below it. */
  readonly notes?: readonly string[];
}

/** The lines of a table in Markdown, its columns padded. */
export function tableLines({ title, head, rows, notes = [] }: Table): readonly string[] {
  const texts = [head, ...rows].map((row) => head.map((_, column) => String(row[column] ?? '')));
  const isNumeric = head.map(
    (_, column) =>
      rows.length > 0 &&
      rows.every((row) => /^[-+$≤≥]?[\d.,]*( ?(ms|×|%))?$|^–$/.test(String(row[column] ?? ''))),
  );
  const widths = head.map((_, column) => Math.max(3, ...texts.map((row) => [...(row[column] ?? '')].length)));
  const pad = (text: string, column: number): string => {
    const space = ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...text].length));
    return isNumeric[column] ? space + text : text + space;
  };
  const line = (row: readonly string[]): string => `| ${row.map(pad).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (isNumeric[column] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  const [first = [], ...others] = texts;
  return [
    `### ${title}`,
    '',
    line(first),
    rule,
    ...others.map(line),
    '',
    ...(notes.length > 0 ? [...notes, ''] : []),
  ];
}

/** A number with so many decimals, and separators of thousands. */
export function fixed(value: number, decimals = 2): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A number with as few decimals as it needs, at most `decimals`. */
export function plain(value: number, decimals = 3): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}
