/**
 * Threats to who may come in: anonymous users, App Check, emulators, operators, readers.
 * @module
 */
import { SOURCES, type Threat } from './threat.ts';

const CALLER_TEST = 'functions/src/caller.test.ts';
const DOOR_TEST = 'test/functions/threats-at-the-door.test.ts';
const APP_CHECK = 'functions/src/app-check-policy.ts';
const OPERATOR_DOOR = 'functions/src/operator-door.ts';
const CONFIG = 'functions/src/config.ts';
const CONFIG_TEST = 'functions/src/config.test.ts';

/** Rows of the doors. */
export const GATE_THREATS = [
  {
    id: 'threat:anonymous:off',
    threat: 'somebody makes a hundred anonymous accounts an hour and talks with each',
    answer: 'anonymous users are let in only where a policy says so',
    source: SOURCES.anonymous,
    test: { file: CALLER_TEST, title: 'lets anonymous users in only where the policy says so' },
    mutant: {
      file: 'functions/src/caller.ts',
      find: "if (!policy.anonymous && caller.provider === 'anonymous') {",
      replace: 'if (false) {',
    },
  },
  {
    id: 'threat:sybil',
    threat: 'fifty accounts without a name are made at one address',
    answer: 'the guests of one app and address share a pool',
    source: SOURCES.anonymous,
    test: {
      file: 'test/functions/shared-bounds.test.ts',
      title: 'is shared by all guests of one origin: 50 of them get no more than it holds',
    },
    mutant: {
      file: 'functions/src/budget-policy.ts',
      find: 'dayMs: budget.dayMs + token.expiresAt - token.mintedAt,',
      replace: 'dayMs: budget.dayMs,',
    },
  },
  {
    id: 'threat:sybil:network',
    threat: 'a customer takes another of the addresses that IPv6 gives each',
    answer: 'the first 64 bits of an address count',
    source: SOURCES.anonymous,
    test: {
      file: 'functions/src/origin.test.ts',
      title: 'is one for all addresses that a customer has, and another for the next customer',
    },
    mutant: {
      file: 'functions/src/origin.ts',
      find: 'if (!isIPv6(bare)) return bare;',
      replace: 'return bare;',
    },
  },
  {
    id: 'threat:anonymous:linked',
    threat: 'a guest signs up to get minutes anew',
    answer: 'the account keeps its id, and what it spent',
    source: SOURCES.anonymous,
    test: {
      file: 'test/functions/threats.test.ts',
      title: 'spends the minutes of the account that it becomes',
    },
    mutant: {
      file: 'functions/src/mint.ts',
      find: 'const place: MintPlace = { uid: caller.uid,',
      replace: 'const place: MintPlace = { uid: caller.provider + caller.uid,',
    },
  },
  {
    id: 'threat:anonymous:origin',
    threat: 'a page names another address, to be of another pool',
    answer: 'only what the front end wrote down counts: the last address',
    source: 'Cloud Run functions, "x-forwarded-for", read 2026-11-21',
    test: {
      file: DOOR_TEST,
      title: 'is the address that the front end saw, whatever the page says before it',
    },
    mutant: { file: 'functions/src/origin.ts', find: "split(',').at(-1)", replace: "split(',').at(0)" },
  },
  {
    id: 'threat:app-check:missing',
    threat: 'calls come from somewhere else than the app',
    answer: 'a call without an App Check token is refused where the deployment enforces it',
    source: SOURCES.appCheck,
    test: {
      file: DOOR_TEST,
      title: 'keeps out a call without a token, and lets one with a good token in',
    },
    mutant: { file: APP_CHECK, find: 'if (!enforce && !replayProtection) return;', replace: 'return;' },
  },
  {
    id: 'threat:app-check:invalid',
    threat: 'calls come with a forged token',
    answer: 'one that was sent and did not pass is refused like none',
    source: SOURCES.appCheck,
    test: { file: DOOR_TEST, title: 'keeps out a call with a token that did not pass' },
    mutant: {
      file: APP_CHECK,
      find: "request.sent ? 'invalid' : 'missing'",
      replace: "request.sent ? 'ok' : 'missing'",
    },
  },
  {
    id: 'threat:app-check:replay',
    threat: 'a token of App Check is stolen and used again',
    answer: 'where replay protection is on, each is good for one call',
    source: SOURCES.appCheck,
    test: {
      file: DOOR_TEST,
      title: 'keeps out a token that was used before, where each is good for one call',
    },
    mutant: { file: APP_CHECK, find: 'if (replayProtection) throw', replace: 'if (false) throw' },
  },
  {
    id: 'threat:admin:bootstrap',
    threat: 'the first to sign in, or whoever has an address, becomes the admin',
    answer: 'only the claim counts, and only a command or an admin sets it',
    source: SOURCES.claims,
    test: {
      file: DOOR_TEST,
      title: 'is nobody for being the first: without the claim there is no way in',
    },
    mutant: {
      file: OPERATOR_DOOR,
      find: "return role === 'admin' || (role === 'viewer' && need === 'viewer');",
      replace: "return role === 'admin' || need === 'admin' || role === 'viewer';",
    },
  },
  {
    id: 'threat:admin:taken',
    threat: 'somebody who was an admin acts for an hour more by the token',
    answer: 'the record of this moment is read for each act',
    source: SOURCES.claims,
    test: {
      file: DOOR_TEST,
      title: 'is none any more from the moment the claim is taken, whatever the token says',
    },
    mutant: { file: OPERATOR_DOOR, find: ' || !mayAct(record.customClaims, need)', replace: '' },
  },
  {
    id: 'threat:admin:revoked',
    threat: 'a stolen sign-in of an admin is revoked and goes on',
    answer: 'a sign-in of before the revocation acts no more',
    source: SOURCES.claims,
    test: { file: DOOR_TEST, title: 'is none by a sign-in of before the revocation' },
    mutant: {
      file: OPERATOR_DOOR,
      find: 'if (record.tokensValidAfter !== null && !(record.tokensValidAfter <= signedInMs)) throw',
      replace: 'if (false) throw',
    },
  },
  {
    id: 'threat:admin:brought-back',
    threat: 'a role that is taken comes back by another claim that is written at the same moment',
    answer:
      'whoever writes claims looks at the list of operators afterwards, and brings the role that is decided',
    source: SOURCES.claims,
    test: {
      file: 'test/functions/admin-users.test.ts',
      title: 'brings back no role %s and that is taken at the same moment',
    },
    mutant: {
      file: 'functions/src/admin-tiers.ts',
      find: 'await bringRole(dependencies, uid);',
      replace: 'return;',
    },
  },
  {
    id: 'threat:admin:old',
    threat: 'an unattended page of an admin is used days later',
    answer: 'acts want a sign-in of the last 12 hours',
    source: SOURCES.design,
    test: { file: DOOR_TEST, title: 'is none by a sign-in that is half a day old' },
    mutant: { file: OPERATOR_DOOR, find: '>= SIGN_IN_LIFE_MS)', replace: '> SIGN_IN_LIFE_MS)' },
  },
  {
    id: 'threat:admin:unreadable',
    threat: 'Firebase Auth does not answer, and the token is believed',
    answer: 'then nobody acts',
    source: SOURCES.design,
    test: { file: DOOR_TEST, title: 'is nobody where the record cannot be read' },
    mutant: {
      file: OPERATOR_DOOR,
      find: '  } catch (cause) {\n',
      replace:
        "  } catch (cause) {\n    return { disabled: false, customClaims: { livegate: 'admin' }, tokensValidAfter: null };\n",
    },
  },
  {
    id: 'threat:emulator:address',
    threat: 'a deployed function takes its users, its books or its tokens from an emulator',
    answer: 'nothing starts outside the emulators where an address of one is set',
    source: SOURCES.emulators,
    test: { file: CONFIG_TEST, title: 'refuses %s outside the emulators and takes it inside' },
    mutant: { file: CONFIG, find: '/(_EMULATOR_HOST|', replace: '/(^FIRESTORE_EMULATOR_HOST|' },
  },
  {
    id: 'threat:emulator:debug',
    threat: 'a debug switch makes the SDK take ID tokens unverified',
    answer: 'nothing starts outside the emulators where one is set',
    source: SOURCES.emulators,
    test: { file: CONFIG_TEST, title: 'refuses %s outside the emulators and takes it inside' },
    mutant: { file: CONFIG, find: 'FIREBASE_DEBUG_(MODE|FEATURES)', replace: 'FIREBASE_DEBUG_(MODE)' },
  },
  {
    id: 'threat:emulator:live',
    threat: 'tokens are made by an emulator of the Live API in production',
    answer: 'its address is looked at inside the emulators only',
    source: SOURCES.emulators,
    test: { file: CONFIG_TEST, title: 'never are an emulator outside the emulators' },
    mutant: { file: CONFIG, find: 'return host && inEmulator(environment) ?', replace: 'return host ?' },
  },
  {
    id: 'threat:emulator:policy',
    threat: 'the wide policy of the demo is deployed with the demo',
    answer: 'a policy that is for emulators only lets nobody in elsewhere',
    source: SOURCES.emulators,
    test: { file: CALLER_TEST, title: 'keeps an emulator policy out of production' },
    mutant: {
      file: 'functions/src/caller.ts',
      find: 'if (policy.emulatorOnly && !emulated) {',
      replace: 'if (false) {',
    },
  },
  {
    id: 'threat:documents:stranger',
    threat: 'a user reads the session of another',
    answer: 'the rules let its owner and operators read it',
    source: SOURCES.claims,
    test: { file: 'test/rules/sessions.test.ts', title: 'firestore.rules, of sessions' },
    mutant: {
      file: 'firestore.rules',
      find: 'return resource.data.uid == request.auth.uid;',
      replace: 'return request.auth != null;',
    },
  },
  {
    id: 'threat:documents:operators',
    threat: 'a user reads policies, prices or the audit',
    answer: 'the rules go by a claim of our own, and let nobody write',
    source: SOURCES.claims,
    test: { file: 'test/rules/operations.test.ts', title: 'firestore.rules, of the operators’ documents' },
    mutant: {
      file: 'firestore.rules',
      find: "return request.auth.token.livegate in ['viewer', 'admin'];",
      replace: 'return request.auth != null;',
    },
  },
  {
    id: 'threat:app-check:debug-provider',
    threat: 'a page with App Check’s debug provider is deployed',
    answer: 'no source of a page names the switch that turns it on',
    source: SOURCES.appCheck,
    test: {
      file: 'test/repository/app-check.test.ts',
      title: 'never ask for the debug provider of App Check',
    },
    mutant: {
      file: 'dashboard/src/firebase.ts',
      find: '  initializeAppCheck(app, {',
      replace: '  Object.assign(self, { FIREBASE_APPCHECK_DEBUG_TOKEN: true });\n  initializeAppCheck(app, {',
    },
  },
] as const satisfies readonly Threat[];
