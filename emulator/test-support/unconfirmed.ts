import { readFileSync } from 'node:fs';
import { settingsOf } from '../src/options.ts';

/** An option of which nobody knows what the service would choose, as `options.ts` has it. */
export interface OpenOption {
  readonly option: string;
  readonly byDefault: string;
  readonly values: string;
  /** The doc comment: what is not known, and what each value means. */
  readonly about: string;
}

/** Every option whose doc comment says "unconfirmed". */
export function openOptions(): readonly OpenOption[] {
  const source = readFileSync(new URL('../src/options.ts', import.meta.url), 'utf8');
  const settings: Readonly<Record<string, unknown>> = { ...settingsOf({}) };
  const options = source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+)\?: ([^;]+);/g);
  return [...options].flatMap(([, comment = '', option = '', type = '']) => {
    const about = comment.replace(/\s*\n\s*\* ?/g, ' ').trim();
    if (!/unconfirmed/i.test(about)) return [];
    return [{ option, byDefault: shown(settings[option]), values: type.replace(/\s+/g, ' '), about }];
  });
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (text ?? 'none').length > 60 ? 'see there' : (text ?? 'none');
}

/** Option → what its being open rests on. Second-hand all of them, read 2026-11-21. */
export const OPTION_SOURCES: Readonly<Record<string, string>> = {
  frames: 'SDKs take both; a page on Vertex AI says text; nobody says which it is',
  chunkMs: 'no source; audio comes in bursts (livekit/agents#3604)',
  handleScope: 'js-genai#1513 reports a lost context under another token',
  handleLifeMs: 'Vertex AI’s pages say 24 h; the Developer API’s say nothing',
  handleUses: 'no page says; a resumption after a crash was refused once (forum 186392)',
  resumeWhileOpen: 'sip-to-ai#14 tells of 1011 from the live service until the old socket was closed',
  overLimitCloseCode: 'troubleshooting page of Vertex AI and adk-python#4587: 1000 or 1006, no text',
  cachedContext: 'the message has the fields; the model pages say that Live caches nothing',
  startWindowBinds: 'a review in ai-shifu#2744 says that it does; the SDK says that a resumption is no use',
  socketsPerToken: 'no source',
  expiryCloseCode: 'no report of the code',
  videoTokensPerFrame:
    'the token guide says 258 of older models; prices of newer ones come to about 33 a second',
  lockCoversContextUpdate: 'no source; the message is newer than the pages on tokens',
  unsupportedBehavior: 'the page of the model says only that its calls block',
  nonBlockingCancellation: 'the reference says that an interruption cancels calls, not which',
  outputLimitReason: 'the enum of reasons has none for it',
  vertexRegions:
    'Firebase’s page on locations, which is of all models; us-east5 refused Live (litellm#39851)',
  globalModels:
    'global refused 2.5 (adk-python#3314), and served 3.5 (jot-gemini-transcribe-macOS#13); of others nothing is said',
  vertexRealtimeText: 'client_server_messages.md of vertex-ai-samples says no; the SDKs send it',
  vertexUnauthenticated: 'no report',
  v1Endpoints: 'release notes of the SDKs’ 3.0 and Go’s 1.78 make v1 the default and except no Live',
  sessionIds: 'seen in Vertex AI’s documents; the public proto has none',
};

/** A point of the service that no option chooses, and what the emulator does. */
export interface OpenPoint {
  readonly what: string;
  readonly here: string;
  readonly source: string;
}

