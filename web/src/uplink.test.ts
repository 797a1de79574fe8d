import { decodeBase64, decodeClientMessage } from '@livegate/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairedPort, PairedWorker } from '../test-support/paired-worker.ts';
import { audioWire } from './audio-wire.ts';
import type { RemoteLine } from './remote-line.ts';
import { STALLED_BYTES } from './uplink-limits.ts';
import type { LiveSocket, LiveSocketEvents } from './web-socket-handler.ts';

const FRAME = 160;
const first = (bytes: Uint8Array): number =>
  new Int16Array(bytes.buffer, bytes.byteOffset, 1)[0] ?? Number.NaN;

/** A socket that keeps what it is given, and may be held back or lost. */
class Wire implements LiveSocket {
  bufferedAmount = 0;
  readonly sent: number[] = [];
  events: LiveSocketEvents | undefined;
  send(text: string): void {
    const message = decodeClientMessage(text);
    if ('realtimeInput' in message)
      this.sent.push(first(decodeBase64(message.realtimeInput.audio?.data ?? '')));
  }
  close(): void {}
}

/** A page that sends what it gets while it may, and keeps it while it may not: an outbox in small. */
function talk() {
  const wires: Wire[] = [];
  const pair = new PairedWorker((_url, _protocols, events) => {
    const wire = new Wire();
    wire.events = events;
    wires.push(wire);
    return wire;
  });
  const told: number[] = [];
  const unsent: number[] = [];
  const closed: number[][] = [];
  const held: Uint8Array[] = [];
  let socket: LiveSocket | undefined;
  let stopped = 0;
  const send = (samples: Uint8Array): void => {
    if (socket) socket.send(audioWire(samples));
    else held.push(samples);
  };
  const line: RemoteLine = pair.worker.openLine(FRAME, {
    frame: send,
    sent: (samples) => told.push(first(samples)),
    unsent: (ms) => unsent.push(ms),
    stopped: () => stopped++,
    failed: () => {},
  });
  const microphone = new PairedPort();
  line.listen(microphone as unknown as MessagePort);
  let isDirect = false;
  const follow = (): void => line.sendTo(isDirect ? socket?.inWorker?.socket : undefined);
  const connect = (): void => {
    const opening = pair.worker.openSocket('wss://host', [], {
      opened: () => {
        socket = opening;
        for (const samples of held.splice(0)) opening.send(audioWire(samples));
        follow();
      },
      frame: () => {},
      failed: () => {},
      // What was told by then.
      closed: () => closed.push([...told]),
    });
  };
  return {
    pair,
    closed,
    line,
    wires,
    told,
    unsent,
    microphone,
    held,
    connect,
    stops: () => stopped,
    direct: (wanted: boolean) => {
      isDirect = wanted;
      follow();
    },
    /** As the outbox does at a move. */
    hold: () => {
      socket = undefined;
      follow();
    },
    /** The last socket is there. */
    open: () => wires.at(-1)?.events?.opened(),
  };
}

