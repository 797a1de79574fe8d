import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RawClient } from '../test-support/raw-client.ts';
import { type Clock, type ManualClock, manualClock } from './clock.ts';
import type { Fault, FaultMoment, FaultRule } from './fault.ts';
import type { LiveEmulator } from './live-emulator.ts';
import type { LiveEmulatorOptions } from './options.ts';
import { startLiveEmulator } from './start.ts';

const AUDIO = { samples: new Int16Array(24_000 * 0.4).fill(1_000), rateHz: 24_000 };

interface Started {
  readonly emulator: LiveEmulator;
  readonly clock: ManualClock;
  readonly logged: string[];
  /** Timers that wait on the clock. */
  readonly timers: Set<object>;
}

const running: LiveEmulator[] = [];
/** An emulator on a clock of its own that answers with four chunks of audio. */
const start = async (options: LiveEmulatorOptions = {}): Promise<Started> => {
  const manual = manualClock();
  const timers = new Set<object>();
  const clock: Clock = {
    now: () => manual.now(),
    setTimeout(run, delayMs) {
      const timer = {};
      timers.add(timer);
      const cancel = manual.setTimeout(() => {
        timers.delete(timer);
        run();
      }, delayMs);
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
  };
  const logged: string[] = [];
  const emulator = await startLiveEmulator({
    answer: () => [{ audio: AUDIO }],
    turnCompleteDelay: 0,
    clock,
    log: (level, text) => logged.push(`${level} ${text}`),
    ...options,
  });
  running.push(emulator);
  return { emulator, clock: manual, logged, timers };
};
afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});

const next = (at: FaultMoment, fault: Fault): FaultRule => ({ scope: 'next-connection', at, fault });
const isDone = (text: string): boolean => text.includes('turnComplete');
/** What a conversation of one turn shows: kinds of the frames, in order. */
const kindsOf = ({ texts }: RawClient): readonly string[] =>
  texts.map((text) => {
    try {
      const message = JSON.parse(text) as { serverContent?: { modelTurn?: unknown } };
      if (message.serverContent?.modelTurn) return 'audio';
      return Object.keys(message.serverContent ?? message)[0] ?? 'empty';
    } catch {
      return 'broken';
    }
  });
const talk = async (emulator: LiveEmulator): Promise<RawClient> => {
  const client = await RawClient.talking(emulator);
  await client.until((text) => text.includes('setupComplete'));
  client.say('hello');
  await client.until(isDone);
  return client;
};
const WHOLE = ['setupComplete', 'audio', 'audio', 'audio', 'audio', 'generationComplete', 'turnComplete'];
const mint = (emulator: LiveEmulator): Promise<Response> =>
  fetch(`${emulator.url}/v1beta/auth_tokens`, {
    method: 'POST',
    body: '{"uses":0}',
    headers: { 'x-goog-api-key': 'k' },
  });
const newToken = async (emulator: LiveEmulator): Promise<string> =>
  ((await (await mint(emulator)).json()) as { name: string }).name;
const faultsSeen = (emulator: LiveEmulator): readonly unknown[] =>
  emulator.journal().filter(({ kind }) => kind === 'fault');

