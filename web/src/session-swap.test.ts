import type { ClientMessage, ServerMessage } from '@livegate/protocol';
import { describe, expect, test } from 'vitest';
import { INTERNALS, type LiveSession } from './live-session.ts';
import type { LiveServerMessage } from './live-types.ts';
import type { LiveSessionEvents } from './session-events.ts';
import { refusal, type ScriptedSocket, ScriptedStage, settled } from './testing.ts';
import { PREROLL_MS } from './utterance-keeper.ts';

const FRAME_MS = 20;
const content = (text: string): ServerMessage => ({
  serverContent: { modelTurn: { role: 'model', parts: [{ text }] } },
});
const turnEnd: ServerMessage = { serverContent: { turnComplete: true } };
const handle = (newHandle: string): ServerMessage => ({
  sessionResumptionUpdate: { newHandle, resumable: true },
});

/** A frame whose first samples say its number; loud or soft. */
function frame(number: number, isLoud: boolean): Uint8Array {
  const samples = new Int16Array(FRAME_MS * 16).fill(isLoud ? 8_000 : 3);
  samples[0] = number;
  return new Uint8Array(samples.buffer);
}

function audioIn(socket: ScriptedSocket): number[] {
  return socket.received.flatMap((message: ClientMessage) => {
    const data = 'realtimeInput' in message ? message.realtimeInput.audio?.data : undefined;
    return data === undefined ? [] : [Buffer.from(data, 'base64').readInt16LE(0)];
  });
}

class Talk {
  readonly stage: ScriptedStage;
  readonly session: LiveSession;
  readonly got: LiveServerMessage[] = [];
  readonly events: { [K in keyof LiveSessionEvents]?: LiveSessionEvents[K][] } = {};
  #frames = 0;

  private constructor(stage: ScriptedStage, session: LiveSession) {
    this.stage = stage;
    this.session = session;
    void this.#receive();
    for (const type of ['state', 'cut', 'resumed', 'stop', 'toolResultDropped', 'unsent', 'quota'] as const)
      session.on(type, (event) => {
        const list = (this.events[type] ?? []) as unknown[];
        list.push(event);
        Object.assign(this.events, { [type]: list });
      });
  }

  static async start(options: { leaseSeconds?: number } = {}): Promise<Talk> {
    const stage = new ScriptedStage(options);
    return new Talk(stage, await stage.connect());
  }

  get ops(): string[] {
    return this.stage.tokens.requests.map(({ op }) => op);
  }

  get sockets(): ScriptedSocket[] {
    return this.stage.server.sockets;
  }

