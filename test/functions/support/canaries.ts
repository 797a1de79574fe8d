/**
 * Canaries: secrets made up for one test, looked for everywhere afterwards.
 * @module
 */
import { randomBytes } from 'node:crypto';

/** One secret. */
export interface Canary {
  readonly name: string;
  /** As it is used. */
  readonly plain: string;
  /** The same in base64. */
  readonly base64: string;
}

/** The secrets of one run. */
export interface Canaries {
  readonly key: Canary;
  readonly token: Canary;
  readonly handle: Canary;
  readonly transcript: Canary;
}

/**
 * New canaries. Only the token has a shape that a pattern may know: what is hidden must not hang on how it looks, and
 * what people say looks like nothing.
 */
export function makeCanaries(): Canaries {
  const canary = (name: string, start: string): Canary => {
    const plain = start + randomBytes(9).toString('hex');
    return { name, plain, base64: Buffer.from(plain).toString('base64') };
  };
  return {
    key: canary('key', 'key-'),
    token: canary('token', 'auth_tokens/'),
    handle: canary('handle', 'handle-'),
    transcript: canary('transcript', 'we-met-in-'),
  };
}

/** Both forms of each, in one text: what an upstream echoes, and what an error holds. */
export function everyForm(canaries: Canaries): string {
  return Object.values(canaries as unknown as Record<string, Canary>)
    .flatMap(({ plain, base64 }) => [plain, base64])
    .join(' ');
}

/** The names of the canaries that a text holds in any form: plain, in part, encoded for a URL, or in base64. */
export function canariesIn(text: string, canaries: Canaries): readonly string[] {
  return Object.values(canaries as unknown as Record<string, Canary>).flatMap(({ name, plain, base64 }) => {
    const random = plain.slice(-18);
    const forms = [random, base64, base64.replace(/=+$/, ''), ...shiftedBase64(plain)];
    return forms.some((form) => text.includes(form)) ? [name] : [];
  });
}

/** The middle of its base64 where other bytes stand before it. */
function shiftedBase64(plain: string): readonly string[] {
  return [1, 2].map((bytes) =>
    Buffer.from('x'.repeat(bytes) + plain)
      .toString('base64')
      .slice(4, -4),
  );
}
