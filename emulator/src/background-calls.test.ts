import type { FunctionResponse, LiveSetup } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { blocking, functionTools, nonBlocking } from '../test-support/functions.ts';
import { type BenchOptions, resumptionStore, SessionBench } from '../test-support/session-bench.ts';
import { quiet, speech } from '../test-support/speech.ts';
import type { Answer } from './answer.ts';

const tone = (seconds: number): Answer => [
  { audio: { samples: new Int16Array(24_000 * seconds).fill(1_000), rateHz: 24_000 } },
];
/** Calls `f`, speaks for four seconds, and answers what comes back with another. */
const calling =
  (id = 'one') =>
  ({ cause }: { readonly cause: string }): Answer =>
    cause === 'tool-response' ? tone(1) : [{ toolCall: { name: 'f', id } }, ...tone(4)];
const bench = (options: BenchOptions = {}, setup: Partial<LiveSetup> = nonBlocking('f')): SessionBench =>
  SessionBench.ready(setup, { answer: calling(), ...options });
const respond = (to: SessionBench, response: Partial<FunctionResponse> = {}): SessionBench =>
  to.send({
    toolResponse: { functionResponses: [{ id: 'one', name: 'f', response: { ok: true }, ...response }] },
  });
const TURN = ['audio', 'generationComplete', 'turnComplete'];
const causes = (of: SessionBench): readonly string[] => of.asked.map(({ turn }) => turn.cause);

