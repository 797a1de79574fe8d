import { afterEach, describe, expect, it, vi } from 'vitest';
import { PairedWorker } from '../test-support/paired-worker.ts';
import { liveSockets } from './live-sockets.ts';
import { settled } from './testing.ts';

/** The runtime's WebSocket, scripted. */
class PageSocket {
  static readonly made: PageSocket[] = [];
  readonly sent: string[] = [];
  readonly bufferedAmount = 3;
  readonly url: string;
  binaryType = '';
  onopen = (): void => {};
  onclose = (_: { code: number; reason: string }): void => {};
  constructor(url: string) {
    this.url = url;
    PageSocket.made.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {}
}

function listening() {
  const told: unknown[] = [];
  return {
    told,
    events: {
      opened: () => told.push('opened'),
      frame: (data: unknown) => told.push(data),
      failed: () => told.push('failed'),
      closed: (code: number) => told.push(code),
      warned: (message: string) => told.push(message),
    },
  };
}

describe('liveSockets', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    PageSocket.made.length = 0;
  });

  it('opens sockets in the worker once that is loaded, and says where they are', async () => {
    vi.stubGlobal('WebSocket', PageSocket);
    const asked: string[] = [];
    const pair = new PairedWorker((url, _protocols, events) => {
      asked.push(url);
      queueMicrotask(() => events.opened());
      return { bufferedAmount: 0, send: (text) => asked.push(text), close: () => {} };
    });
    const { told, events } = listening();
    const socket = liveSockets(() => pair.worker)('wss://host', [], events);
    await settled();
    expect(asked).toEqual([]);
    pair.settle();
    await settled();
    pair.settle();
    await settled();
    pair.settle();
    socket.send('hello');
    expect(socket.bufferedAmount).toBe(5);
    pair.settle();
    expect([asked, told, socket.bufferedAmount]).toEqual([['wss://host', 'hello'], ['opened'], 0]);
    expect(socket.inWorker?.worker).toBe(pair.worker);
    expect(PageSocket.made).toEqual([]);
  });

  it('opens them on the page where the worker does not load, and warns once', async () => {
    vi.stubGlobal('WebSocket', PageSocket);
    const pair = new PairedWorker(() => {
      throw new Error('not asked');
    });
    const openSocket = liveSockets(() => pair.worker);
    pair.break();
    const { told, events } = listening();
    const first = openSocket('wss://one', [], events);
    openSocket('wss://two', [], events);
    await vi.waitFor(() => expect(PageSocket.made.map(({ url }) => url)).toEqual(['wss://one', 'wss://two']));
    expect(told).toEqual([expect.stringContaining('live.worker.js')]);
    first.send('hello');
    expect([PageSocket.made[0]?.sent, first.bufferedAmount, first.inWorker]).toEqual([
      ['hello'],
      3,
      undefined,
    ]);
  });

  it('closes those of a worker that breaks with 1006, and opens the next on the page', async () => {
    vi.stubGlobal('WebSocket', PageSocket);
    const pair = new PairedWorker(() => ({ bufferedAmount: 0, send: () => {}, close: () => {} }));
    pair.settle();
    const openSocket = liveSockets(() => pair.worker);
    const { told, events } = listening();
    openSocket('wss://one', [], events);
    await settled();
    pair.break();
    expect(told).toEqual([1006]);
    openSocket('wss://two', [], events);
    await vi.waitFor(() => expect(PageSocket.made.map(({ url }) => url)).toEqual(['wss://two']));
  });

  it('asks for the worker at each socket: another follows one that was ended, without a word', async () => {
    vi.stubGlobal('WebSocket', PageSocket);
    const asked: string[] = [];
    const pairs = ['first', 'second'].map(
      (name) =>
        new PairedWorker((url) => {
          asked.push(`${name} ${url}`);
          return { bufferedAmount: 0, send: () => {}, close: () => {} };
        }),
    );
    for (const pair of pairs) pair.settle();
    let at = 0;
    const openSocket = liveSockets(() => pairs[at]?.worker);
    const { told, events } = listening();
    openSocket('wss://one', [], events);
    await settled();
    pairs[0]?.settle();
    pairs[0]?.break();
    at = 1;
    openSocket('wss://two', [], events);
    await settled();
    pairs[1]?.settle();
    expect([asked, told, PageSocket.made]).toEqual([['first wss://one', 'second wss://two'], [1006], []]);
  });

  it('opens them on the page without a word where there can be no worker', async () => {
    vi.stubGlobal('WebSocket', PageSocket);
    const { told, events } = listening();
    liveSockets(() => undefined)('wss://host', [], events);
    await vi.waitFor(() => expect(PageSocket.made).toHaveLength(1));
    expect(told).toEqual([]);
  });

  it('opens none that was closed meanwhile', async () => {
    vi.stubGlobal('WebSocket', PageSocket);
    const { events } = listening();
    liveSockets(() => undefined)('wss://host', [], events).close(1000, '');
    await settled();
    await settled();
    expect(PageSocket.made).toEqual([]);
  });
});
