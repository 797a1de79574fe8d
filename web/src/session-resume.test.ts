import type { ServerMessage } from '@livegate/protocol';
import { describe, expect, test } from 'vitest';
import type { LiveSession } from './live-session.ts';
import { refusal, ScriptedStage, settled } from './testing.ts';

const handle = (newHandle: string): ServerMessage => ({
  sessionResumptionUpdate: { newHandle, resumable: true },
});

const openSockets = ({ server }: ScriptedStage): number =>
  server.sockets.filter(({ closedBy }) => !closedBy).length;

/** Every state that the session says it is in, with why it is over. */
function statesOf(session: LiveSession): string[] {
  const states: string[] = [];
  session.on('state', ({ state, cause }) => states.push(cause ? `${state}:${cause.reason}` : state));
  return states;
}

/** A stage whose next token waits, once `hold` was called, until `release`. */
function slowMint() {
  const stage = new ScriptedStage();
  let release = (): void => {};
  let gate: Promise<void> | undefined;
  const model = stage.model(
    {},
    {
      tokenSource: async (request) => {
        const waited = gate;
        gate = undefined;
        await waited;
        return stage.tokens.source(request);
      },
    },
  );
  return {
    stage,
    model,
    hold: () => {
      gate = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
  };
}

describe('resumeSession() called again while it runs', () => {
  test('is carried out afterwards: one socket is open, and none once the session is closed', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect({});
    await Promise.all([
      session.resumeSession({ handle: 'first' }),
      session.resumeSession({ handle: 'second' }),
    ]);
    expect(openSockets(stage)).toBe(1);
    expect(stage.server.last.setup?.sessionResumption).toEqual({ handle: 'second' });
    await session.close();
    expect(openSockets(stage)).toBe(0);
  });

  test('is not, where the app has closed the session meanwhile', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect({});
    const resumes = [session.resumeSession({ handle: 'a' }), session.resumeSession({ handle: 'b' })];
    await session.close();
    const outcomes = await Promise.allSettled(resumes);
    expect(outcomes).toMatchObject([
      {
        status: 'rejected',
        reason: { code: 'request-error', customErrorData: { sessionId: 'session-0001' } },
      },
      {
        status: 'rejected',
        reason: { code: 'request-error', customErrorData: { sessionId: 'session-0001' } },
      },
    ]);
    expect(session.isClosed).toBe(true);
    await settled();
    expect(openSockets(stage)).toBe(0);
  });

  test('is carried out where the one before failed', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect({});
    stage.server.welcomes.push((socket) => {
      socket.open();
      socket.end(1007, 'no');
    });
    const [first, second] = await Promise.allSettled([
      session.resumeSession(),
      session.resumeSession({ handle: 'good' }),
    ]);
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
    expect(session.isClosed).toBe(false);
    expect(openSockets(stage)).toBe(1);
  });
});

describe('resumeSession() while the session moves', () => {
  test('leaves the move behind that waits for its token', async () => {
    const { stage, model, hold, release } = slowMint();
    const session = await model.connect({});
    hold();
    stage.server.last.end(1006);
    await settled();
    await session.resumeSession({ handle: 'mine' });
    const mine = stage.server.last;
    release();
    await stage.clock.advance(10);
    expect(openSockets(stage)).toBe(1);
    await session.send('to whom');
    expect(mine.received.at(-1)).toMatchObject({
      clientContent: { turns: [{ parts: [{ text: 'to whom' }] }] },
    });
    await session.close();
    expect(openSockets(stage)).toBe(0);
  });

  test('leaves the move behind that waits for its socket, and the session swaps on later', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect({});
    const states = statesOf(session);
    stage.server.last.say(handle('h1'));
    stage.server.welcomes.push('silent');
    stage.server.last.end(1006);
    await settled();
    await session.resumeSession({ handle: 'mine' });
    stage.server.last.say(handle('h2'));
    await stage.clock.advance(100_000);
    expect(states).toEqual(['resuming', 'closed:app', 'connecting', 'open', 'swapping', 'open']);
    expect(openSockets(stage)).toBe(1);
  });

  test('leaves the move behind that waits for the old socket’s close', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect({});
    stage.server.last.say(handle('h1'));
    stage.server.confirmsClose = false;
    await stage.clock.advance(90_000);
    const resumed = session.resumeSession({ handle: 'mine' });
    await stage.clock.advance(2_000);
    await resumed;
    stage.server.confirmsClose = true;
    expect(stage.server.sockets).toHaveLength(2);
    expect(stage.server.last.setup?.sessionResumption).toEqual({ handle: 'mine' });
    expect(session.isClosed).toBe(false);
  });
});

test('what the connection before still says is nothing to a resumed session', async () => {
  const stage = new ScriptedStage();
  const session = await stage.connect({});
  const [before] = stage.server.sockets;
  stage.server.confirmsClose = false;
  const resumed = session.resumeSession({ handle: 'mine' });
  const received = session.receive();
  before?.say({ serverContent: { modelTurn: { parts: [{ text: 'old' }] } } });
  await stage.clock.advance(2_000);
  await resumed;
  before?.say({ serverContent: { modelTurn: { parts: [{ text: 'older' }] } } });
  stage.server.last.say({ serverContent: { modelTurn: { parts: [{ text: 'new' }] } } });
  expect((await received.next()).value).toMatchObject({ modelTurn: { parts: [{ text: 'new' }] } });
});

describe('a resumed session', () => {
  test('begins anew where its books are closed', async () => {
    const stage = new ScriptedStage({ leaseSeconds: 600 });
    const session = await stage.connect({});
    await session.close();
    stage.tokens.refusals.push(refusal('failed-precondition', { reason: 'session-over' }));
    await session.resumeSession();
    expect(stage.tokens.requests.map(({ op }) => op)).toEqual(['start', 'remint', 'start']);
    expect(session.isClosed).toBe(false);
  });

  test('is not ended by an order that the one before was given', async () => {
    const stage = new ScriptedStage({ leaseSeconds: 600 });
    const session = await stage.connect({});
    const stops: unknown[] = [];
    session.on('stop', (notice) => stops.push(notice));
    stage.tokens.reportAnswer = { stop: { reason: 'quota' } };
    stage.server.last.say({ serverContent: { modelTurn: { parts: [{ text: 'a' }] } } });
    await stage.clock.advance(121_000);
    stage.server.last.say({ serverContent: { turnComplete: true } });
    stage.server.last.say({ serverContent: { modelTurn: { parts: [{ text: 'a' }] } } });
    await settled();
    stage.tokens.reportAnswer = {};
    expect(stops).toEqual([{ reason: 'quota' }]);
    await session.resumeSession({ handle: 'h' });
    stage.server.last.say({ serverContent: { modelTurn: { parts: [{ text: 'b' }] } } });
    stage.server.last.say({ serverContent: { turnComplete: true } });
    await settled();
    expect(session.isClosed).toBe(false);
  });

  test('keeps its book open where it comes back under the same token', async () => {
    const stage = new ScriptedStage({ leaseSeconds: 600 });
    const session = await stage.connect();
    stage.server.last.say(handle('h1'));
    stage.server.last.end(1006);
    await settled();
    expect(stage.server.sockets).toHaveLength(2);
    expect(stage.tokens.requests).toHaveLength(1);
    expect(stage.tokens.reports.filter(({ final }) => final)).toEqual([]);
    await session.close();
    await settled();
    expect(stage.tokens.reports.filter(({ final }) => final)).toHaveLength(1);
  });
});