describe('faults on a connection', () => {
  const [setup, ...rest] = WHOLE as [string, ...string[]];
  it.each<[string, Fault, readonly string[]]>([
    ['loses a message', { kind: 'lose' }, [setup, ...rest.slice(1)]],
    ['repeats a message', { kind: 'duplicate' }, [setup, 'audio', ...rest]],
    ['swaps two messages', { kind: 'reorder' }, ['audio', setup, ...rest.slice(1)]],
    ['cuts a message short', { kind: 'truncate' }, [setup, 'broken', ...rest.slice(1)]],
    ['sends what is not JSON', { kind: 'malform', how: 'not-json' }, [setup, 'broken', ...rest.slice(1)]],
    ['sends what is not UTF-8', { kind: 'malform', how: 'not-utf8' }, [setup, 'broken', ...rest.slice(1)]],
    [
      'sends an unknown message',
      { kind: 'malform', how: 'unknown-message' },
      [setup, 'livegateUnknown', ...rest],
    ],
    ['adds an unknown field', { kind: 'malform', how: 'unknown-field' }, WHOLE],
  ])('%s, and the connection beside it is whole', async (_, fault, expected) => {
    const at = { messageOut: fault.kind === 'reorder' ? 1 : 2 };
    const { emulator } = await start({ faults: [next(at, fault)] });
    const client = await RawClient.talking(emulator);
    client.say('hello');
    await client.until(isDone);
    expect(kindsOf(client)).toEqual(expected);
    const spoiled = client.frames[1];
    if (fault.kind === 'malform' && fault.how === 'not-utf8')
      expect(() => new TextDecoder('utf-8', { fatal: true }).decode(spoiled)).toThrow(TypeError);
    if (fault.kind === 'malform' && fault.how === 'unknown-field')
      expect(JSON.parse(String(spoiled))).toMatchObject({ serverContent: { livegateUnknown: true } });
    expect(kindsOf(await talk(emulator))).toEqual(WHOLE);
    expect(faultsSeen(emulator)).toMatchObject([
      { sessionId: 'session-1', fault: fault.kind, rule: 'fault-1' },
    ]);
  });

  it('fails a client that reads text frames, where the text is no UTF-8', async () => {
    const { emulator } = await start({
      frames: 'text',
      faults: [next({ messageOut: 2 }, { kind: 'malform', how: 'not-utf8' })],
    });
    const client = (await RawClient.talking(emulator)).say('hello');
    await client.closing();
    expect(client.errors).toMatchObject([{ code: 'WS_ERR_INVALID_UTF8' }]);
    await emulator.waitFor(() => emulator.sessions()[0]?.closeCode === 1007);
    expect(kindsOf(await talk(emulator))).toEqual(WHOLE);
  });

  it('counts no greeting as a turn', async () => {
    const { emulator } = await start({
      askAtStart: true,
      faults: [next({ turn: 1 }, { kind: 'close', code: 4_000 })],
    });
    const client = await RawClient.talking(emulator);
    await client.until(isDone);
    client.say('hello');
    expect((await client.closing()).code).toBe(4_000);
  });

  it.each<[Fault, number, string, string | undefined]>([
    [{ kind: 'drop' }, 1006, '', undefined],
    [
      { kind: 'close', code: 1011, reason: 'Internal error encountered.' },
      1011,
      'Internal error encountered.',
      undefined,
    ],
    [{ kind: 'close', code: 1000 }, 1000, '', undefined],
    [{ kind: 'close', code: 4_321, reason: 'ours' }, 4_321, 'ours', undefined],
    [{ kind: 'close', code: 1005 }, 1005, '', undefined],
    [{ kind: 'close', code: 1006 }, 1006, '', undefined],
    [{ kind: 'close', code: 1015 }, 1006, '', undefined],
    [{ kind: 'close', code: 2_999, reason: 'reserved' }, 1006, '', 'WS_ERR_INVALID_CLOSE_CODE'],
    [{ kind: 'break-frame' }, 1006, '', undefined],
  ])('ends by %j, and the connection beside it goes on', async (fault, code, reason, error) => {
    const { emulator } = await start({ faults: [next({ messageOut: 3 }, fault)] });
    const client = await RawClient.talking(emulator);
    client.say('hello');
    expect(await client.closing()).toEqual({ code, reason });
    expect(kindsOf(client)).toEqual(['setupComplete', 'audio']);
    expect(client.errors.map((each) => (each as NodeJS.ErrnoException).code)).toEqual(error ? [error] : []);
    expect(emulator.sessions()[0]).toMatchObject({ state: 'closed', closedBy: 'emulator' });
    expect(kindsOf(await talk(emulator))).toEqual(WHOLE);
  });

  it('holds setupComplete back for so long, or for ever', async () => {
    const { emulator, clock } = await start({
      faults: [next('open', { kind: 'stall', forMs: 3_000 }), next('open', { kind: 'stall' })],
    });
    // Both rules are for the first connection: the longer stall wins until faults are cleared.
    const client = await RawClient.talking(emulator);
    await emulator.waitFor(() => emulator.journal().some(({ kind }) => kind === 'out'));
    await clock.advance(60_000);
    await talk(emulator);
    expect(client.frames).toEqual([]);
    emulator.clearFaults();
    await client.until((text) => text.includes('setupComplete'));
    emulator.fault(next('open', { kind: 'stall', forMs: 3_000 }));
    const other = await RawClient.talking(emulator);
    await emulator.waitFor(() => emulator.sessions()[2]?.state === 'listening');
    await clock.advance(2_999);
    await talk(emulator);
    expect(other.frames).toEqual([]);
    await clock.advance(1);
    await other.until((text) => text.includes('setupComplete'));
  });

  it('falls silent in the middle of an answer, and goes on', async () => {
    const { emulator, clock } = await start({
      faults: [next({ turn: 1, audioMs: 200 }, { kind: 'stall', forMs: 5_000 })],
    });
    const client = await RawClient.talking(emulator);
    client.say('hello');
    await emulator.waitFor(() => emulator.sessions()[0]?.turns === 1);
    await talk(emulator);
    expect(kindsOf(client)).toEqual(['setupComplete', 'audio', 'audio']);
    await clock.advance(5_000);
    await client.until(isDone);
    expect(kindsOf(client)).toEqual(WHOLE);
  });

  it('reads so slowly that the client’s own buffer fills, until it is cleared', async () => {
    const { emulator } = await start({ faults: [next('setup-complete', { kind: 'slow-reader' })] });
    const flood = async (client: RawClient): Promise<void> => {
      await client.until((text) => text.includes('setupComplete'));
      const video = { mimeType: 'image/jpeg', data: 'A'.repeat(1_000_000) };
      for (let nth = 0; nth < 20; nth++) client.send({ realtimeInput: { video } });
    };
    const slow = await RawClient.talking(emulator);
    await flood(slow);
    const control = await RawClient.talking(emulator);
    await flood(control);
    control.say('the end');
    await control.until(isDone);
    expect(control.socket.bufferedAmount).toBe(0);
    expect(slow.socket.bufferedAmount).toBeGreaterThan(1_000_000);
    emulator.clearFaults();
    slow.say('the end');
    await slow.until(isDone);
    expect(slow.socket.bufferedAmount).toBe(0);
  });

  it('delays what comes and what goes, and lets audio go in bursts', async () => {
    const { emulator, clock } = await start();
    emulator.fault(next({ messageIn: 1 }, { kind: 'shape', direction: 'in', latencyMs: 100 }));
    emulator.fault(next('setup-complete', { kind: 'bursty-audio', holdMs: 700 }));
    const client = await RawClient.talking(emulator);
    await emulator.waitFor(() => faultsSeen(emulator).length === 1);
    expect(emulator.sessions()[0]?.state).toBe('connecting');
    await clock.advance(100);
    expect(emulator.sessions()[0]?.state).toBe('listening');
    emulator.fault({ scope: { session: 'session-1' }, at: { messageIn: 1 }, fault: { kind: 'duplicate' } });
    client.send({ realtimeInput: { text: 'hello' } });
    await emulator.waitFor(() => faultsSeen(emulator).length === 3);
    await clock.advance(100);
    await talk(emulator);
    expect(kindsOf(client)).toEqual(['setupComplete']);
    await clock.advance(700);
    await client.until(isDone);
  });

  it('takes a fault from the midst of an answer', async () => {
    const { emulator } = await start({
      answer: ({ text }) => [
        { transcript: 'before' },
        ...(text === 'drop' ? [{ fault: { kind: 'close', code: 1011, reason: 'half-way' } } as const] : []),
        { transcript: 'after' },
      ],
    });
    const setup = { outputAudioTranscription: {} };
    const client = (await RawClient.talking(emulator, setup)).say('drop');
    expect(await client.closing()).toEqual({ code: 1011, reason: 'half-way' });
    expect([client.texts.join().includes('before'), client.texts.join().includes('after')]).toEqual([
      true,
      false,
    ]);
    const control = (await RawClient.talking(emulator, setup)).say('stay');
    await control.until(isDone);
    expect(control.texts.join()).toContain('after');
    expect(faultsSeen(emulator)).toMatchObject([{ sessionId: 'session-1', fault: 'close' }]);
    expect(faultsSeen(emulator)[0]).not.toHaveProperty('rule');
    const kinds = emulator.journal('session-1').map(({ kind }) => kind);
    expect(kinds.slice(kinds.indexOf('fault'))).toEqual(['fault', 'close']);
  });

  it('announces the end where a rule says so', async () => {
    const { emulator, clock } = await start();
    const client = await talk(emulator);
    emulator.fault({ scope: { session: 'session-1' }, fault: { kind: 'go-away', timeLeftMs: 2_000 } });
    expect(await client.until((text) => text.includes('goAway'))).toContain('2s');
    await clock.advance(2_000);
    expect((await client.closing()).code).toBe(1011);
  });

  it('lets a token die early under its own sockets and no other', async () => {
    const { emulator, clock } = await start();
    const [dead, alive] = [await newToken(emulator), await newToken(emulator)];
    const connect = async (token: string): Promise<RawClient> => {
      const client = await RawClient.talking(emulator, {}, { token });
      await client.until((text) => text.includes('setupComplete'));
      return client;
    };
    const [dying, staying] = [await connect(dead), await connect(alive)];
    const token = emulator.sessions()[0]?.tokenHash ?? '';
    emulator.fault({ scope: { token }, at: 'now', fault: { kind: 'expire-token', afterMs: 500 } });
    await clock.advance(499);
    await connect(dead);
    await clock.advance(1);
    const expired = { code: 1008, reason: 'Ephemeral token has expired.' };
    expect(await dying.closing()).toEqual(expired);
    expect(await new RawClient(emulator, { token: dead }).closing()).toEqual(expired);
    staying.say('hello');
    await staying.until(isDone);
    expect((await mint(emulator)).status).toBe(200);
  });

  it('makes handles worthless, those of the connection before it included', async () => {
    const { emulator } = await start();
    const handleOf = async (client: RawClient): Promise<string> => {
      const text = await client.until((each) => each.includes('"resumable":true'));
      return JSON.parse(text).sessionResumptionUpdate.newHandle;
    };
    const resume = (handle: string) => RawClient.talking(emulator, { sessionResumption: { handle } });
    const first = await handleOf(await RawClient.talking(emulator, { sessionResumption: {} }));
    const other = await handleOf(await RawClient.talking(emulator, { sessionResumption: {} }));
    const second = await handleOf(await resume(first));
    emulator.fault({ scope: { session: 'session-3' }, fault: { kind: 'invalidate-handles' } });
    for (const handle of [first, second]) {
      const refused = await (await resume(handle)).closing();
      expect([refused.code, refused.reason]).toEqual([1008, expect.stringContaining('handle')]);
    }
    await handleOf(await resume(other));
  });

  it('hits the same share of connections for the same seed', async () => {
    const hit = async (seed: number): Promise<string> => {
      const { emulator } = await start({
        seed,
        faults: [{ scope: { share: 0.5 }, fault: { kind: 'drop' } }],
      });
      let hits = '';
      for (let nth = 0; nth < 12; nth++) {
        const client = new RawClient(emulator);
        await once(client.socket, 'open');
        await emulator.waitFor(() => emulator.sessions()[nth]);
        hits += emulator.sessions()[nth]?.connected ? '.' : 'x';
      }
      return hits;
    };
    const [once1, twice, other] = [await hit(1), await hit(1), await hit(2)];
    expect(once1).toBe(twice);
    expect(once1).not.toBe(other);
    expect(once1).toMatch(/x.*\.|\..*x/);
  });
});

