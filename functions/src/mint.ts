/**
 * Mints tokens: reserve, ask, answer. The order makes the bound: what may exist is charged before it is asked for.
 * @module
 */
import {
  type LeaseEntry,
  type LiveConfigDocument,
  type LivePolicyDocument,
  type MintAnswer,
  type MintRequest,
  modelId,
  readMintRequest,
} from '@livegate/protocol';
import { type Caller, type ChosenPolicy, policyOf } from './caller.ts';
import type { LiveDependencies } from './dependencies.ts';
import { authorized, type LeaseNotice, within } from './hooks.ts';
import { answerOf } from './mint-answer.ts';
import { settleMint } from './mint-outcome.ts';
import { decideMint, type MintGrant, mostLiveTokens } from './mint-policy.ts';
import { goingOn, setupOfMore, setupOfStart } from './mint-setup.ts';
import { narrowPolicy } from './policy-narrowing.ts';
import { Refusal } from './refusal.ts';
import { readRequest } from './request-door.ts';
import { continuedSession, openedSession } from './session-document.ts';
import { checkSessionOf, makeSessionId } from './session-id.ts';
import type { BuiltSetup } from './setup-builder.ts';
import type { SharedBounds } from './shared-budgets.ts';
import { type MintPlace, purgeTime, type ReservedMint, type ReserveSteps } from './store.ts';

/**
 * Answers a mint request. A repeat of a `requestId` within a minute, on the same instance, gets the same answer.
 * Throws {@link Refusal}; nothing is charged then, except where the Live API did not say whether it made a token.
 */
export async function mintLiveToken(
  dependencies: LiveDependencies,
  caller: Caller,
  data: unknown,
): Promise<MintAnswer> {
  try {
    const request = readRequest(data, readMintRequest);
    return await dependencies.requests.once(`${caller.uid}/${request.requestId}`, () =>
      mint(dependencies, caller, request),
    );
  } catch (error) {
    if (error instanceof Refusal) {
      const { reason, sessionId, rule } = error.details;
      dependencies.refusals.count(reason);
      dependencies.log.mintRefused({
        uid: caller.uid,
        reason,
        ...(sessionId ? { sessionId } : {}),
        ...(rule ? { rule } : {}),
      });
    }
    throw error;
  }
}

async function mint(
  dependencies: LiveDependencies,
  caller: Caller,
  request: MintRequest,
): Promise<MintAnswer> {
  const { settings, log, newId, now } = dependencies;
  const { op, requestId } = request;
  const found = await policyOf(caller, settings, dependencies.emulated);
  if (request.op === 'start' && request.backend === 'vertex-ai') {
    throw new Refusal(
      'relay-only',
      'Vertex AI goes through a relay, which this version does not have yet; use the Developer API.',
    );
  }
  if (found.policy.route === 'relay') {
    throw new Refusal(
      'relay-only',
      `The policy ${found.id} wants a relay, which this version does not have yet; its route has to be direct.`,
    );
  }
  const config = await settings.config();
  if (config?.killSwitch) throw new Refusal('kill-switch', 'Live sessions are switched off for now.');
  const sessionId = request.op === 'start' ? makeSessionId(newId(), caller.uid) : request.sessionId;
  checkSessionOf(caller.uid, sessionId);
  const chosen = await narrowed(dependencies, found, { caller, request, sessionId });
  const { policy } = chosen;
  const leaseId = newId();
  const connectionId = newId();

  // A start is built before anything is read: a setup that is refused costs no transaction.
  const start = request.op === 'start' ? await setupOfStart(settings, chosen, request) : null;
  let at = 0;
  const steps: ReserveSteps<BuiltSetup> = {
    decide(quota, sharedLeftMs) {
      // One instant for both questions of an attempt: the charge begins where the lease does.
      if (sharedLeftMs === undefined) at = now();
      const question = { op, requestId, sessionId, leaseId, now: at, policy, quota };
      const decision = decideMint(sharedLeftMs === undefined ? question : { ...question, sharedLeftMs });
      if (decision.granted) return decision;
      const { reason, ...details } = decision.details;
      throw new Refusal(reason, decision.message, details);
    },
    async build(grant, before) {
      const lease = leaseOf(grant, { op, connectionId });
      if (start) {
        const purgeAt = purgeTime(lease.mintedAt, policy.sessionDays);
        const opening = { uid: caller.uid, sessionId, chosen, ...start, purgeAt };
        return { session: openedSession(opening, leaseId, lease), outcome: start.built };
      }
      const session = goingOn(before, caller);
      const fresh = request.op !== 'start' && request.fresh === true;
      const outcome = await setupOfMore(settings, chosen, { session, fresh });
      return { session: continuedSession(session, leaseId, lease), outcome };
    },
  };
  const bounds = boundsOf(caller, policy, config);
  const place: MintPlace = { uid: caller.uid, sessionId, continues: op !== 'start', bounds };
  const { grant, outcome: built, paidFrom } = await reserve(dependencies, { place, policy, steps });

  const { expiresAt, startBy, mintedAt } = grant.window;
  const { constraints, fieldMask } = built;
  const outcome = await dependencies.makeToken({ expiresAt, startBy, constraints, fieldMask });
  if (outcome.outcome !== 'minted') {
    throw await settleMint(dependencies, { place, reserved: { leaseId, requestId, paidFrom }, outcome });
  }
  const lease = { uid: caller.uid, sessionId, leaseId, op, policy: chosen.id };
  log.leaseGranted({ ...lease, index: grant.index, seconds: (expiresAt - mintedAt) / 1_000 });
  await tell(dependencies, { ...lease, leaseIndex: grant.index, mintedAt, expiresAt });
  const { endpoints } = dependencies;
  const ids = { sessionId, leaseId, connectionId };
  return answerOf({ ids, policy, grant, built, endpoints, token: outcome.token, serverTime: now() });
}

