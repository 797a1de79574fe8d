/**
 * Takes usage reports.
 * @module
 */
import {
  CALLABLES_VERSION,
  type LivePolicyDocument,
  type LiveSessionDocument,
  type ReportAnswer,
  readUsageReport,
  type UsageReport,
} from '@livegate/protocol';
import { type Caller, policyOf } from './caller.ts';
import { costOf } from './cost-policy.ts';
import type { LiveDependencies } from './dependencies.ts';
import { Refusal } from './refusal.ts';
import { batchOf, judgeReport, keptReport, type SessionChange, stopNotice } from './report-policy.ts';
import { readRequest } from './request-door.ts';
import { checkSessionOf } from './session-id.ts';
import type { SettingsSource } from './settings.ts';
import { type Spend, tokensOf } from './spend-policy.ts';
import { checkStorable } from './storable.ts';
import { purgeTime } from './store.ts';

/** What a report works with. */
export type ReportDependencies = Pick<
  LiveDependencies,
  'store' | 'settings' | 'log' | 'now' | 'emulated' | 'reportGate'
>;

/** Most JSON of one report's events, in bytes. Ours: with the longest transcript beside it a document stays below 1 MiB. */
const EVENTS_BYTES = 200_000;

/**
 * Keeps the highest report of each connection. A lower or equal `seq` is `stale` and changes nothing. Throws
 * {@link Refusal}: `invalid` naming the field, `no-session`, `not-owner`, `session-over`, `rate`, `contention`.
 */
export async function reportLiveUsage(
  dependencies: ReportDependencies,
  caller: Caller,
  data: unknown,
): Promise<ReportAnswer> {
  const { store, settings, log, now } = dependencies;
  const report = readRequest(data, readUsageReport);
  checkStorable(report.events, { path: 'events', maxBytes: EVENTS_BYTES });
  const { sessionId, connectionId, seq, final } = report;
  checkSessionOf(caller.uid, sessionId);
  dependencies.reportGate.pass(caller.uid);
  const policy = await policyOrNone(dependencies, caller);
  const keepDays = transcriptDays(policy, report);
  const bounded = policy && (policy.reportedPerDay.tokens !== null || policy.reportedPerDay.usd !== null);
  // Read before the transaction: settings are in memory, a transaction waits for nothing.
  const priceOf = bounded ? await pricesOf(settings, policy) : null;

  let isFull = false;
  const { changed, session } = await store.report(sessionId, (before) => {
    const judged = judgeReport(report, before, { uid: caller.uid, now: now() });
    if (!judged || !before) return null;
    const { change, rest } = judged;
    const transcriptPurgeAt = keepDays === null ? null : purgeTime(now(), keepDays);
    const parts = { events: rest, purgeAt: before.purgeAt, transcriptPurgeAt };
    // What an erased user's page says late is not kept for a moment.
    const kept = keptReport(change, before.erased ? null : batchOf(report, parts));
    isFull = kept.isFull;
    return {
      change: kept.change,
      batch: kept.batch,
      spend: priceOf ? spendOf(before, change, { at: now(), priceOf }) : null,
    };
  });
  if (changed) {
    const leases = Object.entries(session?.leases ?? {});
    const leaseId = leases.find(([, lease]) => lease.connectionId === connectionId)?.[0];
    log.reportTaken({ sessionId, leaseId, connectionId, seq, final });
  }
  const stop = stopNotice({ session, killSwitch: await isSwitchedOff(settings) });
  return {
    v: CALLABLES_VERSION,
    status: changed ? 'ok' : 'stale',
    ...(changed && isFull ? { full: true as const } : {}),
    serverTime: now(),
    ...(stop ? { stop } : {}),
  };
}

/** The caller's policy of today; `null` where none lets them in. What they already had is still reported. */
async function policyOrNone(
  { settings, emulated }: ReportDependencies,
  caller: Caller,
): Promise<LivePolicyDocument | null> {
  try {
    return (await policyOf(caller, settings, emulated)).policy;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** How many days this report's transcript is kept; `null` for not at all. A policy that lets nobody in keeps none. */
function transcriptDays(policy: LivePolicyDocument | null, { transcript = [] }: UsageReport): number | null {
  return transcript.length > 0 && policy?.transcripts.keep ? policy.transcripts.days : null;
}

type PriceOf = (model: string) => Awaited<ReturnType<SettingsSource['price']>>;

async function pricesOf(settings: SettingsSource, { models }: LivePolicyDocument): Promise<PriceOf> {
  const prices = new Map(
    await Promise.all(models.map(async (model) => [model, await settings.price(model)] as const)),
  );
  return (model) => prices.get(model) ?? null;
}

function spendOf(
  before: LiveSessionDocument,
  { reported }: SessionChange,
  { at, priceOf }: { readonly at: number; readonly priceOf: PriceOf },
): Spend {
  const price = priceOf(before.model);
  const [was, is] = [before.reported.totals, reported.totals];
  return {
    at,
    tokens: tokensOf(is) - tokensOf(was),
    microUsd: costOf(is, price).pricedMicroUsd - costOf(was, price).pricedMicroUsd,
  };
}

async function isSwitchedOff(settings: SettingsSource): Promise<boolean> {
  try {
    return (await settings.config())?.killSwitch ?? false;
  } catch (error) {
    // Switches that cannot be read let nobody begin; they end nobody's talk.
    if (error instanceof Refusal) return false;
    throw error;
  }
}
