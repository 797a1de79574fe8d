/**
 * The page of the audio engine's tests: a conversation with a session that says what a test says. Bundled for the
 * browser by `engine-server.ts`.
 */
import { openAudioConversation, sendVideo } from '@livegate/web';

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
  readonly pictures: string[] = [];
  async sendVideoRealtime({ mimeType, data }: { mimeType: string; data: string }): Promise<void> {
    this.pictures.push(`data:${mimeType};base64,${data}`);
  }
}

const session = new ScriptedSession();
let conversation: Conversation | undefined;
let context: AudioContext | undefined;
const gaps: { readonly at: number; readonly ms: number }[] = [];
const selfInterruptions: { readonly count: number; readonly isGating: boolean }[] = [];
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
    conversation.on('gap', ({ ms }) => gaps.push({ at: performance.now(), ms }));
    conversation.on('selfInterruption', (event) => selfInterruptions.push(event));
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
  /**
   * Takes turns as a service does that hears: says chunks in real time until they are over or until 200 ms of the last
   * 400 ms that the microphone sent were louder than `threshold`; then the turn is interrupted.
   */
  async turn(
    chunks: readonly string[],
    { chunkMs, threshold }: { readonly chunkMs: number; readonly threshold: number },
  ): Promise<{ readonly isInterrupted: boolean; readonly at: number }> {
    const heard = session.sent.length;
    const isHeard = (): boolean =>
      session.sent
        .slice(Math.max(heard, session.sent.length - 20))
        .filter((frame) => rmsOf(frame) > threshold).length >= 10;
    const start = performance.now();
    for (const [at, data] of chunks.entries()) {
      while (performance.now() < start + at * chunkMs) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (!isHeard()) continue;
        session.say({ type: 'serverContent', interrupted: true });
        return { isInterrupted: true, at: performance.now() };
      }
      const parts = [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }];
      session.say({ type: 'serverContent', modelTurn: { role: 'model', parts } });
    }
    session.say({ type: 'serverContent', turnComplete: true });
    return { isInterrupted: false, at: performance.now() };
  },
  /** Says each chunk at its time, in seconds from now; answers the turn's gaps, in ms after the first chunk. */
  async speakAt(
    chunks: readonly string[],
    times: readonly number[],
  ): Promise<readonly { readonly at: number; readonly ms: number }[]> {
    const start = performance.now();
    gaps.length = 0;
    for (const [at, data] of chunks.entries()) {
      const wait = start + (times[at] ?? 0) * 1_000 - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const parts = [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }];
      session.say({ type: 'serverContent', modelTurn: { role: 'model', parts } });
    }
    session.say({ type: 'serverContent', turnComplete: true });
    await new Promise((resolve) => setTimeout(resolve, 700));
    const first = start + (times[0] ?? 0) * 1_000;
    return gaps.map(({ at, ms }) => ({ at: at - first, ms }));
  },
  /** Sends `count` pictures of the camera and answers their sizes and how long that took, in ms. */
  async film(framesPerSecond: number, count: number): Promise<{ sizes: string[]; ms: number }> {
    const start = performance.now();
    const video = await sendVideo(session as unknown as Parameters<typeof sendVideo>[0], 'camera', {
      framesPerSecond,
      longestSide: 320,
    });
    const first = performance.now();
    while (session.pictures.length < count && performance.now() < start + 20_000)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const ms = performance.now() - first;
    await video.stop();
    const sizes: string[] = [];
    for (const picture of session.pictures.slice(0, count)) {
      const bytes = Uint8Array.from(atob(picture.split(',')[1] ?? ''), (letter) => letter.charCodeAt(0));
      const { width, height } = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
      sizes.push(`${picture.slice(5, 15)} ${width}x${height}`);
    }
    return { sizes, ms };
  },
  /** Events of the conversation since it began. */
  selfInterruptions: () => selfInterruptions,
  settings: () => conversation?.microphoneSettings,
  state: () => ({
    track: track?.readyState,
    context: context?.state,
    inConversation: session.inConversation,
    figures: conversation?.figures,
  }),
  sent: () => ({ frames: session.sent, mimeTypes: [...session.mimeTypes] }),
};

/** Loudness of a frame of base64 PCM16. */
function rmsOf(frame: string): number {
  const bytes = Uint8Array.from(atob(frame), (letter) => letter.charCodeAt(0));
  const samples = new Int16Array(bytes.buffer, 0, bytes.length >> 1);
  return Math.sqrt(samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length);
}

declare global {
  interface Window {
    engine: typeof engine;
  }
}
window.engine = engine;
