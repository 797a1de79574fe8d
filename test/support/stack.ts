/**
 * The stack that all test files of a run share.
 * @module
 */
import { inject } from 'vitest';
import type { StackHosts } from '../../scripts/stack.ts';
import { type LiveRemote, liveRemote } from './live-remote.ts';

/** What of a stack can be handed from one process to another. */
export interface StackAddresses {
  readonly projectId: string;
  readonly hosts: StackHosts & { readonly live: string };
  /** Empty in a run without the browser tests. */
  readonly demoUrl: string;
  readonly dashboardUrl: string;
  readonly functionsUrl: string;
  readonly firestoreName: string;
  readonly logFile: string;
  readonly controlUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackAddresses;
  }
}

/** The shared stack. `live` is its Live emulator. */
export type SharedStack = Omit<StackAddresses, 'controlUrl'> & { readonly live: LiveRemote };

/** The stack of this run: seeded once, never reset. A test that needs documents or users of its own makes them. */
export function useStack(): SharedStack {
  const { controlUrl, ...stack } = inject('stack');
  return { ...stack, live: liveRemote(controlUrl) };
}
