import type { ServerMessage } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { AIError } from './errors.ts';
import type { KeepingModule, KeepingSource } from './keeper-loader.ts';
import { INTERNALS, LiveSession } from './live-session.ts';
import type { SessionResumptionConfig } from './live-types.ts';
import * as sessionKeeper from './session-keeper.ts';
import { SessionRunner } from './session-runner.ts';
import { type ScriptedSocket, ScriptedStage, scriptedAI, settled } from './testing.ts';

/** A file that arrives, or fails to, when it is told. */
function slowFile() {
  const waiting: { resolve(module: KeepingModule): void; reject(error: Error): void }[] = [];
  let here: KeepingModule | undefined;
  const source: KeepingSource = {
    here: () => here,
    load: () => new Promise((resolve, reject) => void waiting.push({ resolve, reject })),
  };
  return {
    source,
    get asked() {
      return waiting.length;
    },
    async arrive() {
      here = sessionKeeper;
      for (const each of waiting.splice(0)) each.resolve(sessionKeeper);
      await settled();
    },
    async fail() {
      for (const each of waiting.splice(0)) each.reject(new TypeError('Failed to fetch'));
      await settled();
    },
  };
}

async function open(options: { readonly resumption?: SessionResumptionConfig; leaseSeconds?: number } = {}) {
  const stage = new ScriptedStage({ leaseSeconds: options.leaseSeconds ?? 120 });
  const file = slowFile();
  const runner = await SessionRunner.start({
    app: scriptedAI().app,
    callables: { region: 'us-central1', limitedUseAppCheckTokens: false },
    start: { op: 'start', model: 'gemini-3.8-live', backend: 'google-ai' },
    wished: {},
    readsTranscript: false,
    resumption: options.resumption,
    source: stage.tokens.source,
    reporter: stage.tokens.reporter,
    farewell: undefined,
    keepsakes: undefined,
    watch: undefined,
    emulators: new Set(),
    clock: stage.clock,
    random: () => 0.5,
    openSocket: stage.server.openSocket,
    timeoutMs: 15_000,
    keeping: file.source,
  });
  return { stage, file, runner, session: new LiveSession(runner) };
}

const USED: ServerMessage = {
  usageMetadata: {
    promptTokenCount: 3,
    responseTokenCount: 4,
    totalTokenCount: 7,
    promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 3 }],
    responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 4 }],
  },
};