describe('faults at the upgrade', () => {
  it.each([
    [401, 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED'],
    [429, 'RESOURCE_EXHAUSTED'],
    [503, 'UNAVAILABLE'],
  ])('refuses with %i once, as Google does', async (status, name) => {
    const { emulator, logged } = await start({
      faults: [{ scope: 'next-connection', at: 'upgrade', fault: { kind: 'refuse', status } }],
    });
    const refusal = await new RawClient(emulator).refusal();
    expect(refusal.status).toBe(status);
    expect(JSON.parse(refusal.body)).toMatchObject({ error: { code: status, status: name } });
    expect(kindsOf(await talk(emulator))).toEqual(WHOLE);
    expect(faultsSeen(emulator)).toMatchObject([{ sessionId: '', fault: 'refuse', rule: 'fault-1' }]);
    expect(logged).toContain('info door fault refuse by fault-1');
    expect(emulator.sessions()).toHaveLength(1);
  });

  it('refuses with the body and the wait that a rule gives', async () => {
    const { emulator } = await start();
    emulator.fault({
      at: 'upgrade',
      fault: { kind: 'refuse', status: 502, body: '<h1>Bad gateway</h1>', retryAfterSeconds: 9 },
    });
    expect(await new RawClient(emulator).refusal()).toMatchObject({
      status: 502,
      headers: { 'retry-after': '9', 'content-type': 'text/plain; charset=UTF-8' },
      body: '<h1>Bad gateway</h1>',
    });
    emulator.clearFaults();
    expect(kindsOf(await talk(emulator))).toEqual(WHOLE);
  });

  it('refuses the bearer of one token and lets another in', async () => {
    const { emulator } = await start();
    const [bad, good] = [await newToken(emulator), await newToken(emulator)];
    const client = await RawClient.talking(emulator, {}, { token: bad });
    const hash = emulator.sessions()[0]?.tokenHash ?? '';
    client.socket.close();
    emulator.fault({ at: 'upgrade', scope: { token: hash }, fault: { kind: 'refuse', status: 403 } });
    expect((await new RawClient(emulator, { token: bad }).refusal()).status).toBe(403);
    await (await RawClient.talking(emulator, {}, { token: good })).until((text) =>
      text.includes('setupComplete'),
    );
  });

  it('hangs for so long, then lets the client in', async () => {
    const { emulator, clock } = await start({
      faults: [{ scope: 'next-connection', at: 'upgrade', fault: { kind: 'hang', forMs: 4_000 } }],
    });
    const client = new RawClient(emulator);
    await emulator.waitFor(() => faultsSeen(emulator).length === 1);
    await clock.advance(3_999);
    await talk(emulator);
    expect(client.socket.readyState).toBe(client.socket.CONNECTING);
    await clock.advance(1);
    await once(client.socket, 'open');
    client.send({ setup: { model: 'models/gemini-3.8-live' } }).say('hello');
    await client.until(isDone);
  });

  it('hangs until the faults are cleared, or the client has had enough', async () => {
    const { emulator, timers } = await start({
      faults: [{ times: 2, at: 'upgrade', fault: { kind: 'hang', forMs: 1e6 } }],
    });
    const impatient = new RawClient(emulator);
    await emulator.waitFor(() => faultsSeen(emulator).length === 1);
    expect(timers.size).toBe(1);
    impatient.socket.terminate();
    await vi.waitFor(() => expect(timers.size).toBe(0));
    const patient = new RawClient(emulator);
    await emulator.waitFor(() => faultsSeen(emulator).length === 2);
    emulator.clearFaults();
    await once(patient.socket, 'open');
    expect(emulator.sessions()).toHaveLength(1);
  });

  it('resets the connection', async () => {
    const { emulator } = await start({
      faults: [{ scope: 'next-connection', at: 'upgrade', fault: { kind: 'reset' } }],
    });
    const client = new RawClient(emulator);
    await client.closing();
    expect((client.errors[0] as NodeJS.ErrnoException).code).toBe('ECONNRESET');
    expect(kindsOf(await talk(emulator))).toEqual(WHOLE);
  });
});

describe('faults over TLS', () => {
  it('refuse, cut off and break as they do without', async () => {
    const { emulator } = await start({ tls: true });
    emulator.fault({ scope: 'next-connection', at: 'upgrade', fault: { kind: 'refuse', status: 429 } });
    expect((await new RawClient(emulator).refusal()).status).toBe(429);
    emulator.fault({ scope: 'next-connection', at: 'upgrade', fault: { kind: 'reset' } });
    const reset = new RawClient(emulator);
    expect([(await reset.closing()).code, reset.errors.length]).toEqual([1006, 1]);
    emulator.fault(next({ messageOut: 2 }, { kind: 'break-frame' }));
    const broken = (await RawClient.talking(emulator)).say('hello');
    expect((await broken.closing()).code).toBe(1006);
    emulator.fault(next({ messageOut: 2 }, { kind: 'close', code: 2_000 }));
    const reserved = (await RawClient.talking(emulator)).say('hello');
    await reserved.closing();
    expect(reserved.errors).toMatchObject([{ code: 'WS_ERR_INVALID_CLOSE_CODE' }]);
    expect(kindsOf(await talk(emulator))).toEqual(WHOLE);
  });
});

describe('faults at auth_tokens', () => {
  const once1 = (fault: Extract<FaultRule, { at: 'token-request' }>['fault']): FaultRule => ({
    scope: 'next-connection',
    at: 'token-request',
    fault,
  });
  const made = (logged: readonly string[]): number =>
    logged.filter((line) => line.includes('made token')).length;

  it('answers 429 with the wait that it asks for, then makes a token', async () => {
    const { emulator, logged } = await start({
      faults: [once1({ kind: 'refuse', status: 429, retryAfterSeconds: 30 })],
    });
    const response = await mint(emulator);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '30']);
    expect(await response.json()).toEqual({
      error: {
        code: 429,
        message: 'Resource has been exhausted (e.g. check quota).',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '30s' }],
      },
    });
    expect(made(logged)).toBe(0);
    expect((await mint(emulator)).status).toBe(200);
  });

  it.each([
    [500, 'INTERNAL'],
    [503, 'UNAVAILABLE'],
    [504, 'DEADLINE_EXCEEDED'],
    [418, 'UNKNOWN'],
  ])('answers %i as Google does', async (status, name) => {
    const { emulator } = await start({ faults: [once1({ kind: 'refuse', status })] });
    const response = await mint(emulator);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code: status, status: name } });
    expect((await mint(emulator)).status).toBe(200);
  });

  it('loses the answer after the token was made, or the request before', async () => {
    const { emulator, logged } = await start({
      faults: [once1({ kind: 'lose-answer' }), once1({ kind: 'reset' })],
    });
    await expect(mint(emulator)).rejects.toThrow(TypeError);
    expect(made(logged)).toBe(1);
    await expect(mint(emulator)).rejects.toThrow(TypeError);
    expect(made(logged)).toBe(1);
    expect((await mint(emulator)).status).toBe(200);
  });

  it('is slow, or silent until the faults are cleared', async () => {
    const { emulator, clock, logged } = await start({
      faults: [once1({ kind: 'hang', forMs: 8_000 }), once1({ kind: 'hang' })],
    });
    const slow = mint(emulator);
    await emulator.waitFor(() => faultsSeen(emulator).length === 1);
    const silent = mint(emulator);
    await emulator.waitFor(() => faultsSeen(emulator).length === 2);
    expect((await mint(emulator)).status).toBe(200);
    expect(made(logged)).toBe(1);
    await clock.advance(8_000);
    expect((await slow).status).toBe(200);
    expect(made(logged)).toBe(2);
    emulator.clearFaults();
    expect((await silent).status).toBe(200);
  });

  it('makes no token for a client that gave up', async () => {
    const { emulator, clock, logged } = await start({ faults: [once1({ kind: 'hang', forMs: 1_000 })] });
    const giveUp = new AbortController();
    const request = fetch(`${emulator.url}/v1beta/auth_tokens`, {
      method: 'POST',
      body: '{}',
      headers: { 'x-goog-api-key': 'k' },
      signal: giveUp.signal,
    });
    await emulator.waitFor(() => faultsSeen(emulator).length === 1);
    giveUp.abort();
    await expect(request).rejects.toThrow();
    await mint(emulator);
    await clock.advance(1_000);
    expect(made(logged)).toBe(1);
  });
});

