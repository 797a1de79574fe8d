/**
 * What the rules let whom do, as named checks: the tests of the rules run them, and so does the test that changes the
 * rules and wants to see one of them fail.
 * @module
 */
import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import {
  collection,
  collectionGroup,
  deleteDoc,
  doc,
  type Firestore,
  getDoc,
  getDocs,
  limit,
  orderBy,
  type QueryConstraint,
  query,
  setDoc,
  updateDoc,
  where,
} from 'firebase/firestore';
import type { Documents, RulesWorld } from './rules-world.ts';

/** One check: an allowance beside a denial that differs from it in one thing. */
export interface RuleCheck {
  readonly name: string;
  /** Rejects where the rules do not do what the name says. */
  run(world: RulesWorld): Promise<void>;
}

/** What viewers and admins read, and nobody else. */
const OPERATORS = [
  'livePolicies/default',
  'liveTemplates/greeting',
  'liveTemplates/greeting/versions/1',
  'livePrices/gemini-3.8-live',
  'liveStats/2026-11-21',
  'liveStats/2026-11-21/shards/0',
  'liveConfig/global',
  'liveConfig/global/caps/0',
  'liveUsage/2026-11_alice',
];

/** What no client reads. */
const NOBODYS = [
  'liveQuotas/alice',
  'livePools/origin',
  'liveErasures/alice',
  'elsewhere/document',
  'notes/mine/private/ops',
];

/** The documents that the checks are about. */
export const CHECKED_DOCUMENTS: Documents = {
  ...Object.fromEntries([...OPERATORS, ...NOBODYS, 'liveAudit/entry'].map((path) => [path, { v: 1 }])),
  'liveUsage/2026-11_alice': { v: 1, uid: 'alice' },
  'liveSessions/of-alice': { uid: 'alice', state: 'active', createdAt: 1 },
  'liveSessions/of-bob': { uid: 'bob', state: 'active', createdAt: 2 },
  'liveSessions/of-alice/liveOps/ops': {
    v: 1,
    flags: ['under-reported'],
    createdAt: 1,
    cost: { microUsd: 9 },
  },
  'liveSessions/of-alice/events/quiet': { events: [], transcript: [] },
  'liveSessions/of-alice/events/spoken': { events: [], transcript: [{ text: 'said' }] },
};

