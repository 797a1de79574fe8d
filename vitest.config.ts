import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const CONDITIONS = ['livegate-source', 'node', 'import', 'default'];

const SETUP = ['test/support/property-seed.ts'];

/** The views of the dashboard: they need Chromium and nobody's ear. */
const PAGES = ['test/browser/{dashboard-*,bench-dashboard}.test.ts'];
/** Talks that are cut by real seconds: they need the machine to themselves. */
const TIMED = ['test/web/{drops,lease-end}.test.ts'];

/**
 * Four projects: `unit` needs nothing, `suite` the emulators, `pages` and `browser` these and Chromium. Suite and pages
 * may run beside each other; what is heard, or cut by real seconds, is in `browser`, which runs alone.
 */
export default defineConfig({
  // Tests and their set-up see packages as their source; pages and other people see their dist/.
  ssr: { resolve: { conditions: CONDITIONS } },
  environments: { __vitest__: { resolve: { conditions: CONDITIONS } } },
  test: {
    // Two at a time on two cores: left to itself a run keeps one of them for nothing. Suite and browser take one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          setupFiles: SETUP,
          // Time is measured in benchmarks; this ends what hangs, on a busy machine too.
          testTimeout: 30_000,
          include: [
            '{protocol,functions,web,emulator,dashboard,demo}/src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
            'test/repository/**/*.test.ts',
            'test/mirror/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'suite',
          setupFiles: SETUP,
          include: ['test/{functions,rules,conformance,packaging,stack,web}/**/*.test.ts'],
          exclude: TIMED,
          globalSetup: ['test/support/suite-setup.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'pages',
          include: PAGES,
          globalSetup: ['test/support/suite-setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts', 'test/mirror/apps/*.test.ts', ...TIMED],
          exclude: PAGES,
          setupFiles: SETUP,
          globalSetup: ['test/support/suite-setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
