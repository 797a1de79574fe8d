/**
 * All that a session is started with.
 * @module
 */
import type { LiveSetup } from '@livegate/protocol';
import type { FirebaseApp } from 'firebase/app';
import type { CallablesOptions } from './callables.ts';
import type { KeepingSource } from './keeper-loader.ts';
import type { KeepsakeBox } from './keepsake.ts';
import type { SessionResumptionConfig } from './live-types.ts';
import type { UsageFarewell } from './report-farewell.ts';
import type { SessionWatch } from './session-watch.ts';
import type { MintBody, MintWay } from './token-request.ts';
import type { UsageReporter } from './token-source.ts';
import type { LiveSocketFactory } from './web-socket-handler.ts';

/** What a session is started with. */
export interface SessionPlan extends MintWay {
  readonly app: FirebaseApp;
  /** Where reports and the farewell go unless they are given. */
  readonly callables: CallablesOptions;
  /** The first question to the token source. */
  readonly start: MintBody;
  /** What the page wishes for: its values go where a token leaves them open. */
  readonly wished: Partial<LiveSetup>;
  /** The transcript of what the model says is yielded as its text, and its audio is not. */
  readonly readsTranscript: boolean;
  /** What the app asked for itself; `undefined` leaves resumption to the session. */
  readonly resumption: SessionResumptionConfig | undefined;
  readonly reporter: UsageReporter | undefined;
  /** The last report of a page that goes away; none where `reporter` is given alone. */
  readonly farewell: UsageFarewell | undefined;
  /** Where a reloaded page finds its session; not asked where the app resumes by itself. */
  readonly keepsakes: KeepsakeBox | undefined;
  /** Hears of an operator's stop. */
  readonly watch: SessionWatch | undefined;
  /** 0 to 1, for the spread of retries. */
  readonly random: () => number;
  readonly openSocket: LiveSocketFactory;
  /** For the whole handshake, in ms. */
  readonly timeoutMs: number;
  /** What keeps an open session going. */
  readonly keeping: KeepingSource;
}
