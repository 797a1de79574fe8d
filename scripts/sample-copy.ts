/**
 * Copies a sample into a Firestore, and takes it away: exactly what it brought, and the sums are made anew. What it
 * brought is known by its marks; what it changed of the settings and of today's caps stands in `liveConfig/sample`.
 * @module
 */
import {
  DOCUMENTS_VERSION,
  type LiveBudgetDocument,
  type LiveConfigDocument,
  type LiveStatsDocument,
} from '@livegate/protocol';
import { FieldPath, type Firestore, Timestamp, type WriteBatch } from 'firebase-admin/firestore';
import { alertFigures, newCrossings } from '../functions/src/alert-policy.ts';
import { type LivePaths, livePaths } from '../functions/src/paths.ts';
import { SAMPLE_SHARD } from '../functions/src/queries.ts';
import { rollUpDay } from '../functions/src/roll-up.ts';
import { SAMPLE_UID_PREFIX } from '../functions/src/sample-users.ts';
import { type SampleCharge, shareWith, shareWithout } from './sample-charges.ts';
import type { Documents, PlayedSample } from './sample-play.ts';
import { type SettingChange, settingChanges, settingPaths, undoneSettings } from './sample-settings-copy.ts';

/** What a copy or a removal was about. */
export interface SampleCounts {
  readonly sessions: number;
  readonly documents: number;
}

/** What a removal left. */
export interface RemovedSample extends SampleCounts {
  /** Settings that somebody wrote since: they stay as they are. */
  readonly kept: readonly string[];
}

/** `liveConfig/sample`. Settings as JSON: they hold lists in lists. */
interface SampleNote {
  readonly v: number;
  readonly at: number;
  readonly days: readonly string[];
  readonly settings: string;
  readonly charges: Readonly<Record<string, SampleCharge>>;
}

/** Writes of one batch, and batches on their way at a time. Ours: below Firestore's bound of 10 MiB a request. */
const BATCH_WRITES = 200;
const BATCHES_AT_ONCE = 4;
/** Sorts behind every id that begins with the prefix: `-` comes before `.`. */
const AFTER_PREFIX = `${SAMPLE_UID_PREFIX.slice(0, -1)}.`;

/** Copies a sample into a database that has none. Rolls its days up. */
export async function copySample(
  db: Firestore,
  played: PlayedSample,
  { now }: { readonly now: number },
): Promise<SampleCounts> {
  const paths = livePaths(db);
  const { after } = played;
  const stored = await readAll(db, settingPaths(after));
  const settings = settingChanges(played, stored);
  const days = Object.keys(after).flatMap((path) => /^liveStats\/([^/]+)$/.exec(path)?.[1] ?? []);
  const setsCaps = settings.some(({ path }) => path === paths.config().path);
  const charges = setsCaps ? chargesOf(after, now) : {};
  // First of all: what is written next can be taken away from here on.
  const note: SampleNote = {
    v: DOCUMENTS_VERSION,
    at: now,
    days,
    settings: JSON.stringify(settings),
    charges,
  };
  await noteOf(paths).set(note);
  const known = new Set(
    (await db.collection(paths.names.stats).select().get()).docs.map(({ ref }) => ref.path),
  );
  const documents = Object.entries(after).filter(
    ([path, data]) => isOfSample(path) && !known.has(path) && !isOver(data, now),
  );
  await inBatches(db, [
    ...settings.map(
      ({ path, after: data }) =>
        (batch: WriteBatch) =>
          batch.set(db.doc(path), data),
    ),
    ...documents.map(
      ([path, data]) =>
        (batch: WriteBatch) =>
          batch.set(db.doc(path), data),
    ),
  ]);
  await Promise.all(days.map((day) => rollUpDay({ paths }, { day, now, thresholds: null })));
  for (const [shard, charge] of Object.entries(charges))
    await changeShare(paths, shard, (share) => shareWith(share, charge, now));
  const sessions = documents.filter(([path]) => /^liveSessions\/[^/]+$/.test(path)).length;
  return { sessions, documents: documents.length + settings.length };
}

/** Takes away what a sample brought; nothing where there is none. */
export async function removeSampleFrom(
  db: Firestore,
  { now }: { readonly now: number },
): Promise<RemovedSample> {
  const paths = livePaths(db);
  const note = (await noteOf(paths).get()).data() as SampleNote | undefined;
  const settings = JSON.parse(note?.settings ?? '[]') as readonly SettingChange[];
  const stored = await readAll(
    db,
    settings.map(({ path }) => path),
  );
  const undone = undoneSettings(settings, stored);
  const sessions = (await paths.sessions.where('sample', '==', true).select().get()).docs.map(({ id }) => id);
  const found = await marked(paths, new Set(sessions));
  const sampled = (await db.collection(paths.names.stats).where('sample', '==', true).select().get()).docs;
  const days = [...new Set([...(note?.days ?? []), ...sampled.map(({ id }) => id)])];
  const gone = [
    ...found,
    ...sessions.flatMap((id) => [paths.ops(id).path, paths.session(id).path]),
    ...days.map((day) => paths.statsShard(day, SAMPLE_SHARD).path),
  ];
  await inBatches(db, [
    ...gone.map((path) => (batch: WriteBatch) => batch.delete(db.doc(path))),
    ...undone.map(
      ({ path, before }) =>
        (batch: WriteBatch) =>
          before ? batch.set(db.doc(path), before) : batch.delete(db.doc(path)),
    ),
  ]);
  const alerts = ((await paths.config().get()).data() as LiveConfigDocument | undefined)?.alerts ?? null;
  await Promise.all(days.map((day) => sumAnew(paths, { day, now, alerts })));
  for (const [shard, charge] of Object.entries(note?.charges ?? {}))
    await changeShare(paths, shard, (share) => shareWithout(share, charge));
  // Last of all: a removal that was stopped can be begun again.
  await noteOf(paths).delete();
  const kept = settings.filter((change) => !undone.includes(change)).map(({ path }) => path);
  return { sessions: sessions.length, documents: gone.length + undone.length, kept };
}

