import {
  type ReportEvent,
  readTimelineDetail,
  readUsageReport,
  type ServerMessage,
  type UsageReport,
} from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { pcmTone } from '../test-support/tones.ts';
import { INTERNALS } from './live-session.ts';
import { ScriptedStage } from './testing.ts';

const usage = (audio: number) => ({
  promptTokenCount: audio,
  responseTokenCount: 10,
  totalTokenCount: audio + 10,
  promptTokensDetails: [{ modality: 'AUDIO', tokenCount: audio }],
  responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 10 }],
});
const used = (audio: number) => ({
  prompt: { AUDIO: audio },
  response: { AUDIO: 10 },
  total: audio + 10,
});
const sound: ServerMessage = {
  serverContent: {
    modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data: 'AAA=' } }] },
  },
};
const complete: ServerMessage = { serverContent: { turnComplete: true } };
const state: ServerMessage = { sessionResumptionUpdate: { newHandle: 'secret-handle', resumable: true } };

async function open(leaseSeconds = 600) {
  const stage = new ScriptedStage({ leaseSeconds });
  const session = await stage.connect();
  const say = (...messages: readonly ServerMessage[]) => {
    for (const message of messages) stage.server.last.say(message);
  };
  /** 20 ms frames of a microphone, loud or silent. */
  const speak = async (ms: number, level: number) => {
    const samples = pcmTone(300, { rateHz: 16_000, seconds: 0.02, level });
    for (let spoken = 0; spoken < ms; spoken += 20) {
      session[INTERNALS].sendPcm(new Uint8Array(samples.buffer));
      await stage.clock.advance(20);
    }
  };
  /** Lines of all reports, as the functions read them. */
  const lines = async (type?: string) => {
    await session.close();
    await stage.clock.advance(0);
    return linesOf(stage.tokens.reports).filter((line) => type === undefined || line.type === type);
  };
  return { stage, session, say, speak, lines };
}

/** Every line must be one that the table has. */
function linesOf(reports: readonly UsageReport[]) {
  const events = reports.flatMap((report): readonly ReportEvent[] => {
    const sent: unknown = JSON.parse(JSON.stringify(report));
    return readUsageReport(sent).events ?? [];
  });
  return events.map(({ type, detail, at }) => {
    const line = readTimelineDetail(type, detail);
    expect(line, `${type} ${JSON.stringify(detail)}`).toBeDefined();
    expect(line?.detail).toEqual(detail ?? {});
    return { type, detail: line?.detail ?? {}, at: at - 1_700_000_000_000 };
  });
}

