/**
 * Tokens turn by turn, their sum, and why it may differ from what was reported. Pure.
 * @module
 */
import { addTotals, NO_USAGE, type TurnUsage, type UsageTotals } from '@livegate/protocol';
import type { ToldLine } from './told-lines.ts';

/** One turn of the model as its page told it. */
export interface TurnRow {
  readonly id: string;
  /** From 1. */
  readonly number: number;
  /** When it ended, epoch ms. */
  readonly at: number;
  readonly connection: number | null;
  /** `null`: the service counted nothing for it. */
  readonly usage: TurnUsage | null;
  /** From the end of what the user said to the beginning of the answer, in ms. */
  readonly answerMs: number | null;
  readonly interrupted: boolean;
  readonly cut: boolean;
}

/** The turns among the lines, in order. */
export function turnRows(lines: readonly ToldLine[]): readonly TurnRow[] {
  return lines
    .flatMap(({ id, at, connection, line }) =>
      line?.type === 'turn' ? [{ id, at, connection, detail: line.detail }] : [],
    )
    .map(({ detail, ...row }, index) => ({
      ...row,
      number: index + 1,
      usage: detail.usage ?? null,
      answerMs: detail.answerMs ?? null,
      interrupted: detail.interrupted === true,
      cut: detail.cut === true,
    }));
}

/** Figures of one turn, or none, as totals. */
export function totalsOfTurn(usage: TurnUsage | null): UsageTotals {
  return usage === null ? NO_USAGE : { ...NO_USAGE, turns: 1, ...usage };
}

/** The sum over turns. */
export function sumOfTurns(rows: readonly TurnRow[]): UsageTotals {
  return rows.reduce((sum, { usage }) => addTotals(sum, totalsOfTurn(usage)), NO_USAGE);
}

const GROUPS = [
  ['prompt', 'In'],
  ['cached', 'of it cached'],
  ['toolUse', 'Tools'],
  ['response', 'Out'],
] as const;

/** A column of the table of turns: `In, audio`. */
export interface UsageColumn {
  /** `prompt.AUDIO`, `thoughts`, `total`. */
  readonly key: string;
  readonly title: string;
  readonly tokens: (totals: UsageTotals) => number;
}

/** The columns that have something in any of these totals; `total` always. */
export function usageColumns(all: readonly UsageTotals[]): readonly UsageColumn[] {
  const columns: UsageColumn[] = GROUPS.flatMap(([part, title]) => {
    const modalities = new Set(all.flatMap((totals) => Object.keys(totals[part])));
    return [...modalities].sort().map((modality) => ({
      key: `${part}.${modality}`,
      title: `${title}, ${modality.toLowerCase()}`,
      tokens: (totals) => (totals[part] as Readonly<Record<string, number>>)[modality] ?? 0,
    }));
  });
  columns.push({ key: 'thoughts', title: 'Thoughts', tokens: ({ thoughts }) => thoughts });
  return [
    ...columns.filter(({ tokens }) => all.some((totals) => tokens(totals) > 0)),
    { key: 'total', title: 'Total', tokens: ({ total }) => total },
  ];
}

/** What of the timeline the page has not read: nothing, what can be loaded, or what its viewer may not see. */
export type Unread = 'none' | 'loadable' | 'forbidden';

/** What a difference between turns and reports goes by. */
export interface DifferenceOrder {
  readonly turns: readonly TurnRow[];
  readonly reported: UsageTotals;
  readonly unread: Unread;
  /** The books are open: a report may be under way. */
  readonly open: boolean;
}

/** Why the sum over turns is not what was reported, in words; `null` where it is. */
export function differenceWords({ turns, reported, unread, open }: DifferenceOrder): string | null {
  const sum = sumOfTurns(turns);
  const columns = usageColumns([sum, reported]);
  if (columns.every(({ tokens }) => tokens(sum) === tokens(reported))) return null;
  const least = 'The reported figures count: each report carries the sums of its whole connection.';
  if (unread === 'loadable') return `More turns stand in batches that are not loaded yet. ${least}`;
  if (unread === 'forbidden') return `More turns stand in batches that admins alone may list. ${least}`;
  if (turns.length === 0)
    return `The pages of this session told no turn by itself: they run an older version of the web module, or another client. ${least}`;
  if (columns.some(({ tokens }) => tokens(sum) > tokens(reported)))
    return open
      ? `Turns were told that no sum holds yet: a report is under way. ${least}`
      : `Turns were told that no sum holds: the page’s own words do not fit together. ${least}`;
  return `Some usage was reported without a turn: ${
    open ? 'it is under way, or ' : ''
  }a line was lost, or a report held more lines than it may. ${least}`;
}
