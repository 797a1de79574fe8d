/** A live session that says what a test says, through a plain async generator as firebase/ai's. */
import type { ConversationSession } from '../src/conversation-runner.ts';
import { INTERNALS, type LiveSessionInternals } from '../src/live-session.ts';
import type { LiveServerMessage } from '../src/live-types.ts';

/** What a {@link FakeSession} was told to send, in order. */
export type Sent =
  | { readonly pcm: number[] }
  | { readonly audio: { mimeType: string; data: string } }
  | { readonly responses: object[] }
  | 'audioStreamEnd'
  | 'activityStart'
  | 'activityEnd';

/** `withInternals`: as our own sessions; without, as any other of the same shape. */
export class FakeSession {
  isClosed = false;
  inConversation = false;
  readonly sent: Sent[] = [];
  /** What was measured of its sound. */
  readonly measured: object[] = [];
  consumers = 0;
  /** Thrown by every sender. */
  failure: Error | undefined;
  #queue: (LiveServerMessage | Error | undefined)[] = [];
  #wake: () => void = () => {};
  readonly [INTERNALS]?: LiveSessionInternals;

  constructor({ withInternals = true }: { readonly withInternals?: boolean } = {}) {
    if (withInternals)
      this[INTERNALS] = {
        sendPcm: (bytes) => this.sent.push({ pcm: [...bytes] }),
        measure: (quality) => this.measured.push(quality),
        sendAudioStreamEnd: () => this.sent.push('audioStreamEnd'),
      };
  }

  get session(): ConversationSession {
    return this as unknown as ConversationSession;
  }

  /** The server says something; lets everything that follows happen. */
  async say(...messages: readonly object[]): Promise<void> {
    this.#queue.push(...(messages as LiveServerMessage[]));
    await this.#settle();
  }
  /** The stream of messages breaks. */
  async break(error: Error): Promise<void> {
    this.#queue.push(error);
    await this.#settle();
  }
  /** The session is over. */
  async end(): Promise<void> {
    this.isClosed = true;
    this.#queue.push(undefined);
    await this.#settle();
  }

  async *receive(): AsyncGenerator<LiveServerMessage> {
    this.consumers++;
    for (;;) {
      while (this.#queue.length === 0)
        await new Promise<void>((wake) => {
          this.#wake = wake;
        });
      const next = this.#queue.shift();
      if (next === undefined) return;
      if (next instanceof Error) throw next;
      yield next;
    }
  }
  async startActivity(): Promise<void> {
    this.sent.push('activityStart');
  }
  async endActivity(): Promise<void> {
    this.sent.push('activityEnd');
  }
  async sendAudioRealtime(audio: { mimeType: string; data: string }): Promise<void> {
    if (this.failure) throw this.failure;
    this.sent.push({ audio });
  }
  async sendFunctionResponses(responses: object[]): Promise<void> {
    if (this.failure) throw this.failure;
    this.sent.push({ responses });
  }

  #settle(): Promise<void> {
    this.#wake();
    return new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** Content with parts of audio, each of the samples given. */
export function spoken(...parts: readonly (readonly number[])[]): object {
  return {
    type: 'serverContent',
    modelTurn: { role: 'model', parts: parts.map((samples) => ({ inlineData: audioData(samples) })) },
  };
}

/** A part's data of 24 kHz samples. */
export function audioData(samples: readonly number[]): { mimeType: string; data: string } {
  return {
    mimeType: 'audio/pcm;rate=24000',
    data: Buffer.from(Int16Array.from(samples).buffer).toString('base64'),
  };
}
