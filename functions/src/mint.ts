/**
 * Mints tokens: reserve, ask, answer. The order makes the bound: what may exist is charged before it is asked for.
 * @module
 */
import {
  CALLABLES_VERSION,
  DOCUMENTS_VERSION,
  type LeaseEntry,
  type LiveSessionDocument,
  type LiveTemplateDocument,
  liveModel,
  type MintAnswer,
  type MintRequest,
  type MintStart,
  modelId,
  NO_USAGE,
  ProtocolError,
  readMintRequest,
  shutdownWarning,
  type TemplateChoice,
} from '@livegate/protocol';
import { type Caller, type ChosenPolicy, policyOf } from './caller.ts';
import type { LiveLog } from './logs.ts';
import { decideMint, type MintGrant, secondsLeft } from './mint-policy.ts';
import { SESSION_SHARDS } from './queries.ts';
import { Refusal } from './refusal.ts';
import type { RequestMemory } from './request-memory.ts';
import type { SettingsSource } from './settings.ts';
import { type BuiltSetup, buildSetup } from './setup-builder.ts';
import { type MintPlace, purgeTime, type Store } from './store.ts';
import { type LiveEndpoints, socketUrl, type TokenMaker } from './upstream.ts';

/** What the handlers work with. Every effect is here. */
export interface LiveDependencies {
  readonly store: Store;
  readonly settings: SettingsSource;
  readonly makeToken: TokenMaker;
  readonly endpoints: LiveEndpoints;
  readonly requests: RequestMemory<MintAnswer>;
  readonly log: LiveLog;
  readonly now: () => number;
  /** A new id: 20 characters of `A-Za-z0-9`, unguessable. */
  readonly newId: () => string;
  readonly emulated: boolean;
}

/**
 * Answers a mint request. A repeat of a `requestId` within a minute, on the same instance, gets the same answer.
 * Throws {@link Refusal}; nothing is charged then, except where the Live API did not say whether it made a token.
 */
