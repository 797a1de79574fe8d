/**
 * Where tokens come from and where usage goes: two async functions, so that any backend can stand behind them.
 * @module
 */
import type { MintAnswer, MintRequest, ReportAnswer, UsageReport } from '@livegate/protocol';

/**
 * Answers what `mintLiveToken` answers. A refusal is thrown as firebase/functions throws it: an error whose
 * `code` is `functions/<status>` and whose `details` is a `RefusalDetails`. The same `requestId` twice asks for
 * the same token, not for a second one.
 */
export type TokenSource = (request: MintRequest) => Promise<MintAnswer>;

/** Takes what `reportLiveUsage` takes. A report that was not taken is made up for by the next. */
export type UsageReporter = (report: UsageReport) => Promise<ReportAnswer>;
