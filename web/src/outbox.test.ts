import { describe, expect, test } from 'vitest';
import { AIError } from './errors.ts';
import type { LiveConnection } from './live-connection.ts';
import { HELD_LIMITS, Outbox } from './outbox.ts';
import { ManualClock } from './testing.ts';

function open() {
  const wires: string[] = [];
  const connection: LiveConnection = {
    bufferedAmount: 0,
    send: (wire) => wires.push(wire),
    close: async () => {},
  };
  const told: unknown[] = [];
  const outbox = new Outbox({
    clock: new ManualClock(),
    events: {
      unsent: (ms) => told.push(['unsent', ms]),
      toolResultDropped: (id) => told.push(['dropped', id]),
      fellSilent: () => told.push('silent'),
    },
  });
  return { outbox, connection, wires, told };
}

const text = (each: string) => ({ realtimeInput: { text: each } });

describe('Outbox', () => {
  test('writes raw samples as the wire has them', () => {
    const { outbox, connection, wires } = open();
    outbox.open(connection);
    outbox.sendPcm(new Uint8Array([1, 0, 2, 0]));
    expect(JSON.parse(wires[0] ?? '')).toEqual({
      realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data: 'AQACAA==' } },
    });
  });

  test('holds so many messages and no more', async () => {
    const { outbox } = open();
    const held = Array.from({ length: HELD_LIMITS.messages }, (_, index) => outbox.send(text(String(index))));
    await expect(outbox.send(text('one more'))).rejects.toMatchObject({ code: 'request-error' });
    outbox.end(new AIError('request-error', 'over'));
    expect((await Promise.allSettled(held)).every(({ status }) => status === 'rejected')).toBe(true);
  });

  test('holds so many bytes and no more', async () => {
    const { outbox } = open();
    void outbox.send(text('x'.repeat(HELD_LIMITS.bytes - 100)));
    await expect(outbox.send(text('x'.repeat(100)))).rejects.toMatchObject({ code: 'request-error' });
    outbox.sendPcm(new Uint8Array(640));
  });

  test('holds only the newest picture', async () => {
    const { outbox, connection, wires } = open();
    const picture = (data: string) => ({ realtimeInput: { video: { mimeType: 'image/jpeg', data } } });
    const older = outbox.send(picture('AAAA'));
    const newer = outbox.send(picture('BBBB'));
    outbox.open(connection);
    await Promise.all([older, newer]);
    expect(wires).toHaveLength(1);
    expect(wires[0]).toContain('BBBB');
  });

  test('drops held results of calls that the new state does not know, and only those', async () => {
    const { outbox, connection, wires, told } = open();
    const response = (id: string) => ({ id, name: 'f', response: {} });
    const sent = outbox.send({ toolResponse: { functionResponses: [response('1'), response('2')] } });
    outbox.goOn(connection, { after: 'swap', seed: undefined, orphans: ['1'], awaited: new Set() });
    await sent;
    expect(wires.map((wire) => JSON.parse(wire))).toEqual([
      { toolResponse: { functionResponses: [response('2')] } },
    ]);
    expect(told).toEqual([['dropped', '1']]);
  });

  test('takes content without a question for said, not for unanswered', () => {
    const { outbox, connection } = open();
    outbox.open(connection);
    void outbox.send({ clientContent: { turns: [], turnComplete: false } });
    expect(outbox.unansweredUntil(0)).toBeUndefined();
    void outbox.send({ clientContent: { turns: [], turnComplete: true } });
    expect(outbox.unansweredUntil(0)).toBe(Number.POSITIVE_INFINITY);
  });

  test('drops raw samples once the session is over, and rejects what is awaited', async () => {
    const { outbox, connection, wires } = open();
    outbox.open(connection);
    outbox.end(new AIError('request-error', 'over'));
    outbox.sendPcm(new Uint8Array(640));
    await expect(outbox.send(text('late'))).rejects.toMatchObject({ code: 'request-error' });
    expect(wires).toEqual([]);
  });
});
