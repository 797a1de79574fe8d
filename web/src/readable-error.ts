/**
 * A token source's refusal as an error that people can read. The words are fetched when there is something to say.
 * @module
 */
import { AIError, type LiveErrorReason } from './errors.ts';

/** {@link AIError} as `mintError` of `mint-error.ts` makes it; where that cannot be fetched, a plain one. Never throws. */
export async function readableError(cause: unknown): Promise<AIError> {
  if (cause instanceof AIError) return cause;
  try {
    return (await import('./mint-error.ts')).mintError(cause);
  } catch {
    const reason = (cause as { readonly details?: { readonly reason?: LiveErrorReason } } | undefined)
      ?.details?.reason;
    const code = reason ? 'request-error' : 'fetch-error';
    const why = reason ?? 'unreachable';
    return new AIError(code, `No token (${why}).`, { reason: why }, { cause });
  }
}
