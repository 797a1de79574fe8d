/**
 * The stack that all test files of a run share.
 * @module
 */
import {
  type Answer,
  type HandleScope,
  type LiveEmulatorAddress,
  type LiveEmulatorClient,
  liveEmulatorClient,
} from '@livegate/emulator';
import { inject } from 'vitest';
import type { StackHosts } from '../../scripts/stack.ts';

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
  readonly control: LiveEmulatorAddress;
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackAddresses;
  }
}

/** The stack's Live emulator, with two words for what many tests do. */
export interface StackLive extends LiveEmulatorClient {
  /** Sessions with this system instruction, and no others, are answered so from now on, whatever else is set. */
  answerWhere(instruction: string, answer: Answer): Promise<void>;
  /** Who may resume with a handle from now on; `project` is the usual. Whoever sets it sets it back. */
  handlesWorkFor(scope: HandleScope): Promise<void>;
}

/** The shared stack. `live` is its Live emulator, over the control API. */
export type SharedStack = Omit<StackAddresses, 'control'> & { readonly live: StackLive };

/** The stack of this run: seeded once, never reset. A test that needs documents or users of its own makes them. */
export function useStack(): SharedStack {
  const { control, ...stack } = inject('stack');
  const client = liveEmulatorClient(control);
  return {
    ...stack,
    live: {
      ...client,
      answerWhere: (instruction, answer) => client.answerWith(answer, { instruction }),
      handlesWorkFor: (handleScope) => client.setOptions({ handleScope }),
    },
  };
}
