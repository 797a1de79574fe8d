/**
 * The page of the tests of a busy thread: a whole session, on a token that says where the server is, and a
 * conversation on it. Bundled for the browser by `engine-server.ts`.
 */
import { connectLiveEmulator, getAI, getLiveGenerativeModel, openAudioConversation } from '@livegate/web';
import { ScriptedTokens } from '@livegate/web/testing';

type Model = ReturnType<typeof getLiveGenerativeModel>;
type Options = NonNullable<Parameters<typeof openAudioConversation>[1]>;

const app = {
  name: 'talk',
  options: { apiKey: 'key', projectId: 'demo-livegate', appId: 'app' },
  automaticDataCollectionEnabled: false,
};
let session: Awaited<ReturnType<Model['connect']>> | undefined;
let conversation: Awaited<ReturnType<typeof openAudioConversation>> | undefined;
const received: object[] = [];
const warnings: string[] = [];
const levels: number[] = [];

/** What a test can do with the page. */
export const talk = {
  async start(host: string, options: Options = {}, workletUrls: object = {}): Promise<void> {
    const now = (): number => performance.now();
    const tokens = new ScriptedTokens({
      clock: { now, after: () => () => {} },
      leaseSeconds: 600,
    });
    tokens.answer = {
      socket: { url: `ws://${host}/live`, auth: { kind: 'query', name: 'access_token', value: 't' } },
    };
    const ai = getAI(app as unknown as Parameters<typeof getAI>[0]);
    connectLiveEmulator(ai, host);
    const warn = console.warn;
    console.warn = (text: string) => {
      warnings.push(text);
      warn(text);
    };
    session = await getLiveGenerativeModel(
      ai,
      { model: 'gemini-3.8-live' },
      { tokenSource: tokens.source, reporter: tokens.reporter, workletUrls },
    ).connect();
    void (async (messages) => {
      for await (const message of messages) received.push(message);
    })(session.receive());
    conversation = await openAudioConversation(session, { ...options, workletUrls });
    conversation.on('level', ({ side, rms }) => side === 'microphone' && levels.push(rms));
  },
  /** Does not give the page's thread back for `ms`. Answers from when until when, in ms of the epoch. */
  freeze(ms: number): { readonly from: number; readonly to: number } {
    const from = performance.now();
    while (performance.now() < from + ms);
    return { from: performance.timeOrigin + from, to: performance.timeOrigin + performance.now() };
  },
  mute: (isMuted: boolean) => conversation?.mute(isMuted),
  figures: () => conversation?.figures,
  levels: () => levels.length,
  warnings: () => warnings,
  /** Base64 characters of the sound that receive() yielded. */
  received: () => JSON.stringify(received),
  async stop(): Promise<void> {
    await conversation?.stop();
    await session?.close();
  },
};

declare global {
  interface Window {
    talk: typeof talk;
  }
}
window.talk = talk;