  /** Says something for `ms`, frame by frame, in time. */
  async say(ms: number, isLoud: boolean): Promise<void> {
    for (let said = 0; said < ms; said += FRAME_MS) {
      this.session[INTERNALS].sendPcm(frame(this.#frames++, isLoud));
      await this.stage.clock.advance(FRAME_MS);
    }
  }

  server(...messages: ServerMessage[]): void {
    for (const message of messages) this.stage.server.last.say(message);
  }

  async #receive(): Promise<void> {
    for await (const message of this.session.receive()) this.got.push(message);
    this.got.push({ type: 'serverContent', turnComplete: false });
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

describe('a lease’s end', () => {
  test('is met with a renewal and one swap at the first quiet moment', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    await talk.stage.clock.advance(89_999);
    expect(talk.ops).toEqual(['start']);
    await talk.stage.clock.advance(1_000);
    expect(talk.ops).toEqual(['start', 'renew']);
    expect(talk.sockets).toHaveLength(2);
    expect(talk.sockets[0]?.closedBy).toMatchObject({ code: 1000 });
    expect(talk.sockets[1]?.setup?.sessionResumption).toEqual({ handle: 'h1' });
    expect(talk.sockets[1]?.url).toContain('access_token=auth_tokens/0002');
    expect(talk.session.isClosed).toBe(false);
    expect(talk.events.state?.map(({ state }) => state)).toEqual(['swapping', 'open']);
    expect(talk.events.cut).toBeUndefined();
  });

  test('opens the next socket only when the old one is closed', async () => {
    const talk = await Talk.start();
    talk.stage.server.confirmsClose = false;
    await talk.stage.clock.advance(90_000);
    expect(talk.sockets[0]?.closedBy).toBeDefined();
    expect(talk.sockets).toHaveLength(1);
    await talk.stage.clock.advance(2_000);
    expect(talk.sockets).toHaveLength(2);
  });

  test('does not cut a turn of the model before it must', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'), content('a'));
    await talk.stage.clock.advance(100_000);
    expect(talk.ops).toEqual(['start', 'renew']);
    expect(talk.sockets).toHaveLength(1);
    talk.server(turnEnd);
    await settled();
    expect(talk.sockets).toHaveLength(1);
    talk.server(handle('h2'));
    await settled();
    expect(talk.sockets).toHaveLength(2);
    expect(talk.sockets[1]?.setup?.sessionResumption).toEqual({ handle: 'h2' });
  });

  test('cuts a turn five seconds before the end, says so, and ends the turn for who waits for it', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'), content('a'));
    await talk.stage.clock.advance(114_999);
    expect(talk.sockets).toHaveLength(1);
    await talk.stage.clock.advance(1);
    expect(talk.sockets).toHaveLength(2);
    expect(talk.events.cut).toEqual([{ by: 'lease' }]);
    expect(talk.got.at(-1)).toEqual({ type: 'serverContent', turnComplete: true, cut: 'lease' });
    expect(talk.sockets[1]?.setup?.sessionResumption).toEqual({ handle: 'h1' });
  });

  test('scales its margins for a short lease', async () => {
    const talk = await Talk.start({ leaseSeconds: 20 });
    talk.server(content('a'));
    await talk.stage.clock.advance(10_000);
    expect(talk.ops).toEqual(['start', 'renew']);
    await talk.stage.clock.advance(4_999);
    expect(talk.sockets).toHaveLength(1);
    await talk.stage.clock.advance(1);
    expect(talk.sockets).toHaveLength(2);
  });

  test('keeps every receive() going', async () => {
    const talk = await Talk.start();
    talk.server(content('before'), turnEnd, handle('h1'));
    const second = talk.session.receive();
    await talk.stage.clock.advance(90_000);
    expect(talk.sockets).toHaveLength(2);
    talk.server(content('after'));
    await settled();
    expect(talk.got.map((message) => JSON.stringify(message))).toEqual([
      expect.stringContaining('before'),
      expect.stringContaining('turnComplete'),
      expect.stringContaining('after'),
    ]);
    expect((await second.next()).value).toMatchObject({ modelTurn: { parts: [{ text: 'after' }] } });
  });
});

