/**
 * Plays the plan of a sample: the functions' own handlers on documents in memory, with the clock in the past, closing
 * books and rolling days up as it goes.
 * @module
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  CALLABLES_VERSION,
  COLLECTIONS,
  LIST_PRICES,
  type LiveSessionDocument,
  type MintAnswer,
  type RefusalReason,
} from '@livegate/protocol';
import type { Firestore } from 'firebase-admin/firestore';
import { raiseLiveQuota } from '../functions/src/admin-quotas.ts';
import { blockLiveUser, revokeLiveSession } from '../functions/src/admin-sessions.ts';
import { setLivePolicy, setLivePrice, setLiveTemplate } from '../functions/src/admin-settings.ts';
import { setKillSwitch, setLiveLimits } from '../functions/src/admin-switches.ts';
import { setLiveTier } from '../functions/src/admin-tiers.ts';
import type { Caller } from '../functions/src/caller.ts';
import { TIER_CLAIM, tierIn } from '../functions/src/claims.ts';
import { keepBooks } from '../functions/src/keep-books.ts';
import type { LiveProcess } from '../functions/src/live-dependencies.ts';
import { mintLiveToken } from '../functions/src/mint.ts';
import type { UserDirectory } from '../functions/src/operator-door.ts';
import type { LivePaths } from '../functions/src/paths.ts';
import { SAMPLE_SHARD } from '../functions/src/queries.ts';
import { Refusal } from '../functions/src/refusal.ts';
import { createRefusalCounter, FLUSH_EVERY_MS } from '../functions/src/refusal-counter.ts';
import { reportLiveUsage } from '../functions/src/report.ts';
import { rollUpLiveStats } from '../functions/src/roll-up.ts';
import { SAMPLE_UID_PREFIX } from '../functions/src/sample-users.ts';
import type { Store } from '../functions/src/store.ts';
import type { TokenOutcome } from '../functions/src/upstream.ts';
import { liveInstance } from './live-instance.ts';
import { createMemoryStore } from './memory/memory-firestore.ts';
import { createDice } from './sample-dice.ts';
import type { SamplePerson } from './sample-people.ts';
import { type PlannedOrder, planSample, type SampleOrder, type SamplePlan } from './sample-plan.ts';
import { EARLIER_PRICE, MAIN_MODEL, UNPRICED_MODEL } from './sample-settings.ts';
import { playTalk, type SampleDoor } from './sample-talk.ts';
import { SEEDED_CONFIG, SEEDED_POLICY, SEEDED_TEMPLATES } from './seed-documents.ts';

/** Path → fields, as Firestore holds them; times to live are Timestamps. */
export type Documents = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A sample that was played. */
export interface PlayedSample {
  readonly plan: SamplePlan;
  /** Settings as they stood before anything happened. */
  readonly before: Documents;
  /** Everything as it stands at the end. */
  readonly after: Documents;
}

/** The books are kept as often as the functions' schedule says, in ms. */
const KEPT_EVERY_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
/** Steps between two turns of the event loop. */
const STEPS_AT_A_TIME = 100;
/** So long after the last call every token is dead, in ms. */
const SILENCE_MS = 20 * 60_000;

const ACTS: Readonly<Record<PlannedOrder['callable'], typeof setLivePolicy>> = {
  setLivePolicy,
  setLiveTemplate,
  setLivePrice,
  setLiveLimits,
  setKillSwitch,
  blockLiveUser,
  setLiveTier,
  raiseLiveQuota,
};

/** Plays a sample, in which `operator`, a uid, does what operators do. The same order gives the same documents. */
export async function playSample(
  order: SampleOrder,
  { operator }: { readonly operator: string },
): Promise<PlayedSample> {
  const plan = planSample(order);
  const store = createMemoryStore();
  const db = store.open();
  await writeFirstSettings(db);
  const before = store.dump();
  const game = createGame(order, { plan, db, operator });
  await game.play();
  return { plan, before, after: store.dump() };
}

