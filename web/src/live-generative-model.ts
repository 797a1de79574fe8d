/**
 * A Live model: what a session is to be, and the way to open one.
 * @module
 */
import { type LiveSetup, modelId } from '@livegate/protocol';
import type { AI } from './ai.ts';
import { AIModel } from './ai-model.ts';
import { backendAddress, checkRegion } from './backend.ts';
import { type CallablesOptions, callableTokenSource, warmCallable } from './callables.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Content, Tool, ToolConfig } from './content-types.ts';
import { emulatorsOf } from './emulators.ts';
import { fetchPart, keeping } from './keeper-loader.ts';
import type { KeepsakeBox } from './keepsake.ts';
import { LiveSession } from './live-session.ts';
import { liveSockets } from './live-sockets.ts';
import type { LiveGenerationConfig, LiveModelParams, SessionResumptionConfig } from './live-types.ts';
import { sharedWorker } from './live-worker.ts';
import type { UsageFarewell } from './report-farewell.ts';
import { SessionRunner } from './session-runner.ts';
import type { SessionWatch } from './session-watch.ts';
import type { MintBody } from './token-request.ts';
import type { TokenSource, UsageReporter } from './token-source.ts';
import type { LiveSocketFactory } from './web-socket-handler.ts';
import { instruction, type LiveFields, wishedSetup } from './wished-setup.ts';
import type { WorkletUrls } from './worklet-urls.ts';

/** The whole handshake, in ms. Ours. */
const HANDSHAKE_TIMEOUT_MS = 15_000;

/** What `getLiveGenerativeModel` takes beyond firebase/ai. */
export interface LiveOptions {
  /** Where tokens come from; the callable `mintLiveToken` of the app unless given. */
  tokenSource?: TokenSource;
  /** Where usage goes; the callable `reportLiveUsage` of the app unless given. */
  reporter?: UsageReporter;
  /**
   * The last report of a page that goes away; by the callable, best effort, unless given. None where `reporter` is
   * given alone.
   */
  farewell?: UsageFarewell;
  /** Where a reloaded page finds its session again; `sessionStorage` under a Web Lock unless given. */
  keepsakes?: KeepsakeBox;
  /** Loads what a conversation will need, such as the worklets; begun by `prepare()`, and by `connect()` beside the mint. */
  preload?: () => Promise<unknown>;
  /**
   * Asks for a limited-use App Check token at each call, renewals and reports included: for functions with replay
   * protection. The AI service's `useLimitedUseAppCheckTokens` unless given.
   */
  limitedUseAppCheckTokens?: boolean;
  /** Region of the callables; `us-central1` unless given. */
  region?: string;
  /** Fields of the setup that firebase/ai has no parameter for. */
  live?: LiveFields;
  /** Hears of an operator's stop sooner than the next renewal; `@livegate/web/firestore` has one. None unless given. */
  watchSession?: SessionWatch;
  /**
   * Where text comes from on a model that answers in audio only: with `transcription`, `responseModalities: ['TEXT']`
   * asks it for audio, drops that, and yields its transcript as the text of the model's turn. Billed as audio.
   */
  textFrom?: 'transcription';
  /** From opening the socket to the server's `setupComplete`, in ms; 15,000 unless given. */
  handshakeTimeoutMs?: number;
  /** Time, for tests. */
  clock?: Clock;
  /**
   * Where the page hosts the live worker, if not beside this module. Sockets are in it, so that what is said and heard
   * does not wait for the page's thread; on the page, with a warning, where it cannot be loaded.
   */
  workletUrls?: Partial<WorkletUrls>;
  /** Sockets, for tests and other transports: they are on the page. */
  webSocket?: LiveSocketFactory;
}

/** Made by `getLiveGenerativeModel`. */
export class LiveGenerativeModel extends AIModel {
  generationConfig: LiveGenerationConfig;
  tools?: Tool[];
  toolConfig?: ToolConfig;
  systemInstruction?: Content;
  readonly #ai: AI;
  readonly #options: LiveOptions;

  /** @internal */
  constructor(ai: AI, params: LiveModelParams, options: LiveOptions = {}) {
    super(ai, params.model);
    this.generationConfig = params.generationConfig ?? {};
    if (params.tools) this.tools = params.tools;
    if (params.toolConfig) this.toolConfig = params.toolConfig;
    const content = instruction(params.systemInstruction);
    if (content) this.systemInstruction = content;
    this.#ai = ai;
    this.#options = options;
  }

