/**
 * The part of a session that is needed once it is open, in a file of its own: fetched when the first session opens.
 * @module
 */
import { AIError } from './errors.ts';
import type * as Keeping from './session-keeper.ts';

/** What {@link loadKeeping} loads. */
export type KeepingModule = typeof Keeping;

/** Where it comes from. */
export interface KeepingSource {
  /** What was fetched before. */
  here(): KeepingModule | undefined;
  /** Fetches it. Rejects as `import()` does. */
  load(): Promise<KeepingModule>;
}

let loaded: KeepingModule | undefined;

/** The file beside this one. */
export const keeping: KeepingSource = {
  here: () => loaded,
  load: async () => {
    loaded ??= await import('./session-keeper.ts');
    return loaded;
  },
};

/** Has it at hand from here on: for those who have bundled it, such as `@livegate/web/testing`. */
export function provideKeeping(module: KeepingModule): void {
  loaded = module;
}

/** What `load`, a dynamic import, brings. Rejects with {@link AIError} `fetch-error` where it cannot be fetched. */
export async function fetchPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new AIError('fetch-error', 'A part of @livegate/web could not be fetched.', {}, { cause });
  }
}