describe('microphone audio across a swap', () => {
  test('is all there, in order, and what is repeated is the silence before the swap', async () => {
    const talk = await Talk.start({ leaseSeconds: 20 });
    talk.server(handle('h1'));
    await talk.say(12_000, false);
    const [first, second] = talk.sockets.map(audioIn);
    const swapAt = (first?.at(-1) ?? 0) + 1;
    const preroll = PREROLL_MS / FRAME_MS;
    expect(first).toEqual(range(0, swapAt));
    expect(second).toEqual(range(swapAt - preroll, 12_000 / FRAME_MS));
    expect(talk.events.resumed).toEqual([{ stateRestored: true, resentMs: PREROLL_MS }]);
  });

  test('waits with the swap while somebody speaks, and repeats the unfinished utterance when it must go', async () => {
    const talk = await Talk.start({ leaseSeconds: 20 });
    talk.server(handle('h1'));
    await talk.say(9_000, false);
    await talk.say(8_000, true);
    expect(talk.sockets).toHaveLength(2);
    const [first, second] = talk.sockets.map(audioIn);
    const spokeFrom = 9_000 / FRAME_MS;
    expect(first).toEqual(range(0, 15_000 / FRAME_MS));
    expect(second).toEqual(range(spokeFrom - PREROLL_MS / FRAME_MS + 1, 17_000 / FRAME_MS));
    expect(talk.events.cut).toBeUndefined();
  });

  test('swaps once what was said is answered', async () => {
    const talk = await Talk.start({ leaseSeconds: 20 });
    talk.server(handle('h1'));
    await talk.say(9_000, true);
    await talk.say(2_000, false);
    expect(talk.sockets).toHaveLength(1);
    talk.server(content('a'), turnEnd, handle('h2'));
    await settled();
    expect(talk.sockets).toHaveLength(2);
    expect(audioIn(talk.stage.server.last)).toHaveLength(PREROLL_MS / FRAME_MS);
  });

  test('waits ten seconds for an answer to what may have been noise, not until it must go', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    await talk.stage.clock.advance(89_000);
    await talk.say(2_000, true);
    await talk.say(600, false);
    await talk.stage.clock.advance(9_800);
    expect(talk.sockets).toHaveLength(1);
    await talk.stage.clock.advance(200);
    expect(talk.sockets).toHaveLength(2);
  });

  test('is held while the next socket opens, and sent after what is repeated', async () => {
    const talk = await Talk.start({ leaseSeconds: 20 });
    talk.server(handle('h1'));
    await talk.say(9_980, false);
    talk.stage.server.welcomes.push('open-only');
    await talk.say(520, false);
    expect(talk.sockets).toHaveLength(2);
    expect(audioIn(talk.stage.server.last)).toEqual([]);
    talk.server({ setupComplete: {} });
    await settled();
    const [first, second] = talk.sockets.map(audioIn);
    expect(new Set([...(first ?? []), ...(second ?? [])])).toEqual(new Set(range(0, 10_500 / FRAME_MS)));
    expect(second).toEqual([...(second ?? [])].sort((a, b) => a - b));
  });

  test('keeps thirty seconds of it while no connection comes, and says what is gone', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    talk.stage.server.welcomes.push('silent', 'silent', 'silent');
    await talk.stage.clock.advance(90_000);
    await talk.say(31_000, false);
    const lost = talk.events.unsent?.reduce((sum, { ms }) => sum + ms, 0);
    expect(lost).toBe(1_000);
  });
});

