/**
 * A conversation whose lease ends while somebody speaks, and whose network goes away: what comes out of the speaker,
 * and what the model was given, sample by sample.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LiveSessionView } from '@livegate/emulator';
import type { LivePolicyDocument, LiveSessionDocument } from '@livegate/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEEDED_POLICY } from '../../scripts/seed-documents.ts';
import { launchChromium } from '../support/chromium.ts';
import { signInAsNewUser, useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import { giveEar, heardBy } from './support/page-ear.ts';
import {
  audibleMs,
  concatenated,
  likeness,
  readWav,
  type Sound,
  silence,
  toneIn,
  writeWav,
} from './support/sound.ts';
import { openTalkingPage, serveTalkingPage, type TalkingServer, toldBy } from './support/talking-server.ts';

const RATE_HZ = 16_000;
const asset = (name: string): string => fileURLToPath(new URL(`assets/${name}`, import.meta.url));

describe('a conversation in Chromium', () => {
  const firestore = useAdminFirestore();
  const { live, hosts, projectId } = useStack();
  let server: TalkingServer;
  let folder: string;
  let sentence: Sound;
  beforeAll(async () => {
    server = await serveTalkingPage();
    folder = await mkdtemp(join(tmpdir(), 'livegate-lease-end-'));
    sentence = await readWav(asset('sentence-one.wav'));
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A page that has connected, in a browser whose microphone says `said` once it is opened. */
  async function connected(
    said: Sound,
    policy: Partial<LivePolicyDocument>,
    { isEarly = false }: { readonly isEarly?: boolean } = {},
  ): Promise<{
    instruction: string;
    browser: Browser;
    page: Page;
    sessionId: string | undefined;
    connections(): Promise<readonly LiveSessionView[]>;
  }> {
    const wav = join(folder, `${randomUUID()}.wav`);
    await writeWav(wav, said);
    const browser = await launchChromium({ fakeMicrophoneWav: wav });
    const instruction = `conversation-${randomUUID()}`;
    await firestore()
      .doc(`livePolicies/${instruction}`)
      .set({ ...SEEDED_POLICY, ...policy });
    const user = await signInAsNewUser({ livegatePolicy: instruction });
    const context = await browser.newContext({ permissions: ['microphone'] });
    const page = await openTalkingPage(context, server.url, (each) => giveEar(each, { processing: 'off' }));
    const setting = { projectId, hosts, user, instruction };
    const sessionId = isEarly
      ? await page.evaluate(async (given) => {
          const failure = await window.livegateTalk.talkEarly(given, 2_500);
          return failure?.message ?? window.livegateTalk.told().sessionId;
        }, setting)
      : await page.evaluate((given) => window.livegateTalk.connect(given), setting);
    return {
      instruction,
      browser,
      page,
      sessionId,
      connections: async () =>
        (await live.sessions()).filter(
          ({ setup }) => setup?.systemInstruction?.parts?.[0]?.text === instruction,
        ),
    };
  }
  const samplesOf = async ({ id }: LiveSessionView): Promise<Sound> => ({
    samples: Float32Array.from(await live.receivedAudio(id), (sample) => sample / 32_768),
    rateHz: RATE_HZ,
  });
  const leased = async (sessionId: string | undefined): Promise<LiveSessionDocument['leased']> =>
    ((await firestore().doc(`liveSessions/${sessionId}`).get()).data() as LiveSessionDocument).leased;

  it('plays on what it has while it moves to the next lease, and lets the model hear a sentence that spans both', async () => {
    const words = concatenated(sentence, await readWav(asset('sentence-two.wav')));
    const seconds = words.samples.length / RATE_HZ;
    const { browser, page, sessionId, connections } = await connected(
      // The lease is left at 9 s at the latest; the words are under way then.
      concatenated(silence(4, RATE_HZ), words, silence(20, RATE_HZ)),
      { leaseSeconds: [12, 120] },
    );
    try {
      expect(await page.evaluate(() => window.livegateTalk.talk())).toBeUndefined();
      await page.waitForFunction(() => window.livegateTalk.told().resumed.length > 0);
      const [one, two] = (await connections()) as [LiveSessionView, LiveSessionView];
      await live.waitFor(
        (all) => all.some(({ id, turns }) => id === two.id && turns > 0),
        (2 * seconds + 10) * 1_000,
      );
      await page.waitForTimeout(500);
      const { speaker } = await heardBy(page);
      const told = await toldBy(page);
      expect(told.states.map(({ state }) => state)).toEqual(['swapping', 'open']);
      expect(told.cuts).toEqual([]);
      expect(told.resumed[0]?.stateRestored).toBe(true);
      expect(two.resumedFrom).toBe(one.id);
      expect(await leased(sessionId)).toEqual({ seconds: 132, tokens: 2 });

      // The words began under the first lease, and the second connection was given them from their beginning.
      const before = await samplesOf(one);
      const after = await samplesOf(two);
      expect(audibleMs(before)).toBeDefined();
      const given = likeness(words, after);
      console.log(
        `The model was given the words at ${given.coefficient.toFixed(4)}, ${told.resumed[0]?.resentMs} ms again.`,
      );
      expect(given.coefficient).toBeGreaterThan(0.98);
      // Its echo of them was played, whole and once.
      const heard = likeness(words, speaker);
      console.log(`They came out of the speaker at ${heard.coefficient.toFixed(4)}.`);
      expect(heard.coefficient).toBeGreaterThan(0.95);
    } finally {
      await browser.close();
    }
  });

  it('keeps what is said while the network is away, and comes back with it on one connection', async () => {
    const { browser, page, sessionId, connections } = await connected(
      concatenated(silence(1.5, RATE_HZ), sentence, silence(20, RATE_HZ)),
      {},
    );
    try {
      expect(await page.evaluate(() => window.livegateTalk.talk())).toBeUndefined();
      const [one] = (await connections()) as [LiveSessionView];
      await live.waitFor((all) => all.some(({ id, state }) => id === one.id && state === 'hearing'), 10_000);
      await page.context().setOffline(true);
      await live.drop(one.id);
      await page.waitForFunction(() =>
        window.livegateTalk.told().states.some(({ state }) => state === 'resuming'),
      );
      await page.waitForTimeout(2_500);
      const opened = (await connections()).length;
      const isAway = (await toldBy(page)).resumed.length === 0;
      await page.context().setOffline(false);
      await page.waitForFunction(() => window.livegateTalk.told().resumed.length > 0, undefined, {
        timeout: 15_000,
      });
      console.log(`Offline the page ${isAway ? 'stayed away' : 'came back all the same'}.`);
      expect(isAway).toBe(true);
      expect(opened).toBe(1);
      const all = await connections();
      expect(all).toHaveLength(2);
      const two = all[1] as LiveSessionView;
      expect(two.resumedFrom).toBe(one.id);
      await live.waitFor((each) => each.some(({ id, turns }) => id === two.id && turns > 0), 30_000);
      const given = likeness(sentence, await samplesOf(two));
      console.log(
        `The model was given the sentence at ${given.coefficient.toFixed(4)} after the network was back.`,
      );
      expect(given.coefficient).toBeGreaterThan(0.98);
      const { tokens } = await leased(sessionId);
      expect(tokens).toBeLessThanOrEqual(2);
      expect((await toldBy(page)).isClosed).toBe(false);
    } finally {
      await browser.close();
    }
  });

  it('plays out what it had of a turn that its lease cut off, and no more', async () => {
    const { browser, page, instruction, connections } = await connected(silence(30, RATE_HZ), {
      leaseSeconds: [10, 120],
    });
    try {
      const rateHz = 24_000;
      const samples = Int16Array.from({ length: 6 * rateHz }, (_, at) =>
        Math.round(8_000 * Math.sin((2 * Math.PI * 440 * at) / rateHz)),
      );
      await live.answerWhere(instruction, [{ audio: { samples, rateHz } }]);
      expect(await page.evaluate(() => window.livegateTalk.talk())).toBeUndefined();
      await page.waitForTimeout(3_500);
      // Goes on until 9.5 s: the lease is left at 7.5 s.
      await page.evaluate(() => window.livegateTalk.say('A long tone'));
      await page.waitForFunction(() => window.livegateTalk.told().cuts.length > 0);
      const [one] = (await connections()) as [LiveSessionView];
      const sentSeconds =
        (await live.journal(one.id))
          .flatMap((entry) =>
            entry.kind === 'out' ? (entry.message.serverContent?.modelTurn?.parts ?? []) : [],
          )
          .reduce((sum, { inlineData }) => sum + Number(/\d+/.exec(inlineData?.data ?? '')?.[0] ?? 0), 0) /
        48_000;
      await page.waitForFunction(() => window.livegateTalk.told().resumed.length > 0);
      await page.waitForTimeout(3_500);
      const { speaker } = await heardBy(page);
      const tone = toneIn(speaker);
      console.log(`${tone.seconds.toFixed(2)} s were heard of ${sentSeconds.toFixed(2)} s that came.`);
      expect((await toldBy(page)).cuts).toEqual([{ by: 'lease' }]);
      expect(tone.hz).toBeGreaterThan(439.5);
      expect(tone.hz).toBeLessThan(440.5);
      // What was under way while the connection closed is all that may be missing.
      expect(tone.seconds).toBeGreaterThan(sentSeconds - 0.5);
      expect(tone.seconds).toBeLessThan(sentSeconds + 0.1);
    } finally {
      await browser.close();
    }
  });

  it('gives the model what was said before the session was there, from its first word', async () => {
    const { browser, connections } = await connected(
      concatenated(silence(0.5, RATE_HZ), sentence, silence(20, RATE_HZ)),
      {},
      { isEarly: true },
    );
    try {
      const [one] = (await connections()) as [LiveSessionView];
      await live.waitFor((all) => all.some(({ id, turns }) => id === one.id && turns > 0), 30_000);
      const given = likeness(sentence, await samplesOf(one));
      console.log(`The model was given what was said early at ${given.coefficient.toFixed(4)}.`);
      expect(given.coefficient).toBeGreaterThan(0.98);
    } finally {
      await browser.close();
    }
  });
});
