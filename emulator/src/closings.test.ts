import { readFileSync } from 'node:fs';
import { CLOSE_REASON_MAX_BYTES, type LiveSetup } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { type BenchOptions, resumptionStore, SessionBench, START_MS } from '../test-support/session-bench.ts';
import { TokenStore } from './auth-tokens.ts';
import { CLOSINGS, type ClosingCondition, closingFrame } from './closings.ts';
import { type Credentials, passOf } from './credentials.ts';
import { ProjectQuota } from './project-quota.ts';
import { readTokenRequest } from './token-request.ts';

const audio = (mimeType: string, data: string) => ({ realtimeInput: { audio: { mimeType, data } } });
const says = (role: string) => ({ clientContent: { turns: [{ role, parts: [{ text: 'hi' }] }] } });
const answers = (id: string) => ({ toolResponse: { functionResponses: [{ id, name: 'f', response: {} }] } });
const calling = (id: string): SessionBench =>
  SessionBench.ready({}, { answer: () => [{ toolCall: { name: 'f', id: 'call-1' } }] })
    .say('go')
    .send(answers(id));
const modality = (responseModalities: string[]) =>
  SessionBench.ready({ generationConfig: { responseModalities } });
const manual = { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } };
const activityStart = { realtimeInput: { activityStart: {} } };

/** A session under a new token, `afterMs` after the token was made. */
const underToken = (body: object, afterMs: number, setup: Partial<LiveSetup> = {}): SessionBench => {
  const { pass } = tokenOf(body);
  return SessionBench.ready(setup, { pass, startMs: START_MS + afterMs });
};
const tokenOf = (body: object) => {
  const store = new TokenStore(
    { startWindowBinds: 'new-sessions', socketsPerToken: 'by-uses' },
    () => 'secret',
  );
  const pass = store.find(store.mint(readTokenRequest(body, START_MS), START_MS));
  if (!pass) throw new Error('no pass');
  return { pass };
};
const twice = (uses: number, closesFirst: boolean): SessionBench => {
  const { pass } = tokenOf({ uses });
  const first = SessionBench.ready({}, { pass });
  if (closesFirst) first.input({ kind: 'gone' });
  return SessionBench.ready({}, { pass });
};
const resumesWhile = (closesFirst: boolean): SessionBench => {
  const shared: BenchOptions = { pass: tokenOf({}).pass, resumption: resumptionStore() };
  const first = SessionBench.ready({ sessionResumption: {} }, shared);
  if (closesFirst) first.input({ kind: 'gone' });
  return SessionBench.ready({ sessionResumption: { handle: first.handle ?? '' } }, shared);
};
const secondOf = (concurrentSessions: number): SessionBench => {
  const quota = new ProjectQuota({ concurrentSessions, connectsPerMinute: 'unlimited' });
  SessionBench.ready({}, { quota });
  return SessionBench.ready({}, { quota });
};
const resumes = (handle: (real: string) => string, options: BenchOptions = {}): SessionBench => {
  const resumption = resumptionStore();
  const first = SessionBench.ready({ sessionResumption: {} }, { resumption });
  return SessionBench.ready(
    { sessionResumption: { handle: handle(first.handle ?? '') } },
    { ...options, resumption },
  );
};
const answered = (kind: 'answer' | 'answer-failed'): SessionBench => {
  const bench = SessionBench.ready({}, { answer: () => undefined }).say('go');
  const ask = bench.asked[0]?.ask ?? 0;
  return bench.input(kind === 'answer' ? { kind, ask, answer: [] } : { kind, ask });
};
const DEVELOPER = { backend: 'google-ai', door: 'direct' } as const;
const VERTEX = { backend: 'vertex-ai', door: 'direct' } as const;
const REGION = 'projects/p/locations/us-central1/publishers/google/models';
const onVertex = (model: string, options: BenchOptions = {}): SessionBench =>
  SessionBench.ready({ model }, { ...VERTEX, ...options });
const calledOnVertex = (credentials: Credentials): SessionBench => {
  const endpoint = { ...VERTEX, method: 'BidiGenerateContent' } as const;
  return onVertex(`${REGION}/gemini-3.8-live`, { pass: passOf(endpoint, credentials, () => undefined) });
};
const saysOnVertex = (vertexRealtimeText: 'taken' | 'refused'): SessionBench =>
  onVertex(`${REGION}/gemini-3.8-live`, { vertexRealtimeText }).send({ realtimeInput: { text: 'hi' } });
const called = (credentials: { key?: string; token?: string }): SessionBench =>
  SessionBench.ready(
    {},
    {
      pass: passOf(
        { ...DEVELOPER, method: 'BidiGenerateContent' },
        { queryKey: credentials.key, token: credentials.token },
        () => tokenOf({}).pass,
      ),
    },
  );
