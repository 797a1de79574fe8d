/**
 * One audio conversation: carries sound between a session and an audio graph until either ends.
 * @module
 */
import {
  encodeBase64,
  INPUT_AUDIO_MIME_TYPE,
  OUTPUT_AUDIO_MIME_TYPE,
  OUTPUT_SAMPLE_RATE_HZ,
  pcmRateOf,
} from '@livegate/protocol';
import type { AudioGraph, AudioGraphListener } from './audio-graph.ts';
import type {
  AudioConversationEvents,
  AudioConversationListener,
  ConversationEnd,
  PlaybackFigures,
} from './conversation-events.ts';
import { AIError } from './errors.ts';
import { EventHub } from './event-hub.ts';
import { type Level, SILENCE } from './level-meter.ts';
import { INTERNALS, type LiveSession, type LiveSessionInternals } from './live-session.ts';
import type { LiveServerContent, LiveServerMessage } from './live-types.ts';
import { samplesOf } from './pcm.ts';
import type { Interruption } from './playback-buffer.ts';
import { type FunctionCallingHandler, ToolDesk } from './tool-desk.ts';
import type { PlaybackReport } from './worklet-messages.ts';

/** The part of a session that a conversation needs: ours, or anything of the same shape. */
export type ConversationSession = Pick<
  LiveSession,
  'isClosed' | 'inConversation' | 'receive' | 'sendAudioRealtime' | 'sendFunctionResponses'
> & { readonly [INTERNALS]?: LiveSessionInternals };

/** The part of {@link AudioGraph} that a conversation needs. */
export type ConversationSound = Pick<
  AudioGraph,
  'play' | 'endTurn' | 'interrupt' | 'mute' | 'setVolume' | 'close'
>;

const MS_PER_SAMPLE = 1_000 / OUTPUT_SAMPLE_RATE_HZ;
/** The microphone's level is told when so much was heard since the last time, in ms. */
const LEVEL_MS = 100;

/** A conversation that runs. It ends by {@link stop}, with the session, or when it breaks; and only once. */
export class ConversationRunner implements AudioGraphListener {
  /** Resolves when the conversation is over and everything of it is closed. Never rejects. */
  readonly done: Promise<ConversationEnd>;
  readonly #session: ConversationSession;
  readonly #events = new EventHub<AudioConversationEvents>();
  readonly #tools: ToolDesk | undefined;
  readonly #frameMs: number;
  #resolveDone: (end: ConversationEnd) => void = () => {};
  #sound: ConversationSound | undefined;
  #messages: AsyncGenerator<LiveServerMessage> | undefined;
  #ending: Promise<ConversationEnd> | undefined;
  #isMuted = false;
  #report: PlaybackReport | undefined;
  #isSpeaking = false;
  #interruptions = 0;
  #peak = 0;
  #squares = 0;
  #heardMs = 0;

  constructor(options: {
    readonly session: ConversationSession;
    readonly frameMs: number;
    readonly functionCallingHandler?: FunctionCallingHandler | undefined;
  }) {
    const { session, functionCallingHandler: handler } = options;
    this.#session = session;
    this.#frameMs = options.frameMs;
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
    this.#tools =
      handler &&
      new ToolDesk({
        handler,
        answer: (responses) => session.sendFunctionResponses(responses),
        onFailed: (name, error) => this.#events.emit('toolFailed', { name, error }),
      });
  }

