/**
 * What a page gets for a mint. Pure.
 * @module
 */
import {
  CALLABLES_VERSION,
  type LivePolicyDocument,
  liveModel,
  type MintAnswer,
  modelId,
  OLDEST_CALLABLES_VERSION,
  shutdownWarning,
} from '@livegate/protocol';
import { type MintGrant, secondsLeft } from './mint-policy.ts';
import { minutesOf } from './quota-window.ts';
import type { BuiltSetup } from './setup-builder.ts';
import { type LiveEndpoints, socketUrl } from './upstream.ts';

/** What an answer is made of. */
export interface AnswerParts {
  readonly ids: Pick<MintAnswer, 'sessionId' | 'leaseId' | 'connectionId'>;
  readonly policy: LivePolicyDocument;
  readonly grant: MintGrant;
  readonly built: BuiltSetup;
  readonly endpoints: LiveEndpoints;
  readonly token: string;
  /** Epoch ms, read when the token is there: the page counts from it. */
  readonly serverTime: number;
}

/** The answer. Holds the token: it is sent, and stored nowhere. */
export function answerOf({
  ids,
  policy,
  grant,
  built,
  endpoints,
  token,
  serverTime,
}: AnswerParts): MintAnswer {
  const { window, index, quota } = grant;
  const minutes = minutesOf(policy, quota);
  const { model } = built.visible;
  const warning = shutdownWarning(model, serverTime) ?? unknownModelWarning(model);
  return {
    v: CALLABLES_VERSION,
    ...ids,
    leaseIndex: index,
    serverTime,
    expiresAt: window.expiresAt,
    renewAfter: window.renewAfter,
    startBy: window.startBy,
    route: policy.route,
    socket: { url: socketUrl(endpoints), auth: { kind: 'query', name: 'access_token', value: token } },
    setup: built.visible,
    openFields: built.openFields,
    report: { everySeconds: policy.reportEverySeconds, transcripts: policy.transcripts.keep },
    quotaLeft: {
      daySeconds: secondsLeft(minutes.day, quota.dayMs),
      monthSeconds: secondsLeft(minutes.month, quota.monthMs),
    },
    clientMin: OLDEST_CALLABLES_VERSION,
    ...(warning ? { warnings: [warning] } : {}),
  };
}

function unknownModelWarning(model: string): string | undefined {
  return liveModel(model)
    ? undefined
    : `${modelId(model)} is not in this version's table of models; its rules are not checked.`;
}
