/**
 * The flows of the clients' contract as a page would write them with firebase/ai, which is not touched: the one line of
 * the documentation leads its socket to the emulator.
 * @module
 */

import {
  type AudioConversationController,
  GoogleAIBackend,
  getAI,
  getLiveGenerativeModel,
  type LiveGenerativeModel,
  type LiveSession,
  ResponseModality,
  Schema,
  startAudioConversation,
  VertexAIBackend,
} from 'firebase/ai';
import { initializeApp } from 'firebase/app';
import type { FlowName, FlowReport, SCRIPT } from '../../conformance/client-contract.ts';

/** What is played, and where. */
export interface PageOrder {
  readonly flow: FlowName;
  readonly backend: 'google-ai' | 'vertex-ai';
  /** `ws://host:port`. */
  readonly origin: string;
  readonly script: typeof SCRIPT;
  /** 16 kHz PCM, base64, 100 ms each. */
  readonly speech: readonly string[];
}

declare global {
  interface Window {
    /** Plays a flow that needs no microphone. */
    livegatePlayFlow(order: PageOrder): Promise<FlowReport>;
    /** Starts the module's own conversation; gives names and arguments of what is called in it to `livegateCalls`. */
    livegateConverse(order: Pick<PageOrder, 'backend' | 'origin' | 'script'>): Promise<void>;
    livegateCalls: { readonly name: string; readonly args: unknown }[];
    livegateStop(): Promise<void>;
  }
}

const Original = globalThis.WebSocket;

function pointAt(origin: string): void {
  // biome-ignore format: one line, as emulator/docs/endpoints.md has it
  globalThis.WebSocket = class extends Original { constructor(url: string | URL) { super(String(url).replace('wss://firebasevertexai.googleapis.com', origin)); } };
}

function modelOf({
  backend,
  origin,
  script,
}: Pick<PageOrder, 'backend' | 'origin' | 'script'>): LiveGenerativeModel {
  pointAt(origin);
  const app = initializeApp(
    { apiKey: script.key, projectId: 'my-project', appId: 'app' },
    crypto.randomUUID(),
  );
  const ai = getAI(app, {
    backend: backend === 'google-ai' ? new GoogleAIBackend() : new VertexAIBackend('us-central1'),
  });
  const { name, description } = script.tool;
  return getLiveGenerativeModel(ai, {
    model: script.model,
    generationConfig: {
      responseModalities: [ResponseModality.AUDIO],
      inputAudioTranscription: {},
      outputAudioTranscription: {},
    },
    tools: [
      {
        functionDeclarations: [
          { name, description, parameters: Schema.object({ properties: { place: Schema.string() } }) },
        ],
      },
    ],
  });
}

/** What a page saw, as it grows. */
class Seen {
  said = '';
  heard = '';
  readonly audio: string[] = [];
  readonly calls: { readonly name: string; readonly args: unknown }[] = [];
  handle: string | undefined;
  timeLeft: string | undefined;
  #messages: ReturnType<LiveSession['receive']>;

  constructor(session: LiveSession) {
    this.#messages = session.receive();
  }

  /** Reads on, answering what is called, until it is so. */
  async until(
    session: LiveSession,
    { script }: PageOrder,
    isSo: (seen: { readonly turnComplete: boolean }) => boolean,
  ): Promise<void> {
    for (;;) {
      const { value, done } = await this.#messages.next();
      if (done) throw new Error('The session is over.');
      if (value.type === 'serverContent') {
        this.said += value.outputTranscription?.text ?? '';
        this.heard += value.inputTranscription?.text ?? '';
        for (const part of value.modelTurn?.parts ?? [])
          if (part.inlineData) this.audio.push(part.inlineData.data);
      } else if (value.type === 'toolCall') {
        this.calls.push(...value.functionCalls.map(({ name, args }) => ({ name, args })));
        await session.sendFunctionResponses(
          value.functionCalls.map(({ id, name }) => ({
            ...(id === undefined ? {} : { id }),
            name,
            response: script.toolResponse,
          })),
        );
      } else if (value.type === 'goingAwayNotice') this.timeLeft = `${value.timeLeft}s`;
      else if (value.type === 'sessionResumptionUpdate' && value.resumable) this.handle = value.newHandle;
      if (isSo({ turnComplete: value.type === 'serverContent' && value.turnComplete === true })) return;
    }
  }

  get report(): FlowReport {
    const bytes = this.audio.map(atob).join('');
    return {
      said: this.said,
      heard: this.heard,
      audio: btoa(bytes),
      calls: this.calls,
      ...(this.timeLeft !== undefined && { timeLeft: this.timeLeft }),
    };
  }
}

window.livegatePlayFlow = async (order) => {
  const { flow, script } = order;
  const session = await modelOf(order).connect(flow === 'resumption' ? {} : undefined);
  let seen = new Seen(session);
  const turn = (): Promise<void> => seen.until(session, order, ({ turnComplete }) => turnComplete);
  if (flow === 'text-turn') {
    await session.send(script.text);
    await turn();
  } else if (flow === 'transcripts') {
    for (const data of order.speech) await session.sendAudioRealtime({ mimeType: 'audio/pcm', data });
    await turn();
  } else if (flow === 'tool-call') {
    await session.sendTextRealtime(script.weather);
    await seen.until(session, order, ({ turnComplete }) => turnComplete && seen.said !== '');
  } else if (flow === 'go-away') {
    await session.send(script.leave);
    await seen.until(session, order, ({ turnComplete }) => turnComplete && seen.timeLeft !== undefined);
  } else if (flow === 'resumption') {
    await session.send(script.name);
    await turn();
    seen.handle = undefined;
    await seen.until(session, order, () => seen.handle !== undefined);
    await session.resumeSession({ handle: seen.handle ?? '' });
    seen = new Seen(session);
    await session.send(script.recall);
    await turn();
  } else throw new Error(`${flow} is not played here.`);
  await session.close();
  return seen.report;
};

let conversation: AudioConversationController | undefined;
let talking: LiveSession | undefined;
window.livegateCalls = [];
window.livegateConverse = async (order) => {
  talking = await modelOf(order).connect();
  conversation = await startAudioConversation(talking, {
    async functionCallingHandler(calls) {
      window.livegateCalls.push(...calls.map(({ name, args }) => ({ name, args })));
      const [{ id, name } = { id: undefined, name: '' }] = calls;
      return { ...(id === undefined ? {} : { id }), name, response: order.script.toolResponse };
    },
  });
};
window.livegateStop = async () => {
  await conversation?.stop();
  await talking?.close();
};
