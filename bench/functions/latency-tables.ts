/**
 * Times as tables, and what they are to be.
 * @module
 */
import type { Aim } from './aims.ts';
import type { HandlerLatency, LatencyFigures } from './handler-latency.ts';
import type { ImportFigures } from './import-time.ts';
import type { Estimate, Spread } from './statistics.ts';
import { fixed, type Table } from './table.ts';

/** A mint may take so many times what one transaction takes, at the median. */
const MINT_MOST = 1.5;

const range = ({ value, low, high }: Estimate): string => `${fixed(value)} (${fixed(low)}–${fixed(high)})`;
const spread = ({ p25, p50, p75, p95 }: Spread): readonly string[] => [
  fixed(p50),
  `${fixed(p25)}–${fixed(p75)}`,
  fixed(p95),
];

/** Mints beside transactions. */
export function latencyTable(figures: readonly LatencyFigures[], { documents }: HandlerLatency): Table {
  const size = (document: object): string => `${JSON.stringify(document).length} bytes`;
  return {
    title: 'A mint beside one transaction, in ms',
    head: ['where', 'what', 'p50', 'quartiles', 'p95'],
    rows: figures.flatMap(({ name, noOp, transaction, mint, ratio50, ratio95 }) => [
      [name, 'no-op', ...spread(noOp)],
      [name, 'transaction − no-op', ...spread(transaction)],
      [name, 'mint − no-op − upstream', ...spread(mint)],
      [name, 'mint ÷ transaction', range(ratio50), '', range(ratio95)],
    ]),
    notes: [
      `${figures.map(({ rounds }) => rounds).join(' and ')} rounds, warm, one call at a time, each round in an order of its own; in brackets the bootstrap's 95 %.`,
      `The transaction reads one document and writes two: ${size(documents.quota)} (the user's quota) and ${size(documents.session)} (the session), as JSON.`,
      'The first two are the handler alone, in this process, with settings remembered and an upstream that answers at once; with',
      'caps a mint reads the shard after the quota, so that a refusal stays at one read: one more round trip. Through the',
      'emulator settings are believed for a second only, so that some mints read them; the upstream is the Live emulator.',
    ],
  };
}

/** The aims about mints. */
export function latencyAims(figures: readonly LatencyFigures[]): readonly Aim[] {
  return figures.map(({ name, ratio50: { value } }) => ({
    what: `mint ÷ one transaction, median, ${name}`,
    bound: `≤ ${MINT_MOST} ×`,
    found: `${fixed(value)} ×`,
    isMet: value <= MINT_MOST,
  }));
}

/** The bundle beside its packages. */
export function importTable({ pairs, ours, bare, ratio, entries, bundleKb }: ImportFigures): Table {
  return {
    title: 'Loading the functions, in ms',
    head: ['what', 'p50', 'quartiles', 'p95'],
    rows: [
      [`functions/dist (${fixed(bundleKb, 0)} kB)`, ...spread(ours)],
      ['its packages alone', ...spread(bare)],
      ['functions/dist ÷ packages', range(ratio), '', ''],
    ],
    notes: [`${pairs} processes each, in turns. Packages: ${entries.join(', ')}.`],
  };
}
