/**
 * Tells operators what is known of a user.
 * @module
 */
import {
  CALLABLES_VERSION,
  type LivePolicyDocument,
  type LiveQuotaDocument,
  type LiveUserAnswer,
  readReadLiveUser,
} from '@livegate/protocol';
import type { AccountDirectory, AccountView } from './accounts.ts';
import { type Caller, type ChosenPolicy, policyOf } from './caller.ts';
import { tierIn } from './claims.ts';
import { mostLiveTokens } from './mint-policy.ts';
import { type Operator, roleIn } from './operator-door.ts';
import type { LivePaths } from './paths.ts';
import { minutesOf, nextDay, nextMonth, quotaAt, raisedMinutes, unseenQuota } from './quota-window.ts';
import { Refusal } from './refusal.ts';
import { readRequest } from './request-door.ts';
import type { SettingsSource } from './settings.ts';

/** What the look-up works with. */
export interface ReadUserDependencies {
  readonly paths: LivePaths;
  readonly accounts: AccountDirectory;
  readonly settings: SettingsSource;
  /** Epoch ms. */
  readonly now: () => number;
  readonly emulated: boolean;
}

/**
 * Answers `readLiveUser`; the caller is known to be an operator. Two reads; nothing is written. The policy is the one
 * that the account's claim or providers name: by which of several providers a user signs in next, and what a team's own
 * `authorize` says, cannot be told. Where no policy lets them in, the limits are 0. Throws {@link Refusal}: `invalid`
 * naming the field, `client-outdated`, `no-user` where there is neither an account nor a quota.
 */
export async function readLiveUser(
  dependencies: ReadUserDependencies,
  _operator: Operator,
  data: unknown,
): Promise<LiveUserAnswer> {
  const { uid: askedUid, email = '' } = readRequest(data, readReadLiveUser);
  const { paths, accounts } = dependencies;
  const account = await accounts.find(askedUid === undefined ? { email } : { uid: askedUid });
  const uid = account?.uid ?? askedUid;
  if (uid === undefined) throw noUser('email');
  const [quota, erasure] = await paths.db.getAll(paths.quota(uid), paths.erasure(uid));
  const stored = quota?.data() as LiveQuotaDocument | undefined;
  if (!account && !stored) throw noUser('uid');
  const chosen = account ? await policyFor(account, dependencies) : null;
  return {
    v: CALLABLES_VERSION,
    uid,
    account: account && shownAccount(account),
    policy: chosen?.id ?? null,
    ...usedOf(stored, chosen?.policy ?? null, dependencies.now()),
    erasing: erasure?.exists === true,
  };
}

function noUser(field: string): Refusal {
  return new Refusal('no-user', 'There is no such user.', { field });
}

function shownAccount({ uid: _uid, customClaims, ...shown }: AccountView): LiveUserAnswer['account'] {
  return { ...shown, role: roleIn(customClaims), tier: tierIn(customClaims) };
}

/** The policy of a next mint; of several providers one that has a policy of its own goes first. */
async function policyFor(
  { uid, providers, customClaims }: AccountView,
  { settings, emulated }: ReadUserDependencies,
): Promise<ChosenPolicy | null> {
  const tier = tierIn(customClaims);
  const claim = tier === null ? {} : { policyClaim: tier };
  const names = providers.length > 0 ? providers : ['anonymous'];
  const found: ChosenPolicy[] = [];
  for (const provider of names) {
    const caller: Caller = { uid, provider, ...claim };
    try {
      found.push(await policyOf(caller, settings, emulated));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return found.find(({ id }) => names.includes(id)) ?? found[0] ?? null;
}

function usedOf(
  stored: LiveQuotaDocument | undefined,
  policy: LivePolicyDocument | null,
  now: number,
): Pick<
  LiveUserAnswer,
  'serverTime' | 'day' | 'month' | 'raisedMinutes' | 'sessions' | 'liveTokens' | 'blocked'
> {
  const quota = stored ? quotaAt(stored, now, 0) : unseenQuota(now);
  const live = Object.values(quota.tokens).filter(({ expiresAt }) => expiresAt > now);
  const minutes = policy ? minutesOf(policy, quota) : { day: 0, month: 0 };
  const window = (usedMs: number, limit: number | null, resetsAt: number) => ({
    usedSeconds: Math.ceil(usedMs / 1_000),
    limitSeconds: limit === null ? null : limit * 60,
    resetsAt,
  });
  return {
    serverTime: now,
    day: window(quota.dayMs, minutes.day, nextDay(now)),
    month: window(quota.monthMs, minutes.month, nextMonth(now)),
    raisedMinutes: raisedMinutes(quota),
    sessions: {
      live: new Set(live.map(({ sessionId }) => sessionId)).size,
      limit: policy?.concurrentSessions ?? 0,
    },
    liveTokens: { live: live.length, limit: policy ? mostLiveTokens(policy) : 0 },
    blocked: quota.blocked,
  };
}
