import { AIError as TheirError } from '@firebase/ai';
import { FirebaseError } from 'firebase/app';
import { describe, expect, test } from 'vitest';
import { AIError } from './errors.ts';

describe('AIError', () => {
  test('looks like the error of firebase/ai', () => {
    const ours = new AIError('request-error', 'No.', { status: 1 });
    const theirs = new TheirError('request-error', 'No.', { status: 1 });
    const look = (error: AIError | TheirError) => ({
      name: error.name,
      code: error.code,
      message: error.message,
      text: String(error),
      data: error.customErrorData,
      isFirebase: error instanceof FirebaseError,
      isError: error instanceof Error,
    });
    expect(look(ours)).toEqual(look(theirs));
    expect(ours).toBeInstanceOf(AIError);
    expect(ours.stack).toContain('errors.test.ts');
  });

  test('keeps its cause', () => {
    const cause = new Error('underneath');
    expect(new AIError('error', 'No.', undefined, { cause }).cause).toBe(cause);
    expect('cause' in new AIError('error', 'No.')).toBe(false);
  });
});
