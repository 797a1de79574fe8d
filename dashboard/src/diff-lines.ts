/**
 * A document as lines of text, and two such texts as what went, came and stayed. Pure; the comparison itself is
 * handed in.
 * @module
 */

/** A line of a comparison; `gap` stands for `count` lines that are the same and not shown. */
export type DiffLine =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }
  | { readonly kind: 'gap'; readonly count: number };

/** A run of lines that stayed, went or came. */
export interface DiffRun {
  readonly value: readonly string[];
  readonly added: boolean;
  readonly removed: boolean;
}

/** Compares two texts line by line; `undefined` where that would take too long. */
export type CompareLines = (
  before: readonly string[],
  after: readonly string[],
) => readonly DiffRun[] | undefined;

/** Unchanged lines shown around a change. */
const AROUND = 3;

/**
 * A value as indented lines, one field each: JSON with its keys sorted and without commas, so that a line differs
 * only where its field does. A text of several lines takes a line for each. Nothing (`null`, `undefined`) has none.
 */
export function documentLines(value: unknown): readonly string[] {
  return value === null || value === undefined ? [] : linesOf(value, '', '');
}

function linesOf(value: unknown, label: string, indent: string): readonly string[] {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${indent}${label}[]`];
    return [
      `${indent}${label}[`,
      ...value.flatMap((each: unknown) => linesOf(each, '', inner)),
      `${indent}]`,
    ];
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (fields.length === 0) return [`${indent}${label}{}`];
    return [
      `${indent}${label}{`,
      ...fields.flatMap(([name, each]) => linesOf(each, `${JSON.stringify(name)}: `, inner)),
      `${indent}}`,
    ];
  }
  if (typeof value === 'string' && value.includes('\n'))
    return [
      `${indent}${label}`.trimEnd(),
      ...value.split(/(?<=\n)/).map((part) => `${inner}${JSON.stringify(part)}`),
    ];
  return [`${indent}${label}${JSON.stringify(value) ?? String(value)}`];
}

/**
 * The lines of a comparison, long unchanged stretches folded into gaps. Empty where nothing differs. Where `compare`
 * gives up, all of the one went and all of the other came.
 */
export function diffLines(before: unknown, after: unknown, compare: CompareLines): readonly DiffLine[] {
  const old = documentLines(before);
  const fresh = documentLines(after);
  if (old.length === fresh.length && old.every((line, place) => line === fresh[place])) return [];
  const runs = compare(old, fresh) ?? [
    { value: old, added: false, removed: true },
    { value: fresh, added: true, removed: false },
  ];
  return runs.flatMap(({ value, added, removed }, place): readonly DiffLine[] => {
    if (added || removed)
      return value.map((text) => ({ kind: added ? ('added' as const) : ('removed' as const), text }));
    return folded(value, { first: place === 0, last: place === runs.length - 1 });
  });
}

function folded(
  lines: readonly string[],
  { first, last }: { readonly first: boolean; readonly last: boolean },
): readonly DiffLine[] {
  const shown = (some: readonly string[]) => some.map((text) => ({ kind: 'same' as const, text }));
  const head = first ? 0 : AROUND;
  const tail = last ? 0 : AROUND;
  const count = lines.length - head - tail;
  // A gap of a single line would save none.
  if (count < 2) return shown(lines);
  return [...shown(lines.slice(0, head)), { kind: 'gap', count }, ...shown(lines.slice(lines.length - tail))];
}
