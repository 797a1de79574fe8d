import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioData } from '../test-support/fake-session.ts';
import { PairedPort, PairedWorker } from '../test-support/paired-worker.ts';
import type { LiveSocketEvents } from './web-socket-handler.ts';

/** A page that plays what the worker does not, as soon as it reads it: a conversation in small. */
function talk() {
  let wire: LiveSocketEvents | undefined;
  const pair = new PairedWorker((_url, _protocols, events) => {
    wire = events;
    return { bufferedAmount: 0, send: () => {}, close: () => {} };
  });
  const line = pair.worker.openLine(160, {
    frame: () => {},
    sent: () => {},
    unsent: () => {},
    stopped: () => {},
    failed: () => {},
  });
  const speaker = new PairedPort();
  line.speaker(speaker as unknown as MessagePort);
  const queue: { readonly value: number; readonly heard: number | undefined }[] = [];
  const socket = pair.worker.openSocket('wss://host', [], {
    opened: () => {},
    frame: (data, heard) => {
      const { data: base64 } = JSON.parse(String(data)).serverContent.modelTurn.parts[0].inlineData;
      queue.push({ value: Buffer.from(base64, 'base64').readInt16LE(0), heard });
    },
    failed: () => {},
    closed: () => {},
  });
  pair.settle();
  let said = 0;
  return {
    pair,
    line,
    socket,
    speaker,
    say(): number {
      const part = { inlineData: audioData([++said]) };
      wire?.frame(JSON.stringify({ serverContent: { modelTurn: { parts: [part] } } }));
      return said;
    },
    /** The page's reading, which may be late. */
    read(): void {
      for (const { value, heard } of queue.splice(0))
        if (!line.isHeard(heard)) line.play({ kind: 'play', samples: Int16Array.of(value), rateHz: 24_000 });
    },
    played: () => speaker.got.map(({ samples }) => (samples as Int16Array)[0]),
  };
}

describe('Downlink', () => {
  it('plays every piece once and in order, from whichever moment it does so by itself', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constant('say' as const) },
      { weight: 3, arbitrary: fc.constantFrom('toWorker', 'toPage', 'read') },
      { weight: 1, arbitrary: fc.constantFrom('hear', 'deaf') },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 100, size: 'max' }), (steps) => {
        const { pair, line, socket, say, read, played } = talk();
        let said = 0;
        for (const each of steps)
          if (each === 'say') said = say();
          else if (each === 'toWorker') pair.toWorker();
          else if (each === 'toPage') pair.toPage();
          else if (each === 'read') read();
          else line.hear(each === 'hear' ? socket.inWorker?.socket : undefined);
        for (let round = 0; round < 3; round++) {
          pair.settle();
          read();
        }
        pair.settle();
        expect(played()).toEqual(Array.from({ length: said }, (_, at) => at + 1));
      }),
      { numRuns: 500 },
    );
  });

  it('does not wait for the page once that has caught up', () => {
    const { pair, line, socket, say, read, played } = talk();
    line.hear(socket.inWorker?.socket);
    pair.settle();
    say();
    expect(played()).toEqual([]);
    pair.settle();
    read();
    pair.settle();
    say();
    say();
    expect(played()).toEqual([1, 2, 3]);
  });

  it('plays what it keeps all the same where a page does not answer for long', () => {
    const { pair, line, socket, say, played } = talk();
    line.hear(socket.inWorker?.socket);
    pair.settle();
    for (let piece = 0; piece < 4_096; piece++) say();
    expect(played()).toHaveLength(0);
    say();
    expect(played()).toHaveLength(4_097);
  });
});
