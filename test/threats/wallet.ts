/**
 * Threats to what the project pays.
 * @module
 */
import { SOURCES, type Threat } from './threat.ts';

const LEASES_TEST = 'test/functions/leases.test.ts';

/** Rows of who makes the project pay. */
export const WALLET_THREATS = [
  {
    id: 'threat:wallet:refused',
    threat: 'a flood of refused calls is paid for in reads and writes',
    answer: 'a refused mint costs one read at most and no write',
    source: SOURCES.wallet,
    test: {
      file: 'test/functions/costs.test.ts',
      title: 'for $reason costs $reads reads, no write and no token',
    },
    mutant: {
      file: 'functions/src/store.ts',
      find: 'const wanted = steps.decide(quota).window;',
      replace: 'await tx.get(sessionRef); const wanted = steps.decide(quota).window;',
    },
  },
  {
    id: 'threat:wallet:rate',
    threat: 'a user starts one session after another',
    answer: 'starts are limited by the minute',
    source: SOURCES.wallet,
    test: { file: LEASES_TEST, title: 'are limited in starts a minute, and not in renewals' },
    mutant: {
      file: 'functions/src/mint-policy.ts',
      find: 'if (missing <= 0) return undefined;',
      replace: 'return undefined;',
    },
  },
  {
    id: 'threat:wallet:caps',
    threat: 'many accounts together spend more than the project means to pay for',
    answer: 'caps of the project, in shards that add up to them, are charged with each token',
    source: SOURCES.wallet,
    test: {
      file: 'test/functions/threats.test.ts',
      title: 'hold for all users together, however many come',
    },
    mutant: {
      file: 'functions/src/budget-policy.ts',
      find: '(minutesPerDay * MINUTE_MS) / shards',
      replace: 'minutesPerDay * MINUTE_MS',
    },
  },
  {
    id: 'threat:wallet:kill-switch',
    threat: 'something goes wrong and nobody can stop it',
    answer: 'one switch refuses every mint',
    source: SOURCES.wallet,
    test: { file: LEASES_TEST, title: 'end with the kill switch' },
    mutant: {
      file: 'functions/src/mint.ts',
      find: 'if (config?.killSwitch) throw',
      replace: 'if (false) throw',
    },
  },
  {
    id: 'threat:wallet:kill-switch-late',
    threat: 'a warm instance does not see the switch',
    answer: 'settings are believed for a minute and no longer',
    source: SOURCES.wallet,
    test: {
      file: 'functions/src/caller.test.ts',
      title: 'reads once a minute, absence included, and sees a change after it',
    },
    mutant: {
      file: 'functions/src/settings.ts',
      find: 'SETTINGS_MEMORY_MS = 60_000',
      replace: 'SETTINGS_MEMORY_MS = 600_000',
    },
  },
  {
    id: 'threat:wallet:kill-switch-broken',
    threat: 'a switch that was written wrongly is taken for off',
    answer: 'it is off only where it plainly says so',
    source: SOURCES.wallet,
    test: {
      file: 'functions/src/policy-document.test.ts',
      title: 'takes a switch for off only where it plainly is',
    },
    mutant: {
      file: 'protocol/src/settings-shapes.ts',
      find: 'killSwitch: read.killSwitch !== false,',
      replace: 'killSwitch: read.killSwitch === true,',
    },
  },
  {
    id: 'threat:wallet:policy-broken',
    threat: 'a policy that was written wrongly bounds nothing',
    answer: 'one that lacks a bound, or has one that is no number, lets nobody in',
    source: SOURCES.wallet,
    test: { file: 'functions/src/policy-document.test.ts', title: 'lets nobody in where %s is %j' },
    mutant: {
      file: 'protocol/src/policy-shape.ts',
      find: "typeof value === 'number' && Number.isFinite(value) && value >= 0;",
      replace: "typeof value === 'number';",
    },
  },
] as const satisfies readonly Threat[];