  /**
   * Mints a token and opens a session. Without `sessionResumption` the session resumes by itself; with one the app
   * also gets the updates and notices that it needs to do so.
   *
   * Rejects with `AIError`: `request-error` where no token was given (`customErrorData.reason`, and `retryAfterMs`
   * where waiting helps), `fetch-error` without a connection, `response-error` where the server closed during the
   * handshake (`closeCode`, `closeReason`) or did not answer in time, `unsupported` without WebSocket, and, before
   * anything is asked for, where the model does not take a field (`field`; the message names the remedy).
   */
  async connect(sessionResumption?: SessionResumptionConfig): Promise<LiveSession> {
    const { app, backend } = this.#ai;
    const { tokenSource, reporter, farewell, keepsakes, live, clock, webSocket, watchSession } =
      this.#options;
    const callables = this.#callables();
    const said = wishedSetup({
      generationConfig: this.generationConfig,
      tools: this.tools,
      toolConfig: this.toolConfig,
      systemInstruction: this.systemInstruction,
    });
    const { wished, transcribes } = await this.#fitted(said);
    checkRegion(backend);
    const start: MintBody = {
      op: 'start',
      model: modelId(this.model),
      ...backendAddress(backend),
      ...(live?.template ? { template: live.template } : {}),
      ...(Object.keys(wished).length > 0 ? { setup: wished } : {}),
    };
    void this.#preload();
    const worker = () => sharedWorker(this.#options.workletUrls);
    // Begun here, so that the worker loads beside the mint.
    if (!webSocket) worker();
    const openSocket = webSocket ?? liveSockets(worker);
    const runner = await SessionRunner.start({
      app,
      callables,
      start,
      wished,
      readsTranscript: transcribes,
      resumption: sessionResumption && { ...sessionResumption },
      source: tokenSource ?? callableTokenSource(app, callables),
      reporter,
      farewell,
      keepsakes,
      watch: watchSession,
      keeping,
      emulators: emulatorsOf(this.#ai),
      clock: clock ?? systemClock,
      random: Math.random,
      openSocket,
      timeoutMs: this.#options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
    });
    return new LiveSession(runner);
  }

  /**
   * Warms what `connect()` will need: the function, the callable's code, what keeps a session going, and what
   * `options.preload` loads. Takes no
   * lease and charges nothing. Never rejects.
   */
  async prepare(): Promise<void> {
    if (!this.#options.webSocket) sharedWorker(this.#options.workletUrls);
    const warm = this.#options.tokenSource ? undefined : warmCallable(this.#ai.app, this.#callables());
    await Promise.all([warm, this.#preload(), keeping.load().catch(() => {})]);
  }

  /** What is asked of the model; `unsupported` where it does not take that. */
  async #fitted(
    said: Partial<LiveSetup>,
  ): Promise<{ readonly wished: Partial<LiveSetup>; readonly transcribes: boolean }> {
    const { live, textFrom } = this.#options;
    if (!live && isPlain(this.model, said)) return { wished: said, transcribes: false };
    const { askForTranscript, checkFit, readsTranscript, withLive } = await fetchPart(
      () => import('./model-fit.ts'),
    );
    if (live) said = withLive(said, live);
    const transcribes = textFrom === 'transcription' && readsTranscript(this.model, said);
    const wished = transcribes ? askForTranscript(this.model, said) : said;
    checkFit(this.model, wished);
    return { wished, transcribes };
  }

  /** Whoever uses what is loaded hears of a failure there. */
  async #preload(): Promise<void> {
    try {
      await this.#options.preload?.();
    } catch {
      // It is loaded again, and then told of.
    }
  }

  #callables(): CallablesOptions {
    const { region = 'us-central1', limitedUseAppCheckTokens } = this.#options;
    const ofService = this.#ai.options?.useLimitedUseAppCheckTokens ?? false;
    return { region, limitedUseAppCheckTokens: limitedUseAppCheckTokens ?? ofService };
  }
}

/** Audio alone, and no field that some models do not take: every model that speaks takes that. */
function isPlain(model: string, { generationConfig, tools }: Partial<LiveSetup>): boolean {
  const modalities = generationConfig?.responseModalities ?? [];
  const speaks = modalities.length < 2 && modalities.every((each) => /^audio$/i.test(each));
  return speaks && !/transcribe|NON_BLOCKING/.test(model + JSON.stringify(tools));
}
