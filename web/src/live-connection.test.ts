import { describe, expect, test } from 'vitest';
import { AIError } from './errors.ts';
import { type ConnectionEvents, type LiveConnection, openConnection } from './live-connection.ts';
import { ManualClock, ScriptedServer, settled, type Welcome } from './testing.ts';

function dial(welcome?: Welcome) {
  const clock = new ManualClock();
  const server = new ScriptedServer();
  const abort = new AbortController();
  if (welcome) server.welcomes.push(welcome);
  const heard: unknown[] = [];
  const events: ConnectionEvents = {
    message: (message) => heard.push(message),
    skipped: (why) => heard.push(`skipped: ${why}`),
    closed: (by) => heard.push(by),
  };
  const opening = openConnection({
    openSocket: server.openSocket,
    clock,
    address: { url: 'wss://host/path?access_token=secret-token', protocols: [] },
    setup: { model: 'models/m' },
    sessionId: 'session-0001',
    timeoutMs: 10_000,
    signal: abort.signal,
    events,
  });
  opening.catch(() => {});
  return { clock, server, abort, heard, opening };
}

async function failure(opening: Promise<LiveConnection>): Promise<AIError> {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AIError)) throw new Error('no AIError');
  expect(error.message).not.toContain('secret-token');
  return error;
}

describe('openConnection', () => {
  test('sends the setup first and opens on setupComplete', async () => {
    const { server, opening, clock } = dial();
    await opening;
    expect(server.last.received).toEqual([{ setup: { model: 'models/m' } }]);
    expect(clock.pending).toBe(0);
  });

  test('rejects a close during the handshake with its code and reason, not with a console line', async () => {
    const { server, opening } = dial('open-only');
    await settled();
    server.last.end(1008, 'models/m is not found');
    const error = await failure(opening);
    expect(error).toMatchObject({
      code: 'response-error',
      customErrorData: { closeCode: 1008, closeReason: 'models/m is not found', sessionId: 'session-0001' },
    });
  });

  test('quotes no token and no word of the talk out of a close', async () => {
    const { server, opening } = dial('open-only');
    await settled();
    server.last.end(1008, 'auth_tokens/secret-token: bad "what was said"');
    const error = await failure(opening);
    expect(error.customErrorData).toMatchObject({ closeReason: '… bad …' });
    expect(error.message).not.toContain('what was said');
  });

  test('names a remedy where a server does not answer or a socket does not open', async () => {
    const silent = dial('silent');
    const mute = dial('open-only');
    const broken = dial('silent');
    await settled();
    broken.server.last.fail();
    await Promise.all([silent, mute].map(({ clock }) => clock.advance(60_000)));
    const messages = await Promise.all(
      [silent, mute, broken].map(async ({ opening }) => (await failure(opening)).message),
    );
    expect(messages).toEqual([
      expect.stringMatching(/check the network/i),
      expect.stringMatching(/connect again/i),
      expect.stringMatching(/connect-src/),
    ]);
  });

  test('rejects a wrong first message with an AIError and closes with a code that browsers allow [W5]', async () => {
    const { server, opening } = dial('open-only');
    await settled();
    server.last.say({ serverContent: { turnComplete: true } });
    expect(await failure(opening)).toMatchObject({ code: 'response-error', name: 'FirebaseError' });
    expect(server.last.closedBy).toMatchObject({ code: 1000 });
  });

  test('rejects an unreadable first frame', async () => {
    const { server, opening } = dial('open-only');
    await settled();
    server.last.frame('{');
    expect((await failure(opening)).code).toBe('response-error');
  });

  test('gives up on a server that never answers, and leaves no socket open [W45]', async () => {
    const { server, opening, clock } = dial('open-only');
    await clock.advance(9_999);
    expect(server.last.closedBy).toBeUndefined();
    await clock.advance(1);
    expect((await failure(opening)).code).toBe('response-error');
    expect(server.last.closedBy).toMatchObject({ code: 1000 });
  });

  test('gives up on a socket that never opens, and closes it [W45]', async () => {
    const { server, opening, clock } = dial('silent');
    await clock.advance(10_000);
    expect((await failure(opening)).code).toBe('fetch-error');
    expect(server.last.closedBy).toBeDefined();
  });

  test('rejects an error before the opening with fetch-error', async () => {
    const { server, opening } = dial('silent');
    await settled();
    server.last.fail();
    expect((await failure(opening)).code).toBe('fetch-error');
  });

  test('can be abandoned while it is opening [W45]', async () => {
    const { server, opening, abort, clock } = dial('open-only');
    await settled();
    abort.abort();
    expect((await failure(opening)).code).toBe('request-error');
    expect(server.last.closedBy).toBeDefined();
    expect(clock.pending).toBe(0);
  });

  test('never tells the address that a runtime quotes', async () => {
    const opening = openConnection({
      openSocket: (url) => {
        throw new SyntaxError(`bad ${url}`);
      },
      clock: new ManualClock(),
      address: { url: 'wss://host/?access_token=secret-token', protocols: [] },
      setup: { model: 'models/m' },
      sessionId: 'session-0001',
      timeoutMs: 1_000,
      signal: new AbortController().signal,
      events: { message: () => {}, skipped: () => {}, closed: () => {} },
    });
    const error = await failure(opening);
    expect(error.code).toBe('fetch-error');
    expect(error.cause).toBeUndefined();
  });
});

