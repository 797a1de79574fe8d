import { describe, expect, test } from 'vitest';
import { AIError } from './errors.ts';
import type { LiveServerContent, LiveServerMessage } from './live-types.ts';
import { MessageFeed } from './message-feed.ts';
import { type Missed, QUEUE_LIMITS } from './message-queue.ts';
import { ManualClock } from './testing.ts';

const text = (name: string): LiveServerContent => ({
  type: 'serverContent',
  modelTurn: { role: 'model', parts: [{ text: name }] },
});
const audio = (name: string): LiveServerContent => ({
  type: 'serverContent',
  modelTurn: { role: 'model', parts: [{ inlineData: { mimeType: 'audio/pcm', data: name } }] },
});
const call: LiveServerMessage = { type: 'toolCall', functionCalls: [] };

function open() {
  const missed: Missed[] = [];
  const clock = new ManualClock();
  const feed = new MessageFeed({
    clock,
    onMissed: (each) => missed.push(each),
    closed: () => new AIError('session-closed', 'over'),
  });
  return { feed, missed, clock };
}

async function all(queue: AsyncIterable<LiveServerMessage>): Promise<LiveServerMessage[]> {
  const got: LiveServerMessage[] = [];
  for await (const message of queue) got.push(message);
  return got;
}

describe('MessageFeed', () => {
  test('gives the first consumer everything from the start and later ones what comes after them', async () => {
    const { feed } = open();
    feed.push(text('1'), 1);
    const first = feed.subscribe();
    feed.push(text('2'), 1);
    const second = feed.subscribe();
    feed.push(text('3'), 1);
    feed.end(true);
    expect(await all(first)).toEqual([text('1'), text('2'), text('3')]);
    expect(await all(second)).toEqual([text('3')]);
  });

  test('delivers what is queued when the session ends [W2]', async () => {
    const { feed } = open();
    const queue = feed.subscribe();
    for (const name of ['1', '2', '3', '4', '5']) feed.push(text(name), 1);
    feed.end(true);
    expect(await all(queue)).toHaveLength(5);
  });

  test('keeps what nobody has read for a consumer that comes after a server’s close, not after our own', async () => {
    const server = open();
    server.feed.push(text('1'), 1);
    server.feed.end(true);
    expect(await all(server.feed.subscribe())).toEqual([text('1')]);
    const app = open();
    app.feed.push(text('1'), 1);
    app.feed.end(false);
    await expect(app.feed.subscribe().next()).rejects.toMatchObject({ code: 'session-closed' });
  });

  test('lets a consumer leave without harm to the next one [W3]', async () => {
    const { feed } = open();
    feed.push(text('1'), 1);
    for await (const message of feed.subscribe()) {
      expect(message).toEqual(text('1'));
      break;
    }
    expect(feed.consumers).toBe(0);
    const next = feed.subscribe();
    feed.push(text('2'), 1);
    expect(await next.next()).toEqual({ done: false, value: text('2') });
  });

  test('gives no message to a reader that has left while it waited [W4]', async () => {
    const { feed } = open();
    const left = feed.subscribe();
    const waiting = left.next();
    await left.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    const queue = feed.subscribe();
    feed.push(text('1'), 1);
    expect(await queue.next()).toEqual({ done: false, value: text('1') });
  });

  test('serves readers that wait side by side in their order', async () => {
    const { feed } = open();
    const queue = feed.subscribe();
    const both = Promise.all([queue.next(), queue.next()]);
    feed.push(text('1'), 1);
    feed.push(text('2'), 1);
    expect((await both).map(({ value }) => value)).toEqual([text('1'), text('2')]);
  });

  test('ends readers that wait when the session ends', async () => {
    const { feed } = open();
    const waiting = feed.subscribe().next();
    feed.end(false);
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test('loses nothing to a reader that lags a little, however much it has read', async () => {
    const { feed, missed, clock } = open();
    const queue = feed.subscribe();
    const half = QUEUE_LIMITS.bytes / 2;
    for (let index = 0; index < 6; index++) {
      feed.push(audio(String(index)), half);
      expect(await queue.next()).toMatchObject({ value: audio(String(index)) });
    }
    await clock.advance(100);
    expect(missed).toEqual([]);
  });

  test('loses the oldest audio first, then content, and says how much', async () => {
    const { feed, missed, clock } = open();
    const queue = feed.subscribe();
    feed.push(text('kept'), 1);
    for (let index = 0; index < QUEUE_LIMITS.messages; index++) feed.push(audio(String(index)), 1);
    await clock.advance(100);
    expect(missed).toEqual([{ audio: 1, content: 0 }]);
    expect(await queue.next()).toMatchObject({ value: text('kept') });
    expect(await queue.next()).toMatchObject({ value: audio('1') });
  });

  test('loses content once no audio is left, never control', async () => {
    const { feed, missed, clock } = open();
    const queue = feed.subscribe();
    feed.push(call, 1);
    for (let index = 0; index < QUEUE_LIMITS.messages; index++) feed.push(text(String(index)), 1);
    await clock.advance(100);
    expect(missed).toEqual([{ audio: 0, content: 1 }]);
    expect(await queue.next()).toMatchObject({ value: call });
    expect(await queue.next()).toMatchObject({ value: text('1') });
  });

  test('is bounded in bytes too', async () => {
    const { feed, missed, clock } = open();
    const queue = feed.subscribe();
    feed.push(audio('old'), QUEUE_LIMITS.bytes - 1);
    feed.push(audio('new'), 2);
    await clock.advance(100);
    expect(missed).toEqual([{ audio: 1, content: 0 }]);
    expect(await queue.next()).toMatchObject({ value: audio('new') });
  });

  test('tells in one event, of all consumers together, what a burst made them lose', async () => {
    const { feed, missed, clock } = open();
    feed.subscribe();
    feed.subscribe();
    const overflow = QUEUE_LIMITS.messages + 50;
    for (let index = 0; index < overflow; index++) feed.push(audio(String(index)), 1);
    await clock.advance(99);
    expect(missed).toEqual([]);
    await clock.advance(1);
    expect(missed).toEqual([{ audio: 100, content: 0 }]);
    feed.push(audio('later'), 1);
    await clock.advance(100);
    expect(missed).toEqual([
      { audio: 100, content: 0 },
      { audio: 2, content: 0 },
    ]);
  });

  test('tells what is still untold when the session ends, and nothing after', async () => {
    const { feed, missed, clock } = open();
    feed.subscribe();
    for (let index = 0; index <= QUEUE_LIMITS.messages; index++) feed.push(text(String(index)), 1);
    feed.end(true);
    expect(missed).toEqual([{ audio: 0, content: 1 }]);
    await clock.advance(100);
    expect([missed.length, clock.pending]).toEqual([1, 0]);
  });

  test('rejects a consumer whose control messages no longer fit, and only that one', async () => {
    const { feed } = open();
    const asleep = feed.subscribe();
    const awake = feed.subscribe();
    for (let index = 0; index <= QUEUE_LIMITS.messages; index++) {
      feed.push(call, 1);
      await awake.next();
    }
    await expect(asleep.next()).rejects.toMatchObject({ code: 'request-error' });
    expect(await asleep.next()).toEqual({ done: true, value: undefined });
    feed.push(text('1'), 1);
    expect(await awake.next()).toMatchObject({ value: text('1') });
  });

  test('rejects the first read of a session that is over, and ends after that', async () => {
    const { feed } = open();
    const queue = feed.subscribe();
    feed.end(false);
    await expect(queue.next()).rejects.toMatchObject({ code: 'session-closed' });
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });
});
