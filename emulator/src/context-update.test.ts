import type { ClientMessage, LiveSetup } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { functionTools } from '../test-support/functions.ts';
import { type BenchOptions, SessionBench } from '../test-support/session-bench.ts';
import type { Answer } from './answer.ts';
import { keyPass, type SessionPass } from './session-pass.ts';
import type { SetupLock } from './setup-lock.ts';

const tone: Answer = [{ audio: { samples: new Int16Array(48_000), rateHz: 24_000 } }];
const instruction = (text: string) => ({ parts: [{ text }] });
const update = (contextUpdate: Extract<ClientMessage, { contextUpdate: unknown }>['contextUpdate']) => ({
  contextUpdate,
});
const SETUP = { systemInstruction: instruction('at first'), tools: [{ googleSearch: {} }] };
const ready = (options: BenchOptions = {}, setup: Partial<LiveSetup> = SETUP): SessionBench =>
  SessionBench.ready(setup, { answer: () => tone, ...options });
const inForce = (bench: SessionBench) =>
  bench.asked.map(({ context }) => context.setup.systemInstruction?.parts?.[0]?.text);

describe('contextUpdate', () => {
  it('replaces what it names and leaves the rest', () => {
    const bench = ready()
      .send(update({ tools: { tools: functionTools({ f: undefined }) } }))
      .say('go');
    expect(bench.asked[0]?.context.setup).toMatchObject({
      systemInstruction: instruction('at first'),
      tools: [{ functionDeclarations: [{ name: 'f' }] }],
    });
    bench.send(update({ systemInstruction: instruction('then') })).say('go');
    expect(bench.asked[1]?.context.setup).toMatchObject({
      systemInstruction: instruction('then'),
      tools: [{ functionDeclarations: [{ name: 'f' }] }],
    });
  });

  it('clears the tools with an empty list, and only then', () => {
    const tools = (bench: SessionBench) => bench.say('go').asked.at(-1)?.context.setup.tools;
    expect(tools(ready().send(update({ tools: { tools: [] } })))).toEqual([]);
    expect(tools(ready().send(update({ tools: {} })))).toEqual([]);
    expect(tools(ready().send(update({})))).toEqual(SETUP.tools);
  });

  it('sends nothing in answer', () => {
    expect(ready().send(update({ systemInstruction: instruction('then') })).outline).toEqual([
      'setupComplete',
    ]);
  });

  it('is for the turns that end after it', () => {
    const realtimeInputConfig = { activityHandling: 'NO_INTERRUPTION' };
    const bench = ready({}, { ...SETUP, realtimeInputConfig })
      .send({ realtimeInput: { text: 'one' } })
      .send({ realtimeInput: { text: 'two' } })
      .send(update({ systemInstruction: instruction('then') }))
      .send({ realtimeInput: { text: 'three' } })
      .advance(10_000);
    expect(bench.asked.map(({ turn }) => turn.text)).toEqual(['one', 'two', 'three']);
    expect(inForce(bench)).toEqual(['at first', 'at first', 'then']);
  });

  it('does not reach a turn that waits for its functions', () => {
    const tools = functionTools({ f: 'BLOCKING' });
    const answer: BenchOptions['answer'] = ({ cause }) =>
      cause === 'tool-response' ? tone : [{ toolCall: { name: 'f', id: 'one' } }];
    const bench = ready({ answer }, { ...SETUP, tools }).say('go');
    bench.send(update({ systemInstruction: instruction('then'), tools: { tools: [] } }));
    bench.send({ toolResponse: { functionResponses: [{ id: 'one', name: 'f' }] } });
    expect(inForce(bench)).toEqual(['at first', 'at first']);
  });

  it('decides from then on how functions are called and what an answer may tell', () => {
    const answer = (): Answer => [{ toolCall: { name: 'f' } }, { grounding: {} }, ...tone];
    const bench = ready({ answer }, { tools: functionTools({ f: 'BLOCKING' }) }).say('go');
    expect(bench.outline).toEqual(['setupComplete', 'toolCall']);
    const tools = [...functionTools({ f: 'NON_BLOCKING' }), { googleSearch: {} }];
    bench
      .send(update({ tools: { tools } }))
      .say('go')
      .advance(5_000);
    expect(bench.outline.slice(-5)).toEqual([
      ...['toolCall', 'groundingMetadata', 'audio', 'generationComplete', 'turnComplete'],
    ]);
  });

  it('is judged as the tools of a setup are', () => {
    const [model, unknown] = ['models/gemini-3.1-flash-live-preview', functionTools({ f: 'SOMETIMES' })];
    const sent = (tools: ReturnType<typeof functionTools>, unsupportedBehavior: 'ignored' | 'refused') =>
      ready({ unsupportedBehavior }, { model }).send(update({ tools: { tools } }));
    expect(sent(unknown, 'ignored').closed).toMatchObject({ code: 1007, condition: 'invalid-field' });
    const asynchronous = functionTools({ f: 'NON_BLOCKING' });
    expect(sent(asynchronous, 'refused').closed).toMatchObject({ condition: 'invalid-field' });
    const warned = sent(asynchronous, 'ignored');
    expect(warned.closed).toBeUndefined();
    expect(warned.warnings.at(-1)).toContain('NON_BLOCKING is ignored');
  });
});

describe.each([true, false])('lockCoversContextUpdate: %s', (lockCoversContextUpdate) => {
  const locked = (paths: SetupLock['paths']): SessionPass => ({
    ...keyPass('a key'),
    lock: { paths, setup: { model: 'models/gemini-3.8-live', ...SETUP } },
  });
  const updated = (paths: SetupLock['paths']) =>
    ready({ pass: locked(paths), lockCoversContextUpdate })
      .send(update({ systemInstruction: instruction('then'), tools: { tools: [] } }))
      .say('go');
  const outcome = (bench: SessionBench) => ({
    instruction: inForce(bench)[0],
    tools: bench.asked[0]?.context.setup.tools?.length,
    warnings: bench.warnings.length,
  });

  it.each([
    ['a whole setup', 'all'],
    ['instruction and tools', ['systemInstruction', 'tools']],
    ['parts of the instruction, and tools', ['systemInstruction.parts', 'tools']],
  ] as const)('a token that locks %s keeps them only if the lock covers updates', (_, paths) => {
    expect(outcome(updated(paths))).toEqual(
      lockCoversContextUpdate
        ? { instruction: 'at first', tools: 1, warnings: 2 }
        : { instruction: 'then', tools: 0, warnings: 0 },
    );
  });

  it('a token that locks the tools alone leaves the instruction free', () => {
    expect(outcome(updated(['tools']))).toMatchObject({
      instruction: 'then',
      tools: lockCoversContextUpdate ? 1 : 0,
    });
  });

  it('a token that locks neither leaves both free', () => {
    expect(outcome(updated(['model']))).toEqual({ instruction: 'then', tools: 0, warnings: 0 });
  });

  it('the session goes on', () => {
    expect(updated('all').advance(5_000).outline.at(-1)).toBe('turnComplete');
  });
});