/** Reads one document. */
const reads = (database: Firestore, path: string) => getDoc(doc(database, path));
/** Lists a collection. */
const lists = (database: Firestore, path: string, ...constraints: readonly QueryConstraint[]) =>
  getDocs(query(collection(database, path), ...constraints));
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** Checks of sessions and what belongs to them. */
export const SESSION_CHECKS: readonly RuleCheck[] = [
  {
    name: 'lets a user read their own session and denies another',
    async run(world) {
      await assertSucceeds(reads(world.as('alice'), 'liveSessions/of-alice'));
      await assertFails(reads(world.as('alice'), 'liveSessions/of-bob'));
    },
  },
  {
    name: 'lets a viewer read a session and denies a user whose claim is another word',
    async run(world) {
      await assertSucceeds(reads(world.as('carol', 'viewer'), 'liveSessions/of-alice'));
      await assertFails(reads(world.as('carol', 'owner'), 'liveSessions/of-alice'));
    },
  },
  {
    name: 'lets an admin read a session and denies a user without a claim',
    async run(world) {
      await assertSucceeds(reads(world.as('carol', 'admin'), 'liveSessions/of-alice'));
      await assertFails(reads(world.as('carol'), 'liveSessions/of-alice'));
    },
  },
  {
    name: 'lets a signed-in owner read a session and denies nobody',
    async run(world) {
      await assertSucceeds(reads(world.as('alice'), 'liveSessions/of-alice'));
      await assertFails(reads(world.asNobody(), 'liveSessions/of-alice'));
    },
  },
  {
    name: 'lets a user list their own sessions and denies listing another’s',
    async run(world) {
      const of = (uid: string) =>
        lists(world.as('alice'), 'liveSessions', where('uid', '==', uid), limit(50));
      await assertSucceeds(of('alice'));
      await assertFails(of('bob'));
    },
  },
  {
    name: 'lets a user list 50 sessions and denies 51',
    async run(world) {
      const most = (count: number) =>
        lists(world.as('alice'), 'liveSessions', where('uid', '==', 'alice'), limit(count));
      await assertSucceeds(most(50));
      await assertFails(most(51));
    },
  },
  {
    name: 'lets a user list sessions with a limit and denies it without one',
    async run(world) {
      const own = (...more: readonly QueryConstraint[]) =>
        lists(world.as('alice'), 'liveSessions', where('uid', '==', 'alice'), ...more);
      await assertSucceeds(own(limit(1)));
      await assertFails(own());
    },
  },
  {
    name: 'lets a viewer list all sessions, newest first, and denies a user the same query',
    async run(world) {
      const all = (claim?: string) =>
        lists(world.as('carol', claim), 'liveSessions', orderBy('createdAt', 'desc'), limit(50));
      await assertSucceeds(all('viewer'));
      await assertFails(all());
    },
  },
  {
    name: 'lets a viewer read the operators’ part of a session and denies the owner',
    async run(world) {
      await assertSucceeds(reads(world.as('carol', 'viewer'), 'liveSessions/of-alice/liveOps/ops'));
      await assertFails(reads(world.as('alice'), 'liveSessions/of-alice/liveOps/ops'));
    },
  },
  {
    name: 'lets a viewer list the operators’ part of all sessions, by flag and by cost, and denies a user',
    async run(world) {
      const all = (claim: string | undefined, ...constraints: readonly QueryConstraint[]) =>
        getDocs(query(collectionGroup(world.as('carol', claim), 'liveOps'), ...constraints, limit(50)));
      await assertSucceeds(all('viewer', where('flags', 'array-contains', 'under-reported')));
      await assertSucceeds(all('viewer', where('cost.microUsd', '>=', 1), orderBy('cost.microUsd', 'desc')));
      await assertFails(all(undefined, where('flags', 'array-contains', 'under-reported')));
      await assertFails(all(undefined, where('uid', '==', 'carol')));
    },
  },
  {
    name: 'lets an admin list the operators’ part of all sessions and denies the app’s own private documents',
    async run(world) {
      const all = (name: string) =>
        getDocs(query(collectionGroup(world.as('carol', 'admin'), name), limit(50)));
      await assertSucceeds(all('liveOps'));
      await assertFails(all('private'));
    },
  },
  {
    name: 'lets an admin read the operators’ part of a session and denies writing it',
    async run(world) {
      const ops = doc(world.as('carol', 'admin'), 'liveSessions/of-alice/liveOps/ops');
      await assertSucceeds(getDoc(ops));
      await assertFails(updateDoc(ops, { flags: [] }));
    },
  },
  {
    name: 'lets a viewer read a batch without a transcript and denies one with',
    async run(world) {
      const viewer = world.as('carol', 'viewer');
      await assertSucceeds(reads(viewer, 'liveSessions/of-alice/events/quiet'));
      await assertFails(reads(viewer, 'liveSessions/of-alice/events/spoken'));
    },
  },
  {
    name: 'lets a viewer read a batch without a transcript and denies the owner',
    async run(world) {
      await assertSucceeds(reads(world.as('carol', 'viewer'), 'liveSessions/of-alice/events/quiet'));
      await assertFails(reads(world.as('alice'), 'liveSessions/of-alice/events/quiet'));
    },
  },
  {
    name: 'lets an admin read a transcript and denies the one who spoke',
    async run(world) {
      await assertSucceeds(reads(world.as('carol', 'admin'), 'liveSessions/of-alice/events/spoken'));
      await assertFails(reads(world.as('alice'), 'liveSessions/of-alice/events/spoken'));
    },
  },
  {
    name: 'lets an admin list batches and denies a viewer',
    async run(world) {
      const batches = (claim: string) =>
        lists(world.as('carol', claim), 'liveSessions/of-alice/events', limit(50));
      await assertSucceeds(batches('admin'));
      await assertFails(batches('viewer'));
    },
  },
  {
    name: 'lets an admin list the batches of one session and denies those of all at once',
    async run(world) {
      const admin = world.as('carol', 'admin');
      await assertSucceeds(lists(admin, 'liveSessions/of-alice/events', limit(50)));
      await assertFails(getDocs(query(collectionGroup(admin, 'events'), limit(50))));
    },
  },
  {
    name: 'lets an owner and an admin read a session and denies them every write to it',
    async run(world) {
      for (const database of [world.as('alice'), world.as('alice', 'admin')]) {
        const own = doc(database, 'liveSessions/of-alice');
        await assertSucceeds(getDoc(own));
        await assertFails(setDoc(own, { uid: 'alice', state: 'ended', createdAt: 1 }));
        await assertFails(updateDoc(own, { state: 'ended' }));
        await assertFails(deleteDoc(own));
        await assertFails(setDoc(doc(database, 'liveSessions/new'), { uid: 'alice' }));
      }
    },
  },
];