/** The policy under the team's own rule. */
async function narrowed(
  { hooks, hookLimitMs, log }: LiveDependencies,
  { id, policy }: ChosenPolicy,
  {
    caller,
    request,
    sessionId,
  }: { readonly caller: Caller; readonly request: MintRequest; readonly sessionId: string },
): Promise<ChosenPolicy> {
  if (!hooks.authorize) return { id, policy };
  const start = request.op === 'start' ? request : undefined;
  const question = {
    caller,
    op: request.op,
    sessionId,
    policy: id,
    ...(start ? { model: modelId(start.model), backend: start.backend ?? 'google-ai' } : {}),
    ...(start?.template ? { template: start.template.id } : {}),
  };
  const complain = (error: unknown): void => log.unexpected(error, 'asking authorize');
  const narrowing = await authorized(hooks, question, { limitMs: hookLimitMs, complain });
  return { id, policy: narrowPolicy(policy, narrowing) };
}

/** Reserves, in turn with this user's other calls. */
function reserve(
  { store, bursts, full }: LiveDependencies,
  {
    place,
    policy,
    steps,
  }: {
    readonly place: MintPlace;
    readonly policy: LivePolicyDocument;
    readonly steps: ReserveSteps<BuiltSetup>;
  },
): Promise<ReservedMint<BuiltSetup>> {
  const limits = { starts: policy.concurrentSessions, calls: mostLiveTokens(policy) };
  const call = { isStart: !place.continues, limits };
  return bursts.run(place.uid, call, () => store.reserve(place, steps, full));
}

function boundsOf(
  caller: Caller,
  { anonymousPool }: LivePolicyDocument,
  config: LiveConfigDocument | null,
): SharedBounds {
  const shares = caller.provider === 'anonymous' && anonymousPool !== null;
  return {
    caps: config?.caps ?? null,
    // Those of whom no origin is known share one pool.
    pool: shares ? { origin: caller.origin ?? 'unknown', minutesPerDay: anonymousPool.minutesPerDay } : null,
  };
}

async function tell({ hooks, hookLimitMs, log }: LiveDependencies, notice: LeaseNotice): Promise<void> {
  if (!hooks.onLease) return;
  try {
    await within(hookLimitMs, async () => hooks.onLease?.(notice));
  } catch (error) {
    log.unexpected(error, 'telling onLease');
  }
}

function leaseOf(
  { index, window }: MintGrant,
  { op, connectionId }: Pick<LeaseEntry, 'op' | 'connectionId'>,
): LeaseEntry {
  const { mintedAt, expiresAt } = window;
  return { index, op, connectionId, mintedAt, expiresAt, state: 'reserved' };
}
