/**
 * One audio conversation: carries sound between a session and an audio graph until either ends.
 * @module
 */
import { OUTPUT_AUDIO_MIME_TYPE, OUTPUT_SAMPLE_RATE_HZ, pcmRateOf } from '@livegate/protocol';
import { ofSession } from './audio-errors.ts';
import type { AudioGraph, AudioGraphListener } from './audio-graph.ts';
import type { AudioConversationEvents, ConversationEnd } from './conversation-events.ts';
import { EchoDoor } from './echo-door.ts';
import type { EchoStrategy } from './echo-gate.ts';
import { AIError } from './errors.ts';
import { EventHub } from './event-hub.ts';
import { type Level, SILENCE } from './level-meter.ts';
import { INTERNALS, type LiveSession } from './live-session.ts';
import type { LiveServerContent, LiveServerMessage } from './live-types.ts';
import { type EarlyEntries, MicrophoneLine, type MicrophoneSession } from './microphone-line.ts';
import { samplesOf } from './pcm.ts';
import type { Interruption } from './playback-buffer.ts';
import type { FunctionCallingHandler, LiveTools } from './tool-desk.ts';
import { ToolDoor } from './tool-door.ts';
import type { SocketInWorker } from './web-socket-handler.ts';
import type { PlaybackReport } from './worklet-messages.ts';

/** The part of a session that a conversation needs: ours, or anything of the same shape. */
export type ConversationSession = MicrophoneSession &
  Pick<LiveSession, 'isClosed' | 'inConversation' | 'receive' | 'sendFunctionResponses'>;

/** The part of {@link AudioGraph} that a conversation needs. */
export type ConversationSound = Pick<
  AudioGraph,
  'play' | 'endTurn' | 'interrupt' | 'join' | 'isHeard' | 'mute' | 'tell' | 'close'
>;

/** What a {@link ConversationRunner} takes. */
export interface RunnerOptions {
  readonly frameMs: number;
  readonly isPushToTalk: boolean;
  /** Hears what happens; nobody unless given. */
  readonly events?: EventHub<AudioConversationEvents> | undefined;
  /** Keeps what is said before the session is there; without, it is lost. */
  readonly early?: EarlyEntries | undefined;
  readonly echo: EchoStrategy;
  /** In ms. */
  readonly now: () => number;
  readonly after: (ms: number, wake: () => void) => () => void;
  readonly functionCallingHandler?: FunctionCallingHandler | undefined;
  readonly tools?: LiveTools | undefined;
}

/** Between two reports of playback while an echo is kept out, in seconds. */
const CLOSELY_SECONDS = 0.02;
/** One sample of the model's speech, in ms. */
export const MS_PER_SAMPLE = 1_000 / OUTPUT_SAMPLE_RATE_HZ;

