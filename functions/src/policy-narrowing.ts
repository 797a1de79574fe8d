/**
 * A policy made narrower by a team's own rule. Pure. Nothing here can widen one.
 * @module
 */
import type { LivePolicyDocument } from '@livegate/protocol';

/** What a rule may narrow. */
export type PolicyNarrowing = Partial<
  Pick<
    LivePolicyDocument,
    | 'models'
    | 'modalities'
    | 'voices'
    | 'tools'
    | 'templates'
    | 'templateRequired'
    | 'settableFields'
    | 'openFields'
    | 'minutesPerDay'
    | 'minutesPerMonth'
    | 'sessionsPerMinute'
    | 'concurrentSessions'
    | 'maxLiveTokens'
    | 'singleLeaseSeconds'
    | 'renewal'
    | 'reportedPerDay'
  >
>;

type Narrow<T> = (allowed: T, asked: T) => T;

const both = <T>(allowed: readonly T[], asked: readonly T[]): readonly T[] =>
  allowed.filter((each) => asked.includes(each));
const anyOrBoth = <T>(allowed: 'any' | readonly T[], asked: 'any' | readonly T[]): 'any' | readonly T[] => {
  if (allowed === 'any') return asked;
  return asked === 'any' ? allowed : both(allowed, asked);
};
/** What is no number bounds everything: a rule that miscounts lets nobody in. */
const less: Narrow<number> = (allowed, asked) => Math.min(allowed, asked >= 0 ? asked : 0);
const lessOrNull: Narrow<number | null> = (allowed, asked) => {
  if (asked === null) return allowed;
  return less(allowed ?? Number.POSITIVE_INFINITY, asked);
};

const NARROW = {
  models: both,
  modalities: both,
  voices: anyOrBoth,
  tools: anyOrBoth,
  templates: anyOrBoth,
  templateRequired: (allowed, asked) => allowed || asked,
  settableFields: both,
  openFields: both,
  minutesPerDay: lessOrNull,
  minutesPerMonth: lessOrNull,
  sessionsPerMinute: less,
  concurrentSessions: less,
  maxLiveTokens: lessOrNull,
  singleLeaseSeconds: less,
  renewal: (allowed, asked) => (asked === 'single' ? 'single' : allowed),
  reportedPerDay: (allowed, asked) => ({
    tokens: lessOrNull(allowed.tokens, asked.tokens),
    usd: lessOrNull(allowed.usd, asked.usd),
  }),
} as const satisfies { readonly [K in keyof PolicyNarrowing]-?: Narrow<LivePolicyDocument[K]> };

/** The narrower of both, field by field. A field that is absent stays as it is; one that cannot be narrowed is ignored. */
export function narrowPolicy(policy: LivePolicyDocument, narrowing: PolicyNarrowing): LivePolicyDocument {
  const narrowed: Record<string, unknown> = { ...policy };
  for (const [field, narrow] of Object.entries(NARROW)) {
    const asked = narrowing[field as keyof PolicyNarrowing];
    if (asked === undefined) continue;
    narrowed[field] = (narrow as Narrow<unknown>)(policy[field as keyof PolicyNarrowing], asked);
  }
  return narrowed as unknown as LivePolicyDocument;
}
