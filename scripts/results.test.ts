import { describe, expect, it } from 'vitest';
import { countCheck, countVitest, lastLine, resultTable, type VitestReport } from './results.ts';

const GREEN = {
  success: true,
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
} as const satisfies VitestReport;

describe('countVitest', () => {
  it('counts a run in which everything passed', () => {
    expect(countVitest(GREEN, { exitCode: 0 })).toEqual({ passed: 7, failed: 0, skipped: 2 });
  });

  it.each([
    ['no report', undefined, 1],
    ['a crash after the report', GREEN, 134],
    ['an unhandled rejection', { ...GREEN, success: false }, 1],
    ['no test at all', { ...GREEN, numPassedTests: 0, numPendingTests: 0 }, 0],
  ] as const)('counts %s as a failure', (_, report, exitCode) => {
    expect(countVitest(report, { exitCode }).failed).toBe(1);
  });

  it('counts failed tests, and files that could not be loaded', () => {
    const report = {
      ...GREEN,
      success: false,
      numFailedTests: 2,
      testResults: [
        { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'failed' }] },
        { status: 'failed', assertionResults: [] },
      ],
    };
    expect(countVitest(report, { exitCode: 1 }).failed).toBe(3);
  });
});

describe('resultTable', () => {
  it('has a row for each part, with its counts, its time and what ran', () => {
    const parts = [
      { name: 'lint', ...countCheck(0), ms: 1_234, note: '' },
      { name: 'suite', passed: 12, failed: 1, skipped: 0, ms: 61_000, note: 'hidane 0.6.0' },
    ];
    expect(resultTable(parts).split('\n')).toEqual([
      '       passed  failed  skipped    time',
      'lint        1       0        0   1.2 s',
      'suite      12       1        0  61.0 s  hidane 0.6.0',
    ]);
  });
});

describe('lastLine', () => {
  it('sums the parts', () => {
    expect(lastLine([countCheck(0), countCheck(1), countVitest(GREEN, { exitCode: 0 })])).toBe(
      '8 passed, 1 failed',
    );
  });
});
