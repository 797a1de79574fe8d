/**
 * The functions as Firebase sees them: check who calls, call the handler, turn its refusals into errors.
 * @module
 */
import {
  type AdminAnswer,
  type EraseAnswer,
  isWarmUp,
  type LiveUserAnswer,
  type MintAnswer,
  type QuotaAnswer,
  type ReportAnswer,
} from '@livegate/protocol';
import {
  type CallableFunction,
  type CallableOptions,
  type CallableRequest,
  onCall,
} from 'firebase-functions/https';
import { onUserDeleted } from 'firebase-functions/identity';
import { write } from 'firebase-functions/logger';
import type { Expression } from 'firebase-functions/params';
import { onSchedule } from 'firebase-functions/scheduler';
import { raiseLiveQuota } from './admin-quotas.ts';
import { setLiveRole } from './admin-roles.ts';
import { blockLiveUser, revokeLiveSession } from './admin-sessions.ts';
import { setLivePolicy, setLivePrice, setLiveTemplate } from './admin-settings.ts';
import { setKillSwitch, setLiveLimits } from './admin-switches.ts';
import { setLiveTier } from './admin-tiers.ts';
import {
  ENFORCE_APP_CHECK,
  environment,
  GEMINI_API_KEY,
  guardEnvironment,
  hasReplayProtection,
  inEmulator,
  LIVE_REGION,
  MAX_INSTANCES,
} from './config.ts';
import { type Admitted, throughDoor } from './door.ts';
import { eraseDeletedUser, eraseLiveUser } from './erasure-handlers.ts';
import { keepBooks } from './keep-books.ts';
import { apiKey, type LiveOptions, type LiveProcess, openProcess } from './live-dependencies.ts';
import { createLog, type LiveLog } from './logs.ts';
import { mintLiveToken } from './mint.ts';
import { checkOperator, type OperatorRole } from './operator-door.ts';
import { getLiveQuota } from './quota.ts';
import { readLiveUser } from './read-user.ts';
import { reportLiveUsage } from './report.ts';
import { rollUpLiveStats } from './roll-up.ts';
import { isSampleUser } from './sample-users.ts';

/** What a deployment may set. */
export interface LiveFunctionsOptions extends LiveOptions {
  /** Where the functions run; the parameter `LIVEGATE_REGION` where it is absent. */
  readonly region?: string | Expression<string>;
}

const OPTIONS = {
  authorize: true,
  onLease: true,
  onSettled: true,
  onAlert: true,
  hookLimitMs: true,
  region: true,
  database: true,
  collections: true,
} as const satisfies Readonly<Record<keyof LiveFunctionsOptions, true>>;

function checkOptions(options: object): void {
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(OPTIONS, name));
  if (unknown.length === 0) return;
  throw new Error(
    `createLiveFunctions knows no option ${unknown.join(', ')}; it knows ${Object.keys(OPTIONS).join(', ')}.`,
  );
}

/** A handler of this package. */
type Handler<T> = (live: LiveProcess, admitted: Admitted, data: unknown) => Promise<T>;

/** A handler of this package for an operator. */
type OperatorHandler<T> = (
  live: LiveProcess,
  operator: { readonly uid: string },
  data: unknown,
) => Promise<T>;

/**
 * Makes the functions, to be exported by their names. A team's own rules are {@link LiveHooks}; without any this is
 * what `index.ts` deploys. Throws where an emulator's address or a debug switch is set outside the emulators, and for an
 * option that nobody knows: a rule whose name is misspelt must not be no rule.
 */
