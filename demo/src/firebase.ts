/**
 * The Firebase side of the page: opening the project and signing in. Nothing here is Livegate's; a page that
 * has its own keeps it.
 * @module
 */
import { CALLABLES_VERSION, type QuotaAnswer } from '@livegate/protocol';
import { type AI, connectLiveEmulator, GoogleAIBackend, getAI } from '@livegate/web';
import { initializeApp } from 'firebase/app';
import {
  type Auth,
  browserLocalPersistence,
  browserPopupRedirectResolver,
  connectAuthEmulator,
  GoogleAuthProvider,
  indexedDBLocalPersistence,
  initializeAuth,
  signInAnonymously,
  signInWithPopup,
} from 'firebase/auth';
import { IS_EMULATOR, type PageConfig } from './page-config.ts';

/** The page's services. One set per page, made by {@link openFirebase}, never closed. */
export interface Services {
  readonly auth: Auth;
  readonly ai: AI;
  /** Where answers come from. */
  readonly answers: 'gemini' | 'emulator';
  /** What the signed-in user has left, by the callable `getLiveQuota`. For display: each token is decided anew. */
  readonly readQuota: () => Promise<QuotaAnswer>;
}

/** Where the functions run. */
const REGION = 'us-central1';

/** Opens the project that the configuration names; in emulator builds, its emulators. */
export async function openFirebase(config: PageConfig): Promise<Services> {
  const app = initializeApp(config.firebase);
  const auth = initializeAuth(app, { persistence: [indexedDBLocalPersistence, browserLocalPersistence] });
  const ai = getAI(app, { backend: new GoogleAIBackend() });
  const readQuota = async (): Promise<QuotaAnswer> => {
    const { getFunctions, httpsCallable } = await import('firebase/functions');
    const call = httpsCallable<{ v: number }, QuotaAnswer>(getFunctions(app, REGION), 'getLiveQuota');
    return (await call({ v: CALLABLES_VERSION })).data;
  };
  if (IS_EMULATOR && config.emulators !== undefined) {
    const { functions, live } = config.emulators;
    connectAuthEmulator(auth, config.emulators.auth, { disableWarnings: true });
    const { connectFunctionsEmulator, getFunctions } = await import('firebase/functions');
    connectFunctionsEmulator(getFunctions(app, REGION), functions.host, functions.port);
    if (live !== undefined) connectLiveEmulator(ai, live);
    return { auth, ai, readQuota, answers: live === undefined ? 'gemini' : 'emulator' };
  }
  return { auth, ai, readQuota, answers: 'gemini' };
}

/** Signs in without an account, unless somebody is signed in. Rejects with the Auth SDK's error. */
export async function signInAsGuest(auth: Auth): Promise<void> {
  await auth.authStateReady();
  if (auth.currentUser === null) await signInAnonymously(auth);
}

/** Signs in with a Google account in a pop-up. Production only: the Auth emulator has no Google. */
export async function signInWithGoogle(auth: Auth): Promise<void> {
  await signInWithPopup(auth, new GoogleAuthProvider(), browserPopupRedirectResolver);
}
