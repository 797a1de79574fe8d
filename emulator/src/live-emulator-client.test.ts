import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LiveClient, messageWith } from '../test-support/live-client.ts';
import { speech } from '../test-support/speech.ts';
import type { LiveEvent } from './control-query.ts';
import type { LiveEmulator } from './live-emulator.ts';
import { connectLiveEmulator, type LiveEmulatorClient } from './live-emulator-client.ts';
import type { LiveEmulatorOptions } from './options.ts';
import { samplesToBase64 } from './pcm.ts';
import { startLiveEmulator } from './start.ts';

const running: LiveEmulator[] = [];
const start = async (
  options: LiveEmulatorOptions = {},
): Promise<{ readonly emulator: LiveEmulator; readonly remote: LiveEmulatorClient }> => {
  const emulator = await startLiveEmulator({ paceFactor: 1_000, turnCompleteDelay: 0, ...options });
  running.push(emulator);
  return { emulator, remote: await connectLiveEmulator(emulator) };
};
afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});
const say = (client: LiveClient, text: string) =>
  client.send({ clientContent: { turns: [{ parts: [{ text }] }], turnComplete: true } });

describe('connectLiveEmulator', () => {
  it('says why it cannot, beside a call that can', async () => {
    const { emulator } = await start();
    const { url, controlToken } = emulator;
    expect((await connectLiveEmulator({ url, controlToken })).host).toBe(emulator.host);
    await expect(connectLiveEmulator({ url, controlToken: `${controlToken}x` })).rejects.toMatchObject({
      code: 'unauthorized',
    });
    await expect(connectLiveEmulator({ url: 'localhost', controlToken })).rejects.toMatchObject({
      code: 'invalid-option',
    });
    await emulator.close();
    await expect(connectLiveEmulator({ url, controlToken })).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('finds the emulator it was run beside in its environment', async () => {
    const { emulator } = await start();
    vi.stubEnv('LIVEGATE_EMULATOR_URL', emulator.url);
    await expect(connectLiveEmulator()).rejects.toMatchObject({ code: 'invalid-option' });
    vi.stubEnv('LIVEGATE_CONTROL_TOKEN', emulator.controlToken);
    expect((await connectLiveEmulator()).url).toBe(emulator.url);
    vi.unstubAllEnvs();
  });

  it('takes nothing for an emulator that is none', async () => {
    const { emulator } = await start();
    const other = createServer((_, response) => response.end('{"hello":"world"}')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(
      connectLiveEmulator({ url: `http://127.0.0.1:${port}`, controlToken: emulator.controlToken }),
    ).rejects.toMatchObject({ code: 'unexpected-answer' });
    other.close();
    other.closeAllConnections();
  });
});

describe('LiveEmulatorClient', () => {
  it('shows what the emulator shows itself', async () => {
    const { emulator, remote } = await start({ captureAudio: true });
    const client = await LiveClient.ready(emulator, {
      inputAudioTranscription: {},
      sessionResumption: {},
      systemInstruction: { parts: [{ text: 'be kind' }] },
      tools: [{ functionDeclarations: [{ name: 'f' }] }],
    });
    const data = samplesToBase64(speech('question'));
    await client.send({ realtimeInput: { audio: { mimeType: 'audio/pcm', data } } });
    await client.send({ realtimeInput: { audioStreamEnd: true } });
    await messageWith(client, 'turnComplete');
    client.close();
    await emulator.waitFor(() => emulator.sessions()[0]?.state === 'closed');
    expect(await remote.sessions()).toEqual(emulator.sessions());
    expect(await remote.journal()).toEqual(emulator.journal());
    expect(await remote.journal('session-2')).toEqual([]);
    expect(await remote.journal({ has: 'setupComplete' })).toEqual(
      emulator.journal().filter((entry) => 'message' in entry && 'setupComplete' in entry.message),
    );
    expect(await remote.receivedAudio('session-1')).toEqual(emulator.receivedAudio('session-1'));
    expect(await remote.receivedAudio('session-2')).toHaveLength(0);
    expect(await remote.options()).toEqual(emulator.options());
  });

  it('acts as the emulator acts itself, and says where there was nothing to act on', async () => {
    const { emulator, remote } = await start();
    const [first, second] = [await LiveClient.ready(emulator), await LiveClient.ready(emulator)];
    const message = { serverContent: { modelTurn: { parts: [{ text: 'from nowhere' }] } } };
    expect(await remote.inject('session-1', message)).toBe(true);
    expect((await messageWith(first, 'modelTurn')).serverContent).toEqual(message.serverContent);
    expect(await remote.goAway('session-1', 30_000)).toBe(true);
    expect((await messageWith(first, 'goAway')).goAway).toEqual({ timeLeft: '30s' });
    expect(await remote.drop('session-1', 4_000, 'enough')).toBe(true);
    expect(await first.closing()).toEqual({ code: 4_000, reason: 'enough' });
    expect(await remote.drop('session-2')).toBe(true);
    expect((await second.closing()).code).toBe(1006);
    for (const id of ['session-1', 'session-9'])
      expect([
        await remote.inject(id, message),
        await remote.goAway(id),
        await remote.drop(id, 1000),
      ]).toEqual([false, false, false]);
  });

  it('moves the clock and starts over', async () => {
    const { emulator, remote } = await start();
    const client = await LiveClient.ready(emulator);
    await remote.advanceClock(600_000);
    expect((await client.closing()).code).toBe(1011);
    expect([await remote.clockOffset(), (await remote.now()) - Date.now() > 599_000]).toEqual([
      600_000,
      true,
    ]);
    await remote.reset();
    expect([await remote.sessions(), await remote.journal(), await remote.clockOffset()]).toEqual([
      [],
      [],
      0,
    ]);
    await expect(remote.advanceClock(-1)).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('lays answers down, sound included, for everybody, one instruction or one session', async () => {
    const { emulator, remote } = await start();
    const samples = Int16Array.from({ length: 2_400 }, (_, index) => (index % 100) * 100);
    await remote.answerWith([{ audio: { samples, rateHz: 24_000 } }], { sessionId: 'session-1' });
    await remote.answerWith([{ toolCall: { name: 'f', args: { deep: { camel_case: 1 } } } }], {
      instruction: 'call',
      times: 1,
    });
    expect(await remote.answers()).toEqual(emulator.answers());
    const first = await LiveClient.ready(emulator);
    const second = await LiveClient.ready(emulator, { systemInstruction: { parts: [{ text: 'call' }] } });
    await say(first, 'x');
    const [part] = (await messageWith(first, 'modelTurn')).serverContent?.modelTurn?.parts ?? [];
    expect(part?.inlineData?.data).toBe(samplesToBase64(samples));
    await say(second, 'x');
    expect((await messageWith(second, 'toolCall')).toolCall?.functionCalls).toMatchObject([
      { name: 'f', args: { deep: { camel_case: 1 } } },
    ]);
    expect((await remote.answers()).map(({ sessionId }) => sessionId)).toEqual(['session-1']);
    await remote.answerWith(undefined, { sessionId: 'session-1' });
    expect(await remote.answers()).toEqual([]);
  });

  it('lets things go wrong, shows what still may, and lifts it', async () => {
    const { emulator, remote } = await start();
    const drop = { at: { messageOut: 2 }, fault: { kind: 'close', code: 4_002 } } as const;
    expect(await remote.fault(drop)).toBe('fault-1');
    expect(await remote.faults()).toEqual([{ id: 'fault-1', rule: drop }]);
    const first = await LiveClient.ready(emulator);
    await say(first, 'x');
    expect((await first.closing()).code).toBe(4_002);
    await remote.clearFaults();
    expect([await remote.faults(), emulator.faults()]).toEqual([[], []]);
    const second = await LiveClient.ready(emulator);
    await say(second, 'x');
    await second.turn();
    await expect(remote.fault({ ...drop, fault: { kind: 'close', code: 1 } })).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('rule.fault.code'),
    });
  });

  it('changes options for what begins afterwards, all or none, and a reset brings back how it was', async () => {
    const { emulator, remote } = await start({ handleScope: 'project' });
    await remote.setOptions({ handleScope: 'token', connectionLimitMs: 1_000, goAwayNoticeMs: 0 });
    await remote.answerWith([{ text: 'laid down' }]);
    const client = await LiveClient.ready(emulator);
    await remote.advanceClock(1_000);
    expect((await client.closing()).code).toBe(1011);
    await expect(remote.setOptions({ chunkMs: 20, burstMs: -1 })).rejects.toMatchObject({
      code: 'invalid-request',
    });
    expect(await remote.options()).toMatchObject({
      handleScope: 'token',
      chunkMs: 100,
      connectionLimitMs: 1_000,
    });
    await remote.reset();
    expect(await remote.options()).toMatchObject({ handleScope: 'project', connectionLimitMs: 600_000 });
    expect(await remote.answers()).toEqual([]);
  });

  it('waits in the emulator for a query, and here for a reader', async () => {
    const { emulator, remote } = await start();
    const asked = remote.waitFor({ sessions: { turns: 1, connected: true }, entry: { has: 'setup.model' } });
    const read = remote.waitFor((sessions) => sessions.find(({ turns }) => turns === 2)?.id);
    const client = await LiveClient.ready(emulator);
    await say(client, 'one');
    expect(await asked).toMatchObject({
      sessions: [{ id: 'session-1', turns: 1 }],
      entries: [{ kind: 'in' }],
    });
    await say(client, 'two');
    expect(await read).toBe('session-1');
    await expect(remote.waitFor({ sessions: { turns: 9 } }, 20)).rejects.toMatchObject({ code: 'timeout' });
    await expect(remote.waitFor(() => false, 20)).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('session-1'),
    });
    await expect(
      remote.waitFor(() => {
        throw new Error('mine');
      }),
    ).rejects.toThrow('mine');
  });

  it('tells what happens as it happens: past entries, new ones, sessions as they change, a reset', async () => {
    const { emulator, remote } = await start();
    const client = await LiveClient.ready(emulator);
    const leave = new AbortController();
    const seen: LiveEvent[] = [];
    const names = (): readonly string[] => seen.map((event) => Object.keys(event)[0] ?? '');
    for await (const event of remote.events({ kind: 'out' }, leave.signal)) {
      seen.push(event);
      if (seen.length === 2) await say(client, 'hello');
      if ('session' in event && event.session.turns === 1) await remote.reset();
      if ('reset' in event) leave.abort();
    }
    expect(names().slice(0, 2)).toEqual(['session', 'entry']);
    expect(names().at(-1)).toBe('reset');
    const entries = seen.flatMap((event) => ('entry' in event ? [event.entry] : []));
    expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(['out']));
    expect(entries.at(-1)).toMatchObject({ message: { serverContent: { turnComplete: true } } });
  });

  it('says where an address comes from where it has none', async () => {
    await expect(connectLiveEmulator({ url: '', controlToken: '' })).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('livegate-emulator exec sets both'),
    });
  });
});
