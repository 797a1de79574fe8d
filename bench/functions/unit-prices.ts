/**
 * What the services charge: figures that are not ours, each with the place and the day it was read.
 * @module
 */

/** A price, and where it stands. */
export interface UnitPrice {
  readonly usd: number;
  /** What it is for. */
  readonly per: string;
  readonly source: string;
}

const READ_ON = '2026-11-21';
const FIRESTORE_PAGE = `firebase.google.com/docs/firestore/pricing, a stored copy of unknown age read ${READ_ON}: the row "Oregon" of its table by location; second-hand lists give the same for us-central1. Check the table for your region.`;
const MULTI_REGION_PAGE = `the same page, its row "United States (multi-region)"`;
const RUN_PAGE = `cloud.google.com/run/pricing, a stored copy of unknown age read ${READ_ON}: tier 1, CPU only while a request is served`;

/** Firestore, Standard edition, by 100,000 documents. */
export const FIRESTORE_PRICES = {
  regional: {
    reads: { usd: 0.03, per: '100,000 documents read', source: FIRESTORE_PAGE },
    writes: { usd: 0.09, per: '100,000 documents written', source: FIRESTORE_PAGE },
    deletes: { usd: 0.01, per: '100,000 documents deleted, by TTL as well', source: FIRESTORE_PAGE },
  },
  multiRegion: {
    reads: { usd: 0.06, per: '100,000 documents read', source: MULTI_REGION_PAGE },
    writes: { usd: 0.18, per: '100,000 documents written', source: MULTI_REGION_PAGE },
    deletes: { usd: 0.02, per: '100,000 documents deleted', source: MULTI_REGION_PAGE },
  },
} as const satisfies Record<string, Record<'reads' | 'writes' | 'deletes', UnitPrice>>;

/** One of {@link FIRESTORE_PRICES}. */
export type FirestoreLocation = keyof typeof FIRESTORE_PRICES;

/** A month's GiB of documents and indexes, regional. */
export const STORAGE_PRICE: UnitPrice = { usd: 0.15, per: 'GiB and month stored', source: FIRESTORE_PAGE };

/** Cloud Run, which functions of the second generation run on. */
export const RUN_PRICES = {
  vcpuSecond: { usd: 0.000_024, per: 'vCPU and second', source: RUN_PAGE },
  gibSecond: { usd: 0.000_002_5, per: 'GiB and second', source: RUN_PAGE },
  request: { usd: 0.4 / 1_000_000, per: 'request ($0.40 a million)', source: RUN_PAGE },
} as const satisfies Record<string, UnitPrice>;

/** Billed time is rounded up to this, in ms. Source: the page of {@link RUN_PRICES}. */
export const BILLED_STEP_MS = 100;

/** What the functions are given: `memory` of `live-functions.ts`, and the CPU that firebase-functions gives it. */
export const INSTANCE = { vcpu: 1, gib: 0.25 } as const;
