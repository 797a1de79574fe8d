/**
 * The page with firebase/ai, its own audio conversation, its own socket. It dials Google's host only, so what the page
 * calls WebSocket leads to the bench.
 * @module
 */
import {
  type AudioConversationController,
  GoogleAIBackend,
  getAI,
  getLiveGenerativeModel,
  type LiveGenerativeModel,
  ResponseModality,
  startAudioConversation,
} from '@firebase/ai';
import { initializeApp } from '@firebase/app';
import { BENCH_MODEL } from './page-api.ts';

let model: LiveGenerativeModel | undefined;
let conversation: AudioConversationController | undefined;

window.benchPage = {
  async prepare(host) {
    const Original = globalThis.WebSocket;
    globalThis.WebSocket = class extends Original {
      constructor() {
        super(`ws://${host}/ws/firebase`);
      }
    };
    const app = initializeApp({ apiKey: 'key', projectId: 'demo-bench', appId: 'app' });
    model = getLiveGenerativeModel(getAI(app, { backend: new GoogleAIBackend() }), {
      model: BENCH_MODEL,
      generationConfig: { responseModalities: [ResponseModality.AUDIO] },
    });
  },
  async press() {
    const session = await model?.connect();
    if (session) conversation = await startAudioConversation(session);
  },
  async stop() {
    await conversation?.stop();
  },
};