describe('other messages in a swap', () => {
  test('are held and go out in order once the new connection is ready', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    talk.stage.server.welcomes.push('open-only');
    await talk.stage.clock.advance(90_000);
    const sent = [talk.session.send('one'), talk.session.sendTextRealtime('two')];
    let done = false;
    void Promise.all(sent).then(() => {
      done = true;
    });
    await settled();
    expect(done).toBe(false);
    expect(talk.session.isClosed).toBe(false);
    talk.server({ setupComplete: {} });
    await settled();
    expect(done).toBe(true);
    expect(talk.stage.server.last.received.slice(1)).toMatchObject([
      { clientContent: { turns: [{ parts: [{ text: 'one' }] }] } },
      { realtimeInput: { text: 'two' } },
    ]);
  });

  test('a text without an answer goes out again, an answered one does not', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    await talk.session.send('answered');
    talk.server(content('a'), turnEnd, handle('h2'));
    await talk.session.send('open');
    await talk.stage.clock.advance(115_000);
    expect(talk.stage.server.last.received.slice(1)).toMatchObject([
      { clientContent: { turns: [{ parts: [{ text: 'open' }] }] } },
    ]);
  });

  test('a tool that runs holds the swap back until it is answered', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'), { toolCall: { functionCalls: [{ id: 'c1', name: 'f' }] } });
    await talk.stage.clock.advance(100_000);
    expect(talk.sockets).toHaveLength(1);
    await talk.session.sendFunctionResponses([{ id: 'c1', name: 'f', response: {} }]);
    talk.server(content('a'), turnEnd, handle('h2'));
    await settled();
    expect(talk.sockets).toHaveLength(2);
  });

  test('a result that the resumed state does not hold goes out again, at every drop until a state holds it', async () => {
    const talk = await Talk.start();
    const response = { id: 'c1', name: 'f', response: { a: 1 } };
    const answers = (socket: ScriptedSocket | undefined) =>
      socket?.received.filter((message) => 'toolResponse' in message);
    talk.server({ toolCall: { functionCalls: [{ id: 'c1', name: 'f' }] } }, handle('h1'));
    await talk.session.sendFunctionResponses([response]);
    for (const socket of [1, 2]) {
      talk.stage.server.last.end(1006);
      await talk.stage.clock.advance(2_000);
      expect(talk.sockets[socket]?.setup?.sessionResumption).toEqual({ handle: 'h1' });
      expect(answers(talk.sockets[socket])).toEqual([{ toolResponse: { functionResponses: [response] } }]);
    }
    talk.server(content('a'), turnEnd, handle('h2'));
    talk.stage.server.last.end(1006);
    await talk.stage.clock.advance(2_000);
    expect(talk.sockets[3]?.setup?.sessionResumption).toEqual({ handle: 'h2' });
    expect(answers(talk.sockets[3])).toEqual([]);
  });

  test('a result whose call came after the resumed state is not sent again', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'), { toolCall: { functionCalls: [{ id: 'c1', name: 'f' }] } });
    await talk.session.sendFunctionResponses([{ id: 'c1', name: 'f', response: {} }]);
    talk.stage.server.last.end(1006);
    await talk.stage.clock.advance(2_000);
    expect(talk.sockets).toHaveLength(2);
    expect(talk.sockets[1]?.received).toHaveLength(1);
  });

  test('a result whose call the resumed state does not know is dropped, its call cancelled', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'), { toolCall: { functionCalls: [{ id: 'c1', name: 'f' }] } });
    await talk.stage.clock.advance(115_000);
    expect(talk.sockets).toHaveLength(2);
    expect(talk.got.at(-1)).toMatchObject({ type: 'toolCallCancellation', functionIds: ['c1'] });
    await talk.session.sendFunctionResponses([{ id: 'c1', name: 'f', response: {} }]);
    expect(talk.stage.server.last.received).toHaveLength(1);
    expect(talk.events.toolResultDropped).toEqual([{ id: 'c1' }]);
  });
});

describe('a renewal that is refused', () => {
  test('is asked again after the time it names, and the swap still comes in time', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    talk.stage.tokens.refusals.push(
      refusal('resource-exhausted', { reason: 'live-tokens', retryAfterMs: 4_000 }),
    );
    await talk.stage.clock.advance(93_999);
    expect(talk.ops).toEqual(['start', 'renew']);
    await talk.stage.clock.advance(1);
    expect(talk.ops).toEqual(['start', 'renew', 'renew']);
    expect(talk.sockets).toHaveLength(2);
  });

  test('under the same id when its answer got lost, under a new one when it was refused', async () => {
    const talk = await Talk.start();
    talk.stage.tokens.refusals.push(
      Object.assign(new Error('gone'), { code: 'functions/unavailable' }),
      refusal('aborted', { reason: 'contention', retryAfterMs: 100 }),
    );
    await talk.stage.clock.advance(100_000);
    const [, first, second, third] = talk.stage.tokens.requests.map(({ requestId }) => requestId);
    expect(second).toBe(first);
    expect(third).not.toBe(second);
  });

  test('for good lets the session live to its lease’s end', async () => {
    const talk = await Talk.start();
    talk.stage.tokens.refusals.push(
      undefined,
      refusal('resource-exhausted', { reason: 'minutes-day', retryAfterMs: 3_600_000 }),
    );
    talk.stage.tokens.refusals.shift();
    await talk.stage.clock.advance(119_999);
    expect(talk.session.isClosed).toBe(false);
    expect(talk.ops).toEqual(['start', 'renew']);
    await talk.stage.clock.advance(1);
    expect(talk.session.isClosed).toBe(true);
    expect(talk.events.state?.at(-1)).toEqual({
      state: 'closed',
      cause: { reason: 'lease-over', refusal: 'minutes-day' },
    });
    expect(talk.sockets[0]?.closedBy).toMatchObject({ code: 1000 });
  });
});

