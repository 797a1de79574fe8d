/**
 * The page with @livegate/web.
 * @module
 */
import { initializeApp } from '@firebase/app';
import {
  type AudioConversationController,
  connectLiveEmulator,
  GoogleAIBackend,
  getAI,
  getLiveGenerativeModel,
  type LiveGenerativeModel,
  openAudioConversation,
  ResponseModality,
  startAudioConversation,
} from '@livegate/web';
import { mintAnswer } from '../backend-answers.ts';
import { BENCH_MODEL } from './page-api.ts';

let model: LiveGenerativeModel | undefined;
let conversation: AudioConversationController | undefined;
let mintTakesMs = 0;

window.benchPage = {
  async prepare(host) {
    const app = initializeApp({ apiKey: 'key', projectId: 'demo-bench', appId: 'app' });
    const ai = getAI(app, { backend: new GoogleAIBackend() });
    connectLiveEmulator(ai, host);
    model = getLiveGenerativeModel(
      ai,
      { model: BENCH_MODEL, generationConfig: { responseModalities: [ResponseModality.AUDIO] } },
      {
        async tokenSource() {
          if (mintTakesMs > 0) await new Promise((resolve) => setTimeout(resolve, mintTakesMs));
          return mintAnswer(host, Date.now());
        },
        reporter: async () => ({ v: 1, status: 'ok', serverTime: Date.now() }),
      },
    );
    await model.prepare();
  },
  async press({ mintMs = 0, isDoor = false } = {}) {
    mintTakesMs = mintMs;
    if (!model) throw new Error('Call prepare() first.');
    conversation = isDoor
      ? await openAudioConversation(model.connect())
      : await startAudioConversation(await model.connect());
  },
  async stop() {
    await conversation?.stop();
  },
};
