import type { ServerMessage } from '@livegate/protocol';
import { describe, expect, test, vi } from 'vitest';
import type { LiveSession } from './live-session.ts';
import type { LiveServerMessage } from './live-types.ts';
import type { LiveSessionEvents } from './session-events.ts';
import { ScriptedStage, settled } from './testing.ts';

const content = (text: string): ServerMessage => ({
  serverContent: { modelTurn: { role: 'model', parts: [{ text }] } },
});

async function all(session: LiveSession): Promise<LiveServerMessage[]> {
  const got: LiveServerMessage[] = [];
  for await (const message of session.receive()) got.push(message);
  return got;
}

function events<K extends keyof LiveSessionEvents>(session: LiveSession, type: K): LiveSessionEvents[K][] {
  const got: LiveSessionEvents[K][] = [];
  session.on(type, (event) => got.push(event));
  return got;
}

describe('LiveSession senders', () => {
  test('write the wire format of firebase/ai', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    const blob = { mimeType: 'audio/pcm', data: 'AAA=' };
    const picture = { mimeType: 'image/jpeg', data: 'AAA=' };
    await session.send('a');
    await session.send(['b', { text: 'c' }], false);
    await session.sendTextRealtime('d');
    await session.sendAudioRealtime(blob);
    await session.sendVideoRealtime(picture);
    await session.sendFunctionResponses([{ id: '1', name: 'f', response: { ok: true } }]);
    await session.sendMediaChunks([blob, blob]);
    expect(stage.server.last.received.slice(1)).toEqual([
      { clientContent: { turns: [{ role: 'user', parts: [{ text: 'a' }] }], turnComplete: true } },
      {
        clientContent: {
          turns: [{ role: 'user', parts: [{ text: 'b' }, { text: 'c' }] }],
          turnComplete: false,
        },
      },
      { realtimeInput: { text: 'd' } },
      { realtimeInput: { audio: blob } },
      { realtimeInput: { video: picture } },
      { toolResponse: { functionResponses: [{ id: '1', name: 'f', response: { ok: true } }] } },
      { realtimeInput: { mediaChunks: [blob] } },
      { realtimeInput: { mediaChunks: [blob] } },
    ]);
  });

  test('refuse what JSON cannot hold, and go on', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    const response = { n: 10n };
    const refused = { code: 'invalid-content', cause: expect.any(TypeError) };
    await expect(session.sendFunctionResponses([{ id: '1', name: 'f', response }])).rejects.toMatchObject(
      refused,
    );
    await expect(session.send([{ functionResponse: { name: 'f', response } }])).rejects.toMatchObject(
      refused,
    );
    await session.sendTextRealtime('a');
    expect(stage.server.last.received.slice(1)).toEqual([{ realtimeInput: { text: 'a' } }]);
  });

  test('refuse empty content, and function responses beside other parts', async () => {
    const session = await new ScriptedStage().connect();
    const response = { functionResponse: { name: 'f', response: {} } };
    await expect(session.send([])).rejects.toMatchObject({ code: 'invalid-content' });
    await expect(session.send([response, 'text'])).rejects.toMatchObject({ code: 'invalid-content' });
    await expect(session.send([response])).resolves.toBeUndefined();
  });

  test('send each chunk of a stream and let go of it', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    const blob = { mimeType: 'audio/pcm', data: 'AAA=' };
    const stream = new ReadableStream<typeof blob>({
      start: (to) => {
        to.enqueue(blob);
        to.enqueue(blob);
        to.close();
      },
    });
    await session.sendMediaStream(stream);
    expect(stage.server.last.received).toHaveLength(3);
    expect(stream.locked).toBe(false);
  });

  test('cancel a stream that cannot be sent [W48]', async () => {
    const session = await new ScriptedStage().connect();
    await session.close();
    const cancel = vi.fn();
    const stream = new ReadableStream({
      pull: (to) => to.enqueue({ mimeType: 'audio/pcm', data: 'AAA=' }),
      cancel,
    });
    await expect(session.sendMediaStream(stream)).rejects.toMatchObject({ code: 'request-error' });
    expect(cancel).toHaveBeenCalled();
    expect(stream.locked).toBe(false);
  });

  test('reject once the session is over', async () => {
    const session = await new ScriptedStage().connect();
    await session.close();
    await expect(session.send('x')).rejects.toMatchObject({ code: 'request-error' });
    await expect(session.sendTextRealtime('x')).rejects.toMatchObject({ code: 'request-error' });
  });
});

