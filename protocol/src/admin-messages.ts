/**
 * What operators' callables take and answer, and the checks at their doors.
 * @module
 */
import { bounded, fail, identifier, name, oneOf, textUpTo, whole } from './door.ts';
import type { AlertThresholds, LiveCaps } from './settings-documents.ts';
import { type Fields, flag, isObject, json, object, type Shape } from './shape.ts';

/** Every act says why; it stands in the audit. */
interface Act {
  readonly v: number;
  /** 0 to 500 characters. */
  readonly reason: string;
}

/** Ends a session: no further token. A token that is alive stays valid until it expires. */
export interface RevokeSession extends Act {
  readonly sessionId: string;
}

/** Blocks a user, or lets one in again. A block revokes the user's open sessions. */
export interface BlockUser extends Act {
  readonly uid: string;
  readonly blocked: boolean;
}

/** Removes what is kept of a user. With `preview` nothing changes and the counts are what would go. */
export interface EraseUser extends Act {
  readonly uid: string;
  readonly preview?: boolean;
}

/** Writes a policy, or deletes it where none is given. Refused with `conflict` where `baseVersion` is not the current one. */
export interface SetPolicy extends Act {
  readonly id: string;
  /** Version that was edited; 0 for a new one. */
  readonly baseVersion: number;
  /** Without `v` and `version`: the server sets them. Read with `readPolicyDraft`. */
  readonly policy?: unknown;
}

/** Writes a template's next version. Refused with `conflict` where `baseVersion` is not the current one. */
export interface SetTemplate extends Act {
  readonly id: string;
  readonly baseVersion: number;
  /** Without `v` and `version`. Read with `readTemplateDraft`. */
  readonly template: unknown;
}

/** Writes the price of a model. */
export interface SetPrice extends Act {
  readonly model: string;
  readonly baseVersion: number;
  /** Without `v` and `version`. Read with `readPriceDraft`. */
  readonly price: unknown;
}

/** Switches every mint off, or on again; within a minute on warm instances. */
export interface SetKillSwitch extends Act {
  readonly on: boolean;
}

/**
 * Bounds of the project, and the figures that make an alert. A half that is absent stays as it is; one that is `null`
 * has none; within a half, what is absent has no bound and makes no alert.
 */
export interface SetLimits extends Act {
  readonly caps?: Partial<LiveCaps> | null;
  readonly alerts?: Partial<AlertThresholds> | null;
}

/** Makes an operator of a user, or none where no role is given. The last admin stays. */
export interface SetRole extends Act {
  readonly uid: string;
  readonly role?: 'viewer' | 'admin';
}

/** Gives a user a policy of their own, by the claim `livegatePolicy`, or takes it away. Counts from their next ID token on, an hour at most. */
export interface SetTier extends Act {
  readonly uid: string;
  /** Id of a policy that exists; absent: the one by sign-in provider, or `default`. */
  readonly tier?: string;
}

/** Gives a user more minutes for the UTC day that goes on; 0 takes them back. */
export interface RaiseQuota extends Act {
  readonly uid: string;
  /** 0 to 1,440, on top of the policy's; replaces what was given before. */
  readonly minutes: number;
}

/** Asks what is known of a user. For viewers too; changes nothing, and stands in no audit. */
export interface ReadLiveUser {
  readonly v: number;
  /** One of both. */
  readonly uid?: string;
  readonly email?: string;
}

/** A user as operators see them. */
export interface LiveUserAnswer {
  readonly v: number;
  readonly serverTime: number;
  readonly uid: string;
  /** The account; `null` where it is gone: a quota may still stand. */
  readonly account: {
    readonly email: string | null;
    readonly name: string | null;
    readonly providers: readonly string[];
    readonly disabled: boolean;
    readonly createdAt: number | null;
    readonly lastSignInAt: number | null;
    readonly role: 'viewer' | 'admin' | null;
    /** The claim `livegatePolicy`. */
    readonly tier: string | null;
  } | null;
  /** Id of the policy that the next mint goes by, as far as it can be told from here; `null` where none lets them in. */
  readonly policy: string | null;
  readonly day: UserWindow;
  readonly month: UserWindow;
  /** Minutes given for today, 0 for none. */
  readonly raisedMinutes: number;
  readonly sessions: { readonly live: number; readonly limit: number | null };
  readonly liveTokens: { readonly live: number; readonly limit: number | null };
  readonly blocked: { readonly reason: string; readonly at: number } | null;
  /** An erasure is under way. */
  readonly erasing: boolean;
}

/** Seconds of a window; `limitSeconds` `null` for no bound. What was given for the day is in the limit. */
export interface UserWindow {
  readonly usedSeconds: number;
  readonly limitSeconds: number | null;
  readonly resetsAt: number;
}

/** What an act answers. */
export interface AdminAnswer {
  readonly v: number;
  /** False where everything was so already; nothing was written then, the audit included. */
  readonly changed: boolean;
  /** Version of the document that was written. */
  readonly version?: number;
  /** Epoch ms: until then a token that was handed out directly stays valid. */
  readonly tokensDieAt?: number;
}

/** What an erasure answers. */
export interface EraseAnswer {
  readonly v: number;
  /** False: more is to go; call again, or let `sweepLiveSessions` go on. */
  readonly done: boolean;
  readonly sessions: number;
  readonly events: number;
  readonly auditEntries: number;
  /** Sessions with a live token: they go when it is dead. */
  readonly live: number;
}