/** Everything else that is open. */
export const OPEN_POINTS: readonly OpenPoint[] = [
  {
    what: 'Whether `auth_tokens` and the Constrained method are served under v1beta',
    here: 'Both versions are served alike.',
    source:
      'get-started pages show v1beta in some languages, v1alpha in others; the SDKs warn unless v1alpha',
  },
  {
    what: 'What a setup that differs from its token’s does',
    here: 'The token’s value stands and the client’s is ignored; an open field that the client leaves out is left out.',
    source: 'the SDK’s comments say ignored',
  },
  {
    what: 'Whether the time limit of a session goes on over its resumptions',
    here: 'It does: `sessionLimitCounts`.',
    source: 'Vertex AI’s page: one session may last over several connections, and its limit is one of tokens',
  },
  {
    what: 'What `lastConsumedClientMessageIndex` counts from',
    here: 'From each connection’s setup, which is message 0.',
    source: 'the SDK’s comment says the last message that the state holds, not which is the first',
  },
  {
    what: 'Whether `prefixPaddingMs` is speech that must be heard or audio kept from before it',
    here: 'Speech that must be heard, as the API reference has it.',
    source: 'the guide and the reference contradict each other (forum 179129, not answered)',
  },
  {
    what: 'Whether `contextUpdate` is answered',
    here: 'It is not; the next turn follows it.',
    source: 'no acknowledgement is in the public messages',
  },
  {
    what: 'Text and code of a quota that is used up',
    here: 'None is set; with `concurrentSessions` or `connectsPerMinute`, 1011 and RESOURCE_EXHAUSTED.',
    source: 'cheating-daddy#455 tells of 1011 with RESOURCE_EXHAUSTED',
  },
  {
    what: 'How many sessions at once each tier has',
    here: 'As many as the machine carries.',
    source: 'Vertex AI’s page: 1,000 a project; the Developer API’s tiers are shown in AI Studio only',
  },
  {
    what: 'Whether the 3.1 and 2.5 previews were shut down on 2026-11-17',
    here: 'They answer with a warning; `strictModels` refuses them from that day.',
    source: 'second-hand: the price list of litellm 1.109.1',
  },
  {
    what: 'What thoughts are billed at',
    here: 'They are counted in `thoughtsTokenCount`, outside the total; nothing is priced.',
    source: 'asked in forum 188765, not answered',
  },
  {
    what: 'Whether a system instruction may be plain text',
    here: 'It may, beside Content.',
    source: 'one documented example shows it so',
  },
  {
    what: 'Whether `scheduling` may stand inside `response`, as older pages have it',
    here: 'It may, and so may `willContinue`.',
    source: 'older pages; the SDK’s enum is a field of the response’s own',
  },
  {
    what: 'The defaults of activity detection',
    here: 'Those of sessions.md.',
    source: 'no page gives any',
  },
  {
    what: 'Which fields only v1alpha knows',
    here: 'None: both versions take all.',
    source: 'affective dialog was documented so (hermes-webui-extensions#68)',
  },
  {
    what: 'When a transcript names its language or its speaker',
    here: 'The language where the setup names exactly one; a speaker, always the same, under `diarization`.',
    source: 'the fields are in the SDKs; no page says when they are set',
  },
  {
    what: 'Names of the voices beyond the thirty',
    here: 'They close with 1007.',
    source: 'an app’s test uses `en-us-tavi`; no list is known',
  },
  {
    what: 'Whether Vertex AI takes a key or a bearer in the query of a socket’s address',
    here: 'It does not; headers alone.',
    source: 'no report; Google’s pages and the SDKs send headers',
  },
  {
    what: 'Whether Vertex AI’s global host takes a model of a region',
    here: 'It does; a regional host takes its own.',
    source: 'seen on other methods (Portkey-AI/gateway#1171)',
  },
  {
    what: 'How Firebase’s proxy writes usage',
    here: 'As the service behind it does.',
    source: 'firebase/ai does not read it',
  },
];

/** Each point that the notes on the protocol end with → the option or the words of the point that answer it here. */
export const NOTED_POINTS: Readonly<Record<string, string>> = {
  'frame type': 'frames',
  'chunk size': 'chunkMs',
  'sessionId on the Developer API': '`setupComplete` names its session',
  'close codes at token expiry': 'expiryCloseCode',
  'setup that differs from its token': 'a setup that differs',
  'newSessionExpireTime and resumption': 'startWindowBinds',
  'auth_tokens under v1beta': 'auth_tokens',
  'reply to contextUpdate': 'contextUpdate',
  'text of a quota close': 'a quota that is used up',
  'life of a handle': 'handleLifeMs',
  'sessions at once by tier': 'How many sessions at once',
  'shutdown of 3.1 and 2.5': '2026-11-17',
  'tokens of video': 'videoTokensPerFrame',
  'price of thoughts': 'thoughts are billed',
  'realtimeInput.text on Vertex AI': 'Vertex AI takes `realtimeInput.text`',
};
