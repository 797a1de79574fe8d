/**
 * The page of the audio engine's tests: a conversation with a session that says what a test says. Bundled for the
 * browser by `engine-server.ts`.
 */
import { openAudioConversation } from '@livegate/web';

type Conversation = Awaited<ReturnType<typeof openAudioConversation>>;
type Session = Parameters<typeof openAudioConversation>[0];
type Options = NonNullable<Parameters<typeof openAudioConversation>[1]>;

/** A session of the public shape, and what it was given to send. */
class ScriptedSession {
  isClosed = false;
  inConversation = false;
  readonly sent: string[] = [];
  readonly mimeTypes = new Set<string>();
  #queue: object[] = [];
  #wake: () => void = () => {};

  say(...messages: object[]): void {
    this.#queue.push(...messages);
    this.#wake();
  }
  async *receive(): AsyncGenerator<object> {
    for (;;) {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) yield next;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }
  async sendAudioRealtime({ mimeType, data }: { mimeType: string; data: string }): Promise<void> {
    this.mimeTypes.add(mimeType);
    this.sent.push(data);
  }
  async sendFunctionResponses(): Promise<void> {}
}

const session = new ScriptedSession();
let conversation: Conversation | undefined;
let context: AudioContext | undefined;
let track: MediaStreamTrack | undefined;

/** What a test can do with the page. */
export const engine = {
  async start(options: Options = {}): Promise<void> {
    conversation = await openAudioConversation(session as unknown as Session, {
      ...options,
      onGraph: (nodes) => {
        context = nodes.context;
        [track] = nodes.stream.getTracks();
      },
    });
  },
  /** Says chunks of 24 kHz PCM, base64, one every `everyMs`; at once without. Then that the turn is complete. */
  async speak(chunks: readonly string[], everyMs?: number): Promise<void> {
    const start = performance.now();
    for (const [at, data] of chunks.entries()) {
      const wait = everyMs === undefined ? 0 : start + at * everyMs - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const parts = [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }];
      session.say({ type: 'serverContent', modelTurn: { role: 'model', parts } });
    }
    session.say({ type: 'serverContent', turnComplete: true });
  },
  /** Answers when that was, by the context's clock. */
  interrupt(): number {
    session.say({ type: 'serverContent', interrupted: true });
    return context?.currentTime ?? 0;
  },
  async stop(): Promise<void> {
    await conversation?.stop();
  },
  state: () => ({
    track: track?.readyState,
    context: context?.state,
    inConversation: session.inConversation,
    figures: conversation?.figures,
  }),
  sent: () => ({ frames: session.sent, mimeTypes: [...session.mimeTypes] }),
};

declare global {
  interface Window {
    engine: typeof engine;
  }
}
window.engine = engine;
