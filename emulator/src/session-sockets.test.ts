import { afterEach, describe, expect, it } from 'vitest';
import { LiveClient, wordsOf } from '../test-support/live-client.ts';
import type { LiveEmulator } from './live-emulator.ts';
import type { LiveEmulatorOptions } from './options.ts';
import { startLiveEmulator } from './start.ts';

const LIVE = '/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent';
const running: LiveEmulator[] = [];
const start = async (options: LiveEmulatorOptions = {}): Promise<LiveEmulator> => {
  const emulator = await startLiveEmulator({ turnCompleteDelay: 0, ...options });
  running.push(emulator);
  return emulator;
};
afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});

/** A token made under an API key. */
const tokenOf = async ({ url }: LiveEmulator, key: string): Promise<string> => {
  const response = await fetch(`${url}/v1alpha/auth_tokens`, {
    method: 'POST',
    headers: { 'x-goog-api-key': key },
    body: JSON.stringify({ uses: 0 }),
  });
  return ((await response.json()) as { name: string }).name;
};
const byKey = (key: string) => ({ path: `${LIVE}?key=${key}` });
const byToken = (name: string) => ({ path: `${LIVE}Constrained?access_token=${name}` });
const setup = (handle?: string) => ({
  setup: {
    model: 'models/gemini-3.8-live',
    outputAudioTranscription: {},
    sessionResumption: { ...(handle !== undefined && { handle }) },
  },
});
const say = (text: string) => ({
  clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true },
});

/** Tells of an Ada who said her name before; gives the handle of that talk. */
const introduce = async (emulator: LiveEmulator, door: { path: string }): Promise<string> => {
  const client = await new LiveClient(emulator, door).send(setup());
  await client.until(({ setupComplete }) => setupComplete);
  await client.until(({ sessionResumptionUpdate: update }) => update?.resumable);
  await client.send(say('my name is Ada'));
  const last = (await client.until(({ sessionResumptionUpdate: update }) => update?.resumable)).at(-1);
  client.close();
  return last?.sessionResumptionUpdate?.newHandle ?? '';
};
/** What is answered to who resumes, or how it is refused. */
const resume = async (emulator: LiveEmulator, door: { path: string }, handle: string) => {
  const client = await new LiveClient(emulator, door).send(setup(handle));
  if ((await client.next())?.setupComplete === undefined) return (await client.closing()).code;
  await client.send(say('who am I?'));
  const words = wordsOf(await client.turn());
  client.close();
  return words.trim();
};
const answer: LiveEmulatorOptions['answer'] = ({ text = '' }, { history }) => {
  const name = history.map((entry) => /my name is (\w+)/.exec(entry.text ?? '')?.[1]).find(Boolean);
  return [{ text: text.startsWith('who') ? (name ?? 'nobody') : 'noted' }];
};

describe('handles over the socket', () => {
  it('bring back what was said to the same key, its tokens and nobody else', async () => {
    const emulator = await start({ answer, handleUses: 'many' });
    const handle = await introduce(emulator, byKey('mine'));
    expect(await resume(emulator, byKey('mine'), handle)).toBe('Ada');
    expect(await resume(emulator, byToken(await tokenOf(emulator, 'mine')), handle)).toBe('Ada');
    expect(await resume(emulator, byKey('theirs'), handle)).toBe(1008);
    expect(await resume(emulator, byToken(await tokenOf(emulator, 'theirs')), handle)).toBe(1008);
  });

  it.each(['project', 'token'] as const)('under handleScope %s', async (handleScope) => {
    const emulator = await start({ answer, handleUses: 'many', handleScope });
    const token = await tokenOf(emulator, 'mine');
    const handle = await introduce(emulator, byToken(token));
    const other = await tokenOf(emulator, 'mine');
    expect(await resume(emulator, byToken(token), handle)).toBe('Ada');
    expect(await resume(emulator, byToken(other), handle)).toBe(handleScope === 'project' ? 'Ada' : 1008);
  });

  it('work once, for good where told to, and until they are old', async () => {
    const once = await start({ answer });
    const handle = await introduce(once, byKey('mine'));
    expect(await resume(once, byKey('mine'), handle)).toBe('Ada');
    expect(await resume(once, byKey('mine'), handle)).toBe(1008);
    const many = await start({ answer, handleUses: 'many' });
    const kept = await introduce(many, byKey('mine'));
    expect(await resume(many, byKey('mine'), kept)).toBe('Ada');
    await many.advanceClock(2 * 3_600_000 - 60_000);
    expect(await resume(many, byKey('mine'), kept)).toBe('Ada');
    await many.advanceClock(60_000);
    expect(await resume(many, byKey('mine'), kept)).toBe(1008);
  });
});

describe('a session whose connection is open', () => {
  it.each(['served', 'refused'] as const)(
    'is %s where told so, and resumed once it is closed',
    async (how) => {
      const emulator = await start({ answer, handleUses: 'many', resumeWhileOpen: how });
      const client = await new LiveClient(emulator, byKey('mine')).send(setup());
      const update = (await client.until(({ sessionResumptionUpdate }) => sessionResumptionUpdate)).at(-1);
      const handle = update?.sessionResumptionUpdate?.newHandle ?? '';
      expect(await resume(emulator, byKey('mine'), handle)).toBe(how === 'served' ? 'nobody' : 1011);
      client.close();
      await emulator.waitFor(() => emulator.sessions()[0]?.connected === false);
      expect(await resume(emulator, byKey('mine'), handle)).toBe('nobody');
    },
  );
});

describe('limits over the socket', () => {
  it('end a session over its time, and one over its window, with the code that is chosen', async () => {
    const emulator = await start({ contextWindowTokens: 100, connectionLimitMs: 3_600_000 });
    const late = await LiveClient.ready(emulator);
    await emulator.advanceClock(15 * 60_000);
    expect(await late.closing()).toEqual({ code: 1000, reason: '' });
    expect(late.received.at(-1)).toEqual({ goAway: { timeLeft: '60s' } });
    const long = await LiveClient.ready(emulator);
    expect(await (await long.send(say('x'.repeat(404)))).closing()).toEqual({ code: 1000, reason: '' });
    emulator.setOptions({ overLimitCloseCode: 1006 });
    const cut = await LiveClient.ready(emulator);
    expect(await (await cut.send(say('x'.repeat(404)))).closing()).toEqual({ code: 1006, reason: '' });
    expect(emulator.sessions().at(-1)).toMatchObject({ closeCode: 1006, closedBy: 'emulator' });
  });

  it('refuse the session that is one too many of a key and its tokens', async () => {
    const emulator = await start({ concurrentSessions: 2 });
    const first = await LiveClient.ready(emulator, {}, byKey('mine'));
    await LiveClient.ready(emulator, {}, byToken(await tokenOf(emulator, 'mine')));
    await LiveClient.ready(emulator, {}, byKey('theirs'));
    const third = await new LiveClient(emulator, byKey('mine')).send(setup());
    expect(await third.closing()).toMatchObject({ code: 1011 });
    expect(third.closed?.reason).toContain('RESOURCE_EXHAUSTED');
    first.close();
    await emulator.waitFor(() => emulator.sessions()[0]?.connected === false);
    await LiveClient.ready(emulator, {}, byKey('mine'));
  });
});
