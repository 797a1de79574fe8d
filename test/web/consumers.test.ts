/** Readers of one session, side by side, on the functions and the Live emulator; and what it counts. */
import { describe, expect, test } from 'vitest';
import { useStack } from '../support/stack.ts';
import { collect, turnsOf, useTalkingApps } from '../support/talking-app.ts';

const RATE_HZ = 24_000;
const SPOKEN = {
  generationConfig: { inputAudioTranscription: {}, outputAudioTranscription: {} },
} as const;
const TONE = Int16Array.from({ length: RATE_HZ / 2 }, (_, at) => Math.round(6_000 * Math.sin(at / 9)));

describe('receive()', () => {
  const { live } = useStack();
  const apps = useTalkingApps();
  const spoken = [{ audio: { samples: TONE, rateHz: RATE_HZ } }, { transcript: 'Yes.' }];

  test('gives the first reader all since the connection, a later one what comes after its call', async () => {
    const app = await apps.open({});
    await live.answerWhere(app.instruction, spoken);
    const session = apps.closeLater(await app.model({}, SPOKEN).connect());
    const usage = collect(session, 'usage');
    await session.send('One');
    await expect.poll(() => usage.length).toBe(1);
    // Nobody has read so far.
    const first = turnsOf(session);
    const second = turnsOf(session);
    await session.send('Two');
    const heard = [await first.next(), await first.next(), await second.next()];
    for (const { audio } of heard) expect(audio.equals(Buffer.from(TONE.buffer))).toBe(true);
    await expect.poll(() => usage.length).toBe(2);
    // Two turns went over the wire, whoever read them.
    const [connection] = await app.connections();
    expect(connection?.turns).toBe(2);
    expect(usage.at(-1)?.session).toEqual(connection?.usage);
    expect(usage.at(-1)?.session.total).toBeGreaterThan(usage[0]?.session.total ?? 0);
  });

  test('is ended for one reader by its break, and for no other', async () => {
    const app = await apps.open({});
    await live.answerWhere(app.instruction, spoken);
    const session = apps.closeLater(await app.model({}, SPOKEN).connect());
    const stays = turnsOf(session);
    const broken = session.receive();
    await session.send('One');
    for await (const message of broken) if (message.type === 'serverContent') break;
    const whole = Buffer.from(TONE.buffer);
    expect((await stays.next()).audio.equals(whole)).toBe(true);
    const later = turnsOf(session);
    await session.send('Two');
    expect((await stays.next()).audio.equals(whole)).toBe(true);
    expect((await later.next()).audio.equals(whole)).toBe(true);
  });

  test('tells what a reader who never reads has missed, and spares the one who reads', async () => {
    const app = await apps.open({});
    // Words come one message each, and are kept for nobody beyond 1,024.
    const words = Array.from({ length: 1_500 }, (_, index) => ({ transcript: `w${index} ` }));
    await live.answerWhere(app.instruction, words);
    const session = apps.closeLater(await app.model({}, SPOKEN).connect());
    const missed = collect(session, 'missed');
    const reads = turnsOf(session);
    const sleeps = turnsOf(session);
    await session.send('At length');
    const all = words.map(({ transcript }) => transcript).join('');
    expect((await reads.next()).transcript).toBe(all);
    // Its end came to the sleeper all the same, and the newest words.
    const late = await sleeps.next();
    expect(all.endsWith(late.transcript)).toBe(true);
    const lost = words.length - late.transcript.trim().split(' ').length;
    expect(lost).toBeGreaterThan(0);
    await expect.poll(() => missed.reduce((sum, { content }) => sum + content, 0)).toBe(lost);
    expect(missed.every(({ audio }) => audio === 0)).toBe(true);
  });
});
