/**
 * The app's own Cloud Functions as token source and reporter: the default. `firebase/functions` is loaded with the
 * first call, so that a page pays for it when it connects.
 * @module
 */
import { CALLABLES_VERSION, type MintAnswer, type MintRequest, type WarmUp } from '@livegate/protocol';
import type { FirebaseApp } from 'firebase/app';
import type { TokenSource } from './token-source.ts';

/** A function that has not answered after this is asked again under the same request id, in ms. Ours. */
const TIMEOUT_MS = 30_000;

/** Where the functions are and how they are called. */
export interface CallablesOptions {
  readonly region: string;
  readonly limitedUseAppCheckTokens: boolean;
}

/** Calls `mintLiveToken` of the app; Auth and App Check tokens ride along. */
export function callableTokenSource(app: FirebaseApp, options: CallablesOptions): TokenSource {
  return (request) => callFunction<MintRequest, MintAnswer>(app, 'mintLiveToken', request, options);
}

/**
 * Loads `firebase/functions` and wakes `mintLiveToken` by a call that asks for nothing and takes no lease. Made without
 * the SDK: that would wait for Auth and spend an App Check token. Never throws: what could not be warmed is only slower.
 */
export async function warmCallable(app: FirebaseApp, { region }: CallablesOptions): Promise<void> {
  try {
    const { getFunctions } = await import('firebase/functions');
    const service = getFunctions(app, region) as unknown as { _url?(name: string): unknown };
    const url = service._url?.('mintLiveToken');
    const data: WarmUp = { v: CALLABLES_VERSION, op: 'warm-up' };
    const headers = { 'content-type': 'application/json' };
    if (typeof url === 'string')
      await fetch(url, { method: 'POST', headers, body: JSON.stringify({ data }) });
  } catch {
    // connect() will say what is wrong, if anything is.
  }
}

/** Calls a function of the app. Rejects as it does. */
export async function callFunction<Request, Answer>(
  app: FirebaseApp,
  name: string,
  request: Request,
  { region, limitedUseAppCheckTokens }: CallablesOptions,
): Promise<Answer> {
  const { getFunctions, httpsCallable } = await import('firebase/functions');
  const callable = httpsCallable<Request, Answer>(getFunctions(app, region), name, {
    timeout: TIMEOUT_MS,
    limitedUseAppCheckTokens,
  });
  return (await callable(request)).data;
}