const constrained = (token: string): SessionBench => {
  const { pass } = tokenOf({});
  const find = (name: string) => (name === 'auth_tokens/secret' ? pass : undefined);
  return SessionBench.ready(
    {},
    { pass: passOf({ ...DEVELOPER, method: 'BidiGenerateContentConstrained' }, { token }, find) },
  );
};

const heardDuringCall = (audioDuringToolCall: 'taken' | 'refused'): SessionBench =>
  SessionBench.ready(
    { model: 'models/gemini-2.5-flash-native-audio-latest' },
    { audioDuringToolCall, answer: () => [{ toolCall: { name: 'f' } }] },
  )
    .say('go')
    .send(audio('audio/pcm', 'AAA='));

/** How each condition comes about, beside the same with one thing different. */
const CASES: Readonly<
  Record<ClosingCondition, { readonly refused: () => SessionBench; readonly allowed: () => SessionBench }>
> = {
  'malformed-json': {
    refused: () => SessionBench.ready().sendText('{"clientContent":{}'),
    allowed: () => SessionBench.ready().sendText('{"clientContent":{}}'),
  },
  'unknown-message': {
    refused: () => SessionBench.ready().sendText('{"nonsense":{}}'),
    allowed: () => SessionBench.ready().sendText('{"clientContent":{}}'),
  },
  'unknown-field': {
    refused: () => SessionBench.ready().sendText('{"clientContent":{"nonsense":true}}'),
    allowed: () => SessionBench.ready().sendText('{"clientContent":{"turnComplete":true}}'),
  },
  'invalid-field': {
    refused: () => SessionBench.ready().send(audio('audio/pcm', 'AAA!')),
    allowed: () => SessionBench.ready().send(audio('audio/pcm', 'AAA=')),
  },
  'setup-missing': {
    refused: () => new SessionBench().say('hi'),
    allowed: () => SessionBench.ready().say('hi'),
  },
  'setup-repeated': {
    refused: () => SessionBench.ready().send({ setup: { model: 'models/gemini-3.8-live' } }),
    allowed: () => new SessionBench().send({ setup: { model: 'models/gemini-3.8-live' } }),
  },
  'invalid-setup': { refused: () => modality(['TEXT']), allowed: () => modality(['AUDIO']) },
  'model-not-found': {
    refused: () => SessionBench.ready({ model: 'models/gemini-9.9-live' }),
    allowed: () => SessionBench.ready({ model: 'models/gemini-3.8-live' }),
  },
  'invalid-resource': {
    refused: () => onVertex('models/gemini-3.8-live'),
    allowed: () => onVertex('publishers/google/models/gemini-3.8-live'),
  },
  'location-mismatch': {
    refused: () => onVertex(`${REGION}/gemini-3.8-live`, { location: 'us-east1' }),
    allowed: () => onVertex(`${REGION}/gemini-3.8-live`, { location: 'us-central1' }),
  },
  'publisher-model-not-found': {
    refused: () => onVertex(`${REGION}/gemini-3.8-live-extended-thinking`),
    allowed: () => onVertex(`${REGION}/gemini-3.8-live`),
  },
  'not-a-live-model': {
    refused: () => onVertex(`${REGION}/gemini-2.0-flash-live-preview-04-09`, { strictModels: true }),
    allowed: () => onVertex(`${REGION}/gemini-2.0-flash-live-preview-04-09`, { strictModels: false }),
  },
  'realtime-text': { refused: () => saysOnVertex('refused'), allowed: () => saysOnVertex('taken') },
  'invalid-role': {
    refused: () => SessionBench.ready().send(says('assistant')),
    allowed: () => SessionBench.ready().send(says('model')),
  },
  'odd-audio': {
    refused: () => SessionBench.ready().send(audio('audio/pcm', 'AAAA')),
    allowed: () => SessionBench.ready().send(audio('audio/pcm', 'AAAAAA==')),
  },
  'unsupported-media': {
    refused: () => SessionBench.ready().send(audio('audio/opus', 'AAA=')),
    allowed: () => SessionBench.ready().send(audio('audio/pcm;rate=48000', 'AAA=')),
  },
  'mark-under-automatic': {
    refused: () => SessionBench.ready().send(activityStart),
    allowed: () => SessionBench.ready(manual).send(activityStart),
  },
  'unknown-function-call': { refused: () => calling('call-2'), allowed: () => calling('call-1') },
  'audio-during-call': {
    refused: () => heardDuringCall('refused'),
    allowed: () => heardDuringCall('taken'),
  },
  'handle-not-found': {
    refused: () => resumes((real) => `${real}x`),
    allowed: () => resumes((real) => real),
  },
  'resumed-while-open': {
    refused: () => resumes((real) => real, { resumeWhileOpen: 'refused', isOpen: () => true }),
    allowed: () => resumes((real) => real, { resumeWhileOpen: 'refused', isOpen: () => false }),
  },
  'unregistered-caller': {
    refused: () => called({ token: 'auth_tokens/secret' }),
    allowed: () => called({ key: 'any' }),
  },
  unauthenticated: {
    refused: () => calledOnVertex({ queryKey: 'any' }),
    allowed: () => calledOnVertex({ headerKey: 'any' }),
  },
  'invalid-credential': {
    refused: () => calledOnVertex({ bearer: 'auth_tokens/secret' }),
    allowed: () => calledOnVertex({ bearer: 'ya29.secret' }),
  },
  'token-not-found': {
    refused: () => constrained('auth_tokens/other'),
    allowed: () => constrained('auth_tokens/secret'),
  },
  'token-expired': {
    refused: () => underToken({ expireTime: '2026-11-21T12:00:30Z' }, 30_000),
    allowed: () => underToken({ expireTime: '2026-11-21T12:00:30Z' }, 29_999),
  },
  'token-start-over': { refused: () => underToken({}, 60_000), allowed: () => underToken({}, 59_999) },
  'token-used-up': { refused: () => twice(1, true), allowed: () => twice(2, true) },
  'token-busy': { refused: () => resumesWhile(false), allowed: () => resumesWhile(true) },
  'connection-limit': {
    refused: () => SessionBench.ready().advance(600_000),
    allowed: () => SessionBench.ready().advance(599_999),
  },
  'context-limit': {
    refused: () => SessionBench.ready({}, { contextWindowTokens: 10 }).say('x'.repeat(41)),
    allowed: () => SessionBench.ready({}, { contextWindowTokens: 10 }).say('x'.repeat(40)),
  },
  'session-limit': {
    refused: () => SessionBench.ready({}, { connectionLimitMs: 3_600_000 }).advance(900_000),
    allowed: () => SessionBench.ready({}, { connectionLimitMs: 3_600_000 }).advance(899_999),
  },
  'resource-exhausted': { refused: () => secondOf(1), allowed: () => secondOf(2) },
  'internal-error': { refused: () => answered('answer-failed'), allowed: () => answered('answer') },
  'emulator-closing': {
    refused: () => SessionBench.ready().input({ kind: 'end', condition: 'emulator-closing' }),
    allowed: () => SessionBench.ready().input({ kind: 'tick' }),
  },
};

