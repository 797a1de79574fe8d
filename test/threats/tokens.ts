/**
 * Threats to tokens, handles and the setup that a token is locked to.
 * @module
 */
import { SOURCES, type Threat } from './threat.ts';

const BUILDER = 'functions/src/setup-builder.ts';
const BUILDER_TEST = 'functions/src/setup-builder.test.ts';
const UPSTREAM = 'functions/src/upstream.ts';

/** Rows of a credential that gets into other hands. */
export const TOKEN_THREATS = [
  {
    id: 'threat:token-replay:uses',
    threat: 'a stolen token opens sockets of its own',
    answer: 'every token is asked for with one use',
    source: SOURCES.tokens,
    test: { file: BUILDER_TEST, title: 'locks everything but resumption' },
    mutant: { file: UPSTREAM, find: 'uses: 1,', replace: 'uses: 0,' },
  },
  {
    id: 'threat:token-replay:window',
    threat: 'a stolen token is kept for later',
    answer: 'a socket is opened within a minute of the mint, or not at all',
    source: SOURCES.tokens,
    test: {
      file: 'test/functions/leases.test.ts',
      title: 'ask the Live API for a token that dies at exactly the reserved moment',
    },
    mutant: {
      file: 'functions/src/lease-policy.ts',
      find: 'startBy: Math.min(mintedAt + START_WINDOW_MS, expiresAt)',
      replace: 'startBy: expiresAt',
    },
  },
  {
    id: 'threat:token-replay:expiry',
    threat: 'a token outlives what was charged for it',
    answer: 'the expiry that is asked for is the one that was reserved',
    source: SOURCES.tokens,
    test: { file: BUILDER_TEST, title: 'locks everything but resumption' },
    mutant: {
      file: UPSTREAM,
      find: 'expireTime: new Date(expiresAt).toISOString()',
      replace: 'expireTime: new Date(expiresAt + 60_000).toISOString()',
    },
  },
  {
    id: 'threat:token-replay:stored',
    threat: 'a token is read from the books or from a log',
    answer: 'it stands in the answer and nowhere else',
    source: SOURCES.design,
    test: {
      file: 'test/functions/upstream-outcomes.test.ts',
      title: 'was answered stands in no document and no log line',
    },
    mutant: {
      file: 'functions/src/mint.ts',
      find: 'log.leaseGranted({ ...lease,',
      replace: 'log.leaseGranted({ ...outcome, ...lease,',
    },
  },
  {
    id: 'threat:handle:stored',
    threat: 'a resumption handle is read from the books and opens somebody’s conversation',
    answer: 'what a session was asked with is kept without its handle',
    source: SOURCES.resumption,
    test: {
      file: 'test/functions/store.test.ts',
      title: 'holds what renewals are built from, and no handle',
    },
    mutant: {
      file: 'functions/src/session-document.ts',
      find: "filter((path) => path !== 'sessionResumption')",
      replace: 'filter(() => true)',
    },
  },
  {
    id: 'threat:handle:locked',
    threat: 'a handle is put into the lock of another token',
    answer: 'no token is asked for with a handle in it, whatever the page sends',
    source: SOURCES.resumption,
    test: { file: BUILDER_TEST, title: 'never holds a resumption handle, whatever the page sends' },
    mutant: {
      file: BUILDER,
      find: 'const constraints = pick(whole, locked);',
      replace: 'const constraints = { ...pick(whole, locked), ...pick(wishes, ["sessionResumption"]) };',
    },
  },
  {
    id: 'threat:handle:stranger',
    threat: 'a user goes on with the session of another',
    answer: 'a session’s id is made for one user, and refused to others before anything is read',
    source: SOURCES.resumption,
    test: { file: 'test/functions/leases.test.ts', title: 'stay with the user who opened the session' },
    mutant: {
      file: 'functions/src/session-id.ts',
      find: "if (random === '' || sessionId !== makeSessionId(random, uid)) throw notOwner();",
      replace: '',
    },
  },
  {
    id: 'threat:handle:document',
    threat: 'a session’s id is forged for another user',
    answer: 'the owner is who the document names',
    source: SOURCES.resumption,
    test: { file: 'test/functions/store.test.ts', title: 'that names another user gives this one no token' },
    mutant: {
      file: 'functions/src/mint-setup.ts',
      find: 'if (session.uid !== uid) throw notOwner();',
      replace: '',
    },
  },
  {
    id: 'threat:token-sharing',
    threat: 'a user hands tokens out to others',
    answer: 'every lease is charged to who minted it, and holds one of their few places until it is dead',
    source: SOURCES.tokens,
    test: {
      file: 'test/functions/concurrency.test.ts',
      title: 'lets one user in while another has no room',
    },
    mutant: {
      file: 'functions/src/mint-policy.ts',
      find: 'ends.size >= policy.concurrentSessions',
      replace: 'ends.size > policy.concurrentSessions',
    },
  },
] as const satisfies readonly Threat[];

