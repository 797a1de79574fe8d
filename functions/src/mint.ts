/**
 * Mints tokens: reserve, ask, answer. The order makes the bound: what may exist is charged before it is asked for.
 * @module
 */
import {
  type LeaseEntry,
  type LiveSessionDocument,
  type LiveTemplateDocument,
  type MintAnswer,
  type MintRequest,
  type MintStart,
  readMintRequest,
} from '@livegate/protocol';
import { type Caller, type ChosenPolicy, policyOf } from './caller.ts';
import type { LiveLog } from './logs.ts';
import { answerOf } from './mint-answer.ts';
import { decideMint, type MintGrant } from './mint-policy.ts';
import { Refusal } from './refusal.ts';
import { readRequest } from './request-door.ts';
import type { RequestMemory } from './request-memory.ts';
import { continuedSession, MOST_TOKENS_OF_A_SESSION, openedSession } from './session-document.ts';
import { checkSessionOf, makeSessionId, notOwner } from './session-id.ts';
import type { SettingsSource } from './settings.ts';
import { type BuiltSetup, buildSetup } from './setup-builder.ts';
import { checkStorable } from './storable.ts';
import { type MintPlace, purgeTime, type Reserved, type Store } from './store.ts';
import { templateOf, templateVersion } from './template-choice.ts';
import type { LiveEndpoints, TokenMaker, TokenOutcome } from './upstream.ts';

/** What the handlers work with. Every effect is here. */
export interface LiveDependencies {
  readonly store: Store;
  readonly settings: SettingsSource;
  readonly makeToken: TokenMaker;
  readonly endpoints: LiveEndpoints;
  readonly requests: RequestMemory<MintAnswer>;
  readonly log: LiveLog;
  /** Epoch ms. */
  readonly now: () => number;
  /** A new id: 20 characters of `A-Za-z0-9`, unguessable. */
  readonly newId: () => string;
  readonly emulated: boolean;
}

/** Most JSON of what a page may wish for. Ours: room for many function declarations. */
const SETUP_CHARACTERS = 64_000;
/** Wait after an outcome that nobody knows, in ms. Ours. */
const UNKNOWN_WAIT_MS = 2_000;

/**
 * Answers a mint request. A repeat of a `requestId` within a minute, on the same instance, gets the same answer.
 * Throws {@link Refusal}; nothing is charged then, except where the Live API did not say whether it made a token.
 */
export async function mintLiveToken(
  dependencies: LiveDependencies,
  caller: Caller,
  data: unknown,
): Promise<MintAnswer> {
  const request = readRequest(data, readMintRequest);
  return dependencies.requests.once(`${caller.uid}/${request.requestId}`, async () => {
    try {
      return await mint(dependencies, caller, request);
    } catch (error) {
      if (error instanceof Refusal) {
        const { reason, sessionId } = error.details;
        dependencies.log.mintRefused({ uid: caller.uid, reason, ...(sessionId ? { sessionId } : {}) });
      }
      throw error;
    }
  });
}

async function mint(
  dependencies: LiveDependencies,
  caller: Caller,
  request: MintRequest,
): Promise<MintAnswer> {
  const { store, settings, log, newId, now } = dependencies;
  const chosen = await policyOf(caller, settings, dependencies.emulated);
  const { policy } = chosen;
  if (policy.route === 'relay' || (request.op === 'start' && request.backend === 'vertex-ai')) {
    throw new Refusal(
      'relay-only',
      'Vertex AI goes through a relay, which this version does not have yet; use the Developer API.',
    );
  }
  if ((await settings.config())?.killSwitch)
    throw new Refusal('kill-switch', 'Live sessions are switched off for now.');
  const sessionId = request.op === 'start' ? makeSessionId(newId(), caller.uid) : request.sessionId;
  checkSessionOf(caller.uid, sessionId);
  const place: MintPlace = { uid: caller.uid, sessionId, continues: request.op !== 'start' };
  const reserved: Reserved = { leaseId: newId(), requestId: request.requestId };
  const connectionId = newId();

  // A start is built before anything is read: a setup that is refused costs no transaction.
  const start = request.op === 'start' ? await startOf(settings, chosen, request) : null;
  const { grant, outcome: built } = await store.reserve<BuiltSetup>(place, {
    decide(quota) {
      const { op, requestId } = request;
      const { leaseId } = reserved;
      const decision = decideMint({ op, requestId, sessionId, leaseId, now: now(), policy, quota });
      if (decision.granted) return decision;
      const { reason, ...details } = decision.details;
      throw new Refusal(reason, decision.message, details);
    },
    async build(grant, before) {
      const lease = leaseOf(grant, { op: request.op, connectionId });
      if (start) {
        const purgeAt = purgeTime(lease.mintedAt, policy.sessionDays);
        const opening = { uid: caller.uid, sessionId, chosen, ...start, purgeAt };
        return { session: openedSession(opening, reserved.leaseId, lease), outcome: start.built };
      }
      const session = goingOn(before, caller);
      const fresh = request.op !== 'start' && request.fresh === true;
      const outcome = await rebuilt(settings, chosen, { session, fresh });
      return { session: continuedSession(session, reserved.leaseId, lease), outcome };
    },
  });

  const { expiresAt, startBy, mintedAt } = grant.window;
  const { constraints, fieldMask } = built;
  const outcome = await dependencies.makeToken({ expiresAt, startBy, constraints, fieldMask });
  if (outcome.outcome !== 'minted') throw await settle(dependencies, { place, reserved, outcome });
  log.leaseGranted({
    uid: caller.uid,
    sessionId,
    leaseId: reserved.leaseId,
    index: grant.index,
    seconds: (expiresAt - mintedAt) / 1_000,
    op: request.op,
    policy: chosen.id,
  });
  const ids = { sessionId, leaseId: reserved.leaseId, connectionId };
  const { endpoints } = dependencies;
  return answerOf({ ids, policy, grant, built, endpoints, token: outcome.token, serverTime: now() });
}

