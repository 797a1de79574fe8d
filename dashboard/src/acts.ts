/**
 * The operators' callables, as the page calls them.
 * @module
 */
import {
  type AdminAnswer,
  type BlockUser,
  CALLABLES_VERSION,
  type EraseAnswer,
  type EraseUser,
  type LiveUserAnswer,
  type RaiseQuota,
  type ReadLiveUser,
  type RevokeSession,
  type SetKillSwitch,
  type SetLimits,
  type SetPolicy,
  type SetPrice,
  type SetRole,
  type SetTemplate,
  type SetTier,
} from '@livegate/protocol';
import type { FirebaseApp } from 'firebase/app';
import { actProblem } from './act-problem.ts';

/** Callable → what it takes and what it answers. */
export interface ActShapes {
  readonly revokeLiveSession: readonly [RevokeSession, AdminAnswer];
  readonly blockLiveUser: readonly [BlockUser, AdminAnswer];
  readonly eraseLiveUser: readonly [EraseUser, EraseAnswer];
  readonly setLivePolicy: readonly [SetPolicy, AdminAnswer];
  readonly setLiveTemplate: readonly [SetTemplate, AdminAnswer];
  readonly setLivePrice: readonly [SetPrice, AdminAnswer];
  readonly setKillSwitch: readonly [SetKillSwitch, AdminAnswer];
  readonly setLiveLimits: readonly [SetLimits, AdminAnswer];
  readonly setLiveRole: readonly [SetRole, AdminAnswer];
  readonly setLiveTier: readonly [SetTier, AdminAnswer];
  readonly raiseLiveQuota: readonly [RaiseQuota, AdminAnswer];
  readonly readLiveUser: readonly [ReadLiveUser, LiveUserAnswer];
}

/** Name of a callable. */
export type ActName = keyof ActShapes;

/** Why an act did not happen, in words with what to do. `reason` is the refusal's, where the functions refused. */
export class ActError extends Error {
  readonly reason: string | undefined;
  /** The field of the order that was wrong, where one was. */
  readonly field: string | undefined;

  constructor(
    message: string,
    details: { readonly reason?: string; readonly field?: string },
    cause: unknown,
  ) {
    super(message, { cause });
    this.name = 'ActError';
    this.reason = details.reason;
    this.field = details.field;
  }
}

/** Calls. Rejects with an {@link ActError}; the functions decide who may do what, and by which sign-in. */
export interface Acts {
  call<N extends ActName>(name: N, order: Omit<ActShapes[N][0], 'v'>): Promise<ActShapes[N][1]>;
}

/** Where the functions are. */
export interface FunctionsPlace {
  readonly region: string;
  /** Emulator builds only. */
  readonly emulator?: { readonly host: string; readonly port: number };
}

/** {@link Acts} over the functions of a project. The SDK is loaded at the first call: looking needs none. */
export function openActs(app: FirebaseApp, { region, emulator }: FunctionsPlace): Acts {
  const load = async () => {
    const { connectFunctionsEmulator, getFunctions, httpsCallable } = await import('firebase/functions');
    const functions = getFunctions(app, region);
    if (emulator) connectFunctionsEmulator(functions, emulator.host, emulator.port);
    return { functions, httpsCallable };
  };
  let loaded: ReturnType<typeof load> | undefined;
  return {
    async call<N extends ActName>(name: N, order: Omit<ActShapes[N][0], 'v'>): Promise<ActShapes[N][1]> {
      try {
        loaded ??= load();
        const { functions, httpsCallable } = await loaded;
        const callable = httpsCallable<object, ActShapes[N][1]>(functions, name);
        return (await callable({ v: CALLABLES_VERSION, ...order })).data;
      } catch (error) {
        const { words, ...details } = actProblem(error);
        throw new ActError(words, details, error);
      }
    },
  };
}