export function createLiveFunctions(options: LiveFunctionsOptions = {}) {
  guardEnvironment(environment);
  checkOptions(options);
  const emulated = inEmulator(environment);
  const region = options.region ?? LIVE_REGION;
  const log: LiveLog = createLog((severity, message, fields) => write({ severity, message, ...fields }));
  let held: LiveProcess | undefined;
  /** Opened at the first call: discovery must not open a database. */
  const live = (): LiveProcess => {
    held ??= openProcess(options, log);
    return held;
  };

  const callable: CallableOptions = {
    region,
    // The door decides by the SDK's verdict, so that a refusal says what is missing.
    enforceAppCheck: false,
    consumeAppCheckToken: hasReplayProtection(environment),
    cors: true,
    memory: '256MiB',
    timeoutSeconds: 60,
    maxInstances: MAX_INSTANCES,
  };
  const scheduled = { region, memory: '256MiB', maxInstances: 1, timeoutSeconds: 300 } as const;
  const appCheck = () => ({
    enforce: !emulated && ENFORCE_APP_CHECK.value(),
    replayProtection: hasReplayProtection(environment),
  });

  const forUsers = <T>(
    doing: string,
    handler: Handler<T>,
    more: Pick<CallableOptions, 'secrets'> & {
      readonly originSecret?: () => string;
      /** What is answered at once, to anybody, without a look at who asks. */
      readonly atOnce?: (data: unknown) => T | undefined;
    } = {},
  ): CallableFunction<unknown, Promise<T>> => {
    const { originSecret, atOnce, ...own } = more;
    return onCall<unknown, Promise<T>>({ ...callable, ...own }, async (request) => {
      const known = atOnce?.(request.data);
      if (known !== undefined) return known;
      const demands = { appCheck: appCheck(), log, doing, ...(originSecret ? { originSecret } : {}) };
      try {
        return await throughDoor(request, demands, (admitted) => handler(live(), admitted, request.data));
      } finally {
        await live().refusals.flushIfDue();
      }
    });
  };

  const forOperators = <T>(
    need: OperatorRole,
    doing: string,
    handler: OperatorHandler<T>,
  ): CallableFunction<unknown, Promise<T>> =>
    onCall<unknown, Promise<T>>(callable, (request: CallableRequest<unknown>) =>
      throughDoor(request, { appCheck: appCheck(), log, doing }, async () => {
        const operator = await checkOperator(request.auth, need, live());
        return handler(live(), operator, request.data);
      }),
    );
  const forAdmins = <T>(doing: string, handler: OperatorHandler<T>) => forOperators('admin', doing, handler);

  return {
    /** Mints the token of a session's next connection. See `MintRequest` and `MintAnswer`; `WarmUp` gets `{}`. */
    mintLiveToken: forUsers<MintAnswer | Record<string, never>>(
      'minting',
      (process, { caller }, data) => mintLiveToken(process, caller, data),
      {
        secrets: [GEMINI_API_KEY],
        originSecret: apiKey,
        atOnce: (data) => (isWarmUp(data) ? {} : undefined),
      },
    ),
    /** Takes the cumulative figures of one connection. See `UsageReport` and `ReportAnswer`. */
    reportLiveUsage: forUsers<ReportAnswer>('taking a report', (process, { caller }, data) =>
      reportLiveUsage(process, caller, data),
    ),
    /** Tells a user what is left. See `QuotaAnswer`. */
    getLiveQuota: forUsers<QuotaAnswer>('reading a quota', (process, { caller }, data) =>
      getLiveQuota(process, caller, data),
    ),

    /** Ends a session: no further token. See `RevokeSession`. */
    revokeLiveSession: forAdmins<AdminAnswer>('revoking a session', revokeLiveSession),
    /** Blocks a user, or lets one in again. See `BlockUser`. */
    blockLiveUser: forAdmins<AdminAnswer>('blocking a user', blockLiveUser),
    /** Removes what is kept of a user. See `EraseUser`. */
    eraseLiveUser: forAdmins<EraseAnswer>('erasing a user', eraseLiveUser),
    /** Writes or deletes a policy. See `SetPolicy`. */
    setLivePolicy: forAdmins<AdminAnswer>('writing a policy', setLivePolicy),
    /** Writes a template's next version. See `SetTemplate`. */
    setLiveTemplate: forAdmins<AdminAnswer>('writing a template', setLiveTemplate),
    /** Writes the price of a model. See `SetPrice`. */
    setLivePrice: forAdmins<AdminAnswer>('writing a price', setLivePrice),
    /** Switches every mint off, or on again. See `SetKillSwitch`. */
    setKillSwitch: forAdmins<AdminAnswer>('switching', setKillSwitch),
    /** Sets the caps of the project and the figures that make an alert. See `SetLimits`. */
    setLiveLimits: forAdmins<AdminAnswer>('writing limits', setLiveLimits),
    /** Makes an operator of a user, or none. See `SetRole`. */
    setLiveRole: forAdmins<AdminAnswer>('setting a role', setLiveRole),

    /** Gives a user a policy of their own, or takes it away. See `SetTier`. */
    setLiveTier: forAdmins<AdminAnswer>('setting a tier', setLiveTier),
    /** Gives a user more minutes for the day. See `RaiseQuota`. */
    raiseLiveQuota: forAdmins<AdminAnswer>('raising a quota', raiseLiveQuota),
    /** Tells what is known of a user; viewers may ask. See `ReadLiveUser` and `LiveUserAnswer`. */
    readLiveUser: forOperators<LiveUserAnswer>('viewer', 'reading a user', readLiveUser),

    /** Closes the books of sessions whose last token is dead, tells of them, and goes on with erasures. */
    sweepLiveSessions: onSchedule({ ...scheduled, schedule: 'every 5 minutes' }, () =>
      keepBooks(live(), Date.now()),
    ),
    /** Adds up the figures of a day, and tells which thresholds they reached. */
    rollUpLiveStats: onSchedule({ ...scheduled, schedule: 'every 5 minutes' }, async () => {
      await rollUpLiveStats(live(), Date.now());
    }),
    /** Erases what is kept of an account that was deleted. */
    eraseDeletedLiveUser: onUserDeleted(
      { region, memory: '256MiB', timeoutSeconds: 300, retry: true },
      async ({ data }) => {
        // What is made up is taken away by who made it: a tomb for each would stay behind.
        if (emulated && isSampleUser(data.uid)) return;
        await eraseDeletedUser(live(), data.uid);
      },
    ),
  };
}
