/**
 * What the services charge: figures that are not ours, each with the place and the day it was read.
 * @module
 */

/** Where prices were read. The pages were stored copies of unknown age: check them before you rely on a figure. */
export const PRICE_SOURCES = {
  firestore:
    'firebase.google.com/docs/firestore/pricing, stored copy read 2026-11-21: regional is its row "Oregon", multi-region its row "United States"; second-hand lists give the same for us-central1',
  run: 'cloud.google.com/run/pricing, stored copy read 2026-11-21: tier 1, CPU only while a request is served; the price of memory and of a request from second-hand lists that cite it',
} as const;

/** A price, and where it stands. */
export interface UnitPrice {
  readonly usd: number;
  /** What it is for. */
  readonly per: string;
  readonly source: keyof typeof PRICE_SOURCES;
}

/** Firestore, Standard edition, by 100,000 documents. */
export const FIRESTORE_PRICES = {
  regional: {
    reads: { usd: 0.03, per: '100,000 documents read', source: 'firestore' },
    writes: { usd: 0.09, per: '100,000 documents written', source: 'firestore' },
    deletes: { usd: 0.01, per: '100,000 documents deleted, by TTL as well', source: 'firestore' },
  },
  multiRegion: {
    reads: { usd: 0.06, per: '100,000 documents, multi-region, read', source: 'firestore' },
    writes: { usd: 0.18, per: '100,000 documents, multi-region, written', source: 'firestore' },
    deletes: { usd: 0.02, per: '100,000 documents, multi-region, deleted', source: 'firestore' },
  },
} as const satisfies Record<string, Record<'reads' | 'writes' | 'deletes', UnitPrice>>;

/** One of {@link FIRESTORE_PRICES}. */
export type FirestoreLocation = keyof typeof FIRESTORE_PRICES;

/** A month's GiB of documents and indexes, regional. */
export const STORAGE_PRICE: UnitPrice = { usd: 0.15, per: 'GiB and month stored', source: 'firestore' };

/** Cloud Run, which functions of the second generation run on. */
export const RUN_PRICES = {
  vcpuSecond: { usd: 0.000_024, per: 'vCPU and second', source: 'run' },
  gibSecond: { usd: 0.000_002_5, per: 'GiB and second', source: 'run' },
  request: { usd: 0.4 / 1_000_000, per: 'request ($0.40 a million)', source: 'run' },
} as const satisfies Record<string, UnitPrice>;

/** Billed time is rounded up to this, in ms. Source: the page of {@link RUN_PRICES}. */
export const BILLED_STEP_MS = 100;

/** What the functions are given: `memory` of `live-functions.ts`, and the CPU that firebase-functions gives it. */
export const INSTANCE = { vcpu: 1, gib: 0.25 } as const;