describe('a non-blocking call', () => {
  it('lets the answer go on and the turn complete', () => {
    const running = bench().say('go').advance(5_000);
    expect(running.outline).toEqual(['setupComplete', 'toolCall', ...TURN]);
    expect(running.session.figures.state).toBe('listening');
    const waiting = bench({}, blocking('f')).say('go').advance(5_000);
    expect(waiting.outline).toEqual(['setupComplete', 'toolCall']);
    expect(waiting.session.figures.state).toBe('calling');
  });

  it('beside a blocking one in the same message waits for that one alone', () => {
    const tools = functionTools({ f: 'NON_BLOCKING', g: 'BLOCKING' });
    const both = [
      {
        toolCall: [
          { name: 'f', id: 'one' },
          { name: 'g', id: 'two' },
        ],
      },
      ...tone(1),
    ] as const;
    const running = bench({ answer: () => both }, { tools })
      .say('go')
      .advance(2_000);
    expect(running.outline).toEqual(['setupComplete', 'toolCall']);
    respond(running, { id: 'two', name: 'g' }).advance(2_000);
    expect(running.outline).toEqual(['setupComplete', 'toolCall', ...TURN]);
  });

  it('is answered once the model is idle where nothing else is said, with the index of the turn that called', () => {
    const running = bench().say('go').advance(500);
    respond(running);
    expect(causes(running)).toEqual(['client-content']);
    running.advance(5_000);
    expect(running.outline).toEqual(['setupComplete', 'toolCall', ...TURN, ...TURN]);
    expect(running.asked[1]?.turn).toEqual({
      index: 0,
      cause: 'tool-response',
      functionResponses: [{ id: 'one', name: 'f', response: { ok: true } }],
      videoFrames: 0,
    });
    expect(running.asked[1]?.context.history).toMatchObject([
      { role: 'user', text: 'go' },
      { role: 'model', functionCalls: [{ id: 'one' }] },
      { role: 'model', audioSeconds: 4 },
      { role: 'user', functionResponses: [{ id: 'one' }] },
    ]);
    running.say('next');
    expect(running.asked[2]?.turn.index).toBe(1);
  });

  it('is answered at once where the model is idle already', () => {
    const running = bench().say('go').advance(5_000);
    respond(running, { scheduling: 'WHEN_IDLE' });
    expect(causes(running)).toEqual(['client-content', 'tool-response']);
  });

  it('waits until the user has spoken and has been answered', () => {
    const running = bench().say('go').advance(5_000).speak(speech('question'));
    respond(running);
    expect(causes(running)).toEqual(['client-content']);
    running.speak(quiet(1)).advance(10_000);
    expect(causes(running)).toEqual(['client-content', 'speech', 'tool-response']);
  });

  it('goes after turns of the user that wait', () => {
    const config = { realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' } };
    const running = bench({}, { ...nonBlocking('f'), ...config }).say('go');
    respond(running)
      .send({ realtimeInput: { text: 'and?' } })
      .advance(10_000);
    expect(causes(running)).toEqual(['client-content', 'realtime-text', 'tool-response']);
  });

  it('lets the user go first where content interrupts', () => {
    const running = bench().say('go').advance(200);
    respond(running).say('wait');
    expect(causes(running)).toEqual(['client-content', 'client-content']);
    running.advance(10_000);
    expect(causes(running)).toEqual(['client-content', 'client-content', 'tool-response']);
  });

  it('is asked about together with others that wait', () => {
    const answer = ({ cause }: { readonly cause: string }): Answer =>
      cause === 'tool-response'
        ? []
        : [{ toolCall: [{ name: 'f', id: 'one' }] }, { toolCall: { name: 'f', id: 'two' } }, ...tone(1)];
    const running = bench({ answer }).say('go');
    respond(respond(running, { id: 'two' })).advance(5_000);
    expect(causes(running)).toEqual(['client-content', 'tool-response']);
    expect(running.asked[1]?.turn.functionResponses?.map(({ id }) => id)).toEqual(['two', 'one']);
  });

  it('interrupts what is being said where its response says so', () => {
    const running = bench().say('go').advance(200);
    respond(running, { scheduling: 'INTERRUPT' }).advance(5_000);
    expect(running.outline).toEqual([
      ...['setupComplete', 'toolCall', 'audio', 'interrupted', 'turnComplete'],
      ...TURN,
    ]);
    expect(causes(running)).toEqual(['client-content', 'tool-response']);
    expect(running.session.figures.interruptions).toBe(1);
  });

  it('goes before turns that wait where it interrupts', () => {
    const config = { realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' } };
    const running = bench({}, { ...nonBlocking('f'), ...config }).say('go');
    running.send({ realtimeInput: { text: 'and?' } });
    respond(running, { scheduling: 'INTERRUPT' }).advance(10_000);
    expect(causes(running)).toEqual(['client-content', 'tool-response', 'realtime-text']);
  });

  it('is only remembered where its response is silent', () => {
    const running = bench().say('go').advance(200);
    respond(running, { scheduling: 'SILENT' }).advance(5_000);
    expect(running.outline).toEqual(['setupComplete', 'toolCall', ...TURN]);
    running.say('well?');
    expect(causes(running)).toEqual(['client-content', 'client-content']);
    expect(running.asked[1]?.context.history.map((entry) => Object.keys(entry).at(-1))).toEqual([
      'text',
      'functionCalls',
      'audioSeconds',
      'functionResponses',
      'audioSeconds',
    ]);
  });

  it('stands in the history of the next turn where its silent response came between turns', () => {
    const running = bench().say('go').advance(5_000);
    respond(running, { scheduling: 'SILENT' }).say('well?');
    expect(running.asked[1]?.context.history.at(-1)).toMatchObject({ functionResponses: [{ id: 'one' }] });
  });

  it('takes more responses for as long as they say that more follow', () => {
    const running = bench().say('go').advance(5_000);
    respond(running, { willContinue: true }).advance(5_000);
    respond(running, { willContinue: true, scheduling: 'SILENT' });
    respond(running, { willContinue: false }).advance(5_000);
    expect(causes(running)).toEqual(['client-content', 'tool-response', 'tool-response']);
    expect(running.warnings).toEqual([]);
    respond(running).advance(5_000);
    expect(causes(running)).toHaveLength(3);
    expect(running.warnings).toEqual(['A function response came for a call that was answered before.']);
  });

  it.each([
    [{ scheduling: 'SILENT' }, ['client-content']],
    [{ scheduling: 'WHEN_IDLE' }, ['client-content', 'tool-response']],
    [{ scheduling: 'whenever' }, ['client-content', 'tool-response']],
  ])('reads scheduling inside the response: %o', (response, expected) => {
    const running = bench().say('go').advance(5_000);
    respond(running, { response });
    expect(causes(running)).toEqual(expected);
    expect(running.closed).toBeUndefined();
  });

  it('reads willContinue inside the response, in either casing', () => {
    const running = bench().say('go').advance(5_000);
    respond(running, { response: { will_continue: true }, scheduling: 'SILENT' });
    respond(running, { response: { willContinue: true }, scheduling: 'SILENT' });
    respond(running, { scheduling: 'SILENT' });
    expect(running.warnings).toEqual([]);
  });

  it('closes on a scheduling nobody knows, and takes one left open', () => {
    const scheduling = (text: string) => ({ scheduling: text }) as unknown as Partial<FunctionResponse>;
    const refused = respond(bench().say('go').advance(5_000), scheduling('LATER'));
    expect(refused.closed).toMatchObject({ code: 1007, condition: 'invalid-field' });
    const taken = respond(bench().say('go').advance(5_000), scheduling('SCHEDULING_UNSPECIFIED'));
    expect(taken.closed).toBeUndefined();
    expect(causes(taken)).toEqual(['client-content', 'tool-response']);
  });

  it('lives on through a barge-in, unless told otherwise', () => {
    const lives = bench().say('go').advance(200).say('wait').advance(3_000);
    expect(lives.outline).not.toContain('toolCallCancellation');
    respond(lives).advance(3_000);
    expect(causes(lives).at(-1)).toBe('tool-response');
    const dies = bench({ nonBlockingCancellation: 'with-their-turn' }).say('go').advance(200);
    dies.say('wait').advance(3_000);
    expect(dies.outline.slice(0, 6)).toEqual([
      ...['setupComplete', 'toolCall', 'audio', 'toolCallCancellation', 'interrupted', 'turnComplete'],
    ]);
    expect(causes(respond(dies).advance(3_000))).not.toContain('tool-response');
    expect(dies.warnings).toContain('A function response came for a call that was cancelled before.');
  });

  it('of an earlier turn is not cancelled with a later one', () => {
    const ids = ['one', 'two'];
    const running = bench({
      nonBlockingCancellation: 'with-their-turn',
      answer: ({ index }) => [{ toolCall: { name: 'f', id: ids[index] ?? 'none' } }, ...tone(1)],
    });
    running.say('go').advance(5_000).say('go').say('wait');
    const cancelled = running.sent.flatMap(({ message }) => message.toolCallCancellation?.ids ?? []);
    expect(cancelled).toEqual(['two']);
  });

  it('outlives its connection: a resumed session takes its response', () => {
    const resumption = resumptionStore({ handleUses: 'many' });
    const setup = { ...nonBlocking('f'), sessionResumption: {} };
    const first = bench({ resumption }, setup).say('go').advance(5_000);
    const handle = first.handle ?? '';
    const resume = (name: string) =>
      bench({ resumption, id: name }, { ...setup, sessionResumption: { handle } });
    const second = respond(resume('session-2'));
    expect(second.asked[0]?.turn).toMatchObject({ index: 0, cause: 'tool-response' });
    expect(respond(resume('session-3'), { id: 'other' }).closed?.condition).toBe('unknown-function-call');
  });

  it('stays open across a resumption while more responses follow', () => {
    const resumption = resumptionStore();
    const setup = { ...nonBlocking('f'), sessionResumption: {} };
    const first = bench({ resumption }, setup).say('go').advance(5_000);
    respond(first, { willContinue: true }).advance(5_000);
    const sessionResumption = { handle: first.handle ?? '' };
    const second = respond(bench({ resumption, id: 'session-2' }, { ...setup, sessionResumption }));
    expect(causes(second)).toEqual(['tool-response']);
    expect(second.warnings).toEqual([]);
  });

  it('is not answered twice across a resumption', () => {
    const resumption = resumptionStore();
    const setup = { ...nonBlocking('f'), sessionResumption: {} };
    const first = respond(bench({ resumption }, setup).say('go').advance(5_000)).advance(5_000);
    const sessionResumption = { handle: first.handle ?? '' };
    const second = respond(bench({ resumption, id: 'session-2' }, { ...setup, sessionResumption }));
    expect(second.asked).toEqual([]);
    expect(second.warnings).toHaveLength(1);
  });
});

describe('a call', () => {
  it('that was cancelled is so after a resumption, too', () => {
    const resumption = resumptionStore();
    const setup = { ...blocking('f'), sessionResumption: {} };
    const answer: BenchOptions['answer'] = ({ index }) =>
      index === 0 ? [{ toolCall: { name: 'f', id: 'one' } }] : [];
    const first = bench({ resumption, answer }, setup).say('go').say('stop');
    const sessionResumption = { handle: first.handle ?? '' };
    const second = bench({ resumption, id: 'session-2' }, { ...setup, sessionResumption });
    expect(respond(second).warnings).toEqual([
      'A function response came for a call that was cancelled before.',
    ]);
    expect(second.closed).toBeUndefined();
  });

  it('warns of a function that no tool in force declares, and of an id given twice', () => {
    const answer = (): Answer => [{ toolCall: { name: 'f', id: 'one' } }];
    const declared = bench({ answer }).say('go');
    expect(declared.warnings).toEqual([]);
    declared.say('again');
    expect(declared.warnings).toEqual([
      'The answer gives a call of «f» the id of another; it got a new one.',
    ]);
    const ids = declared.sent.flatMap(({ message }) => message.toolCall?.functionCalls ?? []);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(2);
    const undeclared = bench({ answer }, nonBlocking('g')).say('go');
    expect(undeclared.warnings).toEqual(['The answer calls «f», which no tool in force declares.']);
    expect(undeclared.outline).toContain('toolCall');
  });

  it('that blocks ignores scheduling and willContinue, with a warning', () => {
    const running = bench({}, blocking('f')).say('go');
    respond(running, { willContinue: true, scheduling: 'SILENT' }).advance(5_000);
    expect(running.outline).toEqual(['setupComplete', 'toolCall', ...TURN]);
    expect(running.warnings).toEqual(['«f» blocks: scheduling and willContinue are ignored.']);
  });

  it('that blocks gives the handler every response, however many messages they came in', () => {
    const answer = ({ cause }: { readonly cause: string }): Answer =>
      cause === 'tool-response'
        ? []
        : [
            {
              toolCall: [
                { name: 'f', id: 'one' },
                { name: 'f', id: 'two' },
              ],
            },
          ];
    const running = bench({ answer }, blocking('f')).say('go');
    respond(respond(running), { id: 'two' });
    expect(running.asked[1]?.turn.functionResponses?.map(({ id }) => id)).toEqual(['one', 'two']);
  });

  it('refuses audio while it blocks on 2.5 native audio alone, and only where told to', () => {
    const heard = (model: string, audioDuringToolCall: 'taken' | 'refused', setup = blocking('f')) =>
      bench({ audioDuringToolCall }, { model, ...setup })
        .say('go')
        .speak(quiet(0.1)).closed?.code;
    const native = 'models/gemini-2.5-flash-native-audio-latest';
    expect(heard(native, 'refused')).toBe(1007);
    expect(heard(native, 'taken')).toBeUndefined();
    expect(heard(native, 'refused', nonBlocking('f'))).toBeUndefined();
    expect(heard('models/gemini-3.8-live', 'refused')).toBeUndefined();
  });
});
