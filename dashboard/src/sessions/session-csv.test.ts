import { NO_USAGE } from '@livegate/protocol';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { CSV_FORM, FORMULA_START } from '../csv-form.ts';
import { CSV_HEADER, csvCells, type FileRow } from './session-csv.ts';

/** Text as hostile users would choose it. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .tuple(
      fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '＝', '"', ',', "'", ';', ' ', '=1\n', '\u202E'),
      fc.string({ maxLength: 10 }),
    )
    .map(([start, rest]) => start + rest),
);
const count = fc.integer({ min: 0, max: 10 ** 9 });
const totals = fc.record({ audio: count, text: count }).map(({ audio, text: written }) => ({
  ...NO_USAGE,
  prompt: { AUDIO: audio },
  response: { TEXT: written },
}));
const rows = fc.record({
  id: fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
  uid: text,
  model: text,
  template: fc.option(text),
  policy: text,
  stopReason: fc.option(text),
  createdAt: fc.integer({ min: 0, max: 4e12 }),
  endedAt: fc.option(fc.integer({ min: 0, max: 4e12 })),
  seconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
  totals,
  microUsd: fc.option(count),
  isClosed: fc.boolean(),
});
const fileRows = rows.map(
  ({ id, totals: used, seconds, microUsd, isClosed, ...session }) =>
    ({
      id,
      session: {
        ...session,
        state: 'ended',
        backend: 'google-ai',
        route: 'direct',
        deadAt: session.createdAt + 1,
        leased: { seconds, tokens: 1 },
        reported: { seconds, totals: used, at: null },
        metered: null,
      },
      ops: isClosed ? { cost: { microUsd, pricedMicroUsd: 5 }, flags: ['under-reported'] } : null,
    }) as unknown as FileRow,
);
const write = (all: readonly FileRow[]) =>
  Papa.unparse([CSV_HEADER, ...all.map(csvCells)] as never, CSV_FORM);
const parse = (csv: string) => Papa.parse<string[]>(csv, { newline: '\r\n', skipEmptyLines: true }).data;
/** As a reader sees a cell: what was marked as text is text. */
const shown = (cell: string | number): string =>
  typeof cell === 'string' && FORMULA_START.test(cell) ? `'${cell}` : String(cell);

describe('a file of sessions', () => {
  it('gives every cell back', () => {
    fc.assert(
      fc.property(fc.array(fileRows, { minLength: 1, maxLength: 8 }), (all) => {
        expect(parse(write(all))).toEqual([[...CSV_HEADER], ...all.map((row) => csvCells(row).map(shown))]);
      }),
    );
  });

  it('has no text that begins like a formula', () => {
    fc.assert(
      fc.property(fc.array(fileRows, { minLength: 1, maxLength: 8 }), (all) => {
        for (const cell of parse(write(all)).flat()) expect(cell).not.toMatch(/^(?:[\t\r]|\s*[=+\-@])/);
      }),
    );
  });

  it.each(["=cmd|' /C calc'!A0", '=1\n+2', '@SUM(A1)', '-2+3', '\t=1', '\r=1', '＝1', ' =1', '  ＠SUM(A1)'])(
    'marks %j as text [threat:dashboard:csv]',
    (uid) => {
      const [row] = fc.sample(fileRows, { numRuns: 1, seed: 1 }) as [FileRow];
      const hostile = { ...row, session: { ...row.session, uid } };
      expect(parse(write([hostile]))[1]?.[1]).toBe(`'${uid}`);
    },
  );

  it('keeps numbers as numbers, and says "unpriced" where there is no price', () => {
    const [row] = fc.sample(fileRows, { numRuns: 1, seed: 2 }) as [FileRow];
    const at = (of: FileRow, name: string) => csvCells(of)[CSV_HEADER.indexOf(name)];
    const cost = (microUsd: number | null) => ({ cost: { microUsd, pricedMicroUsd: 0 }, flags: [] }) as never;
    expect(at({ ...row, ops: cost(1_250_000) }, 'cost_usd')).toBe(1.25);
    expect(at({ ...row, ops: cost(null) }, 'cost_usd')).toBe('unpriced');
    expect(at({ ...row, ops: null }, 'cost_usd')).toBe('');
    expect(typeof at(row, 'leased_seconds')).toBe('number');
  });

  it('tells times in UTC', () => {
    const [row] = fc.sample(fileRows, { numRuns: 1, seed: 3 }) as [FileRow];
    const began = csvCells({ ...row, session: { ...row.session, createdAt: 0 } })[
      CSV_HEADER.indexOf('began_utc')
    ];
    expect(began).toBe('1970-01-01T00:00:00.000Z');
  });
});
