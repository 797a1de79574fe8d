/**
 * Apps that talk through the module, each of a user of its own under a policy of its own, in Node.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { LiveSessionView } from '@livegate/emulator';
import type { LivePolicyDocument, LiveSessionDocument } from '@livegate/protocol';
import {
  connectLiveEmulator,
  getAI,
  getLiveGenerativeModel,
  type LiveGenerativeModel,
  type LiveModelParams,
  type LiveOptions,
  type LiveServerContent,
  type LiveSession,
  type LiveSessionEvents,
  type VertexAIBackend,
} from '@livegate/web';
import { deleteApp, type FirebaseApp, initializeApp } from 'firebase/app';
import { connectAuthEmulator, getAuth, signInWithEmailAndPassword } from 'firebase/auth';
import { connectFunctionsEmulator, getFunctions } from 'firebase/functions';
import { afterAll } from 'vitest';
import { SEEDED_POLICY } from '../../scripts/seed-documents.ts';
import { signInAsNewUser, useAdminFirestore } from './clients.ts';
import { useStack } from './stack.ts';

/** Model of the tests. */
export const MODEL = 'gemini-3.8-live';

/** An app, signed in. */
export interface TalkingApp {
  readonly app: FirebaseApp;
  readonly uid: string;
  /** System instruction of its models, and of no other's: how the Live emulator tells its sessions from others. */
  readonly instruction: string;
  /** Its connections that were set up, as the Live emulator sees them now. */
  connections(): Promise<readonly LiveSessionView[]>;
  /** A model that is asked for audio, on the emulators. */
  model(
    options?: LiveOptions,
    params?: Partial<LiveModelParams>,
    backend?: VertexAIBackend,
  ): LiveGenerativeModel;
}

/** What a user under test can do with Firestore and the module. */
export interface TalkingApps {
  /** A new user under the demo's policy with these changes. `null`: nobody signs in. */
  open(policy: Partial<LivePolicyDocument> | null): Promise<TalkingApp>;
  /** Watches the session's document until it is as wanted. */
  books(
    session: LiveSession,
    isDone: (document: LiveSessionDocument) => boolean,
  ): Promise<LiveSessionDocument>;
  /** Closes the session after the test, unless it is over. */
  closeLater(session: LiveSession): LiveSession;
}

/** Opens apps; closes their sessions and them after the tests of the file (or `describe`), which may run side by side. */
export function useTalkingApps(): TalkingApps {
  const firestore = useAdminFirestore();
  const apps: FirebaseApp[] = [];
  const sessions: LiveSession[] = [];
  afterAll(async () => {
    for (const session of sessions.splice(0)) await session.close().catch(() => {});
    for (const app of apps.splice(0)) await deleteApp(app);
  });
  return {
    async open(policy) {
      const { projectId, hosts } = useStack();
      const id = `talking-${randomUUID()}`;
      const app = initializeApp({ apiKey: 'demo', projectId, appId: 'demo', authDomain: 'localhost' }, id);
      apps.push(app);
      const auth = getAuth(app);
      connectAuthEmulator(auth, `http://${hosts.auth}`, { disableWarnings: true });
      let uid = '';
      if (policy) {
        await firestore()
          .doc(`livePolicies/${id}`)
          .set({ ...SEEDED_POLICY, ...policy });
        const { email, password } = await signInAsNewUser({ livegatePolicy: id });
        ({ uid } = (await signInWithEmailAndPassword(auth, email, password)).user);
      }
      const [host = '', port] = hosts.functions.split(':');
      connectFunctionsEmulator(getFunctions(app, 'us-central1'), host, Number(port));
      return {
        app,
        uid,
        instruction: id,
        async connections() {
          const all = await useStack().live.sessions();
          return all.filter(({ setup }) => setup?.systemInstruction?.parts?.[0]?.text === id);
        },
        model(options = {}, params = {}, backend) {
          const ai = getAI(app, backend ? { backend } : {});
          connectLiveEmulator(ai, hosts.live);
          return getLiveGenerativeModel(ai, { model: MODEL, systemInstruction: id, ...params }, options);
        },
      };
    },
    books: (session, isDone) =>
      new Promise((resolve, reject) => {
        const stop = firestore()
          .doc(`liveSessions/${session.sessionId}`)
          .onSnapshot((snapshot) => {
            const document = snapshot.data() as LiveSessionDocument | undefined;
            if (!document || !isDone(document)) return;
            stop();
            resolve(document);
          }, reject);
      }),
    closeLater(session) {
      sessions.push(session);
      return session;
    },
  };
}

/** Every event of a kind from now on, oldest first. */
export function collect<K extends keyof LiveSessionEvents>(
  session: LiveSession,
  type: K,
): LiveSessionEvents[K][] {
  const events: LiveSessionEvents[K][] = [];
  session.on(type, (event) => events.push(event));
  return events;
}

/** Resolves with the next event of a kind that `fits`. */
export function nextEvent<K extends keyof LiveSessionEvents>(
  session: LiveSession,
  type: K,
  fits: (event: LiveSessionEvents[K]) => boolean = () => true,
): Promise<LiveSessionEvents[K]> {
  return new Promise((resolve) => {
    const stop = session.on(type, (event) => {
      if (!fits(event)) return;
      stop();
      resolve(event);
    });
  });
}

/** A turn of the model, as a reader got it. */
export interface HeardTurn {
  readonly audio: Buffer;
  readonly transcript: string;
  /** What cut it off, where anything did. */
  readonly cut?: unknown;
}

/** Reads turns off a session, one after the other. */
export function turnsOf(session: LiveSession): { next(): Promise<HeardTurn> } {
  const messages = session.receive();
  return {
    async next() {
      const audio: Buffer[] = [];
      let transcript = '';
      for (;;) {
        const { value, done } = await messages.next();
        if (done) throw new Error('The session ended within a turn.');
        if (value.type !== 'serverContent') continue;
        const content = value as LiveServerContent & { readonly cut?: unknown };
        for (const { inlineData } of content.modelTurn?.parts ?? [])
          if (inlineData) audio.push(Buffer.from(inlineData.data, 'base64'));
        transcript += content.outputTranscription?.text ?? '';
        if (content.turnComplete)
          return {
            audio: Buffer.concat(audio),
            transcript,
            ...('cut' in content ? { cut: content.cut } : {}),
          };
      }
    },
  };
}
