import type { SessionState } from '@livegate/protocol';
import type { VNode } from 'preact';
import { useCallback, useRef } from 'preact/hooks';
import { momentText, utcText } from '../format.ts';
import { sessionPath, userPath } from '../places.ts';
import { livenessOf } from '../session-figures.ts';
import { Moment } from '../views/moment.tsx';
import { StateBadge } from '../views/state-badge.tsx';
import { useVirtualRows } from '../views/use-virtual-rows.ts';
import { beganAt, type ListRow } from './list-row.ts';
import { ClosedCells, SessionFigureCells } from './session-cells.tsx';

interface SessionRowsProps {
  readonly rows: readonly ListRow[];
  /** Whether there are more than are loaded. */
  readonly isMore: boolean;
  readonly caption: string;
  readonly nowMs: number;
}

/** Height of a row of one line of names, in px, until rows were measured. */
const ROW_PX = 66;

/** The list: a table of which only what is on screen stands in the document. On a narrow screen each row is a card. */
export function SessionRows({ rows, isMore, caption, nowMs }: SessionRowsProps) {
  const isClosed = rows[0]?.kind === 'closed';
  const columns = isClosed ? CLOSED_COLUMNS : SESSION_COLUMNS;
  const keyOf = useCallback((index: number) => rows[index]?.id ?? String(index), [rows]);
  const { items, before, after, body, measure } = useVirtualRows({
    count: rows.length,
    estimate: ROW_PX,
    keyOf,
  });
  const lineOf = useSteadyLines({ nowMs, measure });
  return (
    <table
      class="ledger sessions-list"
      // With the header; -1: unknown.
      aria-rowcount={isMore ? -1 : rows.length + 1}
      data-testid="session-table"
      data-loaded={rows.length}
    >
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map(({ name, isFigure }) => (
            <th key={name} scope="col" class={isFigure ? 'figure' : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <Room px={before} columns={columns.length} />
        {items.map(({ index }) => {
          const row = rows[index];
          return row && lineOf(row, index);
        })}
        <Room px={after} columns={columns.length} />
      </tbody>
    </table>
  );
}

interface HeldLine {
  readonly row: ListRow;
  readonly index: number;
  readonly nowMs: number;
  readonly line: VNode;
}

/** A line for a row: the same as before where nothing of it changed, so that scrolling draws new rows only. */
function useSteadyLines({ nowMs, measure }: Pick<LineProps, 'nowMs' | 'measure'>) {
  const before = useRef<ReadonlyMap<string, HeldLine>>(new Map());
  const lines = new Map<string, HeldLine>();
  const last = before.current;
  before.current = lines;
  return (row: ListRow, index: number): VNode => {
    const held = last.get(row.id);
    const isSame = held?.row === row && held.index === index && held.nowMs === nowMs;
    const line = isSame ? (
      held.line
    ) : (
      <Line key={row.id} row={row} index={index} nowMs={nowMs} measure={measure} />
    );
    lines.set(row.id, { row, index, nowMs, line });
    return line;
  };
}

const COMMON = [{ name: 'Began' }, { name: 'State' }, { name: 'User' }, { name: 'Model' }] as const;
const SESSION_COLUMNS: readonly Column[] = [
  ...COMMON,
  { name: 'Leased', isFigure: true },
  { name: 'Reported', isFigure: true },
  { name: 'Tokens' },
];
const CLOSED_COLUMNS: readonly Column[] = [...COMMON, { name: 'Cost', isFigure: true }, { name: 'Flags' }];

interface Column {
  readonly name: string;
  readonly isFigure?: boolean;
}

/** Stands for rows that are not in the document. */
function Room({ px, columns }: { readonly px: number; readonly columns: number }) {
  return (
    <tr class="room" inert>
      <td colSpan={columns} style={{ height: `${px}px` }} />
    </tr>
  );
}

interface LineProps {
  readonly row: ListRow;
  readonly index: number;
  readonly nowMs: number;
  readonly measure: (element: Element | null) => void;
}

function Line({ row, index, nowMs, measure }: LineProps) {
  const began = beganAt(row);
  const { uid, state, model } = row.kind === 'session' ? row.session.document : row.closed;
  const template = row.kind === 'session' ? row.session.document.template : row.closed.templateId;
  const liveness = row.kind === 'session' ? livenessOf(row.session.document, nowMs) : 'over';
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      data-testid="session-row"
      data-session-id={row.id}
      data-state={state}
      data-liveness={liveness}
    >
      <th scope="row" class="name">
        <a href={sessionPath(row.id)}>
          <Moment ms={began} nowMs={nowMs} />
        </a>
      </th>
      <td data-label="State">
        <StateBadge state={state as SessionState} testId="cell-state" />
        {row.kind === 'session' && liveness !== 'over' && (
          <span class={`alive ${liveness}`} data-testid="live" title={utcText(row.session.document.deadAt)}>
            <span class={`dot ${liveness}`} aria-hidden="true" />
            {liveness === 'live' ? 'live until ' : 'token until '}
            {momentText(row.session.document.deadAt, nowMs)}
          </span>
        )}
      </td>
      <td data-label="User">
        <a class="clip mono" data-testid="cell-user" title={uid} href={userPath(uid)}>
          {uid}
        </a>
      </td>
      <td data-label="Model">
        <span class="clip" data-testid="cell-model" title={model}>
          {model}
        </span>
        {template !== null && (
          <span class="under clip" title={template}>
            {template}
          </span>
        )}
      </td>
      {row.kind === 'session' ? (
        <SessionFigureCells session={row.session} />
      ) : (
        <ClosedCells closed={row.closed} />
      )}
    </tr>
  );
}
