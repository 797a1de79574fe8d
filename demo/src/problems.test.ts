import { REFUSAL_REASONS } from '@livegate/protocol';
import type { LiveCloseCause } from '@livegate/web';
import { describe, expect, it } from 'vitest';
import { AUDIO, MICROPHONE, SIGN_IN, VIDEO } from './browser-problems.ts';
import { endingOf, problemOf } from './problems.ts';
import { REFUSALS } from './refusals.ts';

const refusal = (reason: string, retryAfterMs?: number) => ({
  code: 'request-error',
  customErrorData: { reason, ...(retryAfterMs !== undefined && { retryAfterMs }) },
});

describe('problemOf', () => {
  it.each(REFUSAL_REASONS)('says of the refusal "%s" what to do', (reason) => {
    const { title, advice } = problemOf(refusal(reason));
    expect(title).not.toBe('Something went wrong');
    expect(advice.length).toBeGreaterThan(10);
  });

  it('says when trying again can help, and only where the server said so', () => {
    expect(problemOf(refusal('rate', 4_000)).retryAfterMs).toBe(4_000);
    expect(problemOf(refusal('rate'))).not.toHaveProperty('retryAfterMs');
  });

  it('asks to sign in who is not, and not who is blocked', () => {
    expect(problemOf(refusal('unauthenticated')).ways).toContain('sign-in');
    expect(problemOf(refusal('blocked')).ways).not.toContain('sign-in');
  });

  it.each([
    ['NotAllowedError', 'The microphone is not allowed'],
    ['NotFoundError', 'There is no microphone'],
    ['NotReadableError', 'The microphone is in use'],
  ])('tells a %s apart', (name, title) => {
    expect(problemOf(new DOMException('…', name))).toMatchObject({ title, ways: ['text-only', 'again'] });
  });

  it.each([
    ['microphone-denied', 'The microphone is not allowed'],
    ['no-microphone', 'There is no microphone'],
    ['microphone-lost', 'The microphone is gone'],
  ])('offers typing to whom the module has no microphone for: %s', (audio, title) => {
    const { title: said, ways } = problemOf({ code: 'error', customErrorData: { audio } });
    expect(said).toBe(title);
    expect(ways[0]).toBe('text-only');
  });

  it('tells a camera from a microphone, though the browser’s error is the same', () => {
    const error = {
      code: 'error',
      customErrorData: { video: 'camera-denied' },
      cause: new DOMException('', 'NotAllowedError'),
    };
    expect(problemOf(error).title).toBe('Camera or screen was not allowed');
  });

  it.each(Object.entries({ ...REFUSALS, ...AUDIO, ...VIDEO, ...MICROPHONE, ...SIGN_IN }))(
    'has advice and a way on for "%s"',
    (_, { advice, ways }) => {
      expect(advice).toMatch(/[.…]$/);
      expect(ways.length).toBeGreaterThan(0);
    },
  );

  it('names the wish that was refused, and offers to do without', () => {
    const field = 'generationConfig.speechConfig';
    const refused = problemOf({ code: 'request-error', customErrorData: { reason: 'field', field } });
    expect(refused.advice).toContain(`Refused: ${field}.`);
    expect(refused.ways).toEqual(['no-wishes']);
    const misfit = {
      code: 'unsupported',
      message: 'AI: Leave it out. (AI/unsupported)',
      customErrorData: { field },
    };
    expect(problemOf(misfit)).toMatchObject({
      advice: `Leave it out. Refused: ${field}.`,
      ways: ['no-wishes'],
    });
  });

  it('passes on what the service said when it closed', () => {
    const error = {
      code: 'response-error',
      customErrorData: { closeCode: 1008, closeReason: 'model not found' },
    };
    expect(problemOf(error).advice).toContain('model not found');
  });

  it('has something to say of anything that was thrown', () => {
    expect(problemOf(undefined).title).toBe('Something went wrong');
    expect(problemOf(new Error('The wheel came off.')).advice).toContain('The wheel came off.');
    expect(problemOf({ code: 'constructor' }).title).toBe('Something went wrong');
  });
});

describe('endingOf', () => {
  it('finds no problem in a talk that ended as it should', () => {
    expect(endingOf({ reason: 'app' })).toBeUndefined();
    expect(endingOf({ reason: 'server', code: 1000, detail: '' })).toBeUndefined();
  });

  it.each([
    [{ reason: 'stopped', notice: { reason: 'revoked' } }, 'An operator ended the session'],
    [{ reason: 'stopped', notice: { reason: 'quota' } }, 'Your minutes are used up'],
    [{ reason: 'lease-over', refusal: 'minutes-day' }, 'No minutes left today'],
    [{ reason: 'lease-over' }, 'Your time for this talk is over'],
    [{ reason: 'lost', code: 1006, detail: '' }, 'The connection was lost'],
    [{ reason: 'refused', code: 1007, detail: 'Bad frame' }, 'The service ended the session'],
  ] as const satisfies readonly (readonly [LiveCloseCause, string])[])('says why: %o', (cause, title) => {
    expect(endingOf(cause)?.title).toBe(title);
  });
});
