/**
 * What the scheduled functions read and write: for each session whose books they close, and at a run that finds nothing.
 * @module
 */
import { CALLABLES_VERSION } from '@livegate/protocol';
import { keepBooks } from '../../functions/src/keep-books.ts';
import { mintLiveToken } from '../../functions/src/mint.ts';
import { rollUpLiveStats } from '../../functions/src/roll-up.ts';
import { type BenchBackend, MODEL, newId, someone, WIDE_CAPS } from './bench-backend.ts';
import { addTallies, type Counted, type Tally, timesTally } from './counted-firestore.ts';

/** How often they run, by the schedule in `live-functions.ts`. */
export const RUNS_AN_HOUR = 12;

/** What the scheduled functions do. */
export interface BooksCounts {
  /** Of one session whose books are closed, by kind of document. */
  readonly perSession: ReadonlyMap<string, Tally>;
  /** Of one session where a team's own `onSettled` is told as well: beyond {@link BooksCounts.perSession}. */
  readonly settling: Tally;
  /** A sweep that finds nothing. */
  readonly emptySweep: Tally;
  /** Adding up three days of eight shards each. */
  readonly rollUp: Tally;
  /** How many sessions a sweep closed while this was counted. */
  readonly closedAtOnce: number;
  readonly sweepMs: number;
  readonly rollUpMs: number;
}

/** Counts them. `closedAtOnce`: sessions that a run finds dead. */
export async function countBooks(backend: BenchBackend, closedAtOnce: number): Promise<BooksCounts> {
  await backend.configure({ caps: WIDE_CAPS });
  await closeAll(backend);
  const emptySweep = await sweep(backend);
  // Three days, since a roll-up looks at as many.
  let closed: Timed | undefined;
  for (let day = 0; day < 3; day++) {
    backend.now += 86_400_000;
    closed = await closedAfresh(backend, closedAtOnce);
  }
  if (!closed) throw new Error('No books were closed.');
  const rollUp = await timed(backend, () => rollUpLiveStats(backend.live, backend.now));
  const share = 1 / closedAtOnce;
  const perSession = new Map<string, Tally>();
  // What a run reads though there is nothing to do is counted apart.
  for (const [kind, tally] of closed.counted.byKind) {
    if (SETTINGS.has(kind) || kind === 'liveErasures') continue;
    perSession.set(kind, timesTally(tally, share));
  }
  return {
    perSession,
    settling: await settlingOf(backend, closedAtOnce),
    emptySweep: emptySweep.counted.all,
    rollUp: withoutSettings(rollUp.counted),
    closedAtOnce,
    sweepMs: closed.ms,
    rollUpMs: rollUp.ms,
  };
}

/** Kinds of documents that are remembered for a minute: counted by the instance, not by the session. */
export const SETTINGS: ReadonlySet<string> = new Set([
  'liveConfig',
  'livePolicies',
  'livePrices',
  'liveTemplates',
  'liveTemplates/versions',
]);

/** What was done beside reading settings. */
export function withoutSettings({ byKind }: Counted<unknown>): Tally {
  return addTallies(...[...byKind].filter(([kind]) => !SETTINGS.has(kind)).map(([, tally]) => tally));
}

interface Timed {
  readonly counted: Counted<unknown>;
  readonly ms: number;
}

async function timed(backend: BenchBackend, work: () => Promise<unknown>): Promise<Timed> {
  const begun = performance.now();
  const counted = await backend.counter.count(work);
  return { counted, ms: performance.now() - begun };
}

const sweep = (backend: BenchBackend): Promise<Timed> =>
  timed(backend, () => keepBooks(backend.live, backend.now));

/** Closes what earlier work left open. */
async function closeAll(backend: BenchBackend): Promise<void> {
  backend.now += 3_600_000;
  for (;;) {
    const { counted } = await sweep(backend);
    if (counted.all.writes === 0) return;
  }
}

/** Opens sessions, lets them die, and closes their books. */
async function closedAfresh(backend: BenchBackend, count: number): Promise<Timed> {
  for (let made = 0; made < count; made++) {
    await mintLiveToken(backend.live, someone(), {
      v: CALLABLES_VERSION,
      op: 'start',
      requestId: newId(),
      model: MODEL,
    });
  }
  backend.now += 300_000;
  return sweep(backend);
}

async function settlingOf(backend: BenchBackend, count: number): Promise<Tally> {
  const before = backend.live;
  const plain = await closedAfresh(backend, count);
  const told: string[] = [];
  const hooks = { onSettled: (_: unknown, key: string) => void told.push(key) };
  for (let made = 0; made < count; made++)
    await mintLiveToken(before, someone(), {
      v: CALLABLES_VERSION,
      op: 'start',
      requestId: newId(),
      model: MODEL,
    });
  backend.now += 300_000;
  const telling = await timed(backend, () => keepBooks({ ...before, hooks }, backend.now));
  if (told.length < count) throw new Error(`onSettled was told of ${told.length} of ${count} sessions.`);
  const [more, less] = [withoutSettings(telling.counted), withoutSettings(plain.counted)];
  return timesTally(addTallies(more, timesTally(less, -1)), 1 / count);
}
