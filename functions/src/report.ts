/**
 * Takes usage reports.
 * @module
 */
import { CALLABLES_VERSION, type ReportAnswer, readUsageReport, type UsageReport } from '@livegate/protocol';
import { type Caller, policyOf } from './caller.ts';
import type { LiveDependencies } from './mint.ts';
import { Refusal } from './refusal.ts';
import { batchOf, judgeReport, stopNotice } from './report-policy.ts';
import { readRequest } from './request-door.ts';
import { checkSessionOf } from './session-id.ts';
import { checkStorable } from './storable.ts';
import { purgeTime } from './store.ts';

/** What a report works with. */
export type ReportDependencies = Pick<LiveDependencies, 'store' | 'settings' | 'log' | 'now' | 'emulated'>;

/** Most JSON of one report's events. Ours: 2,000 characters for each that it may hold. */
const EVENTS_CHARACTERS = 200_000;

/**
 * Keeps the highest report of each connection. A lower or equal `seq` is `stale` and changes nothing. Throws
 * {@link Refusal}: `invalid` naming the field, `no-session`, `not-owner`, `session-over`, `contention`.
 */
export async function reportLiveUsage(
  dependencies: ReportDependencies,
  caller: Caller,
  data: unknown,
): Promise<ReportAnswer> {
  const { store, settings, log, now } = dependencies;
  const report = readRequest(data, readUsageReport);
  checkStorable(report.events, { path: 'events', maxCharacters: EVENTS_CHARACTERS });
  const { sessionId, connectionId, seq, final } = report;
  checkSessionOf(caller.uid, sessionId);
  const keepDays = await transcriptDays(dependencies, caller, report);

  const { changed, session } = await store.report(sessionId, (before) => {
    const change = judgeReport(report, before, { uid: caller.uid, now: now() });
    if (!change || !before) return null;
    const transcriptPurgeAt = keepDays === null ? null : purgeTime(now(), keepDays);
    return { change, batch: batchOf(report, { purgeAt: before.purgeAt, transcriptPurgeAt }) };
  });
  if (changed) log.reportTaken({ sessionId, connectionId, seq, final });
  const stop = stopNotice({
    isRevoked: session?.state === 'revoked',
    isBlocked: await store.isBlocked(caller.uid),
    killSwitch: (await settings.config())?.killSwitch ?? false,
  });
  return {
    v: CALLABLES_VERSION,
    status: changed ? 'ok' : 'stale',
    serverTime: now(),
    ...(stop ? { stop } : {}),
  };
}

/** How many days this report's transcript is kept; `null` for not at all. A policy that lets nobody in keeps none. */
async function transcriptDays(
  { settings, emulated }: ReportDependencies,
  caller: Caller,
  { transcript = [] }: UsageReport,
): Promise<number | null> {
  if (transcript.length === 0) return null;
  try {
    const { transcripts } = (await policyOf(caller, settings, emulated)).policy;
    return transcripts.keep ? transcripts.days : null;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
