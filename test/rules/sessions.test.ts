import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import {
  collection,
  deleteDoc,
  doc,
  getDoc,
  getDocs,
  limit,
  orderBy,
  query,
  setDoc,
  updateDoc,
  where,
} from 'firebase/firestore';
import { beforeAll, describe, it } from 'vitest';
import { type RulesWorld, startRulesWorld } from './support/rules-world.ts';

describe('rules of liveSessions', () => {
  let world: RulesWorld;
  beforeAll(async () => {
    world = await startRulesWorld('rules-sessions', {
      'liveSessions/of-alice': { uid: 'alice', state: 'active', createdAt: 1 },
      'liveSessions/of-bob': { uid: 'bob', state: 'active', createdAt: 2 },
      'liveSessions/of-alice/private/ops': { flags: [] },
      'liveSessions/of-alice/events/quiet': { events: [], transcript: [] },
      'liveSessions/of-alice/events/spoken': { events: [], transcript: [{ text: 'said' }] },
    });
    return () => world.stop();
  });

  describe('one session', () => {
    it('lets a user read their own and denies another', async () => {
      await assertSucceeds(getDoc(doc(world.as('alice'), 'liveSessions/of-alice')));
      await assertFails(getDoc(doc(world.as('alice'), 'liveSessions/of-bob')));
    });

    it('lets a viewer read it and denies a user whose claim is another word', async () => {
      await assertSucceeds(getDoc(doc(world.as('carol', 'viewer'), 'liveSessions/of-alice')));
      await assertFails(getDoc(doc(world.as('carol', 'owner'), 'liveSessions/of-alice')));
    });

    it('lets an admin read it and denies a user without a claim', async () => {
      await assertSucceeds(getDoc(doc(world.as('carol', 'admin'), 'liveSessions/of-alice')));
      await assertFails(getDoc(doc(world.as('carol'), 'liveSessions/of-alice')));
    });

    it('lets a signed-in owner read it and denies nobody', async () => {
      await assertSucceeds(getDoc(doc(world.as('alice'), 'liveSessions/of-alice')));
      await assertFails(getDoc(doc(world.asNobody(), 'liveSessions/of-alice')));
    });
  });

  describe('a list of sessions', () => {
    const mine = (uid: string, most: number) =>
      query(collection(world.as('alice'), 'liveSessions'), where('uid', '==', uid), limit(most));

    it('lets a user list their own and denies listing another', async () => {
      await assertSucceeds(getDocs(mine('alice', 50)));
      await assertFails(getDocs(mine('bob', 50)));
    });

    it('lets a user list 50 and denies 51', async () => {
      await assertSucceeds(getDocs(mine('alice', 50)));
      await assertFails(getDocs(mine('alice', 51)));
    });

    it('lets a user list with a limit and denies without one', async () => {
      const own = query(collection(world.as('alice'), 'liveSessions'), where('uid', '==', 'alice'));
      await assertSucceeds(getDocs(query(own, limit(1))));
      await assertFails(getDocs(own));
    });

    it('lets a viewer list all, newest first, and denies a user the same query', async () => {
      const all = (claim?: string) =>
        query(collection(world.as('carol', claim), 'liveSessions'), orderBy('createdAt', 'desc'), limit(50));
      await assertSucceeds(getDocs(all('viewer')));
      await assertFails(getDocs(all()));
    });
  });

  describe('what belongs to a session', () => {
    it('lets a viewer read the operators’ part and denies the owner', async () => {
      await assertSucceeds(getDoc(doc(world.as('carol', 'viewer'), 'liveSessions/of-alice/private/ops')));
      await assertFails(getDoc(doc(world.as('alice'), 'liveSessions/of-alice/private/ops')));
    });

    it('lets a viewer read a batch without a transcript and denies one with', async () => {
      const viewer = world.as('carol', 'viewer');
      await assertSucceeds(getDoc(doc(viewer, 'liveSessions/of-alice/events/quiet')));
      await assertFails(getDoc(doc(viewer, 'liveSessions/of-alice/events/spoken')));
    });

    it('lets an admin read a transcript and denies a viewer', async () => {
      await assertSucceeds(getDoc(doc(world.as('carol', 'admin'), 'liveSessions/of-alice/events/spoken')));
      await assertFails(getDoc(doc(world.as('carol', 'viewer'), 'liveSessions/of-alice/events/spoken')));
    });

    it('lets an admin list batches and denies a viewer', async () => {
      const batches = (claim: string) =>
        query(collection(world.as('carol', claim), 'liveSessions/of-alice/events'), limit(50));
      await assertSucceeds(getDocs(batches('admin')));
      await assertFails(getDocs(batches('viewer')));
    });
  });

  describe('writes', () => {
    it('denies an owner and an admin every write to what they may read', async () => {
      for (const database of [world.as('alice'), world.as('alice', 'admin')]) {
        const own = doc(database, 'liveSessions/of-alice');
        await assertSucceeds(getDoc(own));
        await assertFails(setDoc(own, { uid: 'alice', state: 'ended', createdAt: 1 }));
        await assertFails(updateDoc(own, { state: 'ended' }));
        await assertFails(deleteDoc(own));
        await assertFails(setDoc(doc(database, 'liveSessions/new'), { uid: 'alice' }));
      }
    });
  });
});