/** Checks of everything else. */
export const OPERATION_CHECKS: readonly RuleCheck[] = [
  ...OPERATORS.flatMap((path): readonly RuleCheck[] => [
    {
      name: `lets a viewer read ${path} and denies a user`,
      async run(world) {
        await assertSucceeds(reads(world.as('carol', 'viewer'), path));
        await assertFails(reads(world.as('carol'), path));
      },
    },
    {
      name: `lets an admin read ${path} and denies writing it`,
      async run(world) {
        await assertSucceeds(reads(world.as('carol', 'admin'), path));
        await assertFails(setDoc(doc(world.as('carol', 'admin'), path), { v: 2 }));
      },
    },
    {
      name: `lets a viewer list ${parentOf(path)} and denies a user`,
      async run(world) {
        await assertSucceeds(lists(world.as('carol', 'viewer'), parentOf(path), limit(50)));
        await assertFails(lists(world.as('carol'), parentOf(path), limit(50)));
      },
    },
  ]),
  {
    name: 'lets a viewer read what a user’s month adds up to and denies the user',
    async run(world) {
      const ofAlice = where('uid', '==', 'alice');
      await assertSucceeds(lists(world.as('carol', 'viewer'), 'liveUsage', ofAlice, limit(50)));
      await assertFails(lists(world.as('alice'), 'liveUsage', ofAlice, limit(50)));
      await assertFails(reads(world.as('alice'), 'liveUsage/2026-11_alice'));
    },
  },
  {
    name: 'lets an admin read and list the audit and denies a viewer',
    async run(world) {
      const [admin, viewer] = [world.as('carol', 'admin'), world.as('carol', 'viewer')];
      await assertSucceeds(reads(admin, 'liveAudit/entry'));
      await assertSucceeds(lists(admin, 'liveAudit', limit(50)));
      await assertFails(reads(viewer, 'liveAudit/entry'));
      await assertFails(lists(viewer, 'liveAudit', limit(50)));
    },
  },
  ...NOBODYS.map(
    (path): RuleCheck => ({
      name: `lets an admin read a policy and denies them ${path}, as it denies it to a user`,
      async run(world) {
        await assertSucceeds(reads(world.as('alice', 'admin'), 'livePolicies/default'));
        await assertFails(reads(world.as('alice', 'admin'), path));
        await assertFails(reads(world.as('alice'), path));
      },
    }),
  ),
];

/** All of them. */
export const RULE_CHECKS: readonly RuleCheck[] = [...SESSION_CHECKS, ...OPERATION_CHECKS];
