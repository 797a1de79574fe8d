import { expect, test } from 'vitest';
import { ScriptedStage } from './testing.ts';

test('prepare() loads what a conversation needs and takes no lease; connect() begins it beside the mint', async () => {
  const stage = new ScriptedStage();
  const order: string[] = [];
  const model = stage.model(
    {},
    {
      preload: async () => {
        order.push('preload');
        throw new Error('offline');
      },
      tokenSource: async (request) => {
        order.push('mint');
        return stage.tokens.source(request);
      },
    },
  );
  await model.prepare();
  expect(order).toEqual(['preload']);
  expect(stage.tokens.requests).toHaveLength(0);
  await model.connect();
  expect(order).toEqual(['preload', 'preload', 'mint']);
});

test('diagnostics() names the session and holds no token, no handle and nothing that was said', async () => {
  const stage = new ScriptedStage();
  const session = await stage.connect();
  stage.server.last.say({ sessionResumptionUpdate: { newHandle: 'secret-handle', resumable: true } });
  await session.send('a private word');
  const report = JSON.stringify(session.diagnostics());
  expect(report).toContain('session-0001');
  expect(report).not.toMatch(/auth_tokens|secret-handle|private/);
});

test('a handshake that fails carries the session’s id', async () => {
  const stage = new ScriptedStage();
  stage.server.welcomes.push((socket) => socket.end(1008, 'no'));
  await expect(stage.connect()).rejects.toMatchObject({ customErrorData: { sessionId: 'session-0001' } });
});
