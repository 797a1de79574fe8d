import { describe, expect, it } from 'vitest';
import { actProblem } from './act-problem.ts';

const refusal = (reason: string, more: object = {}) =>
  Object.assign(new Error('In the words of the functions.'), {
    code: 'functions/permission-denied',
    details: { reason, ...more },
  });

describe('actProblem', () => {
  it('says what to do about the refusals that an operator can mend', () => {
    expect(actProblem(refusal('sign-in-old')).words).toContain('Sign out and in again');
    expect(actProblem(refusal('conflict')).words).toContain('newer version');
  });

  it("keeps the functions' words for what they know better, and the field", () => {
    expect(actProblem(refusal('invalid', { field: 'policy.models' }))).toEqual({
      words: 'In the words of the functions.',
      reason: 'invalid',
      field: 'policy.models',
    });
  });

  it('says that functions which cannot be reached cannot be reached', () => {
    expect(actProblem(Object.assign(new Error('internal'), { code: 'functions/internal' })).words).toContain(
      'cannot be reached',
    );
  });

  it('names a code that it does not know', () => {
    expect(actProblem({ code: 'functions/new' }).words).toContain('functions/new');
    expect(actProblem(null).words).toContain('unknown');
  });
});