/** A conversation that runs. It ends by {@link stop}, with the session, or when it breaks; and only once. */
export class ConversationRunner implements AudioGraphListener {
  /** Resolves when the conversation is over and everything of it is closed. Never rejects. */
  readonly done: Promise<ConversationEnd>;
  readonly line: MicrophoneLine;
  readonly events: EventHub<AudioConversationEvents>;
  readonly #gate: EchoDoor;
  readonly #now: () => number;
  readonly #options: RunnerOptions;
  #session: ConversationSession | undefined;
  /** Of the session, while it can be sent to. */
  #socket: SocketInWorker | undefined;
  #unfollow: () => void = () => {};
  #tools: ToolDoor | undefined;
  #resolveDone: (end: ConversationEnd) => void = () => {};
  #sound: ConversationSound | undefined;
  #messages: AsyncGenerator<LiveServerMessage> | undefined;
  #ending: Promise<ConversationEnd> | undefined;
  #failure: AIError | undefined;
  #report: PlaybackReport | undefined;
  #isSpeaking = false;
  #interruptions = 0;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.events = options.events ?? new EventHub();
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
    this.#now = options.now;
    this.#gate = new EchoDoor({
      strategy: options.echo,
      frameMs: options.frameMs,
      after: options.after,
      pass: (samples, level) => this.line.hear(samples, level),
    });
    this.line = new MicrophoneLine({
      frameMs: options.frameMs,
      isPushToTalk: options.isPushToTalk,
      onLevel: (level) => this.events.emit('level', { side: 'microphone', ...level }),
      onSwitch: () => this.#join(),
      early: options.early,
    });
  }

  /** The graph is open: what the microphone hears waits for the session. */
  hear(sound: ConversationSound): void {
    this.#sound = sound;
    if (!this.line.isOpen) sound.mute(true);
    this.#listenClosely();
  }

  /**
   * Begins to listen to the session and to send what {@link frame} brings. Throws, and leaves the session alone, where
   * the sound broke before.
   */
  start(session: ConversationSession): void {
    if (this.#failure) throw this.#failure;
    this.line.connect(session);
    this.#session = session;
    const { functionCallingHandler: handler, tools, after } = this.#options;
    if (handler || tools)
      this.#tools = new ToolDoor({
        handler,
        tools,
        after,
        answer: (responses) => session.sendFunctionResponses(responses),
        now: this.#now,
        onCall: (event) => this.events.emit('toolCall', event),
        onFailed: (name, error) => this.events.emit('toolFailed', { name, error }),
      });
    this.#messages = session.receive();
    this.#unfollow =
      session[INTERNALS]?.followSocket?.((socket) => {
        this.#socket = socket;
        this.#join();
      }) ?? this.#unfollow;
    void this.#read(this.#messages);
    void this.#gate.open();
  }

  /** Closes or opens the microphone's line, while the conversation runs. */
  change(how: () => void): void {
    if (this.#ending) return;
    const wasOpen = this.line.isOpen;
    how();
    if (wasOpen !== this.line.isOpen) this.#sound?.mute(!this.line.isOpen);
  }

  /** It is over, or about to be. */
  get isEnding(): boolean {
    return this.#ending !== undefined;
  }

  /** The last that was told of playback. */
  get report(): PlaybackReport | undefined {
    return this.#report;
  }

  get interruptions(): number {
    return this.#interruptions;
  }

  /** Ends the conversation, not the session. Rejects, as firebase/ai does, with what the conversation failed of. */
  async stop(): Promise<void> {
    const end = await this.#end({ reason: 'stopped' });
    if (end.reason === 'failed') throw end.error;
  }

  frame(samples: Uint8Array, level: Level): void {
    this.#gate.hear(samples, level, this.#now());
  }

  sent(samples: Uint8Array, level: Level, behind: number): void {
    this.#gate.overhear(level, this.#now() - behind * this.#options.frameMs);
    this.line.sent(samples, level);
  }

  unsent(ms: number): void {
    this.#session?.[INTERNALS]?.unsentPcm?.(ms);
  }

  playback(report: PlaybackReport): void {
    const before = this.#report;
    this.#report = report;
    const { state } = report;
    const gaps = report.gaps - (before?.gaps ?? 0);
    const gapMs = report.gapMs - (before?.gapMs ?? 0);
    // None is told once: it is not the same as that nobody listened.
    if (gaps > 0 || !before) this.#session?.[INTERNALS]?.measure({ gaps, gapMs });
    if (gaps > 0) this.events.emit('gap', { ms: gapMs });
    // Holding and starving do not change it: a break in the middle of a sentence is no end of speech.
    const isSpeaking = state === 'playing' || (state !== 'idle' && this.#isSpeaking);
    if (isSpeaking !== this.#isSpeaking) this.events.emit('speaking', { isSpeaking });
    this.#isSpeaking = isSpeaking;
    this.#gate.played(isSpeaking, report.windows, this.#now());
    const { rms, peak } = state === 'idle' ? SILENCE : report;
    this.events.emit('level', { side: 'speaker', rms, peak });
  }

  interrupted({ playedSamples, discardedSamples }: Interruption): void {
    this.#interruptions++;
    this.#session?.[INTERNALS]?.measure({ interruptions: 1 });
    this.events.emit('interrupted', {
      playedMs: playedSamples * MS_PER_SAMPLE,
      discardedMs: discardedSamples * MS_PER_SAMPLE,
    });
  }

  blocked(isBlocked: boolean): void {
    this.events.emit('blocked', { isBlocked });
  }

  microphoneOpened(settings: MediaTrackSettings, isRecovery: boolean): void {
    this.events.emit('microphoneOpened', { settings, isRecovery });
  }

  microphoneLost(error: AIError): void {
    this.events.emit('microphoneLost', { error: ofSession(error, this.#session) });
  }

  failed(error: AIError): void {
    this.#failure = error;
    void this.#end({ reason: 'failed', error: ofSession(error, this.#session) });
  }

  async #read(messages: AsyncGenerator<LiveServerMessage>): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await messages.next();
        if (this.#ending) return;
        if (done) break;
        this.#obey(value);
      }
      await this.#end({ reason: 'session-ended' });
    } catch (cause) {
      const error =
        cause instanceof AIError
          ? cause
          : new AIError('error', 'The conversation cannot go on.', undefined, { cause });
      await this.#end({ reason: 'failed', error: ofSession(error, this.#session) });
    }
  }

  #obey(message: LiveServerMessage): void {
    const isHeard = this.#sound?.isHeard(message) ?? false;
    if (message.type === 'serverContent') {
      if (message.interrupted) this.#cutIn();
      if (!isHeard) this.#play(message);
    } else if (message.type === 'toolCall') {
      // What the model says after it has the results is another stretch of speech: the wait for it is no gap.
      if (!isHeard) this.#sound?.endTurn();
      // Without a handler the calls are the page's own business: it may read them by a receive() of its own.
      void this.#tools?.run(message.functionCalls);
    } else if (message.type === 'toolCallCancellation') this.#tools?.cancel(message.functionIds);
  }

  #play(content: LiveServerContent): void {
    if (content.interrupted) this.#sound?.interrupt();
    for (const { inlineData } of content.modelTurn?.parts ?? []) {
      const rateHz =
        inlineData && pcmRateOf(inlineData.mimeType ?? OUTPUT_AUDIO_MIME_TYPE, OUTPUT_SAMPLE_RATE_HZ);
      if (rateHz === undefined) continue;
      const samples = readable(inlineData?.data);
      if (samples.length > 0) this.#sound?.play(samples, rateHz);
    }
    const isGenerated = 'generationComplete' in content && content.generationComplete === true;
    if (content.turnComplete || isGenerated) this.#sound?.endTurn();
  }

  #cutIn(): void {
    if (this.#isSpeaking && this.#gate.interrupted(this.#now())) {
      const { isGating, selfInterruptions: count } = this.#gate;
      this.#listenClosely();
      this.events.emit('selfInterruption', { count, isGating });
    }
  }

  /** A gate decides frame by frame, and a closed line sends none: only then they come by the page. */
  #join(): void {
    const isStraight = this.line.isOpen && !this.#gate.isGating;
    this.#sound?.join({ up: isStraight ? this.#socket : undefined, down: this.#socket });
  }

  /** A gate must know soon what was played: an echo that it does not know of is a person to it. */
  #listenClosely(): void {
    if (!this.#gate.isGating) return;
    this.#sound?.tell({ kind: 'report-every', seconds: CLOSELY_SECONDS });
    this.#join();
  }

  #end(end: ConversationEnd): Promise<ConversationEnd> {
    this.#ending ??= this.#close(end);
    return this.#ending;
  }

  async #close(end: ConversationEnd): Promise<ConversationEnd> {
    this.#tools?.close();
    this.#gate.close();
    this.#unfollow();
    // Not waited for: a generator that is not ours settles this only after its next message.
    this.#messages?.return(undefined).catch(() => {});
    await this.#sound?.close();
    this.line.end();
    if (this.#session) this.#session.inConversation = false;
    this.#resolveDone(end);
    return end;
  }
}

/** The samples of a part; none where it is damaged: one bad piece must not end a conversation. */
function readable(base64: string | undefined): Int16Array<ArrayBuffer> {
  try {
    return samplesOf(base64 ?? '');
  } catch {
    return new Int16Array(0);
  }
}
