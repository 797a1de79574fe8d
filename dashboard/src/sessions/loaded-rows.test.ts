import { describe, expect, it } from 'vitest';
import type { ListRow } from './list-row.ts';
import { type LoadedRows, NO_ROWS, rowsOf, withFirstPage, withLaterPage } from './loaded-rows.ts';

const row = (id: string, createdAt: number, state = 'active') =>
  ({ kind: 'session', id, session: { id, document: { createdAt, state } } }) as unknown as ListRow;
const ids = (rows: LoadedRows) => rowsOf(rows, 'newest').map(({ id }) => id);
const first = (rows: LoadedRows, ...page: readonly ListRow[]) =>
  withFirstPage(rows, { page, most: 2, sort: 'newest' });

describe('rowsOf', () => {
  const [e, d, c, b, a] = [row('e', 5), row('d', 4), row('c', 3), row('b', 2), row('a', 1)];
  const two = withLaterPage(first(NO_ROWS, d, c), [b, a]);

  it('puts later pages behind the first', () => {
    expect(ids(two)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('loses no row between a first page that moved on and a second that did not', () => {
    expect(ids(first(two, e, d))).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('drops a row that left the midst of the first page, and takes its successor once', () => {
    expect(ids(first(two, c, b))).toEqual(['c', 'b', 'a']);
  });

  it('shows a row as the first page has it where both have it', () => {
    const ended = row('b', 2, 'ended');
    expect(rowsOf(first(two, d, ended), 'newest').find(({ id }) => id === 'b')).toBe(ended);
  });

  it('keeps nothing that fell off while there is one page: the next is read from its end', () => {
    expect(ids(first(first(NO_ROWS, d, c), e, d))).toEqual(['e', 'd']);
  });

  it('sorts by cost, the unpriced last', () => {
    const cost = (id: string, microUsd: number | null) =>
      ({ kind: 'closed', id, closed: { microUsd, createdAt: 1 } }) as unknown as ListRow;
    const loaded = { first: [cost('a', 9)], later: [cost('c', null), cost('b', 0)] };
    expect(rowsOf(loaded, 'costliest').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });
});
