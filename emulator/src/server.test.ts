import { describe, expect, it } from 'vitest';
import { RawClient } from '../test-support/raw-client.ts';
import { OPEN_DOOR } from './faulty-door.ts';
import { startServer } from './server.ts';

describe('startServer', () => {
  it('ends the session in which something throws, tells of it, and serves the others', async () => {
    const errors: unknown[] = [];
    const fault = new Error('a fault of ours');
    const server = await startServer(
      { port: 0, host: '127.0.0.1' },
      {
        frames: 'text',
        mintToken: () => ({ name: 'auth_tokens/any' }),
        refusalOf: () => undefined,
        door: OPEN_DOOR,
        openSocket: (_route, _request, wire) => ({
          receive(text) {
            if (text.includes('throw')) throw fault;
            wire.send(text);
          },
          gone: () => {},
        }),
        onError: (error) => errors.push(error),
      },
    );
    const host = `127.0.0.1:${server.port}`;
    const other = await RawClient.talking({ host });
    const broken = (await RawClient.talking({ host })).say('throw');
    expect(await broken.closing()).toEqual({ code: 1011, reason: 'Internal error encountered.' });
    expect(errors).toEqual([fault]);
    expect(await other.say('go on').until((text) => text.includes('go on'))).toContain('clientContent');
    await server.close();
  });
});
