/**
 * The page of one session: every field of a talk that was really had, an end from there that is heard in another page,
 * and what people and pages wrote, which stays text.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LiveOpsDocument, LiveSessionDocument } from '@livegate/protocol';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEEDED_POLICY } from '../../scripts/seed-documents.ts';
import { launchChromium, useChromium } from '../support/chromium.ts';
import { callFunction, useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';
import {
  DESK,
  expectAccessible,
  fitsWidth,
  hostileTextRan,
  keepPictures,
  type OpenDashboard,
  openDashboard,
  PHONE,
} from './support/dashboard-page.ts';
import { refuseListening } from './support/refused-listening.ts';
import {
  closeBooks,
  haveEnded,
  MARKUP_TEXTS,
  mintedSession,
  sessionThat,
  talkingSession,
} from './support/session-cast.ts';
import { concatenated, readWav, silence, writeWav } from './support/sound.ts';
import { serveTalkingPage, type TalkingServer, toldBy } from './support/talking-server.ts';

const RATE_HZ = 16_000;
const TONE_HZ = 24_000;
const tone = (seconds: number): Int16Array =>
  Int16Array.from({ length: seconds * TONE_HZ }, (_, at) => Math.round(6_000 * Math.sin(at / 9)));
const spoken = (seconds: number) => ({ audio: { samples: tone(seconds), rateHz: TONE_HZ } });
const count = (figure: number): string => Math.round(figure).toLocaleString('en-US');
const tokensIn = (tokens: object): number => Object.values(tokens).reduce((all, each) => all + each, 0);

/** Rows of a table, each its cells' text. */
const rowsOf = (table: Locator): Promise<readonly (readonly string[])[]> =>
  table
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent.trim())));
/** The instants that stand in an element, epoch ms. */
const instantsIn = (element: Locator): Promise<readonly number[]> =>
  element
    .locator('time')
    .evaluateAll((times) => times.map((time) => Date.parse(time.getAttribute('datetime') ?? '')));