describe('a turn', () => {
  it('is told with what it used and how long a text waited for its first sound', async () => {
    const { stage, session, say, lines } = await open();
    await session.sendTextRealtime('hello');
    await stage.clock.advance(400);
    say({ serverContent: { inputTranscription: { text: 'hello' } } }, sound);
    await stage.clock.advance(1_600);
    say(sound, complete);
    await stage.clock.advance(300);
    say({ usageMetadata: usage(100) });
    await stage.clock.advance(5_000);
    expect(await lines('turn')).toEqual([
      { type: 'turn', detail: { answerMs: 400, usage: used(100) }, at: 2_000 },
    ]);
  });

  it('has waited from the last loud moment of speech, not from where the ear was sure that it is over', async () => {
    const { stage, speak, say, lines } = await open();
    await speak(600, 0.3);
    await speak(260, 0);
    say(sound);
    await speak(100, 0);
    say({ ...complete, usageMetadata: usage(5) });
    await speak(600, 0.3);
    await speak(700, 0);
    await stage.clock.advance(120);
    say(sound, { ...complete, usageMetadata: usage(6) });
    const waits = (await lines('turn')).map(({ detail }) => detail);
    // 20 ms are one frame: it is known of once it was sent.
    expect(waits).toEqual([
      { answerMs: 280, usage: used(5) },
      { answerMs: 840, usage: used(6) },
    ]);
  });

  it('has no wait where nobody asked: after a click, noise long ago, or content without a question', async () => {
    const { stage, session, speak, say, lines } = await open();
    await speak(40, 0.3);
    await speak(300, 0);
    say(sound, { ...complete, usageMetadata: usage(1) });
    await speak(200, 0.3);
    await speak(600, 0);
    await stage.clock.advance(11_000);
    say(sound, { ...complete, usageMetadata: usage(2) });
    await session.send('context', false);
    say(sound, { ...complete, usageMetadata: usage(3) });
    await session.send('question');
    await stage.clock.advance(70);
    say(sound, { ...complete, usageMetadata: usage(4) });
    say(sound, { ...complete, usageMetadata: usage(5) });
    expect((await lines('turn')).map(({ detail }) => detail)).toEqual([
      { usage: used(1) },
      { usage: used(2) },
      { usage: used(3) },
      { answerMs: 70, usage: used(4) },
      { usage: used(5) },
    ]);
  });

  it('waits for text that can be read, not for thoughts or a tool', async () => {
    const { stage, session, say, lines } = await open();
    await session.sendTextRealtime('go');
    await stage.clock.advance(100);
    say({ serverContent: { modelTurn: { parts: [{ text: 'hm', thought: true }] } } });
    await stage.clock.advance(100);
    say({ toolCall: { functionCalls: [{ id: 'call-1', name: 'look' }] } });
    await stage.clock.advance(100);
    await session.sendFunctionResponses([{ id: 'call-1', name: 'look', response: {} }]);
    await stage.clock.advance(100);
    say({ serverContent: { modelTurn: { parts: [{ text: 'yes' }] } } }, complete, {
      usageMetadata: usage(9),
    });
    expect((await lines('turn')).map(({ detail }) => detail)).toEqual([{ answerMs: 400, usage: used(9) }]);
  });

  it('that the user cut off is told as interrupted, with the moment of it, and the next one is not', async () => {
    const { stage, say, lines } = await open();
    say(sound);
    await stage.clock.advance(1_000);
    say({ serverContent: { interrupted: true } }, { ...complete, usageMetadata: usage(20) });
    say(sound, { ...complete, usageMetadata: usage(30) });
    const told = await lines();
    expect(told.map(({ type }) => type)).toEqual(['connected', 'interrupted', 'turn', 'turn', 'closed']);
    expect(told[1]).toMatchObject({ at: 1_000 });
    expect(told.slice(2, 4).map(({ detail }) => detail)).toEqual([
      { interrupted: true, usage: used(20) },
      { usage: used(30) },
    ]);
  });

  it('is told where its end or its usage never comes, and usage where its turn never came: the sum is the bill', async () => {
    const { stage, session, say, lines } = await open();
    say(sound, complete);
    say(sound, { serverContent: { interrupted: true } });
    say(sound, { usageMetadata: usage(1) }, { usageMetadata: usage(2) }, complete);
    say({ usageMetadata: usage(4) });
    await session.close();
    const told = (await lines('turn')).map(({ detail }) => detail);
    expect(told).toEqual([
      {},
      { interrupted: true },
      { usage: { prompt: { AUDIO: 3 }, response: { AUDIO: 20 }, total: 23 } },
      { usage: used(4) },
    ]);
    expect(stage.tokens.reports.at(-1)?.totals.prompt).toEqual({ AUDIO: 7 });
  });

  it('is no turn where nothing was said or used', async () => {
    const { say, lines } = await open();
    say({ serverContent: { interrupted: true } }, complete, complete);
    expect((await lines()).map(({ type }) => type)).toEqual(['connected', 'interrupted', 'closed']);
  });

  it('gives its wait to the quality of its connection: how many, and the median', async () => {
    const { stage, session, say } = await open();
    for (const wait of [300, 100, 5_000]) {
      await session.sendTextRealtime('go');
      await stage.clock.advance(wait);
      say(sound, { ...complete, usageMetadata: usage(1) });
    }
    await session.close();
    expect(stage.tokens.reports.at(-1)?.quality).toMatchObject({ answers: 3, answerMs: 300 });
  });
});

