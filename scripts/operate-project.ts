/**
 * A project's users and books, as its owner reaches them: with application-default credentials, or on the emulators.
 * @module
 */
import { applicationDefault, deleteApp, initializeApp } from 'firebase-admin/app';
import { type Auth, getAuth } from 'firebase-admin/auth';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';
import type { OperatePlace } from './operate-order.ts';

/** A project that is open. Whoever opens it closes it. */
export interface OpenProject {
  readonly auth: Auth;
  readonly db: Firestore;
  /** `the emulators`, or nothing said. */
  readonly where: string;
  close(): Promise<void>;
}

/** What decides where the SDK goes. */
export type OperateEnvironment = Readonly<
  Partial<Record<'FIRESTORE_EMULATOR_HOST' | 'FIREBASE_AUTH_EMULATOR_HOST', string>>
>;

/**
 * True on the emulators. Throws where only one of the two is named: an act would change users in the cloud and books
 * on this machine, or the other way round.
 */
export function onEmulators(environment: OperateEnvironment): boolean {
  const { FIRESTORE_EMULATOR_HOST: firestore, FIREBASE_AUTH_EMULATOR_HOST: auth } = environment;
  if (Boolean(firestore) !== Boolean(auth)) {
    throw new Error(
      `${firestore ? 'FIRESTORE_EMULATOR_HOST' : 'FIREBASE_AUTH_EMULATOR_HOST'} is set and ` +
        `${firestore ? 'FIREBASE_AUTH_EMULATOR_HOST' : 'FIRESTORE_EMULATOR_HOST'} is not: ` +
        'set both for the emulators, or none for the project in the cloud.',
    );
  }
  return Boolean(firestore);
}

/** Opens a project. Nothing is asked of it yet; rejects where there are no credentials. */
export async function openProject({ project, database }: OperatePlace): Promise<OpenProject> {
  const emulated = onEmulators(process.env);
  // No look-up of a cloud machine's metadata where nothing is asked of the cloud.
  if (emulated) process.env.METADATA_SERVER_DETECTION ??= 'none';
  // Firestore's client, without credentials, ends the process instead of rejecting.
  else await applicationDefault().getAccessToken();
  const app = initializeApp({ projectId: project }, `operate-${project}-${database}`);
  return {
    auth: getAuth(app),
    db: getFirestore(app, database),
    where: emulated ? `${project} on the emulators` : project,
    close: () => deleteApp(app),
  };
}

/** A failure of the cloud, with what helps; any other as it came. */
export function explained(error: unknown, { project, database }: OperatePlace): Error {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = REMEDIES.find(({ sign }) => sign.test(`${codeOf(error)} ${message}`))?.remedy;
  if (remedy !== undefined) return new Error(remedy({ project, database }), { cause: error });
  return error instanceof Error ? error : new Error(message);
}

const REMEDIES: readonly {
  readonly sign: RegExp;
  readonly remedy: (place: Pick<OperatePlace, 'project' | 'database'>) => string;
}[] = [
  // Before the next: this complaint speaks of default credentials as well.
  {
    sign: /quota project|serviceusage/i,
    remedy: ({ project }) =>
      `These credentials name no project to count against. Run:\n  gcloud auth application-default set-quota-project ${project}`,
  },
  {
    sign: /default credentials|credential file|invalid_grant|invalid_rapt|app\/invalid-credential|Could not refresh access token|\b16 UNAUTHENTICATED/i,
    remedy: () =>
      'There are no credentials that work here. Sign in with:\n  gcloud auth application-default login\n' +
      'or name a service account in GOOGLE_APPLICATION_CREDENTIALS.',
  },
  {
    sign: /PERMISSION_DENIED|insufficient[- ]permission/i,
    remedy: ({ project }) =>
      `These credentials may not do this in ${project}. They need the roles "Firebase Authentication Admin" ` +
      '(roles/firebaseauth.admin) and "Cloud Datastore User" (roles/datastore.user).',
  },
  {
    sign: /\b5 NOT_FOUND|configuration-not-found|project-not-found/i,
    remedy: ({ project, database }) =>
      `The project ${project}, its Firestore database ${database} or its Authentication does not exist. Look at:\n` +
      `  gcloud firestore databases list --project ${project}`,
  },
];

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
