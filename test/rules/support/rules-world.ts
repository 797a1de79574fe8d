import { readFileSync } from 'node:fs';
import { initializeTestEnvironment } from '@firebase/rules-unit-testing';
import { doc, type Firestore, setLogLevel, writeBatch } from 'firebase/firestore';
import { useStack } from '../../support/stack.ts';

// A denied write is what many of these tests want to see; the SDK would print each.
setLogLevel('silent');

/** This repository's rules. */
export const RULES = readFileSync(new URL('../../../firestore.rules', import.meta.url), 'utf8');

/** Firestore under rules, with some documents in it. */
export interface RulesWorld {
  /** The database as a signed-in user sees it, with `livegate` set to `claim` where one is given. */
  as(uid: string, claim?: string): Firestore;
  /** The database as seen without signing in. */
  asNobody(): Firestore;
  stop(): Promise<void>;
}

/** Documents by their path. */
export type Documents = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Seeds `documents`, rules aside, in a project of its own. Rejects where the rules are not valid. */
export async function startRulesWorld(
  projectId: string,
  { documents, rules = RULES }: { readonly documents: Documents; readonly rules?: string },
): Promise<RulesWorld> {
  const [host = '', port = ''] = useStack().hosts.firestore.split(':');
  const environment = await initializeTestEnvironment({
    projectId: `demo-${projectId}`,
    firestore: { host, port: Number(port), rules },
  });
  await environment.clearFirestore();
  await environment.withSecurityRulesDisabled(async (context) => {
    const database = context.firestore() as unknown as Firestore;
    const batch = writeBatch(database);
    for (const [path, fields] of Object.entries(documents)) batch.set(doc(database, path), fields);
    await batch.commit();
  });
  const databases = new Map<string, Firestore>();
  const remembered = (key: string, open: () => unknown): Firestore => {
    const database = databases.get(key) ?? (open() as Firestore);
    databases.set(key, database);
    return database;
  };
  return {
    as: (uid, claim) =>
      remembered(`${uid}/${claim ?? ''}`, () =>
        environment.authenticatedContext(uid, claim === undefined ? {} : { livegate: claim }).firestore(),
      ),
    asNobody: () => remembered('', () => environment.unauthenticatedContext().firestore()),
    stop: () => environment.cleanup(),
  };
}
