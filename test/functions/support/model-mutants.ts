/**
 * Changes of the source that the model must see: each turns `test/functions/model.test.ts` red in its short form.
 * @module
 */

/** One change of one place, and what of a title must go red. */
export interface ModelMutant {
  readonly id: string;
  readonly file: string;
  /** Occurs exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The file of the test. */
  readonly test: string;
  /** What its title holds. */
  readonly title: string;
}

const MODEL = {
  test: 'test/functions/model.test.ts',
  title: 'keeps the bounds on validity, live tokens and sessions, in memory',
} as const;

/** The five of the issue, and those of the rules beside them. */
export const MODEL_MUTANTS: readonly ModelMutant[] = [
  {
    ...MODEL,
    id: 'model: refund on end',
    file: 'functions/src/store.ts',
    find: 'tx.update(ref, { ...write.change });',
    replace:
      "tx.update(ref, { ...write.change }); if (write.change.state === 'ended') tx.set(paths.quota(session.uid), { tokens: {}, dayMs: 0, monthMs: 0 }, { merge: true });",
  },
  {
    ...MODEL,
    id: 'model: lease end taken from response time',
    file: 'functions/src/mint.ts',
    find: 'makeToken({ expiresAt, startBy,',
    replace: 'makeToken({ expiresAt: now() + expiresAt - mintedAt, startBy,',
  },
  {
    ...MODEL,
    id: 'model: compensate on unknown',
    file: 'functions/src/mint-outcome.ts',
    find: "if (outcome.outcome === 'refused') {",
    replace: 'if (outcome.outcome) {',
  },
  {
    ...MODEL,
    id: 'model: no prune',
    file: 'functions/src/quota-window.ts',
    find: 'tokens: standing(quota.tokens, nowMs),',
    replace: 'tokens: quota.tokens,',
  },
  {
    ...MODEL,
    id: 'model: no idempotency',
    file: 'functions/src/mint-policy.ts',
    find: 'Object.hasOwn(quota.requests, requestId)',
    replace: 'false',
  },
  {
    ...MODEL,
    id: 'model: re-mint beyond its lease',
    file: 'functions/src/mint-policy.ts',
    find: 'Math.min(leaseEnd(tokens, newest.index), now + leaseLengthMs(policy, 0)) - now',
    replace: 'leaseLengthMs(policy, 0)',
  },
  {
    ...MODEL,
    id: 'model: not charged to the month',
    file: 'functions/src/mint-policy.ts',
    find: 'monthMs: quota.monthMs + chargedMs,',
    replace: 'monthMs: quota.monthMs,',
  },
  {
    ...MODEL,
    id: 'model: minutes of one day given on every day',
    file: 'functions/src/quota-window.ts',
    find: 'return raise?.day === day ? raise.minutes : 0;',
    replace: 'return raise ? raise.minutes : 0;',
  },
  {
    ...MODEL,
    id: "model: a user's month that takes the last session for the sum",
    file: 'functions/src/usage-policy.ts',
    find: 'figures: added(sum.figures, each.figures)',
    replace: 'figures: each.figures',
  },
  {
    ...MODEL,
    id: 'model: minutes that were given are added up',
    file: 'functions/src/admin-quotas.ts',
    find: 'const raise = { day: quota.day, minutes };',
    replace: 'const raise = { day: quota.day, minutes: before + minutes };',
  },
  {
    ...MODEL,
    id: 'model: any number of live tokens',
    file: 'functions/src/mint-policy.ts',
    find: 'if (tokens.length < most) return undefined;',
    replace: 'if (tokens.length < most + 1) return undefined;',
  },
  {
    ...MODEL,
    id: 'model: a definite refusal stays charged',
    file: 'functions/src/mint-outcome.ts',
    find: 'done(store.giveBack(place, reserved), (error) =>',
    replace: 'done(Promise.resolve(), (error) =>',
  },
  {
    ...MODEL,
    id: 'model: a revoke that no report is told of',
    file: 'functions/src/admin-session-policy.ts',
    find: "return { state: 'revoked', stopReason,",
    replace: "return { state: 'ended', stopReason,",
  },
];
