import { serverAhead, setClock } from './clock.ts';

/** What the page is told at run time: which Firebase project, and in emulator builds where the emulators are. */
export interface PageConfig {
  readonly firebase: {
    readonly apiKey: string;
    readonly projectId: string;
    readonly appId: string;
    readonly authDomain: string;
  };
  /** Emulator builds only. */
  readonly emulators?: {
    /** With its scheme, as the Auth SDK wants it. */
    readonly auth: string;
    readonly firestore: { readonly host: string; readonly port: number };
    readonly functions: { readonly host: string; readonly port: number };
  };
  /** Emulator builds only: the seeded operator, put into the sign-in form. */
  readonly operator?: { readonly email: string; readonly password: string };
}

/** Where the functions run, told at build time by `VITE_LIVEGATE_REGION`; the functions' own default where it is not. */
export const FUNCTIONS_REGION = (import.meta.env.VITE_LIVEGATE_REGION as string | undefined) ?? 'us-central1';

/**
 * The site key of reCAPTCHA Enterprise that the page proves itself with, told at build time by
 * `VITE_LIVEGATE_APP_CHECK_KEY`; without one it proves nothing, and functions that want App Check refuse its acts.
 */
export const APP_CHECK_KEY = import.meta.env.VITE_LIVEGATE_APP_CHECK_KEY as string | undefined;

/** True in `vite build --mode emulator`. The bundler knows it, so other builds drop what stands behind it. */
export const IS_EMULATOR = import.meta.env.MODE === 'emulator';

const CONFIG_PATH = IS_EMULATOR ? '/livegate.json' : '/__/firebase/init.json';

/**
 * Reads the page's configuration from the host that served it. Rejects with a sentence that names the file: in
 * production it is Hosting's own, in emulator builds the start script writes it. Its answer tells the server's time.
 */
export async function readPageConfig(): Promise<PageConfig> {
  const askedAt = Date.now();
  const response = await fetch(CONFIG_PATH, { cache: 'no-store' }).catch((cause: unknown) => {
    throw new Error(`${CONFIG_PATH} could not be fetched.`, { cause });
  });
  if (!response.ok) throw new Error(`${CONFIG_PATH} answered ${response.status}.`);
  setClock(serverAhead({ headers: response.headers, askedAt, answeredAt: Date.now() }));
  const found: unknown = await response.json().catch((cause: unknown) => {
    throw new Error(`${CONFIG_PATH} is not JSON.`, { cause });
  });
  // Hosting's file is the Firebase configuration itself; ours holds it beside the emulators' addresses.
  return (IS_EMULATOR ? found : { firebase: found }) as PageConfig;
}
