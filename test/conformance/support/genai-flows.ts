/**
 * The flows of the contract as an app would write them with @google/genai, any of its versions.
 * @module
 */
import { encodeBase64 } from '@livegate/protocol';
import { type FlowName, type FlowReport, SCRIPT, spokenSentence } from '../client-contract.ts';

/** What is used of the SDK. Its versions differ in private parts, which TypeScript compares. */
export interface Genai {
  readonly live: {
    connect(options: {
      readonly model: string;
      readonly config: object;
      readonly callbacks: {
        onmessage(message: Message): void;
        onclose(event: { readonly code: number; readonly reason: string }): void;
      };
    }): Promise<Session>;
  };
  readonly authTokens: {
    create(options: { readonly config: object }): Promise<{ readonly name?: string }>;
  };
}

interface Session {
  sendClientContent(content: object): void;
  sendRealtimeInput(input: object): void;
  sendToolResponse(response: object): void;
  close(): void;
}

interface Message {
  readonly serverContent?: {
    readonly modelTurn?: { readonly parts?: readonly { readonly inlineData?: { readonly data?: string } }[] };
    readonly turnComplete?: boolean;
    readonly inputTranscription?: { readonly text?: string };
    readonly outputTranscription?: { readonly text?: string };
  };
  readonly toolCall?: {
    readonly functionCalls?: readonly {
      readonly id?: string;
      readonly name?: string;
      readonly args?: object;
    }[];
  };
  readonly goAway?: { readonly timeLeft?: string };
  readonly sessionResumptionUpdate?: { readonly newHandle?: string; readonly resumable?: boolean };
  readonly usageMetadata?: { readonly totalTokenCount?: number };
}

/** Makes a client with that key, or token. */
export type NewGenai = (apiKey: string) => Genai;

/** Plays one flow; gives what the client saw. */
export async function playGenaiFlow(flow: FlowName, newGenai: NewGenai): Promise<FlowReport> {
  switch (flow) {
    case 'text-turn': {
      const talk = await Talk.start(newGenai(SCRIPT.key));
      talk.session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: SCRIPT.text }] }] });
      return talk.end(({ serverContent }) => serverContent?.turnComplete === true);
    }
    case 'audio-turn':
    case 'transcripts': {
      const talk = await Talk.start(newGenai(SCRIPT.key), { inputAudioTranscription: {} });
      const pcm = await spokenSentence();
      for (let at = 0; at < pcm.length; at += 1_600) {
        const frame = pcm.subarray(at, at + 1_600);
        const data = encodeBase64(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength));
        talk.session.sendRealtimeInput({ audio: { mimeType: 'audio/pcm;rate=16000', data } });
      }
      return talk.end(({ serverContent }) => serverContent?.turnComplete === true);
    }
    case 'tool-call': {
      const talk = await Talk.start(newGenai(SCRIPT.key), {
        tools: [{ functionDeclarations: [SCRIPT.tool] }],
      });
      talk.session.sendRealtimeInput({ text: SCRIPT.weather });
      const { toolCall } = await talk.until(({ toolCall }) => toolCall !== undefined);
      const functionResponses = toolCall?.functionCalls?.map(({ id, name }) => ({
        id,
        name,
        response: SCRIPT.toolResponse,
      }));
      talk.session.sendToolResponse({ functionResponses });
      await talk.until(({ serverContent }) => serverContent?.outputTranscription !== undefined);
      return talk.end(({ serverContent }) => serverContent?.turnComplete === true);
    }
    case 'resumption': {
      const before = await Talk.start(newGenai(SCRIPT.key), { sessionResumption: {} });
      before.session.sendClientContent({ turns: SCRIPT.name });
      await before.until(({ serverContent }) => serverContent?.turnComplete === true);
      const update = await before.until(
        ({ sessionResumptionUpdate }) => !!sessionResumptionUpdate?.newHandle,
      );
      before.session.close();
      const handle = update.sessionResumptionUpdate?.newHandle;
      const after = await Talk.start(newGenai(SCRIPT.key), { sessionResumption: { handle } });
      after.session.sendClientContent({ turns: SCRIPT.recall });
      return after.end(({ serverContent }) => serverContent?.turnComplete === true);
    }
    case 'go-away': {
      const talk = await Talk.start(newGenai(SCRIPT.key));
      talk.session.sendClientContent({ turns: SCRIPT.leave });
      return talk.end(({ goAway }) => goAway !== undefined);
    }
    case 'token':
      return playToken(newGenai);
  }
}