describe('an open connection', () => {
  const end = { serverContent: { turnComplete: true } };
  const content = (text: string) => ({ serverContent: { modelTurn: { parts: [{ text }] } } });

  test('skips a frame that cannot be read and goes on, without telling what was in it [W7]', async () => {
    const { server, opening, heard } = dial();
    await opening;
    server.last.frame('{"serverContent": "my secret words"}');
    server.last.frame('not json: my secret words');
    server.last.frame('{"somethingNew":{"text":"my secret words"}}');
    server.last.frame(42);
    server.last.say(end);
    expect(heard).toEqual([
      'skipped: invalid-field',
      'skipped: invalid-json',
      'skipped: unknown-message',
      'skipped: a frame of an unknown type',
      end,
    ]);
    expect(server.last.closedBy).toBeUndefined();
  });

  test('reads text, ArrayBuffer and Blob frames in the order they came [W10]', async () => {
    const { server, opening, heard } = dial();
    await opening;
    const wire = (text: string): string => JSON.stringify(content(text));
    server.last.frame(new Blob([wire('1')]));
    server.last.frame(wire('2'));
    server.last.frame(new TextEncoder().encode(wire('3')).buffer);
    server.last.frame(new Blob([wire('4')]));
    await settled();
    await settled();
    expect(heard).toEqual([content('1'), content('2'), content('3'), content('4')]);
  });

  test('tells a close after the Blobs that came before it [W10]', async () => {
    const { server, opening, heard } = dial();
    await opening;
    server.last.frame(new Blob([JSON.stringify(end)]));
    server.last.end(1011, 'Internal error encountered.');
    await settled();
    await settled();
    expect(heard).toEqual([end, { code: 1011, reason: 'Internal error encountered.' }]);
  });

  test('closes normally, once, and sends nothing after that', async () => {
    const { server, opening, heard } = dial();
    const connection = await opening;
    await Promise.all([connection.close(), connection.close()]);
    connection.send('{"realtimeInput":{"text":"late"}}');
    expect(server.last.closedBy).toEqual({ code: 1000, reason: 'Client closed session.' });
    expect(server.last.received).toHaveLength(1);
    expect(heard).toEqual([{ code: 1000, reason: 'Client closed session.' }]);
  });

  test('does not wait for ever for a close that nobody confirms [W46]', async () => {
    const { server, opening, clock, heard } = dial();
    server.confirmsClose = false;
    const connection = await opening;
    let closed = false;
    void connection.close().then(() => {
      closed = true;
    });
    await clock.advance(1_999);
    expect(closed).toBe(false);
    await clock.advance(1);
    expect(closed).toBe(true);
    expect(heard).toEqual([{ code: 1006, reason: '' }]);
  });
});