async function writeFirstSettings(db: Firestore): Promise<void> {
  const batch = db.batch();
  batch.set(db.doc(`${COLLECTIONS.config}/global`), SEEDED_CONFIG);
  batch.set(db.doc(`${COLLECTIONS.policies}/default`), SEEDED_POLICY);
  for (const [id, template] of Object.entries(SEEDED_TEMPLATES)) {
    batch.set(db.doc(`${COLLECTIONS.templates}/${id}`), template);
    batch.set(db.doc(`${COLLECTIONS.templates}/${id}/versions/${template.version}`), template);
  }
  const { [UNPRICED_MODEL]: _, ...known } = LIST_PRICES;
  for (const [model, price] of Object.entries({ ...known, [MAIN_MODEL]: EARLIER_PRICE }))
    batch.set(db.doc(`${COLLECTIONS.prices}/${model}`), price);
  await batch.commit();
}

/** Something that goes on at a time. */
interface Due {
  readonly at: number;
  go(): Promise<void>;
}

function createGame(
  { random, now: end }: SampleOrder,
  { plan, db, operator }: { readonly plan: SamplePlan; readonly db: Firestore; readonly operator: string },
) {
  let now = plan.from;
  const dice = createDice(`${random}/play`);
  /** What the service answers next; a token where nothing is said. */
  let outcome: TokenOutcome | null = null;
  const users = directoryOf(plan.people);
  const { callerOf } = users;
  const instance = liveInstance({
    db,
    now: () => now,
    makeToken: async () => outcome ?? { outcome: 'minted', token: 'auth_tokens/sample' },
    users,
    log: () => undefined,
    newId: () => dice.id(),
    random: () => dice.fraction(),
  });
  const { paths, log } = instance;
  const live: LiveProcess = {
    ...instance,
    store: marking(instance.store),
    refusals: createRefusalCounter({ paths: inSampleShard(paths), now: () => now, log }),
  };
  const asOperator: LiveProcess = { ...live, newId: () => `${SAMPLE_UID_PREFIX}${dice.id()}` };
  const act = async (
    callable: PlannedOrder['callable'] | 'revokeLiveSession',
    request: object,
  ): Promise<void> => {
    const handler = callable === 'revokeLiveSession' ? revokeLiveSession : ACTS[callable];
    await handler(asOperator, { uid: operator }, { v: CALLABLES_VERSION, ...request });
  };
  const mint = async (person: SamplePerson, request: object): Promise<MintAnswer | RefusalReason> => {
    try {
      return await mintLiveToken(live, callerOf(person), request);
    } catch (error) {
      if (error instanceof Refusal) return error.details.reason;
      throw error;
    } finally {
      await live.refusals.flushIfDue();
    }
  };

  const agenda = createAgenda();
  const playOn = (talk: AsyncGenerator<number, void, void>): (() => Promise<void>) => {
    const go = async (): Promise<void> => {
      const { value, done } = await talk.next();
      if (!done) agenda.add({ at: value, go });
    };
    return go;
  };
  for (const [place, talk] of plan.talks.entries()) {
    const { person, odd } = talk;
    const door: SampleDoor = {
      now: () => now,
      mint: async (request) => {
        const isFirst = 'op' in request && request.op === 'start';
        outcome = isFirst && odd === 'refused' ? REFUSED : isFirst && odd === 'unknown' ? UNKNOWN : null;
        try {
          return await mint(person, request);
        } finally {
          outcome = null;
        }
      },
      report: async (report) => {
        try {
          return await reportLiveUsage(live, callerOf(person), report);
        } catch (error) {
          if (error instanceof Refusal) return null;
          throw error;
        }
      },
      revoke: (sessionId) => act('revokeLiveSession', { sessionId, reason: dice.oneOf(REVOKE_REASONS) }),
    };
    agenda.add({ at: talk.at, go: playOn(playTalk(talk, door, `${random}/talk/${place}`)) });
  }
  for (const { person, at, request } of plan.tries)
    agenda.add({
      at,
      go: async () =>
        void (await mint(person, { v: CALLABLES_VERSION, op: 'start', requestId: dice.id(), ...request })),
    });
  for (const { at, callable, request } of plan.orders) agenda.add({ at, go: () => act(callable, request) });

  return {
    /** Everything up to the end, in the order of its times; then the books as they stand. */
    async play(): Promise<void> {
      let keptAt = plan.from;
      let rolledAt = plan.from;
      let steps = 0;
      for (let due = agenda.next(); due && due.at <= end; due = agenda.next()) {
        // Nothing here waits for the world outside: let it in now and then, a Ctrl-C for one.
        if (++steps % STEPS_AT_A_TIME === 0) await nextTurn();
        // Of the runs in a silence two do all there is to do: one when the last tokens are dead, and the last.
        for (const run of [now + SILENCE_MS, due.at].map((at) => at - (at % KEPT_EVERY_MS))) {
          if (run < keptAt + KEPT_EVERY_MS || run > due.at) continue;
          now = run;
          await keepBooks(live, now);
          keptAt = now;
          if (now - rolledAt < HOUR_MS) continue;
          await rollUpLiveStats(live, now);
          rolledAt = now;
        }
        now = Math.floor(due.at);
        await due.go();
      }
      now = end;
      await live.refusals.flushIfDue(end + FLUSH_EVERY_MS);
      await keepBooks(live, end);
      await rollUpLiveStats(live, end);
    },
  };
}

