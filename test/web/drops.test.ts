/**
 * Connections that break, are announced to end, or are ended by an operator, on the functions and the Live emulator,
 * for handles of either scope.
 */
import { readFile } from 'node:fs/promises';
import type { LiveSession } from '@livegate/web';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readWav } from '../../scripts/wav.ts';
import { callFunction, signInAsSeededAdmin } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import { collect, nextEvent, type TalkingApp, turnsOf, useTalkingApps } from '../support/talking-app.ts';

const RATE_HZ = 24_000;
const TONE = Int16Array.from({ length: 20 * RATE_HZ }, (_, at) => Math.round(6_000 * Math.sin(at / 9)));
const SPOKEN = {
  generationConfig: { inputAudioTranscription: {}, outputAudioTranscription: {} },
} as const;

/** The connection that is open. */
async function openConnection(app: TalkingApp) {
  const open = (await app.connections()).filter(({ connected }) => connected);
  const [only] = open;
  if (!only || open.length > 1) throw new Error(`${open.length} connections are open.`);
  return only;
}

for (const scope of ['project', 'token'] as const)
  describe(`where a handle works for its ${scope}, a session`, () => {
    const { live } = useStack();
    const apps = useTalkingApps();
    beforeAll(() => live.handlesWorkFor(scope));
    afterAll(() => live.handlesWorkFor('project'));

    /** A session that has had a turn, and can be resumed. */
    async function talking(app: TalkingApp): Promise<{
      readonly session: LiveSession;
      readonly turns: ReturnType<typeof turnsOf>;
    }> {
      await live.answerWhere(app.instruction, [{ transcript: 'Noted.' }]);
      const session = apps.closeLater(await app.model({}, SPOKEN).connect());
      const turns = turnsOf(session);
      await session.send('Remember seven');
      await turns.next();
      await live.waitFor((all) => all.some(({ id }) => id !== ''));
      return { session, turns };
    }
    const leased = async (session: LiveSession) => (await apps.books(session, () => true)).leased;

    test.concurrent('leaves before a goAway runs out, in silence, at no charge', async () => {
      const app = await apps.open({});
      const { session, turns } = await talking(app);
      const [cuts, told] = [collect(session, 'cut'), collect(session, 'goAway')];
      const resumed = nextEvent(session, 'resumed');
      const one = await openConnection(app);
      await live.goAway(one.id, 8_000);
      expect(await resumed).toMatchObject({ stateRestored: true });
      const two = await openConnection(app);
      expect(two.resumedFrom).toBe(one.id);
      expect(two.tokenHash).toBe(one.tokenHash);
      expect(told[0]?.timeLeftMs).toBeGreaterThan(7_000);
      expect(cuts).toEqual([]);
      expect(await leased(session)).toEqual({ seconds: 120, tokens: 1 });
      await session.send('Still there?');
      expect(await turns.next()).toMatchObject({ transcript: 'Noted.' });
    });

    for (const code of [undefined, 1011])
      test.concurrent(`comes back after a close by ${code ?? '1006'} in mid-turn, at no charge, with the turn marked`, async () => {
        const app = await apps.open({});
        const { session, turns } = await talking(app);
        const states = collect(session, 'state');
        await live.answerWhere(app.instruction, [{ audio: { samples: TONE, rateHz: RATE_HZ } }]);
        const cut = nextEvent(session, 'cut');
        const resumed = nextEvent(session, 'resumed');
        await session.send('At length, please');
        const one = await live.waitFor((all) =>
          all.find(
            ({ state, setup }) =>
              state === 'answering' && setup?.systemInstruction?.parts?.[0]?.text === app.instruction,
          ),
        );
        await live.answerWhere(app.instruction, [{ transcript: 'Again.' }]);
        await live.drop(one.id, code, 'A fault.');
        expect(await cut).toEqual({ by: 'drop' });
        expect(await turns.next()).toMatchObject({ cut: 'drop' });
        expect(await resumed).toMatchObject({ stateRestored: true });
        expect(states.map(({ state }) => state)).toEqual(['resuming', 'open']);
        expect((await openConnection(app)).resumedFrom).toBe(one.id);
        expect(await leased(session)).toEqual({ seconds: 120, tokens: 1 });
        // The question had no answer that the resumed state holds: it is asked again, once.
        expect(await turns.next()).toMatchObject({ transcript: 'Again.' });
      });

    test.concurrent('that breaks a second time under its token takes another one, and says what became of its state', async () => {
      const app = await apps.open({});
      const { session, turns } = await talking(app);
      const restored: boolean[] = [];
      for (const tokens of [1, 2]) {
        const resumed = nextEvent(session, 'resumed');
        await live.drop((await openConnection(app)).id, 1011, 'A fault.');
        restored.push((await resumed).stateRestored);
        expect((await leased(session)).tokens).toBe(scope === 'token' && tokens === 2 ? 3 : tokens);
      }
      expect(restored).toEqual([true, scope === 'project']);
      const connections = await app.connections();
      expect(connections).toHaveLength(3);
      const seeded = (await live.journal(connections[2]?.id)).flatMap((entry) =>
        entry.kind === 'in' && 'clientContent' in entry.message
          ? (entry.message.clientContent.turns ?? [])
          : [],
      );
      const history = [
        { role: 'user', parts: [{ text: 'Remember seven' }] },
        { role: 'model', parts: [{ text: 'Noted.' }] },
      ];
      expect(seeded).toEqual(scope === 'project' ? [] : history);
      await session.send('Which number?');
      expect(await turns.next()).toMatchObject({ transcript: 'Noted.' });
    });

    test.concurrent('sends an utterance again that a drop cut in two, whole', async () => {
      const wav = await readFile(new URL('../browser/assets/sentence-one.wav', import.meta.url));
      const { samples } = readWav(wav);
      const track = new Int16Array(samples.length + 24_000);
      track.set(samples);
      const app = await apps.open({});
      const { session, turns } = await talking(app);
      const resumed = nextEvent(session, 'resumed');
      const one = await openConnection(app);
      let sent = 0;
      const frame = 320;
      const began = performance.now();
      await new Promise<void>((resolve) => {
        const timer = setInterval(() => {
          const due = (performance.now() - began) * 16;
          for (; sent + frame <= Math.min(due, track.length); sent += frame) {
            const piece = track.slice(sent, sent + frame);
            const data = Buffer.from(piece.buffer).toString('base64');
            void session.sendAudioRealtime({ mimeType: 'audio/pcm', data });
            // In the middle of the words.
            if (sent === Math.floor(samples.length / 2 / frame) * frame) void live.drop(one.id);
          }
          if (sent + frame <= track.length) return;
          clearInterval(timer);
          resolve();
        }, 10);
      });
      expect(await resumed).toMatchObject({ stateRestored: true });
      expect(await turns.next()).toMatchObject({ transcript: 'Noted.' });
      const two = await openConnection(app);
      const heard = await live.receivedAudio(two.id);
      expect(two.turns).toBe(1);
      const first = track.findIndex((sample) => Math.abs(sample) > 500);
      const start = sent - heard.length;
      expect(start).toBeLessThanOrEqual(first);
      expect(
        Buffer.from(heard.buffer, heard.byteOffset, heard.byteLength).equals(
          Buffer.from(track.slice(start, sent).buffer),
        ),
      ).toBe(true);
    });

    test.concurrent('without a word written down says that its state is lost, where it is', async () => {
      const app = await apps.open({});
      await live.answerWhere(app.instruction, [
        { audio: { samples: TONE.subarray(0, 2_400), rateHz: RATE_HZ } },
      ]);
      const session = apps.closeLater(await app.model().connect());
      const turns = turnsOf(session);
      const words = readWav(await readFile(new URL('../browser/assets/sentence-two.wav', import.meta.url)));
      const speech = new Int16Array(words.samples.length + 24_000);
      speech.set(words.samples);
      for (let at = 0; at + 1_600 <= speech.length; at += 1_600)
        await session.sendAudioRealtime({
          mimeType: 'audio/pcm',
          data: Buffer.from(speech.slice(at, at + 1_600).buffer).toString('base64'),
        });
      await turns.next();
      for (const isFirst of [true, false]) {
        const resumed = nextEvent(session, 'resumed');
        await live.drop((await openConnection(app)).id, 1011, 'A fault.');
        expect(await resumed).toMatchObject({ stateRestored: isFirst || scope === 'project' });
      }
    });
  });

