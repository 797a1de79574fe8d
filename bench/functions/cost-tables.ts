/**
 * The bills as tables.
 * @module
 */
import { type Aim, atMost } from './aims.ts';
import { NOTHING, type Tally } from './counted-firestore.ts';
import type { HandlerLatency } from './handler-latency.ts';
import type { PlayedSession } from './played-session.ts';
import type { BooksCounts } from './session-books.ts';
import {
  billOf,
  dashboardTally,
  functionsTerms,
  HOURS,
  LISTED,
  SESSIONS,
  SETTINGS_READS,
  type SessionBill,
  savingsOf,
  totalOf,
  UPSTREAM_MS,
  usdOf,
  WARM_INSTANCES,
} from './session-cost.ts';
import { fixed, plain, type Table } from './table.ts';
import {
  BILLED_STEP_MS,
  FIRESTORE_PRICES,
  INSTANCE,
  PRICE_SOURCES,
  RUN_PRICES,
  STORAGE_PRICE,
  type UnitPrice,
} from './unit-prices.ts';

/** What the bills are made of. */
export interface CostBasis {
  readonly played: readonly PlayedSession[];
  readonly books: BooksCounts;
  readonly handlers: HandlerLatency;
}

/** Most that regional Firestore may cost for a million sessions of five minutes, in USD. */
const FIVE_MINUTES_USD = 12;

const usd = (value: number): string => `$${fixed(value)}`;
const million = (count: number): string => plain(count, 3);

/** The bills, term by term. */
export function costTables(basis: CostBasis): readonly Table[] {
  const bills = basis.played.map((played) => billOf(played, basis.books));
  return [
    summaryTable(basis, bills),
    ...bills.map((bill) => termsTable(bill)),
    savingsTable(bills),
    functionsTable(basis, bills),
    dashboardTable(basis),
    storageTable(basis),
    pricesTable(),
  ];
}

/** The aim about money. */
export function costAims({ played, books }: CostBasis): readonly Aim[] {
  const five = played.find(({ minutes }) => minutes === 5);
  if (!five) throw new Error('No session of five minutes was played.');
  const cost = usdOf(totalOf(billOf(five, books).terms));
  return [
    atMost('regional Firestore for a million sessions of 5 minutes, caps on', cost, {
      most: FIVE_MINUTES_USD,
      show: usd,
    }),
  ];
}

function summaryTable({ played, books, handlers }: CostBasis, bills: readonly SessionBill[]): Table {
  return {
    title: `A million sessions in ${HOURS / 24} days, in USD`,
    head: [
      'shape',
      'mints',
      'reports',
      'Firestore, regional',
      'Firestore, multi-region',
      'Functions',
      'one dashboard',
    ],
    rows: bills.map((bill, index) => {
      const total = totalOf(bill.terms);
      const session = played[index];
      return [
        `${bill.minutes} min`,
        bill.mints,
        bill.reports,
        usd(usdOf(total)),
        usd(usdOf(total, 'multiRegion')),
        usd(functionsUsd(bill, { books, handlers })),
        usd(session ? usdOf(dashboardTally(session, books)) : 0),
      ];
    }),
    notes: [
      'Free quotas are left out. A session is one talk without a drop, under the policy `open`, with caps on; it renews as',
      'soon as it may and moves over ten seconds later, and reports as the browser module does.',
    ],
  };
}

const tallyCells = ({ reads, writes, deletes }: Tally): readonly string[] => [
  million(reads),
  million(writes),
  million(deletes),
];

function termsTable({ minutes, terms }: SessionBill): Table {
  const total = totalOf(terms);
  return {
    title: `Firestore, sessions of ${minutes} min: documents of one session, and USD for a million`,
    head: ['term', 'reads', 'writes', 'deletes', 'USD'],
    rows: [
      ...terms.map(({ name, tally }) => [name, ...tallyCells(tally), usd(usdOf(tally))]),
      ['in all', ...tallyCells(total), usd(usdOf(total))],
    ],
  };
}

