import { describe, expect, it } from 'vitest';
import type { LiveSession } from './live-session.ts';
import { SessionParking, type SessionView } from './session-parking.ts';
import { ManualClock, ScriptedStage, settled } from './testing.ts';

const GRACE_MS = 500;

function scene() {
  const stage = new ScriptedStage();
  const model = stage.model();
  const clock = new ManualClock();
  const parking = new SessionParking<LiveSession>({ clock, graceMs: GRACE_MS });
  return { stage, clock, take: (key: unknown = model) => parking.take(key, () => model.connect()) };
}

describe('SessionParking', () => {
  it('gives a session that was let go to whoever comes back for it, for one lease', async () => {
    const { stage, clock, take } = scene();
    take().release();
    const second = take();
    await settled();
    second.release();
    await clock.advance(GRACE_MS - 1);
    const third = take();
    await clock.advance(10 * GRACE_MS);
    expect(third.view.status).toBe('open');
    expect(stage.tokens.requests.length).toBe(1);
    expect(stage.server.last.closedBy).toBeUndefined();
  });

  it('closes what nobody came back for, and opens another one then', async () => {
    const { stage, clock, take } = scene();
    const first = take();
    await settled();
    first.release();
    await clock.advance(GRACE_MS);
    expect(stage.server.last.closedBy?.code).toBe(1000);
    take();
    await settled();
    expect(stage.tokens.requests.length).toBe(2);
  });

  it('closes what was let go before it was open, as soon as it is', async () => {
    const { stage, clock, take } = scene();
    stage.server.welcomes.push('silent');
    const hold = take();
    await settled();
    hold.release();
    await clock.advance(GRACE_MS);
    const socket = stage.server.last;
    expect(socket.closedBy).toBeUndefined();
    socket.open();
    socket.say({ setupComplete: {} });
    await settled();
    expect(socket.closedBy?.code).toBe(1000);
    expect(stage.tokens.requests.length).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('never gives a session that another holds, nor one of another key', async () => {
    const { stage, take } = scene();
    const first = take('a');
    const second = take('a');
    await settled();
    first.release();
    take('b');
    await settled();
    expect(second.view.status).toBe('open');
    expect(stage.tokens.requests.length).toBe(3);
  });

  it('tells its holder what becomes of the session, and nobody who let go', async () => {
    const { stage, take } = scene();
    const hold = take();
    const told: SessionView<LiveSession>[] = [];
    expect(hold.view).toEqual({ status: 'connecting' });
    hold.listen((view) => told.push(view));
    await settled();
    stage.server.last.end(1000);
    await settled();
    expect(told.map(({ status }) => status)).toEqual(['open', 'closed']);
    hold.release();
    const next = take();
    await settled();
    expect(next.view.status).toBe('open');
    expect(told.length).toBe(2);
  });

  it('tells a failure, and tries anew for the next holder', async () => {
    const { stage, take } = scene();
    stage.tokens.refusals.push(new Error('no'));
    const hold = take();
    await settled();
    expect(hold.view).toMatchObject({ status: 'failed', error: { code: 'fetch-error' } });
    hold.release();
    const next = take();
    await settled();
    expect(next.view.status).toBe('open');
  });
});