export async function mintLiveToken(
  dependencies: LiveDependencies,
  caller: Caller,
  data: unknown,
): Promise<MintAnswer> {
  const request = readRequest(data);
  if (request.v !== CALLABLES_VERSION) {
    throw new Refusal(
      'client-outdated',
      `This page speaks version ${request.v}; reload it to get version ${CALLABLES_VERSION}.`,
      { field: 'v' },
    );
  }
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
  const { store, settings, log, newId } = dependencies;
  const chosen = await policyOf(caller, settings, dependencies.emulated);
  const { policy } = chosen;
  if (policy.route === 'relay' || (request.op === 'start' && request.backend === 'vertex-ai')) {
    throw new Refusal(
      'relay-only',
      'Vertex AI goes through a relay, which this version does not have yet; use the Developer API.',
    );
  }
  const killSwitch = (await settings.config())?.killSwitch ?? false;
  const sessionId = request.op === 'start' ? newId() : request.sessionId;
  const leaseId = newId();
  const connectionId = newId();
  const place: MintPlace = { uid: caller.uid, sessionId, continues: request.op !== 'start' };

  // A start is built before anything is reserved: a setup that is refused costs no transaction.
  const started = request.op === 'start' ? await startOf(settings, chosen, request) : null;
  const { decision, session } = await store.reserve(
    place,
    (documents) =>
      decideMint({
        ...documents,
        op: request.op,
        requestId: request.requestId,
        sessionId,
        leaseId,
        uid: caller.uid,
        now: dependencies.now(),
        policy,
        killSwitch,
      }),
    (grant, before) => {
      const lease: LeaseEntry = {
        index: grant.index,
        op: request.op,
        connectionId,
        mintedAt: grant.window.mintedAt,
        expiresAt: grant.window.expiresAt,
        state: 'reserved',
      };
      return before
        ? continued(before, leaseId, lease)
        : opened(caller, chosen, started, sessionId, leaseId, lease);
    },
  );
  if (!decision.granted) throw refusalOf(decision);
  if (!session) throw new Error('a grant without a session');

  const built = started?.built ?? (await rebuild(place, leaseId, request, session));
  const outcome = await dependencies.makeToken({
    expiresAt: decision.window.expiresAt,
    startBy: decision.window.startBy,
    constraints: built.constraints,
    fieldMask: built.fieldMask,
  });
  if (outcome.outcome === 'refused') {
    log.upstreamRefused({ sessionId, leaseId, status: outcome.status });
    await store.giveBack(place, leaseId, request.requestId);
    throw new Refusal('upstream-refused', 'The Live API refused to make a token; nothing was charged.', {
      sessionId,
    });
  }
  if (outcome.outcome === 'unknown') {
    log.upstreamUnknown({ sessionId, leaseId, problem: outcome.problem });
    await store.keep(sessionId, leaseId);
    throw new Refusal(
      'upstream-unavailable',
      'The Live API did not answer; its token may exist and stays charged.',
      {
        sessionId,
        leaseId,
        retryAfterMs: 2_000,
      },
    );
  }
  const seconds = (decision.window.expiresAt - decision.window.mintedAt) / 1_000;
  log.leaseGranted({
    uid: caller.uid,
    sessionId,
    leaseId,
    index: decision.index,
    seconds,
    op: request.op,
    policy: chosen.id,
  });
  return answerOf(dependencies, chosen, decision, built, {
    sessionId,
    leaseId,
    connectionId,
    token: outcome.token,
  });

  /** The setup of a session that goes on. Where it cannot be built any more, the reservation is given back. */
  async function rebuild(
    at: MintPlace,
    lease: string,
    { requestId }: MintRequest,
    current: LiveSessionDocument,
  ): Promise<BuiltSetup> {
    try {
      const template = await templateOf(settings, current.asked.template, versionIn(current.template));
      return buildSetup({
        policy,
        template,
        model: current.model,
        wishes: current.asked.setup,
        fresh: request.op !== 'start' && request.fresh === true,
      });
    } catch (error) {
      await store.giveBack(at, lease, requestId);
      throw error;
    }
  }
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
  if (!policy.backends.includes(request.backend ?? 'google-ai')) {
    throw new Refusal('backend', 'The policy does not allow this backend.', { field: 'backend' });
  }
  const choice = request.template ?? null;
  if (!choice && policy.templateRequired) {
    throw new Refusal('no-template', 'The policy wants a template; name one in options.live.template.', {
      field: 'template',
    });
  }
  if (choice && policy.templates !== 'any' && !policy.templates.includes(choice.id)) {
    throw new Refusal('no-template', 'The policy does not allow this template.', { field: 'template.id' });
  }
  const template = await templateOf(settings, choice);
  return {
    template,
    request,
    built: buildSetup({ policy, template, model: request.model, wishes: request.setup ?? {}, fresh: false }),
  };
}

async function templateOf(
  settings: SettingsSource,
  choice: TemplateChoice | null,
  version?: number,
): Promise<LiveTemplateDocument | null> {
  if (!choice) return null;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(choice.id))
    throw new Refusal('invalid', 'Not the id of a template.', { field: 'template.id' });
  const [variable] = Object.keys(choice.variables ?? {});
  if (variable !== undefined) {
    throw new Refusal('invalid', 'This template declares no such variable.', {
      field: `template.variables.${variable}`,
    });
  }
  const template = await settings.template(choice.id, version);
  if (!template)
    throw new Refusal('no-template', `There is no template ${choice.id}.`, { field: 'template.id' });
  return template;
}

function versionIn(template: string | null): number | undefined {
  const version = Number(template?.slice(template.lastIndexOf('@') + 1));
  return Number.isInteger(version) ? version : undefined;
}