  /** Begins to listen to the session and to send what {@link frame} brings. */
  start(sound: ConversationSound): void {
    this.#sound = sound;
    this.#messages = this.#session.receive();
    void this.#follow(this.#messages);
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** Stops sending the microphone, or sends it again. */
  mute(isMuted: boolean): void {
    if (isMuted === this.#isMuted || this.#ending) return;
    this.#isMuted = isMuted;
    this.#sound?.mute(isMuted);
    if (!isMuted) return;
    // Otherwise the server's detector waits for the rest of an utterance that will not come.
    this.#session[INTERNALS]?.sendAudioStreamEnd();
    this.#events.emit('level', { side: 'microphone', ...SILENCE });
  }

  setVolume(volume: number): void {
    if (!(volume >= 0 && volume <= 1))
      throw new AIError('request-error', 'A volume is a number from 0 to 1.');
    this.#sound?.setVolume(volume);
  }

  on<K extends keyof AudioConversationEvents>(type: K, listener: AudioConversationListener<K>): () => void {
    return this.#events.on(type, listener);
  }

  get figures(): PlaybackFigures {
    const report = this.#report;
    return {
      playedMs: (report?.playedSamples ?? 0) * MS_PER_SAMPLE,
      queuedMs: (report?.queuedSamples ?? 0) * MS_PER_SAMPLE,
      gaps: report?.gaps ?? 0,
      gapMs: report?.gapMs ?? 0,
      interruptions: this.#interruptions,
    };
  }

  /** Ends the conversation, not the session. Rejects, as firebase/ai does, with what the conversation failed of. */
  async stop(): Promise<void> {
    const end = await this.#end({ reason: 'stopped' });
    if (end.reason === 'failed') throw end.error;
  }

  frame(samples: Uint8Array, level: Level): void {
    // Frames that were under way when the user muted: what is said to the server is over.
    if (this.#isMuted) return;
    const internals = this.#session[INTERNALS];
    if (internals) internals.sendPcm(samples);
    else
      this.#session
        .sendAudioRealtime({ mimeType: INPUT_AUDIO_MIME_TYPE, data: encodeBase64(samples) })
        // The session is over; its messages end as well, and with them the conversation.
        .catch(() => {});
    this.#heardMs += this.#frameMs;
    this.#squares += level.rms ** 2 * this.#frameMs;
    this.#peak = Math.max(this.#peak, level.peak);
    if (this.#heardMs < LEVEL_MS) return;
    const rms = Math.sqrt(this.#squares / this.#heardMs);
    this.#events.emit('level', { side: 'microphone', rms, peak: this.#peak });
    this.#heardMs = 0;
    this.#squares = 0;
    this.#peak = 0;
  }

  playback(report: PlaybackReport): void {
    const before = this.#report;
    this.#report = report;
    const { state } = report;
    if (report.gaps > (before?.gaps ?? 0))
      this.#events.emit('gap', { ms: report.gapMs - (before?.gapMs ?? 0) });
    // Holding and starving do not change it: a break in the middle of a sentence is no end of speech.
    const isSpeaking = state === 'playing' || (state !== 'idle' && this.#isSpeaking);
    if (isSpeaking !== this.#isSpeaking) this.#events.emit('speaking', { isSpeaking });
    this.#isSpeaking = isSpeaking;
    const { rms, peak } = state === 'idle' ? SILENCE : report;
    this.#events.emit('level', { side: 'speaker', rms, peak });
  }

  interrupted({ playedSamples, discardedSamples }: Interruption): void {
    this.#interruptions++;
    this.#events.emit('interrupted', {
      playedMs: playedSamples * MS_PER_SAMPLE,
      discardedMs: discardedSamples * MS_PER_SAMPLE,
    });
  }

  blocked(isBlocked: boolean): void {
    this.#events.emit('blocked', { isBlocked });
  }

  microphoneLost(): void {
    this.#events.emit('microphoneLost', {});
  }

  failed(error: AIError): void {
    void this.#end({ reason: 'failed', error });
  }

  async #follow(messages: AsyncGenerator<LiveServerMessage>): Promise<void> {
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
      await this.#end({ reason: 'failed', error });
    }
  }

  #obey(message: LiveServerMessage): void {
    if (message.type === 'serverContent') this.#play(message);
    else if (message.type === 'toolCall') {
      // What the model says after it has the results is another stretch of speech: the wait for it is no gap.
      this.#sound?.endTurn();
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

  #end(end: ConversationEnd): Promise<ConversationEnd> {
    this.#ending ??= this.#close(end);
    return this.#ending;
  }

  async #close(end: ConversationEnd): Promise<ConversationEnd> {
    this.#tools?.close();
    // Not waited for: a generator that is not ours settles this only after its next message.
    this.#messages?.return(undefined).catch(() => {});
    await this.#sound?.close();
    this.#session[INTERNALS]?.sendAudioStreamEnd();
    this.#session.inConversation = false;
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