describe('Uplink', () => {
  it('loses, repeats and reorders no frame, however captures, messages and orders fall between one another', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constant('capture' as const) },
      { weight: 3, arbitrary: fc.constant('toWorker' as const) },
      { weight: 3, arbitrary: fc.constant('toPage' as const) },
      { weight: 2, arbitrary: fc.constantFrom('direct', 'page', 'hold', 'connect') },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), (steps) => {
        const { pair, wires, microphone, connect, direct, hold, open } = talk();
        pair.settle();
        let captured = 0;
        let isConnected = false;
        for (const each of [...steps, 'connect', 'settle'] as const) {
          if (each === 'capture') microphone.capture(++captured, FRAME);
          else if (each === 'toWorker') pair.toWorker();
          else if (each === 'toPage') pair.toPage();
          else if (each === 'direct' || each === 'page') direct(each === 'direct');
          else if (each === 'hold') {
            hold();
            isConnected = false;
          } else if (each === 'connect') {
            if (isConnected) continue;
            isConnected = true;
            // A move opens the next socket when the last is closed, and by then all it told is read.
            pair.settle();
            connect();
            pair.settle();
            open();
          } else pair.settle();
        }
        const sent = wires.flatMap((wire) => wire.sent);
        expect(sent).toEqual(Array.from({ length: captured }, (_, at) => at + 1));
      }),
      { numRuns: 500 },
    );
  });

  it('sends at once without the page, and tells it of 100 ms at a time, sample by sample', () => {
    const { pair, wires, microphone, connect, direct, open, told } = talk();
    connect();
    pair.settle();
    open();
    direct(true);
    pair.settle();
    for (let frame = 1; frame <= 9; frame++) microphone.capture(frame, FRAME);
    expect(wires[0]?.sent).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    pair.settle();
    expect(told).toEqual([]);
    microphone.capture(10, FRAME);
    pair.settle();
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('gives a frame to the page that its socket did not take, after telling what it took', () => {
    const { pair, wires, microphone, connect, direct, open, told, held, hold } = talk();
    connect();
    pair.settle();
    open();
    direct(true);
    pair.settle();
    microphone.capture(1, FRAME);
    wires[0]?.events?.closed(1006, '');
    hold();
    microphone.capture(2, FRAME);
    pair.settle();
    expect(wires[0]?.sent).toEqual([1]);
    expect(told).toEqual([1]);
    expect(held.map(first)).toEqual([2]);
  });

  it('tells of all that it sent before the page hears that the socket is closed', () => {
    const { pair, wires, microphone, connect, direct, open, told, closed } = talk();
    connect();
    pair.settle();
    open();
    direct(true);
    pair.settle();
    microphone.capture(1, FRAME);
    wires[0]?.events?.closed(1006, '');
    pair.settle();
    expect([told, closed]).toEqual([[1], [[1]]]);
  });

  it('sends nothing to a socket that is gone, and goes on to the next', () => {
    const { pair, wires, microphone, connect, direct, open } = talk();
    connect();
    pair.settle();
    open();
    direct(true);
    pair.settle();
    wires[0]?.events?.closed(1006, '');
    pair.settle();
    direct(true);
    pair.settle();
    connect();
    pair.settle();
    open();
    pair.settle();
    microphone.capture(7, FRAME);
    expect(wires[1]?.sent).toEqual([7]);
  });

  it('lets a socket that the network takes nothing from grow by 1.6 MB and no more, and says what was not sent', () => {
    const { pair, wires, microphone, connect, direct, open, told, unsent } = talk();
    connect();
    pair.settle();
    open();
    direct(true);
    pair.settle();
    const [wire] = wires;
    if (wire) wire.bufferedAmount = STALLED_BYTES;
    for (let frame = 1; frame <= 10; frame++) microphone.capture(frame, FRAME);
    pair.settle();
    expect([wire?.sent.length, unsent]).toEqual([10, []]);
    if (wire) wire.bufferedAmount = STALLED_BYTES + 1;
    for (let frame = 11; frame <= 20; frame++) microphone.capture(frame, FRAME);
    pair.settle();
    expect([wire?.sent.length, unsent, told.length]).toEqual([10, [100], 20]);
  });

  it('keeps 30 s for a page that does not answer, loses the oldest of more, and says so', () => {
    const { pair, wires, microphone, connect, direct, open, unsent } = talk();
    connect();
    pair.settle();
    open();
    pair.settle();
    direct(true);
    pair.toWorker();
    for (let frame = 1; frame <= 3_010; frame++) microphone.capture(frame, FRAME);
    expect(wires[0]?.sent).toEqual([]);
    pair.settle();
    expect([wires[0]?.sent.length, wires[0]?.sent[0], unsent]).toEqual([3_000, 11, [100]]);
  });

  it('hands out the rest of a frame when the capture is stopped, before it says so', () => {
    const { pair, microphone, line, connect, direct, open, wires, stops, told } = talk();
    connect();
    pair.settle();
    open();
    direct(true);
    pair.settle();
    microphone.capture(3, FRAME / 4);
    line.capture({ kind: 'stop' });
    pair.settle();
    expect([wires[0]?.sent, told, stops()]).toEqual([[3], [3], 1]);
  });
});
