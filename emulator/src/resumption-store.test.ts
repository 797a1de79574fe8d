import type { LiveSetup } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { type BenchOptions, resumptionStore, SessionBench, START_MS } from '../test-support/session-bench.ts';
import { quiet, speech } from '../test-support/speech.ts';
import type { Answer, AnswerContext, UserTurn } from './answer.ts';
import { TokenStore } from './auth-tokens.ts';
import { keyPass, type SessionPass } from './session-pass.ts';
import { readTokenRequest } from './token-request.ts';

const silent = () => [];
const mine = keyPass('mine');
const theirs = keyPass('theirs');
const mintedBy = (key: string, name: string): SessionPass => {
  const tokens = new TokenStore(
    { startWindowBinds: 'new-sessions', socketsPerToken: 'unlimited' },
    () => name,
  );
  const token = tokens.find(
    tokens.mint(readTokenRequest({ uses: 0 }, START_MS), START_MS, keyPass(key).owner),
  );
  if (!token) throw new Error('no token');
  return token;
};
const refused = { condition: 'handle-not-found', code: 1008 };

/** A talk of one turn, and what resumes it. */
const talk = (options: Omit<BenchOptions, 'answer'> = {}, setup: Partial<LiveSetup> = {}) => {
  const shared: BenchOptions = {
    answer: silent,
    pass: mine,
    ...options,
    resumption: resumptionStore(options),
  };
  const first = SessionBench.ready({ sessionResumption: {}, ...setup }, { ...shared, id: 'first' });
  const last = first.say('my name is Ada').handle;
  if (last === undefined) throw new Error('no handle');
  const { model: own = 'models/gemini-3.8-live' } = first.session.figures.setup ?? {};
  /** By default with the handle of the first one's last turn. */
  const resume = (
    more: BenchOptions = {},
    model = own,
    setup: Partial<LiveSetup> = {},
    handle = last,
  ): SessionBench =>
    SessionBench.ready(
      { model, ...setup, sessionResumption: { handle } },
      { ...shared, id: 'second', ...more },
    );
  return { first, resume };
};
const historyOf = (bench: SessionBench) =>
  bench.say('who am I?').asked[0]?.context.history.map(({ text }) => text);

describe('resumption', () => {
  it('brings the conversation back: history, turn numbers and what it costs', () => {
    const { resume } = talk();
    const second = resume();
    expect(second.session.figures.resumedFrom).toBe('first');
    expect(historyOf(second)).toEqual(['my name is Ada']);
    expect(second.asked[0]?.turn.index).toBe(1);
    expect(second.session.figures.usage.prompt.TEXT).toBe(4 + 3);
    expect(historyOf(SessionBench.ready({ sessionResumption: {} }, { answer: silent }))).toEqual([]);
  });

  it('brings back the state of the moment the handle was made', () => {
    const { first, resume } = talk();
    const second = resume();
    first.say('and I like tea');
    expect(historyOf(second)).toEqual(['my name is Ada']);
  });

  it('gives a new handle each time, and one at once to who resumed', () => {
    const { first, resume } = talk();
    const handles = [first, resume()].flatMap(({ sent }) =>
      sent.flatMap(({ message }) => message.sessionResumptionUpdate?.newHandle || []),
    );
    expect(handles).toHaveLength(3);
    expect(new Set(handles).size).toBe(3);
  });

  it('gives a handle for content that came without a turn', () => {
    const { first } = talk();
    const before = first.handle;
    first.say('by the way', false);
    expect(first.handle).not.toBe(before);
  });

  it('offers no handle while the user speaks or the model does', () => {
    const bench = SessionBench.ready({ sessionResumption: {} });
    const updates = () => bench.sent.filter(({ message }) => message.sessionResumptionUpdate).length;
    bench.speak(speech('question').slice(0, 24_000));
    expect([bench.session.figures.state, updates()]).toEqual(['hearing', 1]);
    bench.speak(speech('question').slice(24_000)).speak(quiet(1));
    expect([bench.session.figures.state, updates()]).toEqual(['answering', 2]);
    expect(bench.sent.at(2)?.message.sessionResumptionUpdate ?? bench.sent.at(1)?.message).toBeDefined();
    bench.advance(10_000);
    expect([bench.session.figures.state, updates()]).toEqual(['listening', 3]);
  });

  it('changes everything but the model: voice, instruction, tools, limits', () => {
    const { resume } = talk();
    const second = resume({}, undefined, {
      systemInstruction: { parts: [{ text: 'be brief' }] },
      generationConfig: { speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } } },
      tools: [{ googleSearch: {} }],
      contextWindowCompression: {},
    });
    expect(historyOf(second)).toEqual(['my name is Ada']);
    expect(second.asked[0]?.context.setup).toMatchObject({
      systemInstruction: { parts: [{ text: 'be brief' }] },
      tools: [{ googleSearch: {} }],
    });
  });

  it('does not take another model along', () => {
    const { resume } = talk();
    expect(resume({}, 'models/gemini-3.8-live-extended-thinking').closed?.condition).toBe('invalid-setup');
    expect(resume({}, 'models/gemini-3.8-live').closed).toBeUndefined();
  });

  it('resumes for real: the answer depends on what was said before', () => {
    const recalls = ({ text = '' }: UserTurn, { history }: AnswerContext): Answer => {
      const name = history.map((entry) => /my name is (\w+)/.exec(entry.text ?? '')?.[1]).find(Boolean);
      return [{ transcript: text.startsWith('who') ? (name ?? 'I do not know') : 'noted' }];
    };
    const saidBy = (bench: SessionBench) =>
      bench
        .say('who am I?')
        .sent.flatMap(({ message }) => message.serverContent?.outputTranscription?.text ?? []);
    const { resume } = talk();
    const transcribed = { outputAudioTranscription: {} };
    expect(saidBy(resume({ answer: recalls }, undefined, transcribed))).toEqual(['Ada']);
    expect(saidBy(SessionBench.ready(transcribed, { answer: recalls }))).toEqual(['I do not know']);
  });

  it('shows no handle in what it says of itself', () => {
    const { first, resume } = talk();
    expect(JSON.stringify(resume().session.figures)).not.toContain(first.handle);
  });
});

