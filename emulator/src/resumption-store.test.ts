import { describe, expect, it } from 'vitest';
import { type BenchOptions, resumptionStore, SessionBench, START_MS } from '../test-support/session-bench.ts';
import { quiet, speech } from '../test-support/speech.ts';
import { keyPass } from './session-pass.ts';

const silent = () => [];
const mine = keyPass('mine');
const theirs = keyPass('theirs');

/** A talk of one turn, and what resumes it. */
const talk = (options: Omit<BenchOptions, 'answer'> = {}) => {
  const shared: BenchOptions = {
    answer: silent,
    pass: mine,
    ...options,
    resumption: resumptionStore(options),
  };
  const first = SessionBench.ready({ sessionResumption: {} }, { ...shared, id: 'first' });
  first.say('my name is Ada');
  const resume = (more: BenchOptions = {}, model = 'models/gemini-3.8-live'): SessionBench =>
    SessionBench.ready(
      { model, sessionResumption: { handle: first.handle ?? '' } },
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

  it('serves a handle under another credential where its scope is the project', () => {
    expect(talk({ handleScope: 'project' }).resume({ pass: theirs }).closed).toBeUndefined();
  });

  it('serves a handle only under the credential that made it where its scope is the token', () => {
    const { resume } = talk({ handleScope: 'token' });
    expect(resume({ pass: mine }).closed).toBeUndefined();
    expect(resume({ pass: theirs }).closed).toMatchObject({ condition: 'handle-not-found', code: 1008 });
  });

  it('serves a handle until its life is over', () => {
    const { resume } = talk({ handleLifeMs: 5_000 });
    expect(resume({ startMs: START_MS + 4_999 }).closed).toBeUndefined();
    expect(resume({ startMs: START_MS + 5_000 }).closed?.condition).toBe('handle-not-found');
  });

  it('does not take another model along', () => {
    const { resume } = talk();
    expect(resume({}, 'models/gemini-3.8-live-extended-thinking').closed?.condition).toBe('invalid-setup');
    expect(resume({}, 'models/gemini-3.8-live').closed).toBeUndefined();
  });

  it('shows no handle in what it says of itself', () => {
    const { first, resume } = talk();
    expect(JSON.stringify(resume().session.figures)).not.toContain(first.handle);
  });
});