describe('the page of a session', () => {
  const firestore = useAdminFirestore();
  const chromium = useChromium();
  const { live } = useStack();
  let server: TalkingServer;
  let folder: string;
  let microphone: Browser;
  let admin: OpenDashboard;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'livegate-session-'));
    const wav = join(folder, 'said.wav');
    const words = await readWav(fileURLToPath(new URL('assets/sentence-one.wav', import.meta.url)));
    await writeWav(wav, concatenated(silence(6, RATE_HZ), words, silence(60, RATE_HZ)));
    [server, microphone, admin] = await Promise.all([
      serveTalkingPage(),
      launchChromium({ fakeMicrophoneWav: wav }),
      openDashboard(await chromium(), { as: 'admin' }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([server?.close(), microphone?.close(), admin?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  const documentOf = async (sessionId: string): Promise<LiveSessionDocument> =>
    (await firestore().doc(`liveSessions/${sessionId}`).get()).data() as LiveSessionDocument;

  /** The session of the first test. */
  let talkedId: string;

  it('shows every field of a talk with a renewal, a barge-in, a tool call, a goAway and a drop', async () => {
    const policy = { leaseSeconds: [20, 120], transcripts: { keep: true, days: 7 } } as const;
    const talk = await talkingSession(firestore(), {
      browser: microphone,
      url: server.url,
      policy,
      tools: ['weather'],
    });
    const { page: talker, sessionId, instruction, connection, told, isMine } = talk;
    talkedId = sessionId;
    const { page } = admin;
    await admin.open(`/sessions/${sessionId}`);
    const at = (testId: string): Locator => page.getByTestId(testId);
    expect(await talker.evaluate(() => window.livegateTalk.talk())).toBeUndefined();

    await live.answerWhere(instruction, [
      { toolCall: { name: 'weather', args: { place: 'Oslo' } } },
      { transcript: 'It is sunny.' },
      spoken(0.3),
    ]);
    await talker.evaluate(() => window.livegateTalk.say('What is the weather?'));
    await told('turns', 1);
    // While it goes on: alive, its books open.
    expect(await at('liveness').getAttribute('data-liveness')).toBe('live');
    expect(await at('ended').textContent()).toBe('not yet');
    expect(await at('cost-words').textContent()).toMatch(/^When the books close, at about /);
    expect(await at('no-transcript').textContent()).toContain('The policy keeps transcripts for 7 days.');

    await live.answerWhere(instruction, [{ transcript: 'At length.' }, spoken(20)]);
    await talker.evaluate(() => window.livegateTalk.say('Tell me at length'));
    await live.waitFor((all) => all.some((each) => isMine(each) && each.state === 'answering'));
    await live.answerWhere(instruction, [{ heard: 'Stop.' }, { transcript: 'Understood.' }, spoken(0.3)]);
    await live.waitFor((all) => all.some((each) => isMine(each) && each.interruptions > 0), 20_000);
    await told('turns', 3);
    await told('resumed', 1);
    // Two reports of one session at a time wait for one another.
    await sessionThat(firestore(), sessionId, haveEnded(1));
    await live.goAway((await connection()).id, 4_000);
    await told('resumed', 2);
    await live.drop((await connection()).id);
    await told('resumed', 3);
    await sessionThat(firestore(), sessionId, haveEnded(2));
    await talker.evaluate(() => window.livegateTalk.say('Still there?'));
    await told('turns', 4);
    await talker.evaluate(() => window.livegateTalk.close());
    const { deadAt } = await sessionThat(firestore(), sessionId, ({ state }) => state === 'ended');
    await page.locator('[data-testid=state]', { hasText: 'ended' }).waitFor();
    expect(await at('liveness').getAttribute('data-liveness')).toBe('lingering');
    await closeBooks(deadAt + 1);
    await at('cost').waitFor();
    await at('transcript').waitFor();

    // What the functions and the page wrote, and what is expected of the page by it.
    const session = await documentOf(sessionId);
    const ops = (
      await firestore().doc(`liveSessions/${sessionId}/liveOps/ops`).get()
    ).data() as LiveOpsDocument;
    const batches = (await firestore().collection(`liveSessions/${sessionId}/events`).get()).docs;
    const leases = Object.values(session.leases).sort((a, b) => a.mintedAt - b.mintedAt);
    const connections = leases.map(({ connectionId }) => connectionId);
    expect(leases.map(({ op }) => op)).toEqual(['start', 'renew', 'remint']);

    expect(await at('session-id').textContent()).toBe(sessionId);
    expect(await at('state').textContent()).toBe('ended');
    expect(await at('state-meaning').textContent()).toBe('The page said goodbye.');
    expect(await at('sample').count()).toBe(0);
    expect(await at('shutdown').count()).toBe(0);
    expect(await instantsIn(at('lingering'))).toEqual([session.deadAt]);
    expect(await at('user').textContent()).toBe(session.uid);
    expect(await at('user').locator('a').getAttribute('href')).toBe(`/users/${session.uid}`);
    expect(await at('model').textContent()).toBe('gemini-3.8-live');
    expect(await at('template').textContent()).toBe('none: the page’s own setup');
    expect(await at('policy').textContent()).toBe(`${instruction}@1`);
    expect(await at('policy').locator('a').getAttribute('href')).toBe(`/settings/policies/${instruction}`);
    expect(await at('backend').textContent()).toBe('Gemini Developer API');
    expect(await at('route').textContent()).toBe('direct: the page speaks to the service itself');
    expect(await instantsIn(at('created'))).toEqual([session.createdAt]);
    expect(await instantsIn(at('ended'))).toEqual([session.endedAt]);
    expect(await instantsIn(at('dead'))).toEqual([session.deadAt]);
    expect(await instantsIn(at('kept-until'))).toEqual([session.purgeAt.toMillis()]);
    expect(await at('stop-reason').textContent()).toBe('none: nobody stopped it');

    // Three figures.
    const { leased, reported } = session;
    for (const [testId, text] of [
      ['leased-seconds', `${count(leased.seconds)} s`],
      ['leased-tokens', '3'],
      ['reported-seconds', `${count(reported.seconds)} s`],
      ['reported-turns', count(reported.totals.turns)],
      ['reported-tokens', count(reported.totals.total)],
      ['metered-seconds', '—'],
      ['metered-turns', '—'],
      ['metered-tokens', '—'],
    ] as const)
      expect([testId, await at(testId).textContent()]).toEqual([testId, text]);
    expect(await instantsIn(at('reported-at'))).toEqual([reported.at]);
    expect(await at('metered-words').textContent()).toContain('nobody did');

    // Cost and flags.
    const usd = (microUsd: number): string =>
      `$${(microUsd / 1e6).toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
    expect(ops.cost.microUsd).toBeGreaterThan(0);
    expect(await at('cost').textContent()).toBe(usd(ops.cost.microUsd ?? 0));
    expect(await at('cost-words').textContent()).toContain(`By the list price of ${ops.cost.asOf}`);
    expect(new Set(await rowsOf(at('cost-parts')))).toEqual(
      new Set(
        Object.entries(ops.cost.parts).map(([part, microUsd]) => [
          {
            'prompt.AUDIO': 'In, audio',
            'prompt.TEXT': 'In, text',
            'response.AUDIO': 'Out, audio',
            'response.TEXT': 'Out, text',
          }[part],
          usd(microUsd),
        ]),
      ),
    );
    expect(ops.flags).toEqual([]);
    expect(await at('flags').textContent()).toBe('None.');
    expect(await instantsIn(at('closed-at'))).toEqual([ops.closedAt]);

    // Tokens, summed and turn by turn.
    const { prompt, response } = reported.totals;
    expect(await rowsOf(at('modalities'))).toEqual([
      ['audio', count(prompt.AUDIO ?? 0), '0', '0', count(response.AUDIO ?? 0)],
      ['text', count(prompt.TEXT ?? 0), '0', '0', count(response.TEXT ?? 0)],
    ]);
    expect(await at('modalities').locator('tfoot td').allTextContents()).toEqual(
      [tokensIn(prompt), 0, 0, tokensIn(response)].map(count),
    );
    const turns = session.timeline.filter(({ type }) => type === 'turn');
    expect(turns).toHaveLength(4);
    const columns = ['prompt.AUDIO', 'prompt.TEXT', 'response.AUDIO', 'response.TEXT', 'total'];
    const cell = (usage: unknown, column: string): string => {
      const [part = '', modality] = column.split('.');
      // The service counts a turn that was cut with the next one.
      if (usage === undefined) return '—';
      const found = (usage as Record<string, Record<string, number> & number>)[part];
      return count((modality === undefined ? found : found?.[modality]) ?? 0);
    };
    for (const [index, { at: ended, detail }] of turns.entries()) {
      const row = at('turns').locator(`[data-turn="${index + 1}"]`);
      expect(await instantsIn(row)).toEqual([ended]);
      for (const column of columns)
        expect(await row.locator(`[data-column="${column}"]`).textContent()).toBe(
          cell(detail?.usage, column),
        );
      const answerMs = Number(detail?.answerMs);
      expect(await row.locator('[data-column=answerMs]').textContent()).toBe(
        answerMs < 1_000 ? `${answerMs} ms` : `${Number((answerMs / 1_000).toFixed(1))} s`,
      );
      expect(await row.locator('[data-column=short]').textContent()).toBe(
        detail?.interrupted ? 'by the user' : '—',
      );
    }
    expect(turns.filter(({ detail }) => detail?.interrupted)).toHaveLength(1);
    for (const testId of ['turns-sum', 'turns-reported'])
      expect(await at(testId).locator('[data-column]').allTextContents()).toEqual(
        columns.map((column) => cell(reported.totals, column)),
      );
    expect(await at('turns-difference').count()).toBe(0);

    // Leases.
    for (const [index, lease] of leases.entries()) {
      const row = at('leases').locator('tbody tr').nth(index);
      const [, , , ...rest] = (await rowsOf(at('leases')))[index] ?? [];
      expect(await row.locator('th').textContent()).toBe(
        `${lease.index + 1} · ${{ start: 'start', renew: 'renewal', remint: 'after a drop' }[lease.op]}`,
      );
      expect(await instantsIn(row)).toEqual([lease.mintedAt, lease.expiresAt]);
      const seconds = (lease.expiresAt - lease.mintedAt) / 1_000;
      expect(rest.slice(0, 2)).toEqual([`${count(seconds)} s`, String(index + 1)]);
      expect(rest[2]).toMatch(/^(in force|over)$/);
    }

    // Connections.
    for (const [index, id] of connections.entries()) {
      const item = at('connections').locator(`[data-connection="${index + 1}"]`);
      const figures = session.connections[id];
      const { quality = {} } = figures ?? {};
      const ms = (figure: number | undefined): string =>
        figure === undefined
          ? '—'
          : figure < 1_000
            ? `${count(figure)} ms`
            : `${Number((figure / 1_000).toFixed(1))} s`;
      expect(await item.locator('h3 code').textContent()).toBe(id);
      for (const [testId, text] of [
        ['lasted', `${Math.round(figures?.seconds ?? 0)} s`],
        [
          'usage',
          `${figures?.totals.turns} ${figures?.totals.turns === 1 ? 'turn' : 'turns'}, ${count(figures?.totals.total ?? 0)} tokens`,
        ],
        ['connect-ms', ms(quality.connectMs)],
        [
          'answer-ms',
          quality.answers === undefined
            ? '—'
            : `${ms(quality.answerMs)}, the median of ${quality.answers} ${quality.answers === 1 ? 'answer' : 'answers'}`,
        ],
        ['gaps', quality.gaps === undefined ? '—' : `${quality.gaps}, ${ms(quality.gapMs)} in all`],
        ['interruptions', quality.interruptions === undefined ? '—' : String(quality.interruptions)],
        ['reports', `${figures?.seq}, the last one came`],
      ] as const)
        expect([id, testId, await item.getByTestId(testId).textContent()]).toEqual([id, testId, text]);
      expect(await item.getByTestId('close-code').textContent()).toContain(
        quality.closeCode === 1000
          ? '1000: a normal close'
          : '1006: the connection broke, nobody said goodbye',
      );
    }
    const [first, second] = connections.map((id) => session.connections[id]?.quality);
    expect(first).toMatchObject({ interruptions: 1, closeCode: 1000, gaps: expect.any(Number) });
    expect(second?.closeCode).toBe(1006);

    // The timeline: what was told, and what was written, in order; and the same as a picture.
    const entries = at('timeline').locator('li');
    const titles = await entries.locator('.line-title').allTextContents();
    expect([...titles].sort()).toEqual(
      [
        'Lease 1 minted',
        'Lease 2 minted to renew',
        'Lease 2 minted again after a drop',
        'Set up',
        'Set up',
        'Set up',
        'Set up',
        'Tool call: weather',
        'Turn 1',
        'Turn 2',
        'Turn 3',
        'Turn 4',
        'Barge-in',
        'Left for the next lease',
        'Took over as planned',
        'The service announced that it will close the connection',
        'Left because the service announced its end',
        'Took over as planned',
        'Dropped',
        'Came back after a drop',
        'Closed by the page: the talk is over',
        'Ended',
        'The last token dies',
        'Books closed',
      ].sort(),
    );
    const instants = await instantsIn(entries);
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
    for (const { at: told } of session.timeline) expect(instants).toContain(told);
    for (const [title, detail] of [
      ['Tool call: weather', /answered after \d+ ms/],
      ['Barge-in', /the user came in while the model spoke/],
      ['The service announced', /goAway, 4 s left/],
      ['Dropped', /1006: the connection broke/],
      ['Came back', /the model kept its state/],
      ['Books closed', /to come/],
    ] as const)
      expect(await entries.filter({ hasText: title }).first().textContent()).toMatch(detail);
    const lanes = await page
      .locator('[data-testid=timeline-picture] [data-lane]')
      .evaluateAll((all) =>
        all.map((lane) => [
          lane.getAttribute('data-lane'),
          lane.querySelectorAll('.bar').length,
          lane.querySelectorAll('.mark').length,
        ]),
      );
    expect(lanes).toEqual([
      ['Leases', 3, 0],
      ['Connections', 4, 0],
      ['Turns', 0, 4],
      ['Barge-ins', 0, 1],
      ['Tool calls', 1, 0],
      ['Drops and closes', 0, 5],
    ]);
    expect(await page.getByRole('img', { name: 'on one axis of time' }).count()).toBe(1);

    // What was said.
    const words = batches.flatMap(
      (batch) => batch.data().transcript as { role: string; text: string; at: number }[],
    );
    words.sort((a, b) => a.at - b.at);
    expect(words.length).toBeGreaterThanOrEqual(7);
    const said = at('transcript').locator('li');
    expect(await said.locator('.said-text').allTextContents()).toEqual(words.map(({ text }) => text));
    expect(await said.evaluateAll((all) => all.map((each) => each.getAttribute('data-role')))).toEqual(
      words.map(({ role }) => role),
    );
    expect(await at('load-more').count()).toBe(0);

    await page.getByRole('button', { name: 'Copy the session id' }).click();
    await page.getByText('Copied').waitFor();
    await expectAccessible(page, 'a session');
    await keepPictures(page, 'dashboard-session');
    await page.setViewportSize(PHONE);
    expect(await fitsWidth(page)).toBe(true);
    await page.setViewportSize(DESK);
    expect(admin.violations()).toEqual([]);
  });

  it('ends a talk that goes on in another page, says until when its token is good, and blocks its user', async () => {
    const talk = await talkingSession(firestore(), {
      browser: await chromium(),
      url: server.url,
      policy: { reportEverySeconds: 1 },
    });
    const { page: talker, sessionId, instruction } = talk;
    const { page } = admin;
    const at = (testId: string): Locator => page.getByTestId(testId);
    await live.answerWhere(instruction, [{ delayMs: 1_000 }, { transcript: 'Yes.' }]);
    await admin.open(`/sessions/${sessionId}`);
    await at('end-now').click();
    const { deadAt, uid } = await documentOf(sessionId);
    expect(await instantsIn(at('token-words'))).toEqual([deadAt]);
    expect(await at('token-words').textContent()).toContain('cannot be called back');
    await expectAccessible(page, 'the question before an end');
    await keepPictures(page, 'dashboard-session-end');
    await at('act-reason').fill('It went on for too long.');
    await at('act-confirm').click();
    await at('act-outcome').waitFor();
    expect(await at('act-outcome').textContent()).toContain('The session is ended');
    expect(await instantsIn(at('act-outcome'))).toEqual([deadAt]);
    await page.locator('[data-testid=state]', { hasText: 'revoked' }).waitFor();
    expect(await at('stop-reason').textContent()).toBe('revoked: an operator ended it');
    expect(await at('timeline').textContent()).toContain('Ended by an operator');
    expect(await at('end-now').count()).toBe(0);

    // The other page hears of it with its next report.
    expect((await toldBy(talker)).isClosed).toBe(false);
    await talker.evaluate(() => window.livegateTalk.say('Anybody there?'));
    await talker.waitForFunction(() => window.livegateTalk.told().isClosed);
    expect((await toldBy(talker)).states.at(-1)).toMatchObject({
      state: 'closed',
      cause: { reason: 'stopped', notice: { reason: 'revoked' } },
    });
    await live.waitFor((all) => all.every((each) => !talk.isMine(each) || !each.connected));
    await sessionThat(firestore(), sessionId, ({ connections }) => Object.keys(connections).length > 0);
    await at('timeline').getByText('Closed by order: the talk is over').waitFor();

    await at('block-user').click();
    await at('block-dialog').waitFor();
    await page.keyboard.press('Escape');
    expect(await at('block-dialog').count()).toBe(0);
    await at('block-user').click();
    await at('act-confirm').click();
    await at('act-outcome').getByText('The user is blocked').waitFor();
    const quota = (await firestore().doc(`liveQuotas/${uid}`).get()).data();
    expect(quota?.blocked).toMatchObject({ at: expect.any(Number) });
    const audit = await firestore().collection('liveAudit').where('subject', '==', uid).get();
    expect(audit.docs.map((each) => [each.data().act, each.data().reason]).sort()).toEqual([
      ['block-user', ''],
      ['revoke-session', 'It went on for too long.'],
    ]);
    expect(admin.violations()).toEqual([]);
  });

  it('shows what people and pages wrote as text, and a session that was never a usual one', async () => {
    const policyId = `hostile-${randomUUID()}`;
    await firestore()
      .doc(`livePolicies/${policyId}`)
      .set({ ...SEEDED_POLICY, transcripts: { keep: true, days: 7 } });
    const { idToken, sessionId, connectionId, serverTime } = await mintedSession(policyId);
    const line = (id: string, index: number, type: string, detail: object) => ({
      id: `${connectionId}-${id}${String(index).padStart(4, '0')}`,
      at: serverTime + index,
      type,
      detail,
    });
    const report = await callFunction('reportLiveUsage', {
      data: {
        v: 1,
        sessionId,
        connectionId,
        seq: 1,
        final: false,
        seconds: 3,
        totals: { turns: 0, prompt: {}, response: {}, toolUse: {}, cached: {}, thoughts: 0, total: 0 },
        events: MARKUP_TEXTS.flatMap((text, index) => [
          line('a', index, text.slice(0, 200), { text }),
          line('b', index, 'tool-call', { name: text.slice(0, 64), ms: 5, outcome: 'failed' }),
          line('c', index, 'closed', { why: 'stopped', reason: text.slice(0, 64) }),
        ]),
        transcript: MARKUP_TEXTS.map((text, index) => ({
          id: `${connectionId}-t${String(index).padStart(4, '0')}`,
          at: serverTime + index,
          role: index % 2 === 0 ? 'user' : 'model',
          text,
        })),
      },
      idToken,
    });
    expect(report).toMatchObject({ status: 200 });
    // What a stranger's hand, or another version, may have left.
    const [one, two, three] = MARKUP_TEXTS;
    const ref = firestore().doc(`liveSessions/${sessionId}`);
    const more = firestore().batch();
    for (let index = 0; index < 45; index++)
      more.set(ref.collection('events').doc(`~${String(index).padStart(2, '0')}`), {
        v: 1,
        connectionId,
        seq: 2,
        events: [line('z', index, 'turn', { usage: { prompt: { AUDIO: 10 }, total: 10 } })],
        transcript: [],
      });
    await more.commit();
    await ref.update({
      template: `${two}@1`,
      templateId: two,
      model: 'gemini-2.5-flash-native-audio-latest',
      policy: `${one}@2`,
      stopReason: one,
      backend: 'vertex-ai',
      route: 'relay',
      sample: true,
      open: false,
      metered: {
        seconds: 61,
        totals: {
          turns: 3,
          prompt: { AUDIO: 7 },
          response: { AUDIO: 8 },
          toolUse: {},
          cached: {},
          thoughts: 2,
          total: 15,
        },
      },
    });
    await ref
      .collection('liveOps')
      .doc('ops')
      .set({
        v: 1,
        flags: ['under-reported', one],
        cost: {
          microUsd: null,
          pricedMicroUsd: 1_500_000,
          parts: { 'response.AUDIO': 1_500_000 },
          unpriced: ['prompt.VIDEO', three],
          asOf: two,
        },
        closedAt: serverTime,
      });

    const { page } = admin;
    const at = (testId: string): Locator => page.getByTestId(testId);
    await admin.open(`/sessions/${sessionId}`);
    await at('transcript').waitFor();
    await at('cost').waitFor();
    expect(await at('transcript').locator('.said-text').allTextContents()).toEqual(MARKUP_TEXTS);
    // Forty batches are read at first; the rest when somebody asks for it.
    expect(await at('turns').locator('[data-turn]').count()).toBe(39);
    expect(await at('turns-difference').textContent()).toContain('batches that are not loaded yet');
    await at('load-more').click();
    await at('load-more').waitFor({ state: 'detached' });
    expect(await at('turns').locator('[data-turn]').count()).toBe(45);
    expect(await at('turns-sum').locator('[data-column=total]').textContent()).toBe('450');
    expect(await at('turns-difference').textContent()).toContain('do not fit together');
    const timeline = await at('timeline').locator('.line-title').allTextContents();
    const details = await at('timeline').locator('.under').allTextContents();
    for (const text of MARKUP_TEXTS) {
      expect(timeline).toContain(text.slice(0, 200));
      expect(timeline).toContain(`Tool call: ${text.slice(0, 64)}`);
      expect(details).toContain(text.slice(0, 64));
    }
    expect(await at('template').locator('a').getAttribute('href')).toBe(
      `/settings/templates/${encodeURIComponent(two)}`,
    );
    for (const [testId, text] of [
      ['template', `${two}@1`],
      ['policy', `${one}@2`],
      ['stop-reason', one],
      ['sample', 'sample data'],
      ['backend', 'Vertex AI'],
      ['route', 'through the relay'],
      ['metered-seconds', '61 s'],
      ['metered-turns', '3'],
      ['metered-tokens', '15'],
      ['thoughts', 'And 2 tokens of thoughts.'],
      ['cost', 'unpriced'],
    ] as const)
      expect([testId, await at(testId).textContent()]).toEqual([testId, text]);
    expect(await at('shutdown').textContent()).toContain('use gemini-3.8-live');
    expect(await at('cost-words').textContent()).toContain('There is no price for: In, video; ');
    expect(await at('flags').locator('li').allTextContents()).toEqual([
      expect.stringContaining('Its pages reported 3 s, but'),
      `${one} ${one}: this page does not know this flag.`,
    ]);
    expect(await hostileTextRan(page)).toBe(false);
    expect(
      await page
        .locator('main :is(script, iframe, style, meta, math, details, img, a[href^="javascript"])')
        .count(),
    ).toBe(0);
    expect(await fitsWidth(page)).toBe(true);
    await page.setViewportSize(PHONE);
    expect(await fitsWidth(page)).toBe(true);
    await expectAccessible(page, 'a session of hostile texts, on a phone');
    await page.setViewportSize(DESK);
    expect(admin.violations()).toEqual([]);
  });

  it('lets a viewer read a talk without its words and without acts, and says why', async () => {
    const viewer = await openDashboard(await chromium(), { as: 'viewer', path: `/sessions/${talkedId}` });
    const at = (testId: string): Locator => viewer.page.getByTestId(testId);
    await at('cost').waitFor();
    await at('no-transcript').getByText('What people said is shown to admins only.').waitFor();
    expect(await at('no-acts').textContent()).toContain('ask an admin');
    expect(await at('end-now').count()).toBe(0);
    expect(await at('block-user').count()).toBe(0);
    expect(await at('transcript').count()).toBe(0);
    expect(await at('timeline-forbidden').textContent()).toContain('admins alone');
    expect(await at('timeline').locator('li').count()).toBeGreaterThan(20);
    expect(await viewer.page.locator('[data-testid$="-error"]').count()).toBe(0);
    expect(viewer.violations()).toEqual([]);
    await viewer.close();
  });

  it('says so while it looks, where there is nothing, and where it cannot read what is there', async () => {
    const { page } = admin;
    const at = (testId: string): Locator => page.getByTestId(testId);
    await admin.open('/sessions/never-was-there');
    await at('session-missing').waitFor();
    await expectAccessible(page, 'no such session');
    await admin.open('/sessions/__reserved__');
    await at('session-missing').waitFor();

    const unreadable = firestore().doc(`liveSessions/unreadable-${randomUUID()}`);
    await unreadable.set({ v: 99, uid: 'somebody' });
    await admin.open(`/sessions/${unreadable.id}`);
    await at('session-unreadable').waitFor();
    await expectAccessible(page, 'a session of another version');
    await unreadable.delete();
    await at('session-missing').waitFor();

    const { sessionId } = await mintedSession('default');
    await page.route(/\/Listen\/channel/, () => {});
    await admin.open(`/sessions/${sessionId}`);
    await at('session-loading').waitFor();
    await expectAccessible(page, 'a session that is looked for');
    await page.unrouteAll();

    const letIn = await refuseListening(page);
    await admin.open(`/sessions/${sessionId}`);
    await at('session-error').waitFor();
    expect(await at('session-error').textContent()).toContain('Firestore refused to show this.');
    await expectAccessible(page, 'a session that may not be read');
    await letIn();
    await admin.open(`/sessions/${sessionId}`);
    await at('state').waitFor();

    await admin.context.setOffline(true);
    await at('session-offline').waitFor({ timeout: 20_000 });
    await expectAccessible(page, 'a session without a network');
    await admin.context.setOffline(false);
    await at('session-offline').waitFor({ state: 'detached', timeout: 20_000 });
    expect(admin.violations()).toEqual([]);
  });
});