describe('LiveSession.receive', () => {
  test('yields each kind under firebase/ai’s name, and both kinds of a frame that holds two', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect({});
    const server = stage.server.last;
    server.say({ ...content('a'), toolCall: { functionCalls: [{ id: '1', name: 'f' }] } });
    server.say({ goAway: { timeLeft: '9.5s' } });
    server.say({ sessionResumptionUpdate: { newHandle: 'h', resumable: true } });
    const got = all(session);
    await settled();
    await session.close();
    expect(await got).toEqual([
      { type: 'serverContent', modelTurn: { role: 'model', parts: [{ text: 'a' }] } },
      { type: 'toolCall', functionCalls: [{ id: '1', name: 'f', args: {} }] },
      { type: 'goingAwayNotice', timeLeft: 9.5 },
      { type: 'sessionResumptionUpdate', newHandle: 'h', resumable: true },
    ]);
  });

  test('yields cancelled calls under both names [W9]', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    stage.server.last.say({ toolCallCancellation: { ids: ['1', '2'] } });
    const { value } = await session.receive().next();
    expect(value).toEqual({ type: 'toolCallCancellation', functionIds: ['1', '2'], ids: ['1', '2'] });
  });

  test('keeps notices and updates to itself unless the app asked for resumption', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    const goAway = events(session, 'goAway');
    stage.server.last.say({ goAway: { timeLeft: '60s' } });
    stage.server.last.say({ sessionResumptionUpdate: { newHandle: 'h', resumable: true } });
    stage.server.last.say(content('a'));
    const { value } = await session.receive().next();
    expect(value).toMatchObject({ type: 'serverContent' });
    expect(goAway).toEqual([{ timeLeftMs: 60_000 }]);
  });

  test('keeps fields that nobody knows', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    stage.server.last.frame('{"serverContent":{"turnComplete":true,"newField":7}}');
    expect((await session.receive().next()).value).toMatchObject({ turnComplete: true, newField: 7 });
  });

  test('survives a frame that cannot be read, with a warning [W7]', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    const warnings = events(session, 'warning');
    stage.server.last.frame('{ my secret words');
    stage.server.last.say(content('a'));
    expect((await session.receive().next()).value).toMatchObject({ type: 'serverContent' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).not.toContain('secret');
  });

  test('warns on the console where nobody listens, never with content [W49]', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const stage = new ScriptedStage();
    await stage.connect();
    stage.server.last.frame('{"brandNew":{"text":"my secret words"}}');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(String(warn.mock.calls)).not.toContain('secret');
    warn.mockRestore();
  });
});

test('what comes in one breath with the answer to the setup is heard', async () => {
  const stage = new ScriptedStage();
  stage.server.welcomes.push((socket) => {
    socket.open();
    socket.say({ setupComplete: {} });
    socket.say({ sessionResumptionUpdate: { newHandle: 'early', resumable: true } });
    socket.say(content('a'));
  });
  const session = await stage.connect();
  expect((await session.receive().next()).value).toMatchObject({ type: 'serverContent' });
  stage.server.last.end(1006);
  await settled();
  expect(stage.server.last.setup?.sessionResumption).toEqual({ handle: 'early' });
});

describe('LiveSession at its end', () => {
  test('closes with 1000 once, and is closed at once', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    const states = events(session, 'state');
    const closing = session.close();
    expect(session.isClosed).toBe(true);
    await closing;
    await session.close();
    expect(stage.server.last.closedBy).toEqual({ code: 1000, reason: 'Client closed session.' });
    expect(states).toEqual([{ state: 'closed', cause: { reason: 'app' } }]);
    expect(stage.clock.pending).toBe(0);
  });

  test('is closed after the server’s close, says why, and delivers what came before it [W2] [W6]', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    const states = events(session, 'state');
    for (const name of ['1', '2', '3', '4', '5']) stage.server.last.say(content(name));
    stage.server.last.end(1000, 'bye');
    expect(session.isClosed).toBe(true);
    expect(await all(session)).toHaveLength(5);
    expect(states).toEqual([{ state: 'closed', cause: { reason: 'server', code: 1000, detail: 'bye' } }]);
  });

  test('ends for good where the server says that the request is at fault', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    const states = events(session, 'state');
    stage.server.last.end(1007, 'Request contains an invalid argument.');
    await settled();
    expect(states.at(-1)).toMatchObject({ cause: { reason: 'refused', code: 1007 } });
    expect(stage.server.sockets).toHaveLength(1);
  });

  test('rejects reading a session that is over with session-closed', async () => {
    const session = await new ScriptedStage().connect();
    const before = session.receive();
    await session.close();
    await expect(session.receive().next()).rejects.toMatchObject({ code: 'session-closed' });
    await expect(before.next()).rejects.toMatchObject({ code: 'session-closed' });
  });

  test('tells nothing secret and nothing said in its diagnostics', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    await session.send('my words');
    stage.server.last.say(content('its words'));
    stage.server.last.say({ sessionResumptionUpdate: { newHandle: 'secret-handle', resumable: true } });
    const report = JSON.stringify(session.diagnostics());
    expect(report).toContain('session-0001');
    for (const secret of ['auth_tokens', 'secret-handle', 'my words', 'its words'])
      expect(report).not.toContain(secret);
  });
});

