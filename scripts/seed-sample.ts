/**
 * A month of sample sessions in a project of the emulators: made, made anew, taken away.
 * @module
 */
import { COLLECTIONS, type LiveRolesDocument } from '@livegate/protocol';
import type { Firestore } from 'firebase-admin/firestore';
import { openAdminFirestore } from './admin-firestore.ts';
import { removeSampleAccounts, writeSampleAccounts } from './sample-accounts.ts';
import { copySample, type RemovedSample, removeSampleFrom, type SampleCounts } from './sample-copy.ts';
import { playSample } from './sample-play.ts';
import type { SeedTarget } from './seed.ts';

/** Which sample. */
export interface SampleOptions {
  /** About so many sessions; 600 where nothing is said. */
  readonly sessions?: number;
  /** UTC days up to now; 30 where nothing is said. */
  readonly days?: number;
  /** The same seed, at the same time, makes the same sample. */
  readonly seed?: string;
  /** Epoch ms; now where nothing is said. */
  readonly now?: number;
}

/** What was made. */
export interface SeededSample extends SampleCounts {
  readonly users: number;
}

/** What is made where nothing is said. */
export const SAMPLE_DEFAULTS = { sessions: 600, days: 30, seed: 'livegate' } as const;

/**
 * Makes a sample, after taking away the one that was there. What operators do in it is done by the project's first
 * admin, or by `command` where there is none.
 */
export async function seedSample(target: SeedTarget, options: SampleOptions = {}): Promise<SeededSample> {
  const { sessions, days, seed, now = Date.now() } = { ...SAMPLE_DEFAULTS, ...options };
  return onFirestore(target, async (db) => {
    const operator = await firstAdmin(db);
    await removeSampleFrom(db, { now });
    const played = await playSample({ sessions, days, random: seed, now }, { operator });
    const [counts, users] = await Promise.all([
      copySample(db, played, { now }),
      writeSampleAccounts(target, played.plan),
    ]);
    return { ...counts, users };
  });
}

/** Takes a sample away: its documents, its accounts, its part of the sums. */
export async function removeSample(target: SeedTarget): Promise<RemovedSample & { readonly users: number }> {
  return onFirestore(target, async (db) => {
    const users = await removeSampleAccounts(target);
    return { ...(await removeSampleFrom(db, { now: Date.now() })), users };
  });
}

async function firstAdmin(db: Firestore): Promise<string> {
  const roles = (await db.doc(`${COLLECTIONS.config}/roles`).get()).data() as LiveRolesDocument | undefined;
  return roles?.admins[0] ?? 'command';
}

async function onFirestore<T>(target: SeedTarget, work: (db: Firestore) => Promise<T>): Promise<T> {
  const db = openAdminFirestore(target);
  try {
    return await work(db);
  } finally {
    await db.terminate();
  }
}
