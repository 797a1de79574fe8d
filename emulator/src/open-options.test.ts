/** Options of which nobody knows what the service would choose: both values of each, on a socket. */
import { afterEach, describe, expect, it } from 'vitest';
import { LiveClient, wordsOf } from '../test-support/live-client.ts';
import type { LiveEmulator } from './live-emulator.ts';
import type { LiveEmulatorOptions } from './options.ts';
import { startLiveEmulator } from './start.ts';

const CONSTRAINED =
  '/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained';
const MODEL = 'models/gemini-3.8-live';

let emulator: LiveEmulator | undefined;
const start = async (options: LiveEmulatorOptions): Promise<LiveEmulator> => {
  emulator = await startLiveEmulator({
    paceFactor: 1_000,
    turnCompleteDelay: 0,
    answer: ({ text }, { history, setup }) => [
      { text: `${setup.systemInstruction?.parts?.[0]?.text ?? ''} ${history[0]?.text ?? ''} ${text ?? ''}` },
    ],
    ...options,
  });
  return emulator;
};
afterEach(() => emulator?.close());

const mint = async ({ url }: LiveEmulator, body: object = {}): Promise<string> => {
  const headers = { 'x-goog-api-key': 'any' };
  const response = await fetch(`${url}/v1alpha/auth_tokens`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return ((await response.json()) as { readonly name: string }).name;
};
const under = (token: string) => ({ path: `${CONSTRAINED}?access_token=${token}` });
const say = async (client: LiveClient, text: string): Promise<string> => {
  await client.send({ clientContent: { turns: [{ parts: [{ text }] }], turnComplete: true } });
  return wordsOf(await client.turn()).trim();
};

describe('handleScope', () => {
  /** A talk under one token, and its handle. */
  const talked = async (running: LiveEmulator) => {
    const token = await mint(running, { uses: 0 });
    const setup = { sessionResumption: {}, outputAudioTranscription: {} };
    const client = await LiveClient.ready(running, setup, under(token));
    await say(client, 'Ada');
    const updates = await client.until(({ sessionResumptionUpdate }) => sessionResumptionUpdate?.resumable);
    client.close();
    await client.closing();
    return { token, handle: updates.at(-1)?.sessionResumptionUpdate?.newHandle };
  };
  const resumed = (handle: string | undefined) => ({
    outputAudioTranscription: {},
    sessionResumption: { handle },
  });

  it.each(['project', 'token'] as const)(
    '%s: resumes under the token that made the handle',
    async (handleScope) => {
      const running = await start({ handleScope });
      const { token, handle } = await talked(running);
      const client = await LiveClient.ready(running, resumed(handle), under(token));
      expect(await say(client, 'again')).toBe('Ada again');
    },
  );

  it('project: resumes under another token of the project', async () => {
    const running = await start({ handleScope: 'project' });
    const { handle } = await talked(running);
    const client = await LiveClient.ready(running, resumed(handle), under(await mint(running)));
    expect(await say(client, 'again')).toBe('Ada again');
  });

  it('token: closes with 1008 under another token of the project', async () => {
    const running = await start({ handleScope: 'token' });
    const { handle } = await talked(running);
    const client = new LiveClient(running, under(await mint(running)));
    await client.send({ setup: { model: MODEL, ...resumed(handle) } });
    expect(await client.closing()).toMatchObject({
      code: 1008,
      reason: expect.stringContaining('not found'),
    });
    expect(client.received).toEqual([]);
  });
});

describe('lockCoversContextUpdate', () => {
  const brief = { parts: [{ text: 'brief' }] };
  const rude = { parts: [{ text: 'rude' }] };
  const wished = { model: MODEL, outputAudioTranscription: {}, systemInstruction: brief };
  /** What the instruction in force is after an update, by the answer that begins with it. */
  const updated = async (running: LiveEmulator, fieldMask: string): Promise<string> => {
    const token = await mint(running, {
      bidiGenerateContentSetup: {
        model: MODEL,
        ...(fieldMask.includes('system') && { systemInstruction: brief }),
      },
      fieldMask,
    });
    const client = await LiveClient.ready(running, wished, under(token));
    expect(await say(client, 'before')).toBe('brief  before');
    await client.send({ contextUpdate: { systemInstruction: rude } });
    return say(client, 'after');
  };
  const warnings = (running: LiveEmulator): readonly string[] =>
    running.journal().flatMap((entry) => (entry.kind === 'warning' ? [entry.text] : []));

  it('false: an update changes what the token locked', async () => {
    const running = await start({ lockCoversContextUpdate: false });
    expect(await updated(running, 'model,systemInstruction')).toBe('rude before after');
    expect(
      warnings(running).filter((text) => text.startsWith('contextUpdate.systemInstruction: locked')),
    ).toEqual([]);
  });

  it('true: what the token locked stays, with a warning', async () => {
    const running = await start({ lockCoversContextUpdate: true });
    expect(await updated(running, 'model,systemInstruction')).toBe('brief before after');
    expect(warnings(running)).toContainEqual(
      expect.stringMatching(/^contextUpdate\.systemInstruction: locked/),
    );
  });

  it('true: what the token left open changes', async () => {
    const running = await start({ lockCoversContextUpdate: true });
    expect(await updated(running, 'model')).toBe('rude before after');
  });
});
