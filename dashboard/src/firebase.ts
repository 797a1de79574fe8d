import { type FirebaseApp, initializeApp } from 'firebase/app';
import {
  type Auth,
  browserLocalPersistence,
  browserPopupRedirectResolver,
  connectAuthEmulator,
  GoogleAuthProvider,
  indexedDBLocalPersistence,
  initializeAuth,
  signInWithEmailAndPassword,
  signInWithPopup,
} from 'firebase/auth';
import { connectFirestoreEmulator, type Firestore, initializeFirestore } from 'firebase/firestore';
import { type Acts, openActs } from './acts.ts';
import { APP_CHECK_KEY, FUNCTIONS_REGION, IS_EMULATOR, type PageConfig } from './page-config.ts';

/** The page's Firebase services. One set per page, made by {@link openFirebase}, never closed. */
export interface Services {
  readonly app: FirebaseApp;
  readonly auth: Auth;
  readonly db: Firestore;
  readonly acts: Acts;
}

/** Opens the project that the configuration names; in emulator builds, its emulators and nothing else. */
export function openFirebase(config: PageConfig): Services {
  const app = initializeApp(config.firebase);
  const auth = initializeAuth(app, { persistence: [indexedDBLocalPersistence, browserLocalPersistence] });
  const db = initializeFirestore(app, {});
  if (IS_EMULATOR && config.emulators !== undefined) {
    connectAuthEmulator(auth, config.emulators.auth, { disableWarnings: true });
    connectFirestoreEmulator(db, config.emulators.firestore.host, config.emulators.firestore.port);
    const acts = openActs(app, { region: FUNCTIONS_REGION, emulator: config.emulators.functions });
    return { app, auth, db, acts };
  }
  if (APP_CHECK_KEY !== undefined) void proveApp(app, APP_CHECK_KEY);
  return { app, auth, db, acts: openActs(app, { region: FUNCTIONS_REGION }) };
}

/** App Check, for projects whose functions want it. */
async function proveApp(app: FirebaseApp, siteKey: string): Promise<void> {
  const { initializeAppCheck, ReCaptchaEnterpriseProvider } = await import('firebase/app-check');
  initializeAppCheck(app, {
    provider: new ReCaptchaEnterpriseProvider(siteKey),
    isTokenAutoRefreshEnabled: true,
  });
}

/** Signs in with an address and a password. Rejects with the Auth SDK's error; see `signInProblem`. */
export async function signInWithPassword(auth: Auth, email: string, password: string): Promise<void> {
  await signInWithEmailAndPassword(auth, email, password);
}

/** Signs in with a Google account in a pop-up. Production only: the Auth emulator has no Google. */
export async function signInWithGoogle(auth: Auth): Promise<void> {
  await signInWithPopup(auth, new GoogleAuthProvider(), browserPopupRedirectResolver);
}
