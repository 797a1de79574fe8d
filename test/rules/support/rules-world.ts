import { readFileSync } from 'node:fs';
import { initializeTestEnvironment } from '@firebase/rules-unit-testing';
import { doc, type Firestore, setDoc, setLogLevel } from 'firebase/firestore';
import { useStack } from '../../support/stack.ts';

// A denied write is what many of these tests want to see; the SDK would print each.
setLogLevel('silent');

/** Firestore under this repository's rules, with some documents in it. */
export interface RulesWorld {
  /** The database as a signed-in user sees it, with `livegate` set to `claim` where one is given. */
  as(uid: string, claim?: string): Firestore;
  /** The database as seen without signing in. */
  asNobody(): Firestore;
  stop(): Promise<void>;
}

/** Seeds `documents` (path → fields), rules aside, in a project of its own. */
export async function startRulesWorld(
  projectId: string,
  documents: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<RulesWorld> {
  const [host = '', port = ''] = useStack().hosts.firestore.split(':');
  const environment = await initializeTestEnvironment({
    projectId: `demo-${projectId}`,
    firestore: {
      host,
      port: Number(port),
      rules: readFileSync(new URL('../../../firestore.rules', import.meta.url), 'utf8'),
    },
  });
  await environment.clearFirestore();
  await environment.withSecurityRulesDisabled(async (context) => {
    const database = context.firestore() as unknown as Firestore;
    for (const [path, fields] of Object.entries(documents)) await setDoc(doc(database, path), fields);
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