describe('a session that is not to come back', () => {
  const { live } = useStack();
  const apps = useTalkingApps();
  const act = async (name: string, data: object): Promise<void> => {
    const { idToken } = await signInAsSeededAdmin();
    const { error } = await callFunction(name, { idToken, data: { v: 1, reason: 'A test.', ...data } });
    expect(error).toBeUndefined();
  };

  test('ends at 1007, with code and words of the service', async () => {
    const app = await apps.open({});
    const session = apps.closeLater(await app.model().connect());
    const closed = nextEvent(session, 'state', ({ state }) => state === 'closed');
    await live.drop((await openConnection(app)).id, 1007, 'Request contains an invalid argument.');
    expect((await closed).cause).toEqual({
      reason: 'refused',
      code: 1007,
      detail: 'Request contains an invalid argument.',
    });
    expect(await app.connections()).toHaveLength(1);
  });

  test('ends at once, and says why, where an operator’s word is heard with the renewal', async () => {
    const app = await apps.open({ leaseSeconds: [10] });
    const session = apps.closeLater(await app.model().connect());
    const closed = nextEvent(session, 'state', ({ state }) => state === 'closed');
    await act('revokeLiveSession', { sessionId: session.sessionId });
    expect((await closed).cause).toEqual({ reason: 'stopped', notice: { reason: 'revoked' } });
    expect(await app.connections()).toHaveLength(1);
  });

  /** The functions remember the switch for a while. */
  const untilLetIn = (app: TalkingApp): Promise<unknown> =>
    expect
      .poll(
        () =>
          app
            .model()
            .connect()
            .then(
              (session) => session.close().then(() => true),
              () => false,
            ),
        {
          timeout: 40_000,
          interval: 500,
        },
      )
      .toBe(true);

  const ORDERS = [
    ['revoked', ({ sessionId }: LiveSession) => act('revokeLiveSession', { sessionId }), async () => {}],
    [
      'blocked',
      (_: LiveSession, uid: string) => act('blockLiveUser', { uid, blocked: true }),
      (uid: string) => act('blockLiveUser', { uid, blocked: false }),
    ],
    ['kill-switch', () => act('setKillSwitch', { on: true }), () => act('setKillSwitch', { on: false })],
  ] as const;
  for (const [reason, order, takeBack] of ORDERS)
    test(`ends with the reason of an operator's word, heard with a report: ${reason}`, async () => {
      const app = await apps.open({ reportEverySeconds: 1 });
      await live.answerWhere(app.instruction, [{ delayMs: 1_000 }, { transcript: 'Yes.' }]);
      const session = apps.closeLater(await app.model({}, SPOKEN).connect());
      const stop = nextEvent(session, 'stop');
      const closed = nextEvent(session, 'state', ({ state }) => state === 'closed');
      try {
        await order(session, app.uid);
        await session.send('Anybody there?');
        expect(await stop).toEqual({ reason });
        expect((await closed).cause).toEqual({ reason: 'stopped', notice: { reason } });
        const again = app.model().connect();
        if (reason === 'revoked') expect(apps.closeLater(await again).isClosed).toBe(false);
        else
          await expect(again).rejects.toMatchObject({ code: 'request-error', customErrorData: { reason } });
      } finally {
        await takeBack(app.uid);
        if (reason === 'kill-switch') await untilLetIn(app);
      }
    });
});
