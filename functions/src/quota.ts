/**
 * Tells a user what is left.
 * @module
 */
import { CALLABLES_VERSION, type QuotaAnswer, readQuotaRequest } from '@livegate/protocol';
import { type Caller, policyOf } from './caller.ts';
import type { LiveDependencies } from './dependencies.ts';
import { emptyQuota, minutesOf, nextDay, nextMonth, quotaAt } from './quota-window.ts';
import { readRequest } from './request-door.ts';

/**
 * The caller's quota as it is now; one read. For display: every mint decides anew. Throws {@link Refusal}: `invalid`,
 * `client-outdated`, and what {@link policyOf} throws.
 */
export async function getLiveQuota(
  dependencies: Pick<LiveDependencies, 'store' | 'settings' | 'now' | 'emulated'>,
  caller: Caller,
  data: unknown,
): Promise<QuotaAnswer> {
  readRequest(data, readQuotaRequest);
  const { store, settings } = dependencies;
  const { id, policy } = await policyOf(caller, settings, dependencies.emulated);
  const now = dependencies.now();
  const perMinute = policy.sessionsPerMinute;
  const stored = await store.quota(caller.uid);
  const quota = stored ? quotaAt(stored, now, perMinute) : emptyQuota(now, perMinute);
  const minutes = minutesOf(policy, quota);
  const live = Object.values(quota.tokens).filter(({ expiresAt }) => expiresAt > now);
  const window = (usedMs: number, minutes: number | null, resetsAt: number) => ({
    usedSeconds: Math.ceil(usedMs / 1_000),
    limitSeconds: minutes === null ? null : minutes * 60,
    resetsAt,
  });
  return {
    v: CALLABLES_VERSION,
    serverTime: now,
    policy: id,
    day: window(quota.dayMs, minutes.day, nextDay(now)),
    month: window(quota.monthMs, minutes.month, nextMonth(now)),
    sessions: {
      live: new Set(live.map(({ sessionId }) => sessionId)).size,
      limit: policy.concurrentSessions,
    },
    blocked: quota.blocked !== null,
  };
}
