import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import { collection, doc, getDoc, getDocs, limit, query, setDoc } from 'firebase/firestore';
import { beforeAll, describe, it } from 'vitest';
import { type RulesWorld, startRulesWorld } from './support/rules-world.ts';

const OPERATORS = [
  'livePolicies/default',
  'liveTemplates/greeting',
  'liveTemplates/greeting/versions/1',
  'livePrices/gemini-3.8-live',
  'liveStats/2026-11-21',
  'liveStats/2026-11-21/shards/0',
  'liveConfig/global',
];

describe('rules of the operators’ documents', () => {
  let world: RulesWorld;
  beforeAll(async () => {
    const paths = [...OPERATORS, 'liveAudit/entry', 'liveQuotas/alice', 'elsewhere/document'];
    world = await startRulesWorld(
      'rules-operations',
      Object.fromEntries(paths.map((path) => [path, { v: 1 }])),
    );
    return () => world.stop();
  });

  it.each(OPERATORS)('let a viewer read %s and deny a user', async (path) => {
    await assertSucceeds(getDoc(doc(world.as('carol', 'viewer'), path)));
    await assertFails(getDoc(doc(world.as('carol'), path)));
  });

  it.each(OPERATORS)('let an admin read %s and deny writing it', async (path) => {
    await assertSucceeds(getDoc(doc(world.as('carol', 'admin'), path)));
    await assertFails(setDoc(doc(world.as('carol', 'admin'), path), { v: 2 }));
  });

  it('let a viewer list policies and deny a user', async () => {
    const policies = (claim?: string) =>
      query(collection(world.as('carol', claim), 'livePolicies'), limit(50));
    await assertSucceeds(getDocs(policies('viewer')));
    await assertFails(getDocs(policies()));
  });

  it('let an admin read the audit and deny a viewer', async () => {
    await assertSucceeds(getDoc(doc(world.as('carol', 'admin'), 'liveAudit/entry')));
    await assertFails(getDoc(doc(world.as('carol', 'viewer'), 'liveAudit/entry')));
  });

  it('let an admin read a policy and deny them a quota, as they deny it to its user', async () => {
    await assertSucceeds(getDoc(doc(world.as('carol', 'admin'), 'livePolicies/default')));
    await assertFails(getDoc(doc(world.as('carol', 'admin'), 'liveQuotas/alice')));
    await assertFails(getDoc(doc(world.as('alice'), 'liveQuotas/alice')));
  });

  it('let an admin read a policy and deny a document nobody named', async () => {
    await assertSucceeds(getDoc(doc(world.as('carol', 'admin'), 'livePolicies/default')));
    await assertFails(getDoc(doc(world.as('carol', 'admin'), 'elsewhere/document')));
  });
});