describe('LiveSession.resumeSession', () => {
  test('needs a config at connect', async () => {
    const session = await new ScriptedStage().connect();
    await expect(session.resumeSession({ handle: 'h' })).rejects.toMatchObject({
      code: 'unsupported',
      customErrorData: { sessionId: 'session-0001' },
    });
    expect(session.isClosed).toBe(false);
  });

  test('ends the old receive() and goes on with the handle it is given', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect({});
    const old = all(session);
    await session.resumeSession({ handle: 'mine' });
    expect(await old).toEqual([]);
    expect(session.isClosed).toBe(false);
    expect(stage.server.last.setup?.sessionResumption).toEqual({ handle: 'mine' });
    stage.server.last.say(content('a'));
    expect((await session.receive().next()).value).toMatchObject({ type: 'serverContent' });
    await session.send('x');
    expect(stage.server.last.received).toHaveLength(2);
  });

  test('sends no stale handle when it is given none [W8]', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect({ handle: 'first' });
    expect(stage.server.last.setup?.sessionResumption).toEqual({ handle: 'first' });
    await session.resumeSession();
    expect(stage.server.sockets).toHaveLength(2);
    expect(stage.server.last.setup?.sessionResumption).toEqual({});
  });

  test('does not change the setup of the first connection, nor the app’s own objects [W8]', async () => {
    const stage = new ScriptedStage();
    const config = { handle: 'first' };
    const session = await stage.connect(config);
    await session.resumeSession({ handle: 'second' });
    expect(config).toEqual({ handle: 'first' });
    expect(stage.server.sockets[0]?.setup?.sessionResumption).toEqual({ handle: 'first' });
  });

  test('takes a new token where the held one has little left, the held one before', async () => {
    const stage = new ScriptedStage({ leaseSeconds: 120 });
    const session = await stage.connect({});
    await session.resumeSession({ handle: 'h' });
    expect(stage.tokens.requests).toHaveLength(1);
    await stage.clock.advance(80_000);
    await session.resumeSession({ handle: 'h' });
    expect(stage.tokens.requests.map(({ op }) => op)).toEqual(['start', 'remint']);
  });

  test('reports what is used after it, under the held token too', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect({});
    await session.resumeSession({ handle: 'h' });
    stage.server.last.say({ usageMetadata: { totalTokenCount: 5 } });
    await session.close();
    expect(stage.tokens.reports.map(({ seq, final, totals }) => [seq, final, totals.total])).toEqual([
      [1, true, 0],
      [2, true, 5],
    ]);
  });

  test('leaves the session closed when it fails, and can be tried again', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect({});
    stage.server.welcomes.push('open-only');
    const failing = session.resumeSession();
    await settled();
    stage.server.last.end(1007, 'no');
    await expect(failing).rejects.toMatchObject({ code: 'response-error' });
    expect(session.isClosed).toBe(true);
    await session.resumeSession();
    expect(session.isClosed).toBe(false);
  });

  test('rejects as firebase/ai does where the state that the app names is refused', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect({});
    stage.server.welcomes.push('open-only', 'open-only');
    const failing = session.resumeSession({ handle: 'nobody gave it' }).catch((error: unknown) => error);
    for (let tries = 0; tries < 2; tries++) {
      await settled();
      stage.server.last.end(1008, 'unknown handle');
      await stage.clock.advance(1_000);
    }
    expect(await failing).toMatchObject({ code: 'response-error', customErrorData: { closeCode: 1008 } });
    expect(session.isClosed).toBe(true);
    // The held token was worth a try, the next one another; none was opened in a state that nobody asked for.
    expect(stage.server.sockets.map(({ setup }) => setup?.sessionResumption)).toEqual([
      {},
      { handle: 'nobody gave it' },
      { handle: 'nobody gave it' },
    ]);
  });
});