describe('a foreign handle', () => {
  it('is one of another key, and of a token of another key', () => {
    expect(talk().resume({ pass: mine }).closed).toBeUndefined();
    expect(talk().resume({ pass: theirs }).closed).toMatchObject(refused);
    expect(talk().resume({ pass: mintedBy('mine', 'a') }).closed).toBeUndefined();
    expect(talk().resume({ pass: mintedBy('theirs', 'a') }).closed).toMatchObject(refused);
  });

  it('does not exist between keys where all keys are of one project', () => {
    expect(talk({ projects: 'one' }).resume({ pass: theirs }).closed).toBeUndefined();
    expect(talk({ projects: 'by-key' }).resume({ pass: theirs }).closed).toMatchObject(refused);
  });

  it.each(['project', 'token'] as const)('under handleScope %s: a second token of the same key', (scope) => {
    const made = { pass: mintedBy('mine', 'a'), handleScope: scope };
    expect(talk(made).resume({ pass: made.pass }).closed).toBeUndefined();
    const { closed } = talk(made).resume({ pass: mintedBy('mine', 'b') });
    if (scope === 'project') expect(closed).toBeUndefined();
    else expect(closed).toMatchObject(refused);
  });

  it('under handleScope token is also one of the key that the token was made with', () => {
    const made = { pass: mintedBy('mine', 'a') };
    expect(talk({ ...made, handleScope: 'project' }).resume({ pass: mine }).closed).toBeUndefined();
    expect(talk({ ...made, handleScope: 'token' }).resume({ pass: mine }).closed).toMatchObject(refused);
  });

  it('is one of another project where models name their project', () => {
    const vertex = { backend: 'vertex-ai', apiVersion: 'v1' } as const;
    const model = (project: string) =>
      `projects/${project}/locations/us-central1/publishers/google/models/gemini-3.8-live`;
    expect(talk(vertex, { model: model('a') }).resume({ pass: theirs }).closed).toBeUndefined();
    expect(talk(vertex, { model: model('a') }).resume({}, model('b')).closed).toMatchObject(refused);
  });
});