function savingsTable(bills: readonly SessionBill[]): Table {
  const [first] = bills;
  const savings = bills.map(savingsOf);
  const names =
    savings.at(1)?.map(({ what }) => what) ?? (first ? savingsOf(first).map(({ what }) => what) : []);
  return {
    title: 'What each feature costs: USD saved on a million sessions without it',
    head: ['without', ...bills.map(({ minutes }) => `${minutes} min`)],
    rows: names.map((name) => [
      name,
      ...savings.map((some) => usd(some.find(({ what }) => what === name)?.usd ?? 0)),
    ]),
    notes: [
      `An act of an operator writes one entry of the audit: ${usd(usdOf({ ...NOTHING, writes: 1 }))} for a million acts. The rows overlap.`,
    ],
  };
}

function functionsUsd(bill: SessionBill, { books, handlers }: Pick<CostBasis, 'books' | 'handlers'>): number {
  const { mintMs, reportMs } = handlers;
  return functionsTerms(bill, { mintMs, reportMs, books }).reduce((sum, term) => sum + term.usd, 0);
}

function functionsTable({ books, handlers }: CostBasis, bills: readonly SessionBill[]): Table {
  const { mintMs, reportMs } = handlers;
  return {
    title: 'Functions: calls, time in the handler, and USD for a million sessions',
    head: ['shape', 'function', 'calls', 'ms', 'USD'],
    rows: bills.flatMap((bill) =>
      functionsTerms(bill, { mintMs, reportMs, books }).map(({ name, calls, ms, usd: cost }) => [
        `${bill.minutes} min`,
        name,
        plain(calls, 0),
        fixed(ms, 1),
        usd(cost),
      ]),
    ),
    notes: [
      `${INSTANCE.vcpu} vCPU and ${INSTANCE.gib * 1_024} MiB; each call is billed alone and rounded up to ${BILLED_STEP_MS} ms, so this is an upper bound: calls that`,
      `share an instance share the bill. Times are measured against the Firestore emulator; for Gemini ${UPSTREAM_MS} ms are assumed.`,
    ],
  };
}

function dashboardTable({ played, books }: CostBasis): Table {
  return {
    title: `One dashboard, open all ${HOURS} hours: reads of one session, and USD`,
    head: ['shape', 'reads', 'USD a month', 'USD an hour'],
    rows: played.map((session) => {
      const tally = dashboardTally(session, books);
      return [
        `${session.minutes} min`,
        million(tally.reads),
        usd(usdOf(tally)),
        `$${fixed(usdOf(tally) / HOURS, 4)}`,
      ];
    }),
    notes: [
      `It listens to the ${LISTED} newest sessions: a session is read when it comes in and at each change for as long as ${LISTED}`,
      'newer ones have not come, and the figures of the day at each roll-up. Opening the page reads the list once.',
    ],
  };
}

function storageTable({ handlers: { documents }, books }: CostBasis): Table {
  const bytes = JSON.stringify(documents.session).length;
  const gib = (bytes * SESSIONS) / 2 ** 30;
  return {
    title: 'Storage, not part of the above',
    head: ['what', 'figure'],
    rows: [
      ['a session when it begins, as JSON', `${plain(bytes, 0)} bytes`],
      ['a million of them', `${fixed(gib)} GiB`],
      [`their month, at $${STORAGE_PRICE.usd} a ${STORAGE_PRICE.per}`, usd(gib * STORAGE_PRICE.usd)],
      ['sessions closed by one sweep while this was counted', plain(books.closedAtOnce, 0)],
    ],
    notes: [
      'Indexes, events and the growth of a session come on top; a session goes after the days its policy keeps it.',
    ],
  };
}

function pricesTable(): Table {
  const prices: readonly UnitPrice[] = [
    ...Object.values(FIRESTORE_PRICES.regional),
    ...Object.values(FIRESTORE_PRICES.multiRegion),
    STORAGE_PRICE,
    ...Object.values(RUN_PRICES),
  ];
  return {
    title: 'Unit prices',
    head: ['USD', 'for', 'source'],
    rows: prices.map(({ usd: price, per, source }) => [plain(price, 9), per, source]),
    notes: [
      ...Object.entries(PRICE_SOURCES).map(([name, source]) => `- ${name}: ${source}.`),
      '',
      'The pages were stored copies of unknown age: check them before you rely on a figure. Assumed:',
      `${WARM_INSTANCES} warm instances that read ${SETTINGS_READS} documents of settings each minute; more instances read more.`,
    ],
  };
}