/** Makes a token as a server would, and uses it as a browser would: twice, though it is good for one session. */
async function playToken(newGenai: NewGenai): Promise<FlowReport> {
  const { name = '' } = await newGenai(SCRIPT.key).authTokens.create({
    config: {
      uses: 1,
      liveConnectConstraints: {
        model: SCRIPT.model,
        config: {
          responseModalities: ['AUDIO'],
          systemInstruction: SCRIPT.lockedInstruction,
          outputAudioTranscription: {},
        },
      },
      lockAdditionalFields: [],
    },
  });
  const own = { systemInstruction: SCRIPT.ownInstruction, temperature: SCRIPT.ownTemperature };
  const talk = await Talk.start(newGenai(name), own);
  talk.session.sendClientContent({ turns: SCRIPT.text });
  const report = await talk.end(({ serverContent }) => serverContent?.turnComplete === true);
  const refusal = await Talk.start(newGenai(name), own).then(
    () => '',
    (error: unknown) => String(error),
  );
  return { ...report, refusal };
}

/** A session and what it was told. */
class Talk {
  readonly session: Session;
  readonly #messages: Message[];
  readonly #change: Change;
  /** Messages looked at by {@link until}. */
  #seen = 0;

  private constructor(session: Session, messages: Message[], change: Change) {
    this.session = session;
    this.#messages = messages;
    this.#change = change;
  }

  /** Connects. Rejects where the socket closes first; versions up to 2 would wait for ever. */
  static async start(genai: Genai, config: object = {}): Promise<Talk> {
    const messages: Message[] = [];
    const change: Change = { wake: () => {}, closed: undefined };
    const closed = Promise.withResolvers<never>();
    closed.promise.catch(() => {});
    const session = await Promise.race([
      genai.live.connect({
        model: SCRIPT.model,
        config: { responseModalities: ['AUDIO'], outputAudioTranscription: {}, ...config },
        callbacks: {
          onmessage(message) {
            messages.push(message);
            change.wake();
          },
          onclose({ code, reason }) {
            change.closed = `${code} ${reason}`;
            closed.reject(new Error(change.closed));
            change.wake();
          },
        },
      }),
      closed.promise,
    ]);
    return new Talk(session, messages, change);
  }

  /** The next message that is so. */
  async until(isSo: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const message = this.#messages[this.#seen];
      if (message) {
        this.#seen += 1;
        if (isSo(message)) return message;
      } else if (this.#change.closed !== undefined) throw new Error(`Closed: ${this.#change.closed}`);
      else await new Promise<void>((resolve) => (this.#change.wake = resolve));
    }
  }

  /** Waits, closes, and reports. */
  async end(isSo: (message: Message) => boolean): Promise<FlowReport> {
    await this.until(isSo);
    this.session.close();
    const contents = this.#messages.flatMap(({ serverContent }) => serverContent ?? []);
    const audio = contents
      .flatMap(({ modelTurn }) => modelTurn?.parts ?? [])
      .map(({ inlineData }) => Buffer.from(inlineData?.data ?? '', 'base64'));
    const timeLeft = this.#messages.find(({ goAway }) => goAway)?.goAway?.timeLeft;
    return {
      said: contents.map(({ outputTranscription }) => outputTranscription?.text ?? '').join(''),
      heard: contents.map(({ inputTranscription }) => inputTranscription?.text ?? '').join(''),
      audio: Buffer.concat(audio).toString('base64'),
      tokens: Math.max(0, ...this.#messages.map(({ usageMetadata }) => usageMetadata?.totalTokenCount ?? 0)),
      calls: this.#messages
        .flatMap(({ toolCall }) => toolCall?.functionCalls ?? [])
        .map(({ name = '', args }) => ({ name, args })),
      ...(timeLeft !== undefined && { timeLeft }),
    };
  }
}

interface Change {
  wake: () => void;
  closed: string | undefined;
}