describe('an old handle', () => {
  it('is one that has outlived its life', () => {
    const lived = (ms: number) => talk({ handleLifeMs: 5_000 }).resume({ startMs: START_MS + ms }).closed;
    expect(lived(4_999)).toBeUndefined();
    expect(lived(5_000)).toMatchObject(refused);
  });

  it('lives 2 h on the Developer API and 24 h on Vertex AI', () => {
    const model = 'projects/a/locations/us-central1/publishers/google/models/gemini-3.8-live';
    const vertex = { backend: 'vertex-ai', apiVersion: 'v1' } as const;
    const hours = (count: number) => ({ startMs: START_MS + count * 3_600_000 });
    expect(talk().resume(hours(1.99)).closed).toBeUndefined();
    expect(talk().resume(hours(2)).closed).toMatchObject(refused);
    expect(talk(vertex, { model }).resume(hours(23.9)).closed).toBeUndefined();
    expect(talk(vertex, { model }).resume(hours(24)).closed).toMatchObject(refused);
  });
});

describe('a used handle', () => {
  it('is one whose session has been given its next handle', () => {
    const { resume } = talk({ handleUses: 'once' });
    const second = resume();
    expect(second.handle).toBeDefined();
    expect(resume().closed).toMatchObject(refused);
    expect(resume({}, undefined, {}, second.handle).closed).toBeUndefined();
  });

  it('still works as long as the resumption did not come about', () => {
    const { resume } = talk({ handleUses: 'once' });
    expect(resume({}, 'models/gemini-3.8-live-extended-thinking').closed?.condition).toBe('invalid-setup');
    expect(resume().closed).toBeUndefined();
  });

  it('leaves the session its other handles', () => {
    const { first, resume } = talk({ handleUses: 'once' });
    const next = first.say('and I like tea').handle;
    expect(resume().closed).toBeUndefined();
    expect(historyOf(resume({}, undefined, {}, next))).toEqual(['my name is Ada', 'and I like tea']);
  });

  it('works again where handles work many times', () => {
    const { resume } = talk({ handleUses: 'many' });
    expect(resume().closed).toBeUndefined();
    expect(historyOf(resume())).toEqual(['my name is Ada']);
  });
});

describe('transparent resumption', () => {
  const model = 'projects/a/locations/us-central1/publishers/google/models/gemini-3.8-live';
  const onVertex = (transparent: boolean, options: BenchOptions = {}) =>
    SessionBench.ready(
      { model, sessionResumption: { transparent } },
      { backend: 'vertex-ai', apiVersion: 'v1', answer: silent, ...options },
    );
  const indexes = (bench: SessionBench) =>
    bench.sent.flatMap(({ message: { sessionResumptionUpdate: update } }) =>
      update?.resumable ? [update.lastConsumedClientMessageIndex] : [],
    );

  it('says which message of the client is the last that the handle holds; the setup is message 0', () => {
    const bench = onVertex(true).say('one').say('two', false).say('three');
    expect(indexes(bench)).toEqual([0, 1, 2, 3]);
    expect(indexes(onVertex(false).say('one'))).toEqual([undefined, undefined]);
  });

  it('holds what is silent, and nothing that speech may have begun in', () => {
    const question = speech('question');
    const pieces = (samples: Int16Array) => Math.ceil(samples.length / 320);
    const quietThenText = onVertex(true).speak(quiet(1)).say('go');
    expect(indexes(quietThenText)).toEqual([0, 51]);
    const loudFrom = question.findIndex((sample) => Math.abs(sample) > 300);
    const begun = onVertex(true, { answer: () => undefined })
      .say('go')
      .speak(quiet(1));
    begun.speak(question.slice(0, Math.ceil(loudFrom / 320) * 320 + 4 * 320)).answer([]);
    expect(begun.session.figures.state).toBe('listening');
    expect(indexes(begun).at(-1)).toBeGreaterThanOrEqual(51);
    expect(indexes(begun).at(-1)).toBeLessThan(51 + pieces(question.slice(0, loudFrom)) + 4);
    const spoken = onVertex(true).speak(question).speak(quiet(1)).say('go');
    expect(indexes(spoken).at(-1)).toBe(pieces(question) + 50 + 1);
  });

  it('counts from the setup of each connection', () => {
    const bench = onVertex(true).say('one');
    const next = SessionBench.ready(
      { model, sessionResumption: { transparent: true, handle: bench.handle ?? '' } },
      { backend: 'vertex-ai', apiVersion: 'v1', answer: silent, resumption: bench.resumption },
    );
    expect(indexes(next.say('two'))).toEqual([0, 1]);
  });

  it('is Vertex AI’s alone', () => {
    expect(onVertex(true).closed).toBeUndefined();
    const { closed } = SessionBench.ready({ sessionResumption: { transparent: true } });
    expect(closed?.condition).toBe('invalid-setup');
  });
});