describe('a renewal that is slow', () => {
  /** A talk whose renewals wait until they are let through. */
  async function slow() {
    const stage = new ScriptedStage();
    let letThrough = (): void => {};
    const gate = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    const model = stage.model(
      {},
      {
        tokenSource: async (request) => {
          const answer = await stage.tokens.source(request);
          if (request.op === 'renew') await gate;
          return answer;
        },
      },
    );
    const session = await model.connect();
    stage.server.last.say(handle('h1'));
    return { stage, session, letThrough };
  }

  test('is asked for once, even when the connection breaks meanwhile', async () => {
    const { stage, session, letThrough } = await slow();
    await stage.clock.advance(101_000);
    stage.server.last.end(1006);
    await settled();
    letThrough();
    await settled();
    expect(stage.tokens.requests.map(({ op }) => op)).toEqual(['start', 'renew']);
    expect(stage.server.sockets).toHaveLength(2);
    expect(session.isClosed).toBe(false);
  });

  test('is used although the session has moved under the old token meanwhile', async () => {
    const { stage, letThrough } = await slow();
    await stage.clock.advance(95_000);
    stage.server.last.end(1006);
    await settled();
    expect(stage.server.sockets).toHaveLength(2);
    letThrough();
    await settled();
    expect(stage.tokens.requests.map(({ op }) => op)).toEqual(['start', 'renew']);
    expect(stage.server.sockets).toHaveLength(3);
    expect(stage.server.last.url).toContain('auth_tokens/0002');
  });

  test('is used although it comes while the session moves under the old token', async () => {
    const { stage, letThrough } = await slow();
    await stage.clock.advance(95_000);
    stage.server.welcomes.push('open-only');
    stage.server.last.end(1006);
    await settled();
    letThrough();
    await settled();
    expect(stage.server.sockets).toHaveLength(2);
    stage.server.last.say({ setupComplete: {} });
    await settled();
    expect(stage.tokens.requests.map(({ op }) => op)).toEqual(['start', 'renew']);
    expect(stage.server.sockets).toHaveLength(3);
    expect(stage.server.last.url).toContain('auth_tokens/0002');
  });

  test('holds what is said from the moment the token is dead until the next one is here', async () => {
    const { stage, session, letThrough } = await slow();
    await stage.clock.advance(120_000);
    expect(stage.server.sockets[0]?.closedBy).toMatchObject({ code: 1000 });
    const sent = session.send('held');
    expect(session.isClosed).toBe(false);
    letThrough();
    await sent;
    expect(stage.server.last.received.at(-1)).toMatchObject({
      clientContent: { turns: [{ parts: [{ text: 'held' }] }] },
    });
  });
});

