/**
 * Talks that cross the end of a lease, on the functions and the Live emulator, both where a handle works under any
 * token of the project and where it works under its own alone. A user's turn: `test/functions/lease-swap.test.ts`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { LivePolicyDocument } from '@livegate/protocol';
import type { LiveSession } from '@livegate/web';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useStack } from '../support/stack.ts';
import { collect, nextEvent, type TalkingApp, turnsOf, useTalkingApps } from '../support/talking-app.ts';

/** The first is renewed from 6 s on and left in the first silence after that, at the latest at 9 s. */
const LEASE: Partial<LivePolicyDocument> = { leaseSeconds: [12, 300] };
const RATE_HZ = 24_000;
const SPOKEN = {
  generationConfig: { inputAudioTranscription: {}, outputAudioTranscription: {} },
} as const;

/** No two samples of it that are near each other are alike: what is lost, doubled or moved is seen. */
function sweep(seconds: number): Int16Array {
  return Int16Array.from({ length: seconds * RATE_HZ }, (_, at) =>
    Math.round(9_000 * Math.sin((at / RATE_HZ) * (600 + (at / RATE_HZ) * 40))),
  );
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Int16Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

for (const scope of ['project', 'token'] as const)
  describe(`where a handle works for its ${scope}, a lease's end`, () => {
    const { live } = useStack();
    const apps = useTalkingApps();
    const isRestored = scope === 'project';
    beforeAll(() => live.handlesWorkFor(scope));
    afterAll(() => live.handlesWorkFor('project'));

    /** Turns of the model that a connection has seen begin. */
    const turnsBegun = async (id: string | undefined): Promise<number> =>
      (await live.journal(id)).filter(
        (entry) => entry.kind === 'out' && entry.message.sessionResumptionUpdate?.resumable === false,
      ).length;

    /** Sees to it that the session goes on as it was, or from what was said before. */
    async function expectSwapped(app: TalkingApp, session: LiveSession, said: string): Promise<void> {
      const [one, two] = await app.connections();
      expect(one).toMatchObject({ connected: false, closeCode: 1000, closedBy: 'client' });
      expect(two?.resumedFrom).toBe(isRestored ? one?.id : undefined);
      expect(session.isClosed).toBe(false);
      const taken = (await live.journal(two?.id)).flatMap((entry) =>
        entry.kind === 'in' && 'clientContent' in entry.message ? [entry.message.clientContent] : [],
      );
      // Told again only where the state is lost, and then as history that asks for no answer.
      expect(taken.filter((content) => JSON.stringify(content).includes(said))).toHaveLength(
        isRestored ? 0 : 1,
      );
      if (!isRestored) {
        expect(taken[0]?.turns?.[0]).toEqual({ role: 'user', parts: [{ text: said }] });
        expect(await turnsBegun(two?.id)).toBe(0);
      }
    }

    test.concurrent('waits for a turn of the model that ends in time: not a sample is lost or heard twice', async () => {
      const app = await apps.open(LEASE);
      const answer = sweep(4);
      await live.answerWhere(app.instruction, [
        { audio: { samples: answer, rateHz: RATE_HZ } },
        { transcript: 'Done.' },
      ]);
      const session = apps.closeLater(await app.model({}, SPOKEN).connect());
      const [states, cuts, resumed] = [
        collect(session, 'state'),
        collect(session, 'cut'),
        collect(session, 'resumed'),
      ];
      const turns = turnsOf(session);
      await delay(4_000);
      await session.send('A turn, please');
      const turn = await turns.next();
      expect(turn.cut).toBeUndefined();
      expect(turn.audio.equals(bytesOf(answer))).toBe(true);
      if (resumed.length === 0) await nextEvent(session, 'resumed');
      expect(cuts).toEqual([]);
      expect(resumed).toEqual([{ stateRestored: isRestored, resentMs: 0 }]);
      expect(states.slice(0, 2).map(({ state }) => state)).toEqual(['swapping', 'open']);
      await expectSwapped(app, session, 'A turn, please');
      await session.send('And another');
      expect((await turns.next()).audio.equals(bytesOf(answer))).toBe(true);
    });

    test.concurrent('cuts a turn of the model that does not: marked as cut, whole up to there, never asked for again', async () => {
      const app = await apps.open(LEASE);
      const answer = sweep(30);
      await live.answerWhere(app.instruction, [
        { transcript: 'It is long.' },
        { audio: { samples: answer, rateHz: RATE_HZ } },
      ]);
      const session = apps.closeLater(await app.model({}, SPOKEN).connect());
      const [cuts, resumed] = [collect(session, 'cut'), collect(session, 'resumed')];
      const turns = turnsOf(session);
      await delay(4_500);
      await session.send('A long turn, please');
      const turn = await turns.next();
      expect(turn.cut).toBe('lease');
      expect(turn.audio.length).toBeGreaterThan(RATE_HZ);
      expect(turn.audio.equals(bytesOf(answer).subarray(0, turn.audio.length))).toBe(true);
      if (resumed.length === 0) await nextEvent(session, 'resumed');
      expect(cuts).toEqual([{ by: 'lease' }]);
      expect(resumed).toMatchObject([{ stateRestored: isRestored }]);
      // All that the old connection had sent was yielded, but for what was under way while it closed.
      const [one] = await app.connections();
      const sent = (await live.journal(one?.id))
        .flatMap((entry) =>
          entry.kind === 'out' ? (entry.message.serverContent?.modelTurn?.parts ?? []) : [],
        )
        .reduce((sum, { inlineData }) => sum + Number(/\d+/.exec(inlineData?.data ?? '0')?.[0] ?? 0), 0);
      expect(sent - turn.audio.length).toBeLessThanOrEqual(RATE_HZ);
      await expectSwapped(app, session, 'A long turn, please');
      await live.answerWhere(app.instruction, [{ transcript: 'Here.' }]);
      await session.send('Still there?');
      expect(await turns.next()).toMatchObject({ transcript: 'Here.' });
    });

    test.concurrent('waits for a tool that answers in time, and hands its result on', async () => {
      const app = await apps.open(LEASE);
      await live.answerWhere(app.instruction, [{ toolCall: { name: 'look' } }, { transcript: 'Seen.' }]);
      const session = apps.closeLater(await app.model({}, SPOKEN).connect());
      const resumed = collect(session, 'resumed');
      const messages = session.receive();
      await delay(4_000);
      await session.send('Look');
      let answeredAfter: number | undefined;
      for (let isOver = false; !isOver; ) {
        const { value, done } = await messages.next();
        if (done) throw new Error('The session ended.');
        if (value.type === 'toolCall') {
          await delay(3_000);
          answeredAfter = resumed.length;
          await session.sendFunctionResponses(
            value.functionCalls.map(({ id, name }) => ({
              ...(id ? { id } : {}),
              name,
              response: { seen: true },
            })),
          );
        }
        isOver = value.type === 'serverContent' && value.turnComplete === true;
      }
      expect(answeredAfter).toBe(0);
      const [one] = await app.connections();
      expect(one?.turns).toBe(1);
      if (resumed.length === 0) await nextEvent(session, 'resumed');
      await expectSwapped(app, session, 'Look');
    });

    test.concurrent('cancels a tool that runs on, and keeps its late result from a state that knows no such call', async () => {
      const app = await apps.open(LEASE);
      await live.answerWhere(app.instruction, [{ toolCall: { name: 'look', id: 'late' } }]);
      const session = apps.closeLater(await app.model({}, SPOKEN).connect());
      const [cuts, dropped] = [collect(session, 'cut'), collect(session, 'toolResultDropped')];
      const resumed = nextEvent(session, 'resumed');
      const messages = session.receive();
      const until = async (type: string) => {
        for (;;) {
          const { value, done } = await messages.next();
          if (done) throw new Error(`The session ended before ${type}.`);
          if (value.type === type) return value;
        }
      };
      await delay(4_500);
      await session.send('Look');
      await until('toolCall');
      await resumed;
      expect(cuts).toEqual([{ by: 'lease' }]);
      expect(await until('toolCallCancellation')).toMatchObject({ functionIds: ['late'] });
      await session
        .sendFunctionResponses([{ id: 'late', name: 'look', response: { seen: true } }])
        .catch(() => {});
      expect(dropped).toEqual([{ id: 'late' }]);
      // The service would have closed for a result of a call that it does not know.
      await expectSwapped(app, session, 'Look');
      await live.answerWhere(app.instruction, [{ transcript: 'Here.' }]);
      await session.send('Still there?');
      expect(await until('serverContent')).toBeDefined();
      const [, two] = await app.connections();
      const frames = await live.journal(two?.id);
      expect(frames.some((entry) => entry.kind === 'in' && 'toolResponse' in entry.message)).toBe(false);
    });
  });

describe('a policy of one single lease', () => {
  const apps = useTalkingApps();
  test('mints once, swaps never, and ends with the lease, which the session says', async () => {
    const app = await apps.open({ renewal: 'single', singleLeaseSeconds: 10 });
    let mints = 0;
    const model = app.model({ watchSession: () => () => {} });
    const session = apps.closeLater(await model.connect());
    session.on('quota', () => mints++);
    const states = collect(session, 'state');
    const { cause } = await nextEvent(session, 'state', ({ state }) => state === 'closed');
    expect(cause).toEqual({ reason: 'lease-over', refusal: 'single-lease' });
    expect(states.map(({ state }) => state)).toEqual(['closed']);
    expect(mints).toBe(0);
    expect(await app.connections()).toHaveLength(1);
    const { leased } = await apps.books(session, ({ state }) => state !== 'active' && state !== 'reserved');
    expect(leased).toEqual({ seconds: 10, tokens: 1 });
  });
});