const conditions = Object.keys(CLOSINGS) as ClosingCondition[];

describe('CLOSINGS', () => {
  it.each(conditions)('%s closes as the table says, and the same without it does not', (condition) => {
    const { code, reason } = CLOSINGS[condition];
    const { closed } = CASES[condition].refused();
    expect(closed).toMatchObject({ condition, code });
    const fixed = reason.split('{')[0] ?? '';
    expect(closed?.reason.startsWith(fixed.slice(0, CLOSE_REASON_MAX_BYTES))).toBe(true);
    expect(closed?.reason === '').toBe(reason === '');
    expect(CASES[condition].allowed().closed).toBeUndefined();
  });

  it('stands in its page, row by row', () => {
    // Columns are aligned with spaces.
    const page = readFileSync(new URL('../docs/closings.md', import.meta.url), 'utf8').replace(/ {2,}/g, ' ');
    for (const condition of conditions) {
      const { code, when, ...row } = CLOSINGS[condition];
      const sure = 'unconfirmed' in row ? ' (unconfirmed)' : '';
      expect(page).toContain(`| \`${condition}\` | ${code}${sure} | ${when} |`);
    }
  });
});

describe('closingFrame', () => {
  it('cuts a reason to what a close frame holds', () => {
    const { reason } = closingFrame('model-not-found', { model: 'gemini-9.9-live', version: 'v1beta' });
    expect(reason).toBe(
      'models/gemini-9.9-live is not found for API version v1beta, or is not supported for bidiGenerateContent. Call ListModels to',
    );
    expect(Buffer.byteLength(reason)).toBe(CLOSE_REASON_MAX_BYTES);
  });
});

describe('a refused frame', () => {
  it('is noted by its length and its fault, never by what it held', () => {
    const bench = SessionBench.ready();
    const text = '{"clientContent":{"my secret":"my other secret"}}';
    const [refused, closed] = bench.session.step({ kind: 'frame', text }, START_MS);
    expect(refused).toMatchObject({ kind: 'refused', bytes: text.length });
    expect(closed).toMatchObject({ kind: 'close', condition: 'unknown-field', code: 1007 });
    expect(JSON.stringify(refused)).not.toContain('my other secret');
  });

  it('closes at the token expiry with the code that was chosen', () => {
    const options = { pass: tokenOf({ expireTime: '2026-11-21T12:00:30Z' }).pass, expiryCloseCode: 1011 };
    const bench = SessionBench.ready({}, options).advance(29_999);
    expect(bench.closed).toBeUndefined();
    expect(bench.advance(1).closed).toMatchObject({ condition: 'token-expired', code: 1011 });
  });
});