describe('a session whose keeper is still on its way', () => {
  it('is open and talks', async () => {
    const { stage, file, session } = await open();
    expect(file.asked).toBe(1);
    const yielded = session.receive();
    await session.sendTextRealtime('hello');
    stage.server.last.say({ serverContent: { modelTurn: { parts: [{ text: 'hi' }] } } });
    expect((await yielded.next()).value).toMatchObject({ type: 'serverContent' });
    expect(stage.server.last.received.at(-1)).toEqual({ realtimeInput: { text: 'hello' } });
    expect(session.diagnostics()).toMatchObject({ state: 'open' });
  });

  it('counts what was used and tells what was said before it, in order, once it is there', async () => {
    const { stage, file, session } = await open();
    const told: unknown[] = [];
    session.on('transcript', ({ turn }) => told.push(turn));
    session.on('usage', () => told.push('usage'));
    stage.server.last.say({ serverContent: { outputTranscription: { text: 'one ' } }, ...USED });
    stage.server.last.say({ serverContent: { outputTranscription: { text: 'two' } } });
    stage.server.last.say(USED);
    expect(told).toEqual([]);
    await file.arrive();
    expect(told).toEqual(['usage', 'one ', 'one two', 'usage']);
    await session.close();
    await settled();
    expect(stage.tokens.reports.at(-1)).toMatchObject({ final: true, quality: { closeCode: 1000 } });
    expect(stage.tokens.reports.at(-1)?.totals).toMatchObject({ turns: 2 });
  });

  it('notes things with the times at which they happened', async () => {
    const { stage, file, session } = await open();
    await stage.clock.advance(2_000);
    stage.server.last.say({ serverContent: { interrupted: true } });
    await stage.clock.advance(5_000);
    await file.arrive();
    await session.close();
    await settled();
    const events = stage.tokens.reports.at(-1)?.events ?? [];
    const at = (type: string) => events.find((each) => each.type === type)?.at ?? Number.NaN;
    expect(at('interrupted') - at('connected')).toBe(2_000);
    expect(at('closed') - at('connected')).toBe(7_000);
  });

  it('reports a session that was closed before it came', async () => {
    const { stage, file, session } = await open();
    stage.server.last.say(USED);
    await session.close();
    expect(stage.tokens.reports).toEqual([]);
    await file.arrive();
    expect(stage.tokens.reports).toMatchObject([{ final: true }]);
    expect(stage.clock.pending).toBe(0);
  });

  it('stays closed where it was closed before the keeper heard that the server goes', async () => {
    const { stage, file, session } = await open();
    const states: unknown[] = [];
    session.on('state', (state) => states.push(state));
    stage.server.last.say({ goAway: { timeLeft: '30s' } });
    await stage.clock.advance(95_000);
    stage.server.last.say(USED);
    await session.close();
    await file.arrive();
    await stage.clock.advance(100);
    expect(states).toEqual([{ state: 'closed', cause: { reason: 'app' } }]);
    // Nor is a token asked for: the lease was due to be renewed when the session ended.
    expect(stage.tokens.requests).toHaveLength(1);
  });

  it('swaps in time, however late it comes within the lease', async () => {
    const { stage, file, session } = await open();
    stage.server.last.say({ sessionResumptionUpdate: { newHandle: 'h', resumable: true } });
    await stage.clock.advance(80_000);
    await file.arrive();
    await stage.clock.advance(35_000);
    expect(stage.tokens.requests.map(({ op }) => op)).toEqual(['start', 'renew']);
    expect(stage.server.last.setup?.sessionResumption).toEqual({ handle: 'h' });
    expect(session.isClosed).toBe(false);
  });

  it('holds what is sent after a drop, and comes back with it', async () => {
    const { stage, file, session } = await open();
    stage.server.last.say({ sessionResumptionUpdate: { newHandle: 'h', resumable: true } });
    stage.server.last.end(1006);
    const sent = session.sendTextRealtime('still here');
    expect(session.isClosed).toBe(false);
    await file.arrive();
    await stage.clock.advance(1_000);
    await sent;
    expect(stage.server.sockets.length).toBe(2);
    expect(stage.server.last.received.at(-1)).toEqual({ realtimeInput: { text: 'still here' } });
  });
});

describe('what was sent before the keeper came', () => {
  const texts = (socket: ScriptedSocket) =>
    socket.received.flatMap((message) =>
      'realtimeInput' in message ? (message.realtimeInput.text ?? []) : [],
    );

  it('is sent again after a drop where nobody answered it, and only there', async () => {
    const { stage, file, session } = await open();
    await session.sendTextRealtime('answered');
    stage.server.last.say({ serverContent: { modelTurn: { parts: [{ text: 'yes' }] } } });
    stage.server.last.say({ serverContent: { turnComplete: true } });
    stage.server.last.say({ sessionResumptionUpdate: { newHandle: 'h', resumable: true } });
    await session.sendTextRealtime('unanswered');
    stage.server.last.end(1006);
    const held = session.sendTextRealtime('held');
    await file.arrive();
    await stage.clock.advance(1_000);
    await held;
    expect(texts(stage.server.last)).toEqual(['unanswered', 'held']);
  });

  it('keeps its sound: speech goes out once at first, and again after a drop', async () => {
    const { stage, file, session } = await open();
    const loud = new Uint8Array(
      Int16Array.from({ length: 320 }, (_, at) => (at % 16 < 8 ? 9_000 : -9_000)).buffer,
    );
    const sounds = () =>
      stage.server.last.received.filter((each) => 'realtimeInput' in each && each.realtimeInput.audio).length;
    for (let frame = 0; frame < 50; frame++) {
      session[INTERNALS].sendPcm(loud);
      await stage.clock.advance(20);
    }
    expect(sounds()).toBe(50);
    stage.server.last.end(1006);
    await file.arrive();
    await stage.clock.advance(1_000);
    expect(stage.server.sockets.length).toBe(2);
    expect(sounds()).toBe(50);
  });

  it('fails with the session where it was held', async () => {
    const { stage, session } = await open();
    stage.server.last.end(1006);
    const held = session.sendTextRealtime('held').catch((error: unknown) => error);
    await session.close();
    expect(await held).toMatchObject({ code: 'request-error' });
  });
});