describe('a server that goes away', () => {
  test('is left with the held token at the first quiet moment', async () => {
    const talk = await Talk.start({ leaseSeconds: 600 });
    talk.server(handle('h1'));
    await talk.stage.clock.advance(10_000);
    talk.server(content('a'), { goAway: { timeLeft: '60s' } });
    await talk.stage.clock.advance(5_000);
    expect(talk.sockets).toHaveLength(1);
    talk.server(turnEnd, handle('h2'));
    await settled();
    expect(talk.sockets).toHaveLength(2);
    expect(talk.ops).toEqual(['start']);
    expect(talk.sockets[1]?.url).toBe(talk.sockets[0]?.url);
    expect(talk.sockets[1]?.setup?.sessionResumption).toEqual({ handle: 'h2' });
  });

  test('is left in mid-turn before it is gone', async () => {
    const talk = await Talk.start({ leaseSeconds: 600 });
    talk.server(handle('h1'), content('a'), { goAway: { timeLeft: '60s' } });
    await talk.stage.clock.advance(54_999);
    expect(talk.sockets).toHaveLength(1);
    await talk.stage.clock.advance(1);
    expect(talk.sockets).toHaveLength(2);
    expect(talk.events.cut).toEqual([{ by: 'goAway' }]);
  });

  test('is left with a new token where there is no handle for the held one', async () => {
    const talk = await Talk.start({ leaseSeconds: 600 });
    talk.server({ goAway: { timeLeft: '30s' } });
    await talk.stage.clock.advance(50);
    expect(talk.ops).toEqual(['start', 'remint']);
    expect(talk.sockets.slice(1).map(({ url }) => url)).toEqual([
      expect.stringContaining('auth_tokens/0002'),
    ]);
  });

  test('a second time under the same token is left with a new one', async () => {
    const talk = await Talk.start({ leaseSeconds: 600 });
    talk.server(handle('h1'), { goAway: { timeLeft: '60s' } });
    await settled();
    talk.server(handle('h2'), { goAway: { timeLeft: '60s' } });
    await settled();
    expect(talk.ops).toEqual(['start', 'remint']);
    expect(talk.sockets).toHaveLength(3);
    expect(talk.sockets[2]?.url).toContain('auth_tokens/0002');
  });

  test('is left to an app that resumes by itself', async () => {
    const stage = new ScriptedStage({ leaseSeconds: 600 });
    const session = await stage.connect({});
    stage.server.last.say(handle('h1'));
    stage.server.last.say({ goAway: { timeLeft: '60s' } });
    await stage.clock.advance(60_000);
    expect(stage.server.sockets).toHaveLength(1);
    stage.server.last.end(1011);
    await settled();
    expect(stage.server.sockets).toHaveLength(2);
    expect(session.isClosed).toBe(false);
  });

  test('is left with a new token where the held one is refused', async () => {
    const talk = await Talk.start({ leaseSeconds: 600 });
    talk.server(handle('h1'));
    talk.stage.server.welcomes.push((socket) => {
      socket.open();
      socket.end(1008, 'Ephemeral token has no uses left.');
    });
    talk.server({ goAway: { timeLeft: '60s' } });
    await settled();
    expect(talk.ops).toEqual(['start', 'remint']);
    expect(talk.sockets).toHaveLength(3);
    expect(talk.sockets[2]?.setup?.sessionResumption).toEqual({ handle: 'h1' });
    expect(talk.session.isClosed).toBe(false);
  });
});