const REFUSED: TokenOutcome = { outcome: 'refused', status: 429 };
const UNKNOWN: TokenOutcome = { outcome: 'unknown', problem: 'time-out' };
const REVOKE_REASONS = ['The microphone was left on', 'Two people on one account', 'Asked for by the user'];

/** Marks each session that is written as made up. */
function marking(store: Store): Store {
  return {
    ...store,
    reserve: (place, steps, full) =>
      store.reserve(
        place,
        {
          ...steps,
          build: async (grant, before) => {
            const built = await steps.build(grant, before);
            const session: LiveSessionDocument = { ...built.session, sample: true };
            return { ...built, session };
          },
        },
        full,
      ),
  };
}

/** The places, with one stats shard a day: that of what is made up. */
function inSampleShard(paths: LivePaths): LivePaths {
  return { ...paths, statsShard: (day) => paths.statsShard(day, SAMPLE_SHARD) };
}

/** The users, with their claims as operators change them. */
function directoryOf(people: readonly SamplePerson[]): UserDirectory & {
  callerOf(person: SamplePerson): Caller;
} {
  const claims = new Map<string, Readonly<Record<string, unknown>>>(
    people.map(({ uid, tier, tierFrom }) => [
      uid,
      tier && tierFrom === undefined ? { [TIER_CLAIM]: tier } : {},
    ]),
  );
  return {
    async read(uid) {
      const customClaims = claims.get(uid);
      return customClaims ? { disabled: false, customClaims, tokensValidAfter: null } : null;
    },
    setClaims: async (uid, set) => void claims.set(uid, set),
    revokeTokens: async () => undefined,
    callerOf({ uid, provider }) {
      const tier = tierIn(claims.get(uid) ?? {});
      return { uid, provider, ...(tier === null ? {} : { policyClaim: tier }) };
    },
  };
}

/** What is due, the earliest first; of the same time what was added first. */
function createAgenda() {
  const heap: { readonly due: Due; readonly order: number }[] = [];
  let added = 0;
  const isBefore = (a: number, b: number): boolean => {
    const [left, right] = [heap[a], heap[b]];
    if (!left || !right) return false;
    return left.due.at === right.due.at ? left.order < right.order : left.due.at < right.due.at;
  };
  const swap = (a: number, b: number): void => {
    const [left, right] = [heap[a], heap[b]];
    if (left && right) [heap[a], heap[b]] = [right, left];
  };
  return {
    add(due: Due): void {
      heap.push({ due, order: added++ });
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    next(): Due | undefined {
      const [first] = heap;
      const last = heap.pop();
      if (!first || !last) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        for (let at = 0; ; ) {
          const [left, right] = [2 * at + 1, 2 * at + 2];
          let least = at;
          if (isBefore(left, least)) least = left;
          if (isBefore(right, least)) least = right;
          if (least === at) break;
          swap(at, least);
          at = least;
        }
      }
      return first.due;
    },
  };
}
