/**
 * The last report of a page that goes away, by a `fetch` that outlives it. Best effort: the browser may drop it, and
 * nothing depends on it, since reports free neither time nor a slot.
 * @module
 */
import { isObject, type UsageReport } from '@livegate/protocol';
import type { FirebaseApp } from 'firebase/app';
import type { CallablesOptions } from './callables.ts';

/** Browsers send 64 kB at most after a page's end; the door of the callable wants less. Design §2 step 8. */
const LONGEST_BODY_BYTES = 16 * 1024;

/** Says goodbye for a page: everything that needs waiting is done before. */
export interface UsageFarewell {
  /** Fetches what {@link UsageFarewell.send} will need. Never throws. */
  warm(): Promise<void>;
  /** Sends at once, without waiting for an answer. Never throws. */
  send(report: UsageReport): void;
}

/** What is read of firebase/functions' service object. Not its public face, hence checked and done without. */
interface FunctionsService {
  readonly _url?: (name: string) => unknown;
  readonly contextProvider?: { readonly getContext?: (limitedUse: boolean) => Promise<unknown> };
}

/** `reportLiveUsage` in the callable's wire form, with ID and App Check tokens that were fetched before. */
export function callableFarewell(app: FirebaseApp, options: CallablesOptions): UsageFarewell {
  let ready: { readonly url: string; readonly headers: Record<string, string> } | undefined;
  return {
    async warm() {
      try {
        const { getFunctions } = await import('firebase/functions');
        const service = getFunctions(app, options.region) as unknown as FunctionsService;
        const url = service._url?.('reportLiveUsage');
        const context = await service.contextProvider?.getContext?.(options.limitedUseAppCheckTokens);
        if (typeof url === 'string' && isObject(context)) ready = { url, headers: headersOf(context) };
      } catch {
        // Then the last turn's report is the last.
      }
    },
    send(report) {
      const body = farewellBody(report);
      if (!ready || body === undefined) return;
      try {
        void fetch(ready.url, { method: 'POST', keepalive: true, headers: ready.headers, body }).catch(
          () => {},
        );
      } catch {
        // The page is going; nobody could do anything about it.
      }
    },
  };
}

function headersOf(context: Readonly<Record<string, unknown>>): Record<string, string> {
  const { authToken, appCheckToken } = context;
  return {
    'Content-Type': 'application/json',
    ...(typeof authToken === 'string' ? { Authorization: `Bearer ${authToken}` } : {}),
    ...(typeof appCheckToken === 'string' ? { 'X-Firebase-AppCheck': appCheckToken } : {}),
  };
}

/**
 * The body within its bound: where it does not fit, without the transcript, then with what happened to the connection
 * alone of the timeline, then without one.
 */
export function farewellBody(report: UsageReport): string | undefined {
  const { transcript: _, ...untold } = report;
  const { events = [], ...bare } = untold;
  const connection = events.filter(({ type }) => type !== 'turn' && type !== 'tool-call');
  return [report, untold, { ...bare, events: connection }, bare]
    .map((data) => JSON.stringify({ data }))
    .find((body) => new TextEncoder().encode(body).length <= LONGEST_BODY_BYTES);
}