describe('a connection that breaks', () => {
  test.each([1006, 1011])('with %i is resumed under the held token, which costs nothing', async (code) => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    talk.stage.server.last.end(code);
    await settled();
    expect(talk.ops).toEqual(['start']);
    expect(talk.sockets[1]?.setup?.sessionResumption).toEqual({ handle: 'h1' });
    expect(talk.events.state?.map(({ state }) => state)).toEqual(['resuming', 'open']);
  });

  test('a second time under the same token gets a new one', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    talk.stage.server.last.end(1006);
    await settled();
    talk.stage.server.last.end(1006);
    await settled();
    expect(talk.ops).toEqual(['start', 'remint']);
    expect(talk.sockets).toHaveLength(3);
  });

  test('late in its lease gets a new token', async () => {
    const talk = await Talk.start({ leaseSeconds: 60 });
    talk.server(handle('h1'), content('a'));
    await talk.stage.clock.advance(29_000);
    talk.stage.server.last.end(1006);
    await settled();
    expect(talk.ops).toEqual(['start']);
    const late = await Talk.start({ leaseSeconds: 40 });
    late.server(handle('h1'), content('a'));
    await late.stage.clock.advance(19_999);
    late.stage.server.last.end(1006);
    await settled();
    expect(late.ops).toEqual(['start']);
    const later = await Talk.start({ leaseSeconds: 120 });
    later.server(content('a'));
    await later.stage.clock.advance(80_000);
    later.stage.server.last.end(1006);
    await settled();
    expect(later.ops).toEqual(['start', 'remint']);
  });

  test('repeats what was said since the last resumable state, answered or not', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    await talk.say(1_000, true);
    await talk.say(600, false);
    talk.server(content('the answer begins'));
    talk.stage.server.last.end(1006);
    await talk.stage.clock.advance(0);
    expect(audioIn(talk.stage.server.last)).toEqual(range(0, 1_600 / FRAME_MS));
    expect(talk.events.cut).toEqual([{ by: 'drop' }]);
  });

  test('does not repeat what the resumable state holds', async () => {
    const talk = await Talk.start();
    await talk.say(1_000, true);
    await talk.say(600, false);
    talk.server(content('a'), turnEnd, handle('h1'));
    talk.stage.server.last.end(1006);
    await talk.stage.clock.advance(0);
    expect(audioIn(talk.stage.server.last)).toHaveLength(PREROLL_MS / FRAME_MS);
  });

  test('is brought back with the next token where that is here already', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'), content('a'));
    await talk.stage.clock.advance(100_000);
    talk.stage.server.last.end(1006);
    await settled();
    expect(talk.ops).toEqual(['start', 'renew']);
    expect(talk.sockets[1]?.url).toContain('auth_tokens/0002');
  });

  test('asks for no more tokens once the app has closed the session', async () => {
    const talk = await Talk.start({ leaseSeconds: 600 });
    const busy = refusal('aborted', { reason: 'contention', retryAfterMs: 1_000 });
    talk.stage.tokens.refusals.push(busy, busy, busy, busy);
    talk.stage.server.last.end(1006);
    await talk.stage.clock.advance(1_500);
    expect(talk.ops).toEqual(['start', 'remint', 'remint']);
    await talk.session.close();
    await talk.stage.clock.advance(60_000);
    expect(talk.ops).toEqual(['start', 'remint', 'remint']);
    expect(talk.stage.clock.pending).toBe(0);
  });

  test('comes back when the network does, with as few tokens as it can', async () => {
    const talk = await Talk.start({ leaseSeconds: 600 });
    talk.server(handle('h1'));
    const down = (socket: ScriptedSocket): void => socket.end(1006);
    talk.stage.server.welcomes.push(down, down, down);
    talk.stage.server.last.end(1006);
    await talk.stage.clock.advance(10_000);
    expect(talk.session.isClosed).toBe(false);
    expect(talk.ops).toEqual(['start', 'remint']);
    expect(talk.sockets).toHaveLength(5);
    expect(talk.events.state?.at(-1)).toEqual({ state: 'open' });
  });

  test('tells why it closed without the secrets and the words that the server quotes', async () => {
    const talk = await Talk.start();
    talk.stage.server.last.end(1007, 'auth_tokens/0001 may not say "what was said"');
    await settled();
    const told = JSON.stringify([talk.events.state, talk.session.diagnostics()]);
    expect(told).toContain('… may not say …');
    expect(told).not.toMatch(/auth_tokens|what was said/);
  });

  test('is lost after a minute', async () => {
    const talk = await Talk.start({ leaseSeconds: 600 });
    talk.server(handle('h1'));
    const down = (socket: ScriptedSocket): void => socket.end(1006);
    talk.stage.server.welcomes.push(...Array<typeof down>(60).fill(down));
    const held = talk.stage.server.last;
    held.end(1006);
    const waiting = talk.session.send('x').catch((error: unknown) => error);
    await talk.stage.clock.advance(120_000);
    expect(talk.session.isClosed).toBe(true);
    expect(talk.events.state?.at(-1)).toMatchObject({
      state: 'closed',
      cause: { reason: 'lost', code: 1006 },
    });
    expect(await waiting).toMatchObject({ code: 'request-error' });
    expect(talk.stage.clock.pending).toBe(0);
  });

  test.each([1007, 1008])(
    'starts afresh with its history when the resume is refused with %i',
    async (code) => {
      const talk = await Talk.start();
      await talk.session.send('hello');
      talk.server(content('hi '), content('there'), turnEnd, handle('h1'));
      const refused = (socket: ScriptedSocket): void => {
        socket.open();
        queueMicrotask(() => socket.end(code, 'no'));
      };
      talk.stage.server.welcomes.push(refused, refused);
      talk.stage.server.last.end(1011);
      await talk.stage.clock.advance(5_000);
      expect(
        talk.stage.tokens.requests.map((request) => [request.op, 'fresh' in request && request.fresh]),
      ).toEqual([
        ['start', false],
        ['remint', false],
        ['remint', true],
      ]);
      expect(talk.stage.server.last.setup?.sessionResumption).toEqual({});
      expect(talk.stage.server.last.received[1]).toEqual({
        clientContent: {
          turns: [
            { role: 'user', parts: [{ text: 'hello' }] },
            { role: 'model', parts: [{ text: 'hi there' }] },
          ],
          turnComplete: false,
        },
      });
      expect(talk.events.resumed).toMatchObject([{ stateRestored: false }]);
    },
  );

  test('while it is being left anyway is no second drop', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    talk.stage.server.confirmsClose = false;
    await talk.stage.clock.advance(90_000);
    await talk.stage.clock.advance(2_000);
    expect(talk.sockets).toHaveLength(2);
    expect(talk.ops).toEqual(['start', 'renew']);
  });

  test('is not brought back once the app has closed the session', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    talk.stage.server.welcomes.push('silent');
    talk.stage.server.last.end(1006);
    await settled();
    await talk.session.close();
    await talk.stage.clock.advance(60_000);
    expect(talk.sockets).toHaveLength(2);
    expect(talk.sockets[1]?.closedBy).toBeDefined();
    expect(talk.stage.clock.pending).toBe(0);
  });

  test('right after its setup is noticed', async () => {
    const talk = await Talk.start();
    talk.server(handle('h1'));
    talk.stage.server.welcomes.push((socket) => {
      socket.open();
      socket.say({ setupComplete: {} });
      socket.say(handle('h2'));
      socket.end(1011);
    });
    talk.stage.server.last.end(1006);
    await settled();
    await settled();
    expect(talk.sockets).toHaveLength(3);
    expect(talk.sockets[2]?.setup?.sessionResumption).toEqual({ handle: 'h2' });
  });
});

