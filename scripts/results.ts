/**
 * What the parts of a test run came to, and the table and last line that say so.
 * @module
 */
import { seconds } from './progress.mjs';

/** How many of a part's tests or checks went which way. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One part of a run. */
export interface PartResult extends Counts {
  readonly name: string;
  readonly ms: number;
  /** What ran, in short; why it did not. */
  readonly note: string;
}

/** What Vitest's JSON reporter writes, as far as it is read here. */
export interface VitestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Counts a Vitest run. A file that fails without a failed test (it could not be loaded, or a hook failed) counts
 * as one failure, and so does a run that failed for any other reason: a crash, an unhandled rejection, no report,
 * or no test at all.
 */
export function countVitest(
  report: VitestReport | undefined,
  { exitCode }: { readonly exitCode: number },
): Counts {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const counted = report.numFailedTests + brokenFiles;
  const isSilentFailure = counted === 0 && (exitCode !== 0 || !report.success || report.numPassedTests === 0);
  return {
    passed: report.numPassedTests,
    failed: counted + (isSilentFailure ? 1 : 0),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** A check counts as one: passed or failed. */
export function countCheck(exitCode: number): Counts {
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** The table of a run. */
export function resultTable(parts: readonly PartResult[]): string {
  const rows = [
    ['', 'passed', 'failed', 'skipped', 'time', ''],
    ...parts.map(({ name, passed, failed, skipped, ms, note }) => [
      name,
      String(passed),
      String(failed),
      String(skipped),
      seconds(ms),
      note,
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : column === 5 ? cell : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The last line of a run: `N passed, N failed`. */
export function lastLine(parts: readonly Counts[]): string {
  const sum = (key: keyof Counts): number => parts.reduce((total, part) => total + part[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed`;
}