/** Rows of what a page may do with its token. */
export const SETUP_THREATS = [
  {
    id: 'threat:lock:mask',
    threat: 'a token without a mask leaves everything to the page',
    answer: 'every token has the explicit mask of all paths there are',
    source: SOURCES.tokens,
    test: { file: BUILDER_TEST, title: 'locks everything but resumption' },
    mutant: { file: BUILDER, find: "fieldMask: locked.join(','),", replace: "fieldMask: ''," },
  },
  {
    id: 'threat:lock:field',
    threat: 'a path that the list does not have stays open',
    answer: 'the list is compared with what the newest SDK can send',
    source: SOURCES.tokens,
    test: { file: BUILDER_TEST, title: 'locks everything but resumption' },
    mutant: { file: 'protocol/src/setup-fields.ts', find: '  safetySettings: both,\n', replace: '' },
  },
  {
    id: 'threat:lock:resumption',
    threat:
      'a locked handle, or one outside the mask, makes the service refuse or the session end with its socket',
    answer: 'resumption is the one path that is always open and never set',
    source: 'ai-shifu/ai-shifu#2759: HTTP 400 for constraints that the mask does not name',
    test: { file: BUILDER_TEST, title: 'locks everything but resumption' },
    mutant: {
      file: 'protocol/src/setup-fields.ts',
      find: "sessionResumption: { backend: 'both', alwaysOpen: true },",
      replace: "sessionResumption: { backend: 'both' },",
    },
  },
  {
    id: 'threat:lock:outside',
    threat: 'something is set that the mask does not lock: the service refuses, or ignores it',
    answer: 'what goes into a token is picked by the mask',
    source: 'ai-shifu/ai-shifu#2759',
    test: {
      file: BUILDER_TEST,
      title: 'leaves listed fields out of the lock, and holds nothing that is not locked',
    },
    mutant: {
      file: BUILDER,
      find: 'const constraints = pick(whole, locked);',
      replace: 'const constraints = whole;',
    },
  },
  {
    id: 'threat:setup:wish',
    threat: 'a page asks for an instruction, a tool or a temperature of its own',
    answer: 'a field that the policy does not name is refused, by name, before anything is reserved',
    source: SOURCES.design,
    test: { file: BUILDER_TEST, title: 'judges a page that wishes for %s' },
    mutant: {
      file: BUILDER,
      find: 'if (!open.includes(path) && !policy.settableFields.includes(path)) {',
      replace: 'if (false) {',
    },
  },
  {
    id: 'threat:setup:fuzz',
    threat: 'a page finds a form of request that changes the lock',
    answer: 'whatever it sends is refused by name, or changes nothing',
    source: SOURCES.design,
    test: {
      file: 'test/functions/threats-at-the-door.test.ts',
      title: 'changes nothing of what its token is locked to, or is refused',
    },
    mutant: {
      file: BUILDER,
      find: '...override<Partial<LiveSetup>>(template?.setup ?? {}, wishes, asked),',
      replace: '...template?.setup, ...wishes,',
    },
  },
  {
    id: 'threat:setup:variable',
    threat: 'what a page puts into a template’s variable becomes an instruction',
    answer: 'a value stands there as data, in quotes that it cannot close, and only where one is declared',
    source: SOURCES.design,
    test: {
      file: 'test/functions/threats.test.ts',
      title: 'stays inside its quotes and its line, and no other is taken',
    },
    mutant: {
      file: 'functions/src/template-variables.ts',
      find: 'return JSON.stringify(value).replace(',
      replace: 'return value.replace(',
    },
  },
  {
    id: 'threat:setup:cost',
    threat: 'a policy opens what bounds the cost of a token',
    answer: 'model, length and kind of answers, compression and turn coverage are locked whatever it says',
    source: SOURCES.design,
    test: {
      file: BUILDER_TEST,
      title: 'never opens what bounds the cost of a token, even where a policy says so',
    },
    mutant: { file: BUILDER, find: '!NEVER_OPEN.includes(path) &&', replace: '' },
  },
  {
    id: 'threat:setup:shown',
    threat: 'a template’s instruction is read in the page',
    answer: 'what a template holds of instruction and tools is locked into the token and not sent',
    source: SOURCES.design,
    test: { file: BUILDER_TEST, title: 'shows the page all but the instruction and tools of a template' },
    mutant: { file: BUILDER, find: "= ['systemInstruction', 'tools'] as", replace: "= ['tools'] as" },
  },
] as const satisfies readonly Threat[];