describe('an order to stop', () => {
  test('in a renewal’s answer ends the session at once for an operator’s reason', async () => {
    const talk = await Talk.start();
    talk.server(content('a'));
    talk.stage.tokens.answer = { stop: { reason: 'revoked' } };
    await talk.stage.clock.advance(90_000);
    expect(talk.events.stop).toEqual([{ reason: 'revoked' }]);
    expect(talk.events.state?.at(-1)).toMatchObject({
      cause: { reason: 'stopped', notice: { reason: 'revoked' } },
    });
  });

  test.each(['revoked', 'blocked', 'kill-switch'] as const)(
    'ends the session at once where a renewal is refused for it: %s',
    async (reason) => {
      const talk = await Talk.start();
      talk.stage.tokens.refusals.push(refusal('permission-denied', { reason }));
      await talk.stage.clock.advance(90_000);
      expect(talk.events.stop).toEqual([{ reason }]);
      expect(talk.events.state?.at(-1)).toMatchObject({ cause: { reason: 'stopped', notice: { reason } } });
    },
  );

  test('a refusal for another reason lets a session live to its lease’s end', async () => {
    const talk = await Talk.start();
    talk.stage.tokens.refusals.push(refusal('resource-exhausted', { reason: 'minutes-day' }));
    await talk.stage.clock.advance(90_000);
    expect(talk.events.stop ?? []).toEqual([]);
    expect(talk.session.isClosed).toBe(false);
  });

  test('in a report’s answer waits for the end of the turn where a limit is the reason', async () => {
    const talk = await Talk.start({ leaseSeconds: 600 });
    talk.stage.tokens.reportAnswer = { stop: { reason: 'quota' } };
    talk.server(content('a'));
    await talk.stage.clock.advance(121_000);
    talk.server(turnEnd, content('b'));
    await settled();
    expect(talk.events.stop).toEqual([{ reason: 'quota' }]);
    expect(talk.session.isClosed).toBe(false);
    talk.server(turnEnd);
    await settled();
    expect(talk.events.state?.at(-1)).toMatchObject({
      cause: { reason: 'stopped', notice: { reason: 'quota' } },
    });
  });
});
