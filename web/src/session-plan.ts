/**
 * All that a session is started with.
 * @module
 */
import type { LiveSetup } from '@livegate/protocol';
import type { Clock } from './clock.ts';
import type { KeepsakeBox } from './keepsake.ts';
import type { SessionResumptionConfig } from './live-types.ts';
import type { MintBody } from './mint-desk.ts';
import type { UsageFarewell } from './report-farewell.ts';
import type { TokenSource, UsageReporter } from './token-source.ts';
import type { LiveSocketFactory } from './web-socket-handler.ts';

/** What a session is started with. */
export interface SessionPlan {
  /** The first question to the token source. */
  readonly start: MintBody;
  /** What the page wishes for: its values go where a token leaves them open. */
  readonly wished: Partial<LiveSetup>;
  /** The transcript of what the model says is yielded as its text, and its audio is not. */
  readonly readsTranscript: boolean;
  /** What the app asked for itself; `undefined` leaves resumption to the session. */
  readonly resumption: SessionResumptionConfig | undefined;
  readonly source: TokenSource;
  readonly reporter: UsageReporter;
  /** The last report of a page that goes away. */
  readonly farewell: UsageFarewell | undefined;
  /** Where a reloaded page finds its session; none where the app resumes by itself. */
  readonly keepsakes: KeepsakeBox | undefined;
  /** Live emulators (`host:port`) that may be dialled; read at each mint. */
  readonly emulators: ReadonlySet<string>;
  readonly clock: Clock;
  /** 0 to 1, for the spread of retries. */
  readonly random: () => number;
  readonly openSocket: LiveSocketFactory;
  /** For the whole handshake, in ms. */
  readonly timeoutMs: number;
}
