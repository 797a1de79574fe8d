/**
 * The page around the apps: signs in, lets the app under test find the emulators, and runs it.
 * @module
 */
import { type FirebaseApp, initializeApp } from 'firebase/app';
import { connectAuthEmulator, initializeAuth, inMemoryPersistence, signInAnonymously } from 'firebase/auth';
import { connectFunctionsEmulator, getFunctions } from 'firebase/functions';
import { audioConversation } from '../apps/audio-conversation.ts';
import { mediaStream } from '../apps/media-stream.ts';
import type { Order, Stage } from '../apps/stage.ts';
import { textTurns } from '../apps/text-turns.ts';

const APPS = {
  'audio-conversation': audioConversation,
  'media-stream': mediaStream,
  'text-turns': textTurns,
};

/** Which app. */
export type AppName = keyof typeof APPS;

/** What the page is told. Hosts are `host:port`. */
export interface PlayOptions {
  readonly name: AppName;
  readonly projectId: string;
  readonly hosts: { readonly auth: string; readonly functions: string; readonly live: string };
  readonly speech: readonly string[];
}

/** Steps in the order in which they were seen. */
export type Trace = readonly (readonly [step: string, seen: string])[];

declare global {
  interface Window {
    livegateAsk(order: Order): Promise<void>;
    livegatePlay(options: PlayOptions): Promise<Trace>;
  }
}

/** Makes the page ready to play with a module. `useEmulator` points that module at the Live emulator. */
export function playWith(useEmulator: (app: FirebaseApp, liveHost: string) => void): void {
  window.livegatePlay = async ({ name, projectId, hosts, speech }) => {
    const app = initializeApp({ apiKey: 'key', projectId, appId: 'app' });
    const auth = initializeAuth(app, { persistence: inMemoryPersistence });
    connectAuthEmulator(auth, `http://${hosts.auth}`, { disableWarnings: true });
    const functions = new URL(`http://${hosts.functions}`);
    connectFunctionsEmulator(getFunctions(app), functions.hostname, Number(functions.port));
    await signInAnonymously(auth);
    useEmulator(app, hosts.live);
    const trace: [string, string][] = [];
    const stage: Stage = {
      app,
      speech,
      note: (step, seen) => void trace.push([step, seen]),
      ask: (order) => window.livegateAsk(order),
    };
    try {
      await APPS[name](stage);
    } catch (error) {
      trace.push(['the app itself', String(error)]);
    }
    return trace;
  };
}
