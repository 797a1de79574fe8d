import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { emulatedEndpoints, httpTokenMaker, type TokenOrder } from './upstream.ts';

const order: TokenOrder = {
  expiresAt: 120_000,
  startBy: 60_000,
  constraints: { model: 'models/m' },
  fieldMask: 'model',
};

describe('httpTokenMaker', () => {
  let server: Server;
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const asking = async (status: number, body: string): Promise<unknown> => {
    server = createServer((_, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return httpTokenMaker(emulatedEndpoints(`127.0.0.1:${port}`), () => 'key')(order);
  };

  it.each([
    [200, '{"name":"auth_tokens/x"}', { outcome: 'minted', token: 'auth_tokens/x' }],
    [400, '{"error":{"message":"secret"}}', { outcome: 'refused', status: 400 }],
    [403, '', { outcome: 'refused', status: 403 }],
    [429, '', { outcome: 'unknown', problem: 'HTTP 429' }],
    [408, '', { outcome: 'unknown', problem: 'HTTP 408' }],
    [503, '', { outcome: 'unknown', problem: 'HTTP 503' }],
    [200, '{}', { outcome: 'unknown', problem: 'an answer without a name' }],
    [200, 'nonsense', { outcome: 'unknown', problem: 'SyntaxError' }],
  ])('takes %i %s for what it is [threat:mint:busy]', async (status, body, outcome) => {
    expect(await asking(status, body)).toEqual(outcome);
  });

  it('does not know what became of a request that was cut off', async () => {
    server = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await httpTokenMaker(emulatedEndpoints(`127.0.0.1:${port}`), () => 'key')(order)).toMatchObject({
      outcome: 'unknown',
    });
  });
});
