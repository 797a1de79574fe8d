/**
 * What the handlers of mints and reports work with. Every effect is here.
 * @module
 */
import type { MintAnswer } from '@livegate/protocol';
import type { BurstGuard } from './burst-guard.ts';
import type { CallGate } from './call-gate.ts';
import type { FullMemory } from './full-memory.ts';
import type { LiveHooks } from './hooks.ts';
import type { LiveLog } from './logs.ts';
import type { RefusalCounter } from './refusal-counter.ts';
import type { RequestMemory } from './request-memory.ts';
import type { SettingsSource } from './settings.ts';
import type { Store } from './store.ts';
import type { LiveEndpoints, TokenMaker } from './upstream.ts';

/** The effects. One instance per process, since it holds what the process remembers. */
export interface LiveDependencies {
  readonly store: Store;
  readonly settings: SettingsSource;
  readonly makeToken: TokenMaker;
  readonly endpoints: LiveEndpoints;
  readonly requests: RequestMemory<MintAnswer>;
  readonly bursts: BurstGuard;
  readonly full: FullMemory;
  readonly reportGate: CallGate;
  /** Counts a refused mint. */
  readonly refusals: Pick<RefusalCounter, 'count'>;
  readonly hooks: LiveHooks;
  /** How long `authorize` and `onLease` may take, in ms. */
  readonly hookLimitMs: number;
  readonly log: LiveLog;
  /** Epoch ms. */
  readonly now: () => number;
  /** A new id: 20 characters of `A-Za-z0-9`, unguessable. */
  readonly newId: () => string;
  readonly emulated: boolean;
}
