/**
 * Takes usage reports.
 * @module
 */
import {
  CALLABLES_VERSION,
  ProtocolError,
  type ReportAnswer,
  readUsageReport,
  type UsageReport,
} from '@livegate/protocol';
import { type Caller, policyOf } from './caller.ts';
import type { LiveDependencies } from './mint.ts';
import { Refusal } from './refusal.ts';
import { judgeReport, stopNotice } from './report-policy.ts';

/**
 * Keeps the highest report of each connection. A lower or equal `seq` is `stale` and changes nothing. Throws
 * {@link Refusal}: `invalid` naming the field, `no-session`, `not-owner`, `session-over`.
 */
export async function reportLiveUsage(
  {
    store,
    settings,
    log,
    now,
    emulated,
  }: Pick<LiveDependencies, 'store' | 'settings' | 'log' | 'now' | 'emulated'>,
  caller: Caller,
  data: unknown,
): Promise<ReportAnswer> {
  const report = readReport(data);
  if (report.v !== CALLABLES_VERSION) {
    throw new Refusal(
      'client-outdated',
      `This page speaks version ${report.v}; reload it to get version ${CALLABLES_VERSION}.`,
      { field: 'v' },
    );
  }
  const keepTranscript =
    (report.transcript?.length ?? 0) > 0 &&
    (await policyOf(caller, settings, emulated)).policy.transcripts.keep;
  const { changed, session } = await store.report(
    report,
    (before) => judgeReport(report, before, caller.uid, now()),
    keepTranscript,
  );
  if (changed) {
    const { sessionId, connectionId, seq, final } = report;
    log.reportTaken({ sessionId, connectionId, seq, final });
  }
  const stop = stopNotice(session, (await settings.config())?.killSwitch ?? false);
  return {
    v: CALLABLES_VERSION,
    status: changed ? 'ok' : 'stale',
    serverTime: now(),
    ...(stop ? { stop } : {}),
  };
}

function readReport(data: unknown): UsageReport {
  try {
    return readUsageReport(data);
  } catch (error) {
    if (error instanceof ProtocolError)
      throw new Refusal('invalid', error.message, { field: error.path }, { cause: error });
    throw error;
  }
}
