import type { FunctionResponse } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { blocking } from '../test-support/functions.ts';
import { SessionBench } from '../test-support/session-bench.ts';
import type { Answer } from './answer.ts';

const tone: Answer = [{ audio: { samples: new Int16Array(2_400), rateHz: 24_000 } }];
const respond = (bench: SessionBench, ...functionResponses: FunctionResponse[]): SessionBench =>
  bench.send({ toolResponse: { functionResponses } });
const calls = (bench: SessionBench) =>
  bench.sent.flatMap(({ message }) => message.toolCall?.functionCalls ?? []);

describe('a blocking call', () => {
  it('holds the rest of the answer until every response has come', () => {
    const answer: Answer = [{ toolCall: [{ name: 'a', args: { x: 1 } }, { name: 'b' }] }, ...tone];
    const bench = SessionBench.ready(blocking('a', 'b'), { answer: () => answer })
      .say('go')
      .advance(5_000);
    expect(bench.outline).toEqual(['setupComplete', 'toolCall']);
    expect(bench.session.figures.state).toBe('calling');
    const [a, b] = calls(bench);
    expect([a, b]).toMatchObject([
      { name: 'a', args: { x: 1 } },
      { name: 'b', args: {} },
    ]);
    expect(a?.id).not.toBe(b?.id);
    respond(bench, { id: b?.id ?? '', name: 'b', response: { ok: true } }).advance(5_000);
    expect(bench.outline).toEqual(['setupComplete', 'toolCall']);
    respond(bench, { id: a?.id ?? '', name: 'a', response: { ok: true } }).advance(5_000);
    expect(bench.outline).toEqual([
      'setupComplete',
      'toolCall',
      'audio',
      'generationComplete',
      'turnComplete',
    ]);
    expect(bench.asked).toHaveLength(1);
  });

  it('asks the handler to go on with the responses where it had nothing more to say', () => {
    const bench = SessionBench.ready(blocking('time'), {
      answer: ({ cause }) => (cause === 'tool-response' ? tone : [{ toolCall: { name: 'time', id: 'one' } }]),
    });
    bench.say('what time is it?');
    respond(bench, { id: 'one', name: 'time', response: { now: 12 } }).advance(5_000);
    expect(bench.asked[1]?.turn).toEqual({
      index: 0,
      cause: 'tool-response',
      functionResponses: [{ id: 'one', name: 'time', response: { now: 12 } }],
      videoFrames: 0,
    });
    expect(bench.asked[1]?.context.history).toMatchObject([
      { role: 'user', text: 'what time is it?' },
      { role: 'model', functionCalls: [{ name: 'time' }] },
      { role: 'user', functionResponses: [{ name: 'time' }] },
    ]);
    expect(bench.outline.slice(-3)).toEqual(['audio', 'generationComplete', 'turnComplete']);
    expect(bench.session.figures.turns).toBe(1);
  });

  it('takes a response without an id for the first open call of its name', () => {
    const bench = SessionBench.ready(blocking('time'), {
      answer: () => [{ toolCall: { name: 'time' } }, ...tone],
    }).say('go');
    respond(bench, { name: 'time', response: {} }).advance(5_000);
    expect(bench.outline).toContain('turnComplete');
    const other = SessionBench.ready(blocking('time'), {
      answer: () => [{ toolCall: { name: 'time' } }],
    }).say('go');
    expect(respond(other, { name: 'weather', response: {} }).closed?.condition).toBe('unknown-function-call');
  });

  it('is cancelled by an interruption, and a response that was under way does no harm', () => {
    const bench = SessionBench.ready(blocking('f'), {
      answer: ({ index }) => (index === 0 ? [{ toolCall: { name: 'f', id: 'one' } }] : tone),
    });
    bench.say('go').say('no, wait');
    expect(bench.outline.slice(0, 5)).toEqual([
      'setupComplete',
      'toolCall',
      'toolCallCancellation',
      'interrupted',
      'turnComplete',
    ]);
    expect(bench.sent[2]?.message.toolCallCancellation).toEqual({ ids: ['one'] });
    respond(bench, { id: 'one', name: 'f', response: {} }).advance(5_000);
    expect(bench.closed).toBeUndefined();
    expect(bench.warnings).toHaveLength(1);
    expect(bench.asked).toHaveLength(2);
  });

  it('takes an answer that came twice once', () => {
    const bench = SessionBench.ready(blocking('f'), {
      answer: () => [{ toolCall: { name: 'f', id: 'one' } }, ...tone],
    }).say('go');
    respond(bench, { id: 'one', name: 'f', response: {} });
    respond(bench, { id: 'one', name: 'f', response: {} }).advance(5_000);
    expect(bench.outline.filter((name) => name === 'turnComplete')).toHaveLength(1);
    expect(bench.warnings).toHaveLength(1);
  });
});