/** What became of a reservation whose token is not here, as a refusal. */
async function settle(
  { store, log }: LiveDependencies,
  {
    place,
    reserved,
    outcome,
  }: {
    readonly place: MintPlace;
    readonly reserved: Reserved;
    readonly outcome: Exclude<TokenOutcome, { readonly outcome: 'minted' }>;
  },
): Promise<Refusal> {
  const { sessionId } = place;
  const { leaseId } = reserved;
  if (outcome.outcome === 'refused') {
    log.upstreamRefused({ sessionId, leaseId, status: outcome.status });
    // Where the books cannot be reached the charge stays: never the other way round.
    const givenBack = await done(store.giveBack(place, reserved), (error) =>
      log.unexpected(error, 'giving a reservation back'),
    );
    return new Refusal(
      'upstream-refused',
      `The Live API refused to make a token; ${givenBack ? 'nothing was charged' : 'the charge could not be given back'}.`,
      { sessionId },
    );
  }
  log.upstreamUnknown({ sessionId, leaseId, problem: outcome.problem });
  await done(store.keep(sessionId, leaseId), (error) => log.unexpected(error, 'noting an unknown outcome'));
  return new Refusal(
    'upstream-unavailable',
    'The Live API did not say whether it made a token; it may exist and stays charged.',
    { sessionId, leaseId, retryAfterMs: UNKNOWN_WAIT_MS },
  );
}

async function done(work: Promise<void>, complain: (error: unknown) => void): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

function leaseOf(
  { index, window }: MintGrant,
  { op, connectionId }: Pick<LeaseEntry, 'op' | 'connectionId'>,
): LeaseEntry {
  const { mintedAt, expiresAt } = window;
  return { index, op, connectionId, mintedAt, expiresAt, state: 'reserved' };
}

/** A session that may have one more token. Throws {@link Refusal} where it may not. */
function goingOn(session: LiveSessionDocument | null, { uid }: Caller): LiveSessionDocument {
  if (!session) throw new Refusal('no-session', 'There is no such session.');
  if (session.uid !== uid) throw notOwner();
  if (session.state === 'revoked')
    throw new Refusal('session-over', 'This session was ended by an operator.');
  if (!session.open) throw new Refusal('session-over', 'This session is over; start a new one.');
  if (Object.keys(session.leases).length >= MOST_TOKENS_OF_A_SESSION)
    throw new Refusal('session-over', 'This session has had its share of tokens; start a new one.');
  return session;
}

interface Start {
  readonly built: BuiltSetup;
  readonly template: LiveTemplateDocument | null;
  readonly request: MintStart;
}

async function startOf(
  settings: SettingsSource,
  { policy }: ChosenPolicy,
  request: MintStart,
): Promise<Start> {
  const { template: choice = null, setup: wishes = {}, model } = request;
  checkStorable(wishes, { path: 'setup', maxCharacters: SETUP_CHARACTERS });
  if (!policy.backends.includes(request.backend ?? 'google-ai'))
    throw new Refusal('backend', 'The policy does not allow this backend.', { field: 'backend' });
  if (!choice && policy.templateRequired) {
    throw new Refusal('no-template', 'The policy wants a template; name one in options.live.template.', {
      field: 'template',
    });
  }
  if (choice && policy.templates !== 'any' && !policy.templates.includes(choice.id))
    throw new Refusal('no-template', 'The policy does not allow this template.', { field: 'template.id' });
  const template = await templateOf(settings, choice);
  return { template, request, built: buildSetup({ policy, template, model, wishes, fresh: false }) };
}

/** The setup of a session that goes on: what was asked at its start, under the policy of today. */
async function rebuilt(
  settings: SettingsSource,
  { policy }: ChosenPolicy,
  { session, fresh }: { readonly session: LiveSessionDocument; readonly fresh: boolean },
): Promise<BuiltSetup> {
  const { asked, model } = session;
  const template = await templateOf(settings, asked.template, templateVersion(session.template));
  return buildSetup({ policy, template, model, wishes: asked.setup, fresh });
}