describe('rules', () => {
  it('are refused before anything happens, with the field’s name', async () => {
    const faults = [{ fault: { kind: 'drop' } }, { fault: { kind: 'close', code: 1 } }] as const;
    await expect(startLiveEmulator({ faults })).rejects.toMatchObject({
      code: 'invalid-fault',
      message: expect.stringContaining('faults[1].fault.code'),
    });
    const { emulator } = await start();
    expect(() => emulator.fault({ fault: { kind: 'explode' } } as never)).toThrow('rule.fault.kind');
    expect(kindsOf(await talk(emulator))).toEqual(WHOLE);
  });

  it('have names, and end when they are cleared', async () => {
    const { emulator } = await start();
    const names = [
      emulator.fault({ at: { turn: 'each' }, fault: { kind: 'drop' } }),
      emulator.fault({ at: 'upgrade', times: 1, fault: { kind: 'reset' } }),
    ];
    expect(names).toEqual(['fault-1', 'fault-2']);
    emulator.clearFaults();
    expect(kindsOf(await talk(emulator))).toEqual(WHOLE);
    expect(faultsSeen(emulator)).toEqual([]);
  });

  it('stand again as at the start after a reset, and nothing given since does', async () => {
    const { emulator, timers } = await start({
      faults: [{ scope: 'next-connection', at: 'setup-complete', fault: { kind: 'drop' } }],
    });
    const dropped = async () => (await (await RawClient.talking(emulator)).closing()).code;
    expect(await dropped()).toBe(1006);
    emulator.fault({ at: 'upgrade', fault: { kind: 'hang', forMs: 1e6 } });
    const hung = new RawClient(emulator);
    await emulator.waitFor(() => faultsSeen(emulator).length === 2);
    await emulator.reset();
    await hung.closing();
    expect(timers.size).toBe(0);
    expect(await dropped()).toBe(1006);
    expect(kindsOf(await talk(emulator))).toEqual(WHOLE);
  });

  it('hold nobody up when the emulator closes, and leave no timer', async () => {
    const { emulator, timers } = await start({
      faults: [
        next('setup-complete', { kind: 'stall' }),
        next('setup-complete', { kind: 'slow-reader' }),
        next({ afterMs: 1e6 }, { kind: 'drop' }),
        next('setup-complete', { kind: 'reorder', withinMs: 1e6 }),
        { at: 'upgrade', scope: 'next-connection', fault: { kind: 'hang', forMs: 1e6 } },
        { at: 'token-request', fault: { kind: 'hang', forMs: 1e6 } },
      ],
    });
    const hung = new RawClient(emulator);
    await emulator.waitFor(() => faultsSeen(emulator).length === 1);
    const stalled = (await RawClient.talking(emulator)).say('hello');
    emulator.fault({
      scope: { token: '0123456789abcdef' },
      at: 'now',
      fault: { kind: 'expire-token', afterMs: 1e6 },
    });
    const silent = mint(emulator).then(
      () => 'answered',
      () => 'cut off',
    );
    await emulator.waitFor(() => faultsSeen(emulator).length === 6 && timers.size >= 4);
    await emulator.close();
    expect(await silent).toBe('cut off');
    expect((await stalled.closing()).code).toBe(1001);
    await hung.closing();
    expect(timers.size).toBe(0);
  });

  it('show no credential in journal or log', async () => {
    const { emulator, logged } = await start();
    const token = await newToken(emulator);
    await RawClient.talking(emulator, {}, { token });
    await emulator.waitFor(() => emulator.sessions()[0]?.tokenHash);
    emulator.fault({
      scope: { token: emulator.sessions()[0]?.tokenHash ?? '' },
      fault: { kind: 'expire-token' },
    });
    await emulator.waitFor(() => emulator.sessions()[0]?.connected === false);
    expect(faultsSeen(emulator)).toHaveLength(1);
    expect(JSON.stringify([emulator.journal(), logged])).not.toContain(token.slice('auth_tokens/'.length));
  });
});
