/**
 * A page that talks on the emulators, and tells what it sees of its session.
 * @module
 */
import {
  AIError,
  type AudioConversation,
  type AudioConversationOptions,
  connectLiveEmulator,
  getAI,
  getLiveGenerativeModel,
  type LiveSession,
  type LiveSessionEvents,
  openAudioConversation,
} from '@livegate/web';
import { initializeApp } from 'firebase/app';
import {
  browserSessionPersistence,
  connectAuthEmulator,
  initializeAuth,
  signInWithEmailAndPassword,
  signOut,
} from 'firebase/auth';
import { connectFunctionsEmulator, getFunctions } from 'firebase/functions';

/** Where the page is, and whose it is. Hosts are `host:port`. */
export interface PageSetting {
  readonly projectId: string;
  readonly hosts: { readonly auth: string; readonly functions: string; readonly live: string };
  readonly user: { readonly email: string; readonly password: string };
  readonly instruction: string;
  /** Names of functions that the model may call; a conversation answers each with `{ done: true }`. None if unset. */
  readonly tools?: readonly string[];
}

/** An error as far as it can leave the page. */
export interface ToldError {
  readonly isAIError: boolean;
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly data?: unknown;
}

/** What happened in the page so far. */
export interface Told {
  readonly sessionId: string | undefined;
  readonly isClosed: boolean;
  readonly states: readonly LiveSessionEvents['state'][];
  readonly cuts: readonly LiveSessionEvents['cut'][];
  readonly resumed: readonly LiveSessionEvents['resumed'][];
  /** Turns that ended, those that were cut among them. */
  readonly turns: number;
  /** Errors of `microphoneLost`. */
  readonly lost: readonly ToldError[];
}

/** What can be asked of the page. */
export interface TalkingPage {
  /** What a page does on load. Signs nobody in. */
  prepare(setting: Pick<PageSetting, 'projectId' | 'hosts'>): Promise<void>;
  /** Signs in, unless the tab is, and connects. Answers the session's id. */
  connect(setting: PageSetting): Promise<string | undefined>;
  /** Opens the microphone and the loudspeaker; answers why that failed, if it did. */
  talk(options?: Pick<AudioConversationOptions, 'microphone'>): Promise<ToldError | undefined>;
  /** Opens them first and connects `waitMs` later. */
  talkEarly(setting: PageSetting, waitMs: number): Promise<ToldError | undefined>;
  /** The same without a session. */
  talkToNobody(): Promise<ToldError | undefined>;
  say(text: string): Promise<void>;
  close(): Promise<void>;
  signOut(): Promise<void>;
  told(): Told;
}

const told = {
  states: [] as LiveSessionEvents['state'][],
  cuts: [] as LiveSessionEvents['cut'][],
  resumed: [] as LiveSessionEvents['resumed'][],
  lost: [] as ToldError[],
  turns: 0,
};
let session: LiveSession | undefined;
let conversation: AudioConversation | undefined;
let leave: (() => Promise<void>) | undefined;
let tools: readonly string[] = [];

function tell(error: unknown): ToldError {
  const isAIError = error instanceof AIError;
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
  return {
    isAIError,
    name,
    message,
    ...(isAIError ? { code: error.code, data: error.customErrorData } : {}),
  };
}

async function open(
  at: LiveSession | Promise<LiveSession>,
  options: Pick<AudioConversationOptions, 'microphone'> = {},
): Promise<ToldError | undefined> {
  try {
    conversation = await openAudioConversation(at, {
      ...options,
      tools: Object.fromEntries(tools.map((name) => [name, { run: () => ({ done: true }) }])),
    });
    conversation.on('microphoneLost', ({ error }) => told.lost.push(tell(error)));
    return undefined;
  } catch (error) {
    return tell(error);
  }
}

async function readTurns(of: LiveSession): Promise<void> {
  for await (const message of of.receive())
    if (message.type === 'serverContent' && message.turnComplete) told.turns++;
}

window.livegateTalk = {
  async prepare({ projectId, hosts }) {
    const app = initializeApp({ apiKey: 'key', projectId, appId: 'app' }, 'prepared');
    const [host = '', port] = hosts.functions.split(':');
    connectFunctionsEmulator(getFunctions(app), host, Number(port));
    await getLiveGenerativeModel(getAI(app), { model: 'gemini-3.8-live' }).prepare();
  },
  async connect({ projectId, hosts, user, instruction, tools: names = [] }) {
    tools = names;
    const app = initializeApp({ apiKey: 'key', projectId, appId: 'app' });
    const auth = initializeAuth(app, { persistence: browserSessionPersistence });
    connectAuthEmulator(auth, `http://${hosts.auth}`, { disableWarnings: true });
    const [host = '', port] = hosts.functions.split(':');
    connectFunctionsEmulator(getFunctions(app), host, Number(port));
    await auth.authStateReady();
    if (!auth.currentUser) await signInWithEmailAndPassword(auth, user.email, user.password);
    leave = () => signOut(auth);
    const ai = getAI(app);
    connectLiveEmulator(ai, hosts.live);
    const model = getLiveGenerativeModel(ai, {
      model: 'gemini-3.8-live',
      systemInstruction: instruction,
      ...(names.length > 0
        ? { tools: [{ functionDeclarations: names.map((name) => ({ name, description: name })) }] }
        : {}),
      generationConfig: { inputAudioTranscription: {}, outputAudioTranscription: {} },
    });
    session = await model.connect();
    session.on('state', (event) => told.states.push(event));
    session.on('cut', (event) => told.cuts.push(event));
    session.on('resumed', (event) => told.resumed.push(event));
    void readTurns(session);
    return session.sessionId;
  },
  talk: async (options) => (session ? open(session, options) : undefined),
  talkEarly: (setting, waitMs) =>
    open(
      new Promise((resolve, reject) => {
        setTimeout(() => {
          window.livegateTalk
            .connect(setting)
            .then(() => (session ? resolve(session) : reject(new Error('No session.'))), reject);
        }, waitMs);
      }),
    ),
  talkToNobody: () => open(new Promise<LiveSession>(() => {})),
  say: async (text) => session?.send(text),
  close: async () => {
    await conversation?.stop();
    await session?.close();
  },
  signOut: async () => leave?.(),
  told: () => ({ ...told, sessionId: session?.sessionId, isClosed: session?.isClosed ?? true }),
};

declare global {
  interface Window {
    livegateTalk: TalkingPage;
  }
}
