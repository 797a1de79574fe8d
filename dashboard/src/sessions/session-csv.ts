/**
 * Sessions as lines of a CSV file. Pure. Times are UTC in ISO 8601, seconds and tokens are numbers, money is US dollars.
 * @module
 */
import {
  type CountedModality,
  type LiveOpsDocument,
  type LiveSessionDocument,
  MODALITIES,
  type TokensByModality,
} from '@livegate/protocol';
import { tokensIn } from '../format.ts';
import { usageOf } from '../session-figures.ts';

/** A session, and what operators know of it once its books are closed. */
export interface FileRow {
  readonly id: string;
  readonly session: LiveSessionDocument;
  readonly ops: Pick<LiveOpsDocument, 'cost' | 'flags'> | null;
}

/** A cell: a number stays one. */
export type Cell = string | number;

const COUNTED: readonly CountedModality[] = [...MODALITIES, 'OTHER'];

interface Column {
  readonly name: string;
  readonly cell: (row: FileRow) => Cell;
}

const tokens = (name: string, of: (row: FileRow) => TokensByModality): readonly Column[] =>
  COUNTED.map((modality) => ({
    name: `${name}_${modality.toLowerCase()}_tokens`,
    cell: (row) => of(row)[modality] ?? 0,
  }));

const COLUMNS: readonly Column[] = [
  { name: 'session_id', cell: ({ id }) => id },
  { name: 'user_id', cell: ({ session }) => session.uid },
  { name: 'state', cell: ({ session }) => session.state },
  { name: 'stop_reason', cell: ({ session }) => session.stopReason ?? '' },
  { name: 'route', cell: ({ session }) => session.route },
  { name: 'backend', cell: ({ session }) => session.backend },
  { name: 'model', cell: ({ session }) => session.model },
  { name: 'template', cell: ({ session }) => session.template ?? '' },
  { name: 'policy', cell: ({ session }) => session.policy },
  { name: 'began_utc', cell: ({ session }) => utc(session.createdAt) },
  { name: 'ended_utc', cell: ({ session }) => (session.endedAt === null ? '' : utc(session.endedAt)) },
  { name: 'last_token_dies_utc', cell: ({ session }) => utc(session.deadAt) },
  { name: 'tokens_minted', cell: ({ session }) => session.leased.tokens },
  { name: 'leased_seconds', cell: ({ session }) => session.leased.seconds },
  { name: 'reported_seconds', cell: ({ session }) => session.reported.seconds },
  { name: 'metered_seconds', cell: ({ session }) => session.metered?.seconds ?? '' },
  { name: 'turns', cell: ({ session }) => usageOf(session).turns },
  ...tokens('prompt', ({ session }) => usageOf(session).prompt),
  ...tokens('response', ({ session }) => usageOf(session).response),
  { name: 'tool_use_tokens', cell: ({ session }) => tokensIn(usageOf(session).toolUse) },
  { name: 'cached_tokens', cell: ({ session }) => tokensIn(usageOf(session).cached) },
  { name: 'thought_tokens', cell: ({ session }) => usageOf(session).thoughts },
  { name: 'cost_usd', cell: ({ ops }) => (ops === null ? '' : usd(ops.cost.microUsd)) },
  { name: 'priced_part_usd', cell: ({ ops }) => (ops === null ? '' : usd(ops.cost.pricedMicroUsd)) },
  { name: 'flags', cell: ({ ops }) => ops?.flags.join(' ') ?? '' },
  { name: 'sample_data', cell: ({ session }) => (session.sample === true ? 'yes' : '') },
];

/** The first line. */
export const CSV_HEADER: readonly string[] = COLUMNS.map(({ name }) => name);

/** The line of a session, a cell for each of {@link CSV_HEADER}. Costs are empty while the books are open. */
export function csvCells(row: FileRow): readonly Cell[] {
  return COLUMNS.map(({ cell }) => cell(row));
}

function utc(ms: number): string {
  return new Date(ms).toISOString();
}

/** Millionths as dollars; never 0 for what has no price. */
function usd(microUsd: number | null): Cell {
  return microUsd === null ? 'unpriced' : microUsd / 1_000_000;
}