describe('a tool call', () => {
  const call = (...ids: readonly string[]): ServerMessage => ({
    toolCall: { functionCalls: ids.map((id) => ({ id, name: `tool_${id}`, args: { secret: 'argument' } })) },
  });

  it('is told by name, time and outcome, and never with its arguments or its result', async () => {
    const { stage, session, say, lines } = await open();
    say(call('a', 'b', 'c', 'd'));
    await stage.clock.advance(200);
    await session.sendFunctionResponses([{ id: 'a', name: 'tool_a', response: { secret: 'result' } }]);
    await session.sendFunctionResponses([{ id: 'b', name: 'tool_b', response: { error: 'secret reason' } }]);
    await session.sendFunctionResponses([{ id: 'zz', name: 'tool_zz', response: {} }]);
    say({ toolCallCancellation: { ids: ['c'] } });
    await stage.clock.advance(300);
    expect((await lines('tool-call')).map(({ detail }) => detail)).toEqual([
      { name: 'tool_a', ms: 200, outcome: 'answered' },
      { name: 'tool_b', ms: 200, outcome: 'failed' },
      { name: 'tool_c', ms: 200, outcome: 'cancelled' },
      { name: 'tool_d', ms: 500, outcome: 'cancelled' },
    ]);
    expect(JSON.stringify(stage.tokens.reports)).not.toContain('secret');
  });

  it('that no state knows any more is cancelled in the book of the next connection', async () => {
    const { stage, say, lines } = await open();
    say(state, call('late'));
    stage.server.last.end(1011);
    await stage.clock.advance(1_000);
    const told = await lines();
    expect(told.map(({ type }) => type)).toEqual([
      ...['connected', 'turn', 'cut', 'closed', 'tool-call', 'resumed', 'connected', 'closed'],
    ]);
    expect(told[1]?.detail).toEqual({ cut: true });
    expect(told[4]?.detail).toMatchObject({ name: 'tool_late', outcome: 'cancelled' });
  });

  it('has a name of so many characters at most', async () => {
    const { session, say, lines } = await open();
    say({ toolCall: { functionCalls: [{ id: 'x', name: 'n'.repeat(500) }] } });
    await session.sendFunctionResponses([{ id: 'x', name: 'n', response: {} }]);
    expect((await lines('tool-call'))[0]?.detail).toMatchObject({ name: 'n'.repeat(64) });
  });
});

describe('a connection', () => {
  it('is told with its lease and the time it took, and with the code it was closed with', async () => {
    const stage = new ScriptedStage({ leaseSeconds: 600 });
    stage.server.welcomes.push('open-only');
    const opening = stage.connect();
    await stage.clock.advance(250);
    stage.server.last.say({ setupComplete: {} });
    const session = await opening;
    stage.server.last.say(state);
    stage.server.last.end(1011, 'secret');
    await stage.clock.advance(1_000);
    stage.server.last.end(1007, 'secret');
    await stage.clock.advance(0);
    expect(session.isClosed).toBe(true);
    const details = linesOf(stage.tokens.reports).map(({ type, detail }) => ({ type, ...detail }));
    expect(details).toEqual([
      { type: 'connected', leaseIndex: 0, connectMs: 250 },
      { type: 'closed', why: 'drop', code: 1011 },
      { type: 'resumed', stateRestored: true },
      { type: 'connected', leaseIndex: 0, connectMs: expect.any(Number) },
      { type: 'closed', why: 'refused', code: 1007 },
    ]);
    expect(JSON.stringify(stage.tokens.reports)).not.toContain('secret');
  });

  it('whose lease ends is closed for the next, which is told as swapped', async () => {
    const { stage, say, lines } = await open(60);
    say(state);
    await stage.clock.advance(31_000);
    const told = await lines();
    expect(told.map(({ type, detail }) => ({ type, ...detail }))).toMatchObject([
      { type: 'connected', leaseIndex: 0 },
      { type: 'closed', why: 'lease', code: 1000 },
      { type: 'swapped', stateRestored: true },
      { type: 'connected', leaseIndex: 1 },
      { type: 'closed', why: 'app', code: 1000 },
    ]);
  });

  it('that is announced to end is told with the time it has left', async () => {
    const { say, lines } = await open();
    say({ goAway: { timeLeft: '7.5s' } });
    expect((await lines('go-away')).map(({ detail }) => detail)).toEqual([{ timeLeftMs: 7_500 }]);
  });

  it('that an operator or a refusal ended is told with its code', async () => {
    const { stage, lines } = await open(60);
    stage.tokens.answer = { stop: { reason: 'revoked' } };
    await stage.clock.advance(120_000);
    expect((await lines('closed')).map(({ detail }) => detail)).toEqual([
      { why: 'stopped', code: 1000, reason: 'revoked' },
    ]);
  });
});

describe('a report of many lines', () => {
  it('keeps room for what happens to the connection', async () => {
    const { stage, say, session } = await open();
    for (let turn = 0; turn < 150; turn++) say(sound, { ...complete, usageMetadata: usage(1) });
    say({ goAway: { timeLeft: '3s' } });
    await session.close();
    const told = linesOf(stage.tokens.reports).map(({ type }) => type);
    expect(told).toHaveLength(82);
    expect(told.slice(-2)).toEqual(['go-away', 'closed']);
    expect(stage.tokens.reports.at(-1)?.totals.turns).toBe(150);
  });
});