/** Paths of what carries the mark of a sample, but sessions and sums. */
async function marked(paths: LivePaths, sessions: ReadonlySet<string>): Promise<readonly string[]> {
  const { db, names } = paths;
  const withPrefix = (collection: string) =>
    db
      .collection(collection)
      .where(FieldPath.documentId(), '>=', SAMPLE_UID_PREFIX)
      .where(FieldPath.documentId(), '<', AFTER_PREFIX)
      .select()
      .get();
  const [events, ...others] = await Promise.all([
    db.collectionGroup('events').select().get(),
    db.collection(names.usage).where('sample', '==', true).select().get(),
    withPrefix(names.quotas),
    withPrefix(names.audit),
    withPrefix(names.erasures),
  ]);
  const ofSamples = events.docs.filter(({ ref }) => sessions.has(ref.parent.parent?.id ?? ''));
  return [...ofSamples, ...others.flatMap(({ docs }) => docs)].map(({ ref }) => ref.path);
}

/** The sum of a day that lost its sample; none where nothing else was in it. */
async function sumAnew(
  paths: LivePaths,
  {
    day,
    now,
    alerts,
  }: { readonly day: string; readonly now: number; readonly alerts: LiveConfigDocument['alerts'] },
): Promise<void> {
  const ref = paths.statsDay(day);
  if ((await rollUpDay({ paths }, { day, now, thresholds: null })) === null) {
    await ref.delete();
    return;
  }
  const sum = (await ref.get()).data() as LiveStatsDocument;
  // A threshold that was reached with the sample alone was not reached.
  const reached = newCrossings(alertFigures(sum), alerts, {}).map(({ kind }) => kind);
  const alerted = Object.fromEntries(
    Object.entries(sum.alerted).filter(([kind]) => reached.includes(kind as never)),
  );
  await ref.update({ alerted });
}

async function changeShare(
  paths: LivePaths,
  shard: string,
  change: (share: LiveBudgetDocument | null) => LiveBudgetDocument | null,
): Promise<void> {
  const ref = paths.cap(Number(shard));
  await paths.db.runTransaction(async (tx) => {
    const share = change(((await tx.get(ref)).data() as LiveBudgetDocument | undefined) ?? null);
    if (share) tx.set(ref, share);
    else tx.delete(ref);
  });
}

/** What today's talks took, by share. */
function chargesOf(after: Documents, now: number): Readonly<Record<string, SampleCharge>> {
  const today = new Date(now).toISOString().slice(0, 10);
  return Object.fromEntries(
    Object.entries(after).flatMap(([path, data]) => {
      const shard = /^liveConfig\/global\/caps\/(\d+)$/.exec(path)?.[1];
      const { day, dayMs, ends } = data as unknown as LiveBudgetDocument;
      return shard === undefined || day !== today ? [] : [[shard, { day, dayMs, ends }]];
    }),
  );
}

/** True for what a sample brings; settings and caps are written in ways of their own. */
function isOfSample(path: string): boolean {
  return /^live(Sessions|Quotas|Usage|Stats|Audit)\//.test(path);
}

/** Its time to live has passed: in production it would be gone. */
function isOver({ purgeAt }: Readonly<Record<string, unknown>>, now: number): boolean {
  return purgeAt instanceof Timestamp && purgeAt.toMillis() <= now;
}

async function readAll(
  db: Firestore,
  list: readonly string[],
): Promise<Readonly<Record<string, object | null>>> {
  if (list.length === 0) return {};
  const snapshots = await db.getAll(...list.map((path) => db.doc(path)));
  return Object.fromEntries(snapshots.map((snapshot) => [snapshot.ref.path, snapshot.data() ?? null]));
}

async function inBatches(db: Firestore, writes: readonly ((batch: WriteBatch) => void)[]): Promise<void> {
  const starts = Array.from(
    { length: Math.ceil(writes.length / BATCH_WRITES) },
    (_, place) => place * BATCH_WRITES,
  );
  const work = async (): Promise<void> => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      const batch = db.batch();
      for (const write of writes.slice(start, start + BATCH_WRITES)) write(batch);
      await batch.commit();
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, work));
}

function noteOf({ db, names }: LivePaths) {
  return db.doc(`${names.config}/sample`);
}
