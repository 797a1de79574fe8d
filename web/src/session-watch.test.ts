import type { StopNotice } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import type { SessionWatch } from './session-watch.ts';
import { ScriptedStage, settled } from './testing.ts';

/** A watch that is told what to say, and remembers what it watched. */
function scriptedWatch() {
  const watches: { sessionId: string; ended: number; say: (notice: StopNotice) => void }[] = [];
  const watch: SessionWatch = (sessionId, onStop) => {
    const entry = { sessionId, ended: 0, say: onStop };
    watches.push(entry);
    return () => {
      entry.ended += 1;
    };
  };
  return { watch, watches };
}

describe('watchSession', () => {
  it('ends the session at an operator’s word, and the watching with it', async () => {
    const stage = new ScriptedStage();
    const { watch, watches } = scriptedWatch();
    const session = await stage.model({}, { watchSession: watch }).connect();
    const causes: unknown[] = [];
    session.on('state', ({ cause }) => causes.push(cause));
    expect(watches.map(({ sessionId }) => sessionId)).toEqual([session.sessionId]);
    expect(session.isClosed).toBe(false);
    watches[0]?.say({ reason: 'revoked' });
    await settled();
    expect(session.isClosed).toBe(true);
    expect(causes).toEqual([{ reason: 'stopped', notice: { reason: 'revoked' } }]);
    expect(watches[0]?.ended).toBe(1);
    expect(stage.server.last.closedBy?.code).toBe(1000);
  });

  it('stops watching when the app closes the session', async () => {
    const { watch, watches } = scriptedWatch();
    const session = await new ScriptedStage().model({}, { watchSession: watch }).connect();
    await session.close();
    expect(watches.map(({ ended }) => ended)).toEqual([1]);
  });

  it('watches once over a swap, and goes on after it', async () => {
    const stage = new ScriptedStage();
    const { watch, watches } = scriptedWatch();
    const session = await stage.model({}, { watchSession: watch }).connect();
    await stage.clock.advance(100_000);
    stage.server.last.say({ sessionResumptionUpdate: { newHandle: 'h', resumable: true } });
    await stage.clock.advance(19_000);
    expect(stage.server.sockets.length).toBe(2);
    expect(watches.map(({ ended }) => ended)).toEqual([0]);
    watches[0]?.say({ reason: 'blocked' });
    await settled();
    expect(session.isClosed).toBe(true);
  });

  it('watches nothing where the connection did not come about', async () => {
    const stage = new ScriptedStage();
    const { watch, watches } = scriptedWatch();
    stage.server.welcomes.push((socket) => socket.end(1007, 'bad setup'));
    await expect(stage.model({}, { watchSession: watch }).connect()).rejects.toThrow();
    expect(watches).toEqual([]);
  });

  it('keeps the session where the watch itself throws', async () => {
    const stage = new ScriptedStage();
    const session = await stage
      .model(
        {},
        {
          watchSession: () => {
            throw new Error('no Firestore');
          },
        },
      )
      .connect();
    expect(session.isClosed).toBe(false);
    await session.close();
  });
});