function opened(
  caller: Caller,
  { id: policyId, policy }: ChosenPolicy,
  started: Start | null,
  sessionId: string,
  leaseId: string,
  lease: LeaseEntry,
): LiveSessionDocument {
  if (!started) throw new Error('a start without a setup');
  const { request, template } = started;
  return {
    v: DOCUMENTS_VERSION,
    uid: caller.uid,
    backend: request.backend ?? 'google-ai',
    route: policy.route,
    model: modelId(request.model),
    template: request.template && template ? `${request.template.id}@${template.version}` : null,
    policy: `${policyId}@${policy.version}`,
    state: 'reserved',
    createdAt: lease.mintedAt,
    open: true,
    deadAt: lease.expiresAt,
    endedAt: null,
    stopReason: null,
    leases: { [leaseId]: lease },
    leased: { seconds: (lease.expiresAt - lease.mintedAt) / 1_000, tokens: 1 },
    reported: { seconds: 0, totals: NO_USAGE, at: null },
    metered: null,
    connections: {},
    asked: { setup: request.setup ?? {}, template: request.template ?? null },
    shard: shardOf(sessionId),
    purgeAt: purgeTime(lease.mintedAt, policy.sessionDays),
  };
}

function continued(session: LiveSessionDocument, leaseId: string, lease: LeaseEntry): LiveSessionDocument {
  return {
    ...session,
    // A session that asks for more is talking, whatever it said before.
    state: session.state === 'ended' ? 'active' : session.state,
    deadAt: Math.max(session.deadAt, lease.expiresAt),
    leases: { ...session.leases, [leaseId]: lease },
    leased: {
      seconds: session.leased.seconds + (lease.expiresAt - lease.mintedAt) / 1_000,
      tokens: session.leased.tokens + 1,
    },
  };
}

function answerOf(
  { now, endpoints }: LiveDependencies,
  { policy }: ChosenPolicy,
  { window, index, quota }: MintGrant,
  built: BuiltSetup,
  ids: {
    readonly sessionId: string;
    readonly leaseId: string;
    readonly connectionId: string;
    readonly token: string;
  },
): MintAnswer {
  const serverTime = now();
  const warning =
    shutdownWarning(built.visible.model, serverTime) ?? unknownModelWarning(built.visible.model);
  return {
    v: CALLABLES_VERSION,
    sessionId: ids.sessionId,
    leaseId: ids.leaseId,
    leaseIndex: index,
    connectionId: ids.connectionId,
    serverTime,
    expiresAt: window.expiresAt,
    renewAfter: window.renewAfter,
    startBy: window.startBy,
    route: policy.route,
    socket: { url: socketUrl(endpoints), auth: { kind: 'query', name: 'access_token', value: ids.token } },
    setup: built.visible,
    openFields: built.openFields,
    report: { everySeconds: policy.reportEverySeconds, transcripts: policy.transcripts.keep },
    quotaLeft: {
      daySeconds: secondsLeft(policy.minutesPerDay, quota.dayMs),
      monthSeconds: secondsLeft(policy.minutesPerMonth, quota.monthMs),
    },
    clientMin: CALLABLES_VERSION,
    ...(warning ? { warnings: [warning] } : {}),
  };
}

function unknownModelWarning(model: string): string | undefined {
  return liveModel(model)
    ? undefined
    : `${modelId(model)} is not in this version's table of models; its rules are not checked.`;
}

function readRequest(data: unknown): MintRequest {
  try {
    return readMintRequest(data);
  } catch (error) {
    if (error instanceof ProtocolError)
      throw new Refusal('invalid', error.message, { field: error.path }, { cause: error });
    throw error;
  }
}

function refusalOf({
  message,
  details,
}: {
  readonly message: string;
  readonly details: Refusal['details'];
}): Refusal {
  const { reason, ...rest } = details;
  return new Refusal(reason, message, rest);
}

/** 0–7, evenly, by the id. */
export function shardOf(sessionId: string): number {
  let hash = 0;
  for (const character of sessionId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % SESSION_SHARDS;
}