describe('a session whose keeper cannot be fetched', () => {
  const giveUp = async ({ stage, file }: Awaited<ReturnType<typeof open>>) => {
    for (let tries = 0; tries < 6; tries++) {
      await file.fail();
      await stage.clock.advance(16_000);
    }
  };

  it('asks again, further apart each time, and works once it comes', async () => {
    const it = await open();
    await it.file.fail();
    expect(it.file.asked).toBe(0);
    await it.stage.clock.advance(500);
    expect(it.file.asked).toBe(1);
    await it.file.fail();
    await it.stage.clock.advance(999);
    expect(it.file.asked).toBe(0);
    await it.stage.clock.advance(1);
    await it.file.arrive();
    expect(it.session.diagnostics()).toMatchObject({ leaseIndex: 0 });
  });

  it('says so once, talks on, and ends with its connection', async () => {
    const it = await open();
    const warned: string[] = [];
    const states: unknown[] = [];
    it.session.on('warning', ({ message }) => warned.push(message));
    it.session.on('state', (state) => states.push(state));
    await giveUp(it);
    expect(warned).toEqual([expect.stringContaining('could not be fetched')]);
    await it.session.sendTextRealtime('hello');
    expect(it.stage.server.last.received.at(-1)).toEqual({ realtimeInput: { text: 'hello' } });
    it.stage.server.last.end(1006, 'gone');
    expect(it.session.isClosed).toBe(true);
    expect(states).toEqual([{ state: 'closed', cause: { reason: 'lost', code: 1006, detail: 'gone' } }]);
  });

  it('ends at once where its connection was lost meanwhile, or an operator stops it', async () => {
    const lost = await open();
    lost.stage.server.last.end(1000);
    expect(lost.session.isClosed).toBe(false);
    await giveUp(lost);
    expect(lost.session.isClosed).toBe(true);
    const stopped = await open();
    await giveUp(stopped);
    stopped.runner.stop({ reason: 'revoked' });
    expect(stopped.session.isClosed).toBe(true);
  });

  it('rejects resumeSession() with fetch-error, and carries it out once it can be fetched', async () => {
    const it = await open({ resumption: {} });
    const refused = it.session.resumeSession({ handle: 'h' }).catch((error: unknown) => error);
    await it.file.fail();
    expect(await refused).toBeInstanceOf(AIError);
    expect(await refused).toMatchObject({ code: 'fetch-error' });
    const resumed = it.session.resumeSession({ handle: 'h' });
    await it.file.arrive();
    await resumed;
    expect(it.stage.server.last.setup?.sessionResumption).toEqual({ handle: 'h' });
  });

  it('remembers a minute of 10 ms frames, and of their audio what may be sent again', async () => {
    const { stage, file, session } = await open();
    const loud = new Uint8Array(
      Int16Array.from({ length: 160 }, (_, at) => (at % 16 < 8 ? 9_000 : -9_000)).buffer,
    );
    for (let frame = 0; frame < 6_000; frame++) {
      session[INTERNALS].sendPcm(loud);
      if (frame % 2 === 0) stage.server.last.say(USED);
    }
    stage.server.last.end(1006);
    await file.arrive();
    await stage.clock.advance(1_000);
    expect(session.isClosed).toBe(false);
    expect(stage.server.last.received.filter((each) => 'realtimeInput' in each)).toHaveLength(3_000);
  });

  it('remembers only so much for it', async () => {
    const it = await open();
    for (let at = 0; at < 8_200; at++) it.stage.server.last.say(USED);
    const used: unknown[] = [];
    it.session.on('usage', (usage) => used.push(usage));
    await it.file.arrive();
    expect(used).toEqual([]);
    expect(it.session.isClosed).toBe(false);
    it.stage.server.last.end(1006);
    expect(it.session.isClosed).toBe(true);
  });
});
