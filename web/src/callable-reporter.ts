/**
 * The app's own Cloud Function as reporter: the default.
 * @module
 */
import type { ReportAnswer, UsageReport } from '@livegate/protocol';
import type { FirebaseApp } from 'firebase/app';
import { type CallablesOptions, callFunction } from './callables.ts';
import type { UsageReporter } from './token-source.ts';

/** Calls `reportLiveUsage` of the app. */
export function callableReporter(app: FirebaseApp, options: CallablesOptions): UsageReporter {
  return (report) => callFunction<UsageReport, ReportAnswer>(app, 'reportLiveUsage', report, options);
}