const act: Fields<Act> = { v: whole(99), reason: textUpTo(500) };

/** A Firebase uid: 1 to 128 characters, no slash. */
export const uidShape: Shape<string> = (value, path, unknownFields) => {
  const read = name(value, path, unknownFields);
  if (read.length > 128 || /\/|^\.\.?$|^__.*__$/.test(read)) throw fail(path, 'a uid');
  return read;
};
/** The id of a document that people name: 1 to 64 of `A-Za-z0-9_.-`, not `__…__`, `.` or `..`. */
export const documentId: Shape<string> = (value, path, unknownFields) => {
  const read = name(value, path, unknownFields);
  if (!/^(?!__.*__$)(?!\.\.?$)[A-Za-z0-9_.-]{1,64}$/.test(read))
    throw fail(path, '1 to 64 of A-Z a-z 0-9 _ . -');
  return read;
};
const version = whole(1_000_000);
const amount = bounded(Number.MAX_SAFE_INTEGER) as Shape<number | null>;

const revokeSession = object<RevokeSession>({ ...act, sessionId: identifier }, 'v', 'reason', 'sessionId');
const blockUser = object<BlockUser>(
  { ...act, uid: uidShape, blocked: flag },
  'v',
  'reason',
  'uid',
  'blocked',
);
const eraseUser = object<EraseUser>({ ...act, uid: uidShape, preview: flag }, 'v', 'reason', 'uid');
const setPolicy = object<SetPolicy>(
  { ...act, id: documentId, baseVersion: version, policy: json },
  'v',
  'reason',
  'id',
  'baseVersion',
);
const setTemplate = object<SetTemplate>(
  { ...act, id: documentId, baseVersion: version, template: json },
  'v',
  'reason',
  'id',
  'baseVersion',
  'template',
);
const setPrice = object<SetPrice>(
  { ...act, model: documentId, baseVersion: version, price: json },
  'v',
  'reason',
  'model',
  'baseVersion',
  'price',
);
const setKillSwitch = object<SetKillSwitch>({ ...act, on: flag }, 'v', 'reason', 'on');
const setLimits = object<SetLimits>(
  {
    ...act,
    caps: object<Partial<LiveCaps>>({ minutesPerDay: amount, liveTokens: amount, shards: whole(64) }),
    alerts: object<Partial<AlertThresholds>>({
      usd: amount,
      refusals: amount,
      flaggedSessions: amount,
      mintErrors: amount,
    }),
  },
  'v',
  'reason',
);
const setRole = object<SetRole>(
  { ...act, uid: uidShape, role: oneOf('viewer', 'admin') },
  'v',
  'reason',
  'uid',
);

const setTier = object<SetTier>({ ...act, uid: uidShape, tier: documentId }, 'v', 'reason', 'uid');
const raiseQuota = object<RaiseQuota>(
  { ...act, uid: uidShape, minutes: whole(1_440) },
  'v',
  'reason',
  'uid',
  'minutes',
);
const readUser = object<ReadLiveUser>({ v: whole(99), uid: uidShape, email: textUpTo(320) }, 'v');

/** Reads {@link RevokeSession}. Each of these readers throws {@link ProtocolError} with the field's path. */
export const readRevokeSession = (value: unknown): RevokeSession => revokeSession(value, '', 'reject');
/** Reads {@link BlockUser}. */
export const readBlockUser = (value: unknown): BlockUser => blockUser(value, '', 'reject');
/** Reads {@link EraseUser}. */
export const readEraseUser = (value: unknown): EraseUser => eraseUser(value, '', 'reject');
/** Reads {@link SetPolicy}. */
export const readSetPolicy = (value: unknown): SetPolicy => setPolicy(value, '', 'reject');
/** Reads {@link SetTemplate}. */
export const readSetTemplate = (value: unknown): SetTemplate => setTemplate(value, '', 'reject');
/** Reads {@link SetPrice}. */
export const readSetPrice = (value: unknown): SetPrice => setPrice(value, '', 'reject');
/** Reads {@link SetKillSwitch}. */
export const readSetKillSwitch = (value: unknown): SetKillSwitch => setKillSwitch(value, '', 'reject');
/** Reads {@link SetLimits}. */
export function readSetLimits(value: unknown): SetLimits {
  const read = setLimits(value, '', 'reject');
  // The words for shapes take null for absent; here it is an order.
  const none = isObject(value) ? value : {};
  return {
    ...read,
    ...(none.caps === null ? { caps: null } : {}),
    ...(none.alerts === null ? { alerts: null } : {}),
  };
}
/** Reads {@link SetRole}. */
export const readSetRole = (value: unknown): SetRole => setRole(value, '', 'reject');
/** Reads {@link SetTier}. */
export const readSetTier = (value: unknown): SetTier => setTier(value, '', 'reject');
/** Reads {@link RaiseQuota}. */
export const readRaiseQuota = (value: unknown): RaiseQuota => raiseQuota(value, '', 'reject');
/** Reads {@link ReadLiveUser}. Throws {@link ProtocolError} too where both or none of `uid` and `email` are given. */
export function readReadLiveUser(value: unknown): ReadLiveUser {
  const read = readUser(value, '', 'reject');
  if ((read.uid === undefined) === (read.email === undefined))
    throw fail('uid', 'a uid or an email, one of both');
  return read;
}
