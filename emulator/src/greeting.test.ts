import { describe, expect, it } from 'vitest';
import { resumptionStore, SessionBench } from '../test-support/session-bench.ts';
import { quiet, speech } from '../test-support/speech.ts';
import type { Answer, AnswerContext, UserTurn } from './answer.ts';

const greeting = ({ cause, text = '' }: UserTurn): Answer =>
  cause === 'session-start' ? [{ text: 'welcome' }] : [{ text }];
const ready = { generationConfig: { responseModalities: ['AUDIO'] }, outputAudioTranscription: {} };
const GREETED = ['setupComplete', 'outputTranscription', 'audio', 'generationComplete', 'turnComplete'];

describe('askAtStart', () => {
  it('lets a handler speak first, in a turn of its own', () => {
    const bench = SessionBench.ready(ready, { answer: greeting, askAtStart: true }).advance(1_000);
    expect(bench.outline).toEqual(GREETED);
    expect(bench.asked[0]?.turn).toEqual({ index: 0, cause: 'session-start', videoFrames: 0 });
    bench.say('hello').advance(1_000);
    expect(bench.asked[1]).toMatchObject({
      turn: { index: 0, cause: 'client-content' },
      context: { history: [{ role: 'model', transcript: 'welcome' }] },
    });
  });

  it('is not asked where it is off', () => {
    const bench = SessionBench.ready(ready, { answer: greeting }).advance(1_000);
    expect([bench.outline, bench.asked]).toEqual([['setupComplete'], []]);
  });

  it('takes an empty answer for silence: no turn, and the handle stays', () => {
    const options = { answer: () => [], askAtStart: true };
    const bench = SessionBench.ready({ ...ready, sessionResumption: {} }, options).advance(1_000);
    expect(bench.outline).toEqual(['setupComplete', 'sessionResumptionUpdate']);
    expect(bench.asked).toHaveLength(1);
  });

  it('waits for the history that the setup promises', () => {
    const historyConfig = { initialHistoryInClientContent: true };
    const bench = SessionBench.ready({ ...ready, historyConfig }, { answer: greeting, askAtStart: true });
    expect(bench.asked).toEqual([]);
    bench.say('before').advance(1_000);
    expect(bench.outline).toEqual(GREETED);
    expect(bench.asked[0]?.context.history).toEqual([{ role: 'user', text: 'before' }]);
  });

  it('is interrupted like any answer, and not said at all where the user came first', () => {
    const spoken = { answer: greeting, askAtStart: true, burstMs: 50, chunkMs: 50 };
    const bench = SessionBench.ready(ready, spoken).say('wait').advance(1_000);
    expect(bench.outline.slice(0, 5)).toEqual([
      'setupComplete',
      'outputTranscription',
      'audio',
      'interrupted',
      'turnComplete',
    ]);
    const asked: { turn: UserTurn; context: AnswerContext }[] = [];
    const late = SessionBench.ready(ready, {
      askAtStart: true,
      answer: (turn, context) => {
        asked.push({ turn, context });
        return undefined;
      },
    });
    late.speak(speech('question'));
    late.input({ kind: 'answer', ask: 1, answer: [{ text: 'welcome' }] }).advance(500);
    expect(late.outline).toEqual(['setupComplete']);
    late
      .speak(quiet(1))
      .advance(100)
      .answer([{ text: 'yes' }])
      .advance(1_000);
    expect(late.outline).toContain('turnComplete');
    expect(asked.map(({ turn }) => turn.cause)).toEqual(['session-start', 'speech']);
  });

  it('closes the session where the handler fails, as at any other turn', () => {
    const bench = SessionBench.ready(ready, { answer: () => undefined, askAtStart: true });
    bench.input({ kind: 'answer-failed', ask: 1 });
    expect(bench.closed?.condition).toBe('internal-error');
  });

  it('tells a resumed session from a new one', () => {
    const resumption = resumptionStore();
    const options = { answer: greeting, askAtStart: true, resumption };
    const first = SessionBench.ready({ ...ready, sessionResumption: {} }, options);
    first.advance(1_000).say('one').advance(1_000);
    const sessionResumption = { handle: first.handle ?? '' };
    const second = SessionBench.ready({ ...ready, sessionResumption }, { ...options, id: 'session-2' });
    expect(first.asked.map(({ context }) => context.resumedFrom)).toEqual([undefined, undefined]);
    expect(second.asked[0]).toMatchObject({
      turn: { index: 1, cause: 'session-start' },
      context: { resumedFrom: 'session-1', sessionId: 'session-2' },
    });
  });
});
