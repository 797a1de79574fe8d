/**
 * The command line of `npm run operate`, read.
 * @module
 */
import { parseArgs } from 'node:util';
import { COLLECTIONS, type CollectionNames } from '@livegate/protocol';

/** Which project's books. */
export interface OperatePlace {
  readonly project: string;
  /** Id of the Firestore database. */
  readonly database: string;
  readonly names: CollectionNames;
}

/** A user, by one of the two. */
export type WhichUser = { readonly uid: string } | { readonly email: string };

/** What is to be done. */
export type OperateAct =
  | { readonly act: 'grant-admin'; readonly user: WhichUser }
  | { readonly act: 'revoke-role'; readonly user: WhichUser }
  | { readonly act: 'write-policy'; readonly policy: 'open'; readonly id: string; readonly force: boolean }
  | { readonly act: 'write-prices'; readonly force: boolean }
  | { readonly act: 'kill-switch'; readonly on: boolean }
  | { readonly act: 'erase'; readonly uid: string };

/** One order: where, what, and what the audit says of it. */
export interface OperateOrder {
  readonly place: OperatePlace;
  readonly reason: string;
  readonly what: OperateAct;
}

const ACTS = ['grant-admin', 'revoke-role', 'write-policy', 'write-prices', 'kill-switch', 'erase'] as const;

/** Options beside those that every act takes. */
const OPTIONS_OF: Readonly<Record<OperateAct['act'], readonly string[]>> = {
  'grant-admin': ['uid', 'email'],
  'revoke-role': ['uid', 'email'],
  'write-policy': ['id', 'force'],
  'write-prices': ['force'],
  'kill-switch': [],
  erase: ['uid'],
};
const COMMON = ['project', 'database', 'collections', 'reason'];
/** Most characters of a reason, as the callables have it. */
const REASON_CHARACTERS = 500;

/** Reads an order. Throws an `Error` that says what is wrong and how it is said right; nothing was done then. */
export function readOrder(args: readonly string[]): OperateOrder {
  const { values, positionals } = parsed(args);
  const [name, ...more] = positionals;
  const act = ACTS.find((each) => each === name);
  if (act === undefined)
    throw wrong(name === undefined ? 'Say what to do.' : `There is no act "${name}".`, ACTS.join(', '));
  const stray = Object.keys(values).find((key) => !COMMON.includes(key) && !OPTIONS_OF[act].includes(key));
  if (stray !== undefined) throw wrong(`"${act}" takes no --${stray}.`);
  const { project, database = '(default)', collections, reason = '' } = values;
  if (project === undefined || project === '') throw wrong('Name the project: --project <id>.');
  if (reason.length > REASON_CHARACTERS) throw wrong(`--reason has at most ${REASON_CHARACTERS} characters.`);
  const place = { project, database, names: namesOf(collections) };
  return { place, reason, what: whatOf(act, { values, more }) };
}

interface Parsed {
  readonly values: {
    readonly project?: string;
    readonly database?: string;
    readonly collections?: string;
    readonly reason?: string;
    readonly uid?: string;
    readonly email?: string;
    readonly id?: string;
    readonly force?: boolean;
  };
  readonly positionals: readonly string[];
}

function parsed(args: readonly string[]): Parsed {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        project: { type: 'string' },
        database: { type: 'string' },
        collections: { type: 'string' },
        reason: { type: 'string' },
        uid: { type: 'string' },
        email: { type: 'string' },
        id: { type: 'string' },
        force: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function whatOf(
  act: OperateAct['act'],
  { values, more }: { readonly values: Parsed['values']; readonly more: readonly string[] },
): OperateAct {
  if (act === 'write-policy') {
    const [policy, ...rest] = more;
    if (policy !== 'open' || rest.length > 0)
      throw wrong('Name the policy: write-policy open. It is the only one that is kept ready.');
    return { act, policy, id: documentId(values.id ?? 'default'), force: values.force === true };
  }
  if (act === 'kill-switch') {
    const [state, ...rest] = more;
    if ((state !== 'on' && state !== 'off') || rest.length > 0)
      throw wrong('Say which: kill-switch on, or kill-switch off.');
    return { act, on: state === 'on' };
  }
  if (more.length > 0) throw wrong(`"${act}" takes options only, not "${more.join(' ')}".`);
  if (act === 'write-prices') return { act, force: values.force === true };
  if (act === 'erase') {
    if (values.uid === undefined) throw wrong('Name the user: --uid <uid>.');
    return { act, uid: uidOf(values.uid) };
  }
  return { act, user: userOf(values) };
}

function userOf({ uid, email }: Parsed['values']): WhichUser {
  if ((uid === undefined) === (email === undefined))
    throw wrong('Name one user: --uid <uid> or --email <address>.');
  return uid === undefined ? { email: email ?? '' } : { uid: uidOf(uid) };
}

/** The same bounds that the callables set. */
function uidOf(uid: string): string {
  if (uid === '' || uid.length > 128 || /\/|^\.\.?$|^__.*__$/.test(uid))
    throw wrong('--uid is a Firebase uid: 1 to 128 characters, no slash.');
  return uid;
}

function documentId(id: string): string {
  if (!/^(?!__.*__$)(?!\.\.?$)[A-Za-z0-9_.-]{1,64}$/.test(id))
    throw wrong('--id is the id of a policy: 1 to 64 of A-Z a-z 0-9 _ . -');
  return id;
}

/** Names of a project's own, over the usual ones. */
function namesOf(collections: string | undefined): CollectionNames {
  if (collections === undefined) return COLLECTIONS;
  const usage =
    '--collections is JSON such as {"sessions":"voiceSessions"}; the keys are ' +
    `${Object.keys(COLLECTIONS).join(', ')}.`;
  let own: unknown;
  try {
    own = JSON.parse(collections);
  } catch (error) {
    throw wrong(usage, undefined, { cause: error });
  }
  if (typeof own !== 'object' || own === null || Array.isArray(own)) throw wrong(usage);
  for (const [key, name] of Object.entries(own))
    if (!Object.hasOwn(COLLECTIONS, key) || typeof name !== 'string' || !/^[^/]+$/.test(name))
      throw wrong(usage);
  return { ...COLLECTIONS, ...own };
}

function wrong(problem: string, choices?: string, options?: ErrorOptions): Error {
  const acts = choices === undefined ? '' : ` It is one of: ${choices}.`;
  return new Error(`${problem}${acts}\n"npm run operate -- --help" has examples.`, options);
}
