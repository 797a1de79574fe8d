/**
 * Threats to the bounds of a user: minutes, places, windows.
 * @module
 */
import { SOURCES, type Threat } from './threat.ts';

const LEASES_TEST = 'test/functions/leases.test.ts';
const CONCURRENCY_TEST = 'test/functions/concurrency.test.ts';
const OUTCOMES_TEST = 'test/functions/upstream-outcomes.test.ts';
const POLICY_TEST = 'functions/src/mint-policy.test.ts';
const STORE = 'functions/src/store.ts';
const WINDOW = 'functions/src/quota-window.ts';
const OUTCOME = 'functions/src/mint-outcome.ts';

/** Rows of who talks more than was charged. */
export const QUOTA_THREATS = [
  {
    id: 'threat:early-end:slot',
    threat: 'a client says that it ended and keeps talking, beside a new session',
    answer: 'a slot is free when its token is dead, and not when a client says so',
    source: SOURCES.early,
    test: {
      file: CONCURRENCY_TEST,
      title: 'keeps the slot of a session that says it ended after one second, until its token is dead',
    },
    mutant: {
      file: STORE,
      find: 'tx.update(ref, { ...write.change });',
      replace:
        'tx.update(ref, { ...write.change }); if (write.change.endedAt) tx.update(paths.quota(session.uid), { tokens: {} });',
    },
  },
  {
    id: 'threat:early-end:charge',
    threat: 'a client says that it ended after a second and pays for a second',
    answer: 'a lease is charged whole',
    source: SOURCES.early,
    test: {
      file: CONCURRENCY_TEST,
      title: 'charges the whole lease of a session that ended after one second',
    },
    mutant: {
      file: STORE,
      find: 'tx.update(ref, { ...write.change });',
      replace:
        'tx.update(ref, { ...write.change }); if (write.change.endedAt) tx.update(paths.quota(session.uid), { dayMs: 0 });',
    },
  },
  {
    id: 'threat:early-end:remint',
    threat: 'a session drops again and again, and gains time by each new token',
    answer: 'a re-minted token ends where its lease does, and is charged as well',
    source: SOURCES.early,
    test: {
      file: LEASES_TEST,
      title: 'give a re-minted token no more time than they have, nor more than the first step',
    },
    mutant: {
      file: 'functions/src/mint-policy.ts',
      find: 'Math.min(leaseEnd(tokens, newest.index), now + leaseLengthMs(policy, 0)) - now',
      replace: 'leaseLengthMs(policy, 0)',
    },
  },
  {
    id: 'threat:early-end:renew-early',
    threat: 'a session takes its next leases at once and is worth their sum at the same time',
    answer: 'the next lease opens 30 s before the end of the one before',
    source: SOURCES.early,
    test: {
      file: LEASES_TEST,
      title: 'are renewed from 30 s before their end, and not a millisecond earlier',
    },
    mutant: {
      file: 'functions/src/mint-policy.ts',
      find: 'if (now < renewAfter)',
      replace: 'if (now < renewAfter - 1)',
    },
  },
  {
    id: 'threat:live-tokens',
    threat: 'a session re-mints and hands the tokens out',
    answer: 'the live tokens of a user are bounded in the same transaction',
    source: SOURCES.tokens,
    test: { file: LEASES_TEST, title: 'stop at the most live tokens of a policy' },
    mutant: {
      file: 'functions/src/mint-policy.ts',
      find: 'if (tokens.length < most) return undefined;',
      replace: 'return undefined;',
    },
  },
  {
    id: 'threat:minutes',
    threat: 'a user talks on when the minutes are used up',
    answer: 'a lease shrinks to what is left, and the next one is refused',
    source: SOURCES.design,
    test: { file: LEASES_TEST, title: 'shrink to what is left of the quota, and say when there is more' },
    mutant: {
      file: 'functions/src/mint-policy.ts',
      find: 'const lengthMs = Math.min(wanted.lengthMs, dayLeft, monthLeft);',
      replace: 'const lengthMs = Math.min(wanted.lengthMs, dayLeft);',
    },
  },
  {
    id: 'threat:raise:another-day',
    threat: 'minutes that an operator gave for one day are used on every day after it',
    answer: 'they are given for a UTC day by its name, and count in no other',
    source: SOURCES.design,
    test: {
      file: POLICY_TEST,
      title: 'lets a user talk on with minutes that were given for the day, and no minute longer',
    },
    mutant: {
      file: WINDOW,
      find: 'return raise?.day === day ? raise.minutes : 0;',
      replace: 'return raise ? raise.minutes : 0;',
    },
  },
  {
    id: 'threat:quota-race:transaction',
    threat: 'calls at the same moment each find the same room',
    answer: 'the room is read and taken in one transaction on one document',
    source: SOURCES.firestore,
    test: {
      file: 'test/functions/threats.test.ts',
      title: 'gets no more than the limit, whichever instance each call meets',
    },
    mutant: {
      file: STORE,
      find: 'const quota = ((await tx.get(quotaRef)).data()',
      replace: 'const quota = ((await quotaRef.get()).data()',
    },
  },
  {
    id: 'threat:quota-race:contention',
    threat: 'a burst on one user ends in errors that nobody can act on',
    answer: 'contention is a refusal that says when to ask again, somewhere in a range',
    source: SOURCES.firestore,
    test: {
      file: 'test/functions/store.test.ts',
      title: 'is a refusal that says when to ask again, and costs nothing',
    },
    mutant: {
      file: 'functions/src/transactions.ts',
      find: 'if (codeOf(error) !== ABORTED) throw error;',
      replace: 'throw error;',
    },
  },
  {
    id: 'threat:window:midnight',
    threat: 'a lease across midnight is charged to both days, or to none',
    answer: 'it is charged whole to the UTC day in which it begins',
    source: SOURCES.design,
    test: { file: LEASES_TEST, title: 'are charged to the day in which they begin' },
    mutant: { file: WINDOW, find: 'dayMs: day > quota.day ? 0 : quota.dayMs', replace: 'dayMs: quota.dayMs' },
  },
  {
    id: 'threat:window:clock-back',
    threat: 'an instance whose clock went back opens a window that is used up',
    answer: 'of two windows the later one stands',
    source: SOURCES.design,
    test: { file: POLICY_TEST, title: 'does not open a used-up window again for a clock that went back' },
    mutant: {
      file: WINDOW,
      find: 'dayMs: day > quota.day ? 0 : quota.dayMs',
      replace: 'dayMs: day !== quota.day ? 0 : quota.dayMs',
    },
  },
  {
    id: 'threat:window:calendar',
    threat: 'minutes come back at another hour where clocks change, or not at all on a leap day',
    answer: 'windows are days and months of UTC, by arithmetic that knows no zone',
    source: SOURCES.design,
    test: {
      file: 'test/functions/threats.test.ts',
      title: 'are UTC days and months on a machine in %s, in summer, winter and leap years',
    },
    mutant: { file: WINDOW, find: 'now.getUTCDate() + 1)', replace: 'now.getDate() + 1)' },
  },
  {
    id: 'threat:mint:slow',
    threat: 'a slow mint hands out a token that lives longer than what was reserved',
    answer: 'the expiry is fixed before the Live API is asked',
    source: SOURCES.slow,
    test: { file: OUTCOMES_TEST, title: 'comes slowly is no longer valid than was reserved' },
    mutant: {
      file: 'functions/src/mint-answer.ts',
      find: 'expiresAt: window.expiresAt,',
      replace: 'expiresAt: serverTime + window.expiresAt - window.mintedAt,',
    },
  },
  {
    id: 'threat:mint:refused',
    threat: 'a user pays for a token that was never made',
    answer: 'what the Live API plainly refuses is given back',
    source: SOURCES.slow,
    test: { file: OUTCOMES_TEST, title: 'is definitely refused costs nothing' },
    mutant: {
      file: OUTCOME,
      find: 'await done(store.giveBack(place, reserved), (error) =>',
      replace: 'await done(Promise.resolve(), (error) =>',
    },
  },
  {
    id: 'threat:mint:unknown',
    threat: 'a token that may exist is not counted',
    answer: 'what nobody knows stays charged until it would be dead',
    source: SOURCES.slow,
    test: { file: OUTCOMES_TEST, title: 'may exist stays charged' },
    mutant: { file: OUTCOME, find: "if (outcome.outcome === 'refused') {", replace: 'if (true) {' },
  },
  {
    id: 'threat:mint:busy',
    threat: 'an answer that does not say whether a token was made is taken for a refusal',
    answer: 'only a plain refusal of the service counts as one; a limit or a time-out does not',
    source: SOURCES.slow,
    test: { file: 'functions/src/upstream.test.ts', title: 'takes %i %s for what it is' },
    mutant: {
      file: 'functions/src/upstream.ts',
      find: 'response.status !== 429',
      replace: 'response.status !== 430',
    },
  },
  {
    id: 'threat:mint:repeated',
    threat: 'a request that is delivered twice is charged twice',
    answer: 'a repeat gets the answer of the first',
    source: SOURCES.meters,
    test: {
      file: OUTCOMES_TEST,
      title: 'was answered is answered the same to a repeated request, and charged once',
    },
    mutant: {
      file: 'functions/src/request-memory.ts',
      find: 'if (held) return held.answer;',
      replace: '',
    },
  },
  {
    id: 'threat:mint:repeated-elsewhere',
    threat: 'a repeat that reaches another instance is charged again, or finds the token stored',
    answer: 'it is told that it was answered, and is not charged',
    source: SOURCES.meters,
    test: {
      file: OUTCOMES_TEST,
      title: 'was answered by another instance is not shown again, and not charged again',
    },
    mutant: { file: 'functions/src/mint-policy.ts', find: 'if (repeated) {', replace: 'if (false) {' },
  },
  {
    id: 'threat:mint:unreachable',
    threat: 'the books cannot be reached when a charge is to be given back',
    answer: 'the charge stays, the page is told, and the log says why',
    source: SOURCES.slow,
    test: {
      file: 'test/functions/store.test.ts',
      title: 'leave a refused token charged and the answer what it is',
    },
    mutant: { file: OUTCOME, find: '    complain(error);\n', replace: '' },
  },
] as const satisfies readonly Threat[];
