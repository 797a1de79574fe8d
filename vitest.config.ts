import { defineConfig } from 'vitest/config';

/** Three projects: `unit` needs nothing, `suite` needs the emulators, `browser` needs them and Chromium. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{protocol,functions,web,emulator,dashboard,demo}/src/**/*.test.ts', 'scripts/**/*.test.ts', 'test/repository/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'suite',
          include: ['test/{functions,rules,conformance,packaging,stack}/**/*.test.ts'],
          globalSetup: ['test/support/suite-setup.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/suite-setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
