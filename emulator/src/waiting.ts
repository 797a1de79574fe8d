/**
 * Waiting for something to be seen, looking again after everything that happens.
 * @module
 */
import { EmulatorError } from './errors.ts';

/** What a wait needs. */
export interface WaitSurroundings {
  /** Calls back after everything that happens, until the function it gives is called. */
  readonly listen: (look: () => void) => () => void;
  /** Of the machine's time, in ms. */
  readonly timeoutMs: number;
  /** Gives up, with `closed`. */
  readonly signal?: AbortSignal;
}

/**
 * Resolves with the first value of `read` that is neither `undefined` nor `false`. Rejects with {@link EmulatorError}
 * `timeout`, or `closed` where it is given up; with what `read` throws, where it throws.
 */
export async function untilSeen<T>(
  read: () => T | undefined | false,
  { listen, timeoutMs, signal }: WaitSurroundings,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const look = (): void => {
    try {
      const value = read();
      if (value !== undefined && value !== false) resolve(value);
    } catch (error) {
      reject(error);
    }
  };
  const giveUp = (): void => reject(new EmulatorError('closed', 'Nobody waits any more: it was closed.'));
  const unlisten = listen(look);
  const timer = setTimeout(
    () => reject(new EmulatorError('timeout', `Nothing was seen within ${timeoutMs} ms.`)),
    timeoutMs,
  );
  signal?.addEventListener('abort', giveUp, { once: true });
  if (signal?.aborted) giveUp();
  look();
  try {
    return await promise;
  } finally {
    unlisten();
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}
