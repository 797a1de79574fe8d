import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioData } from '../test-support/fake-session.ts';
import { PairedPort, PairedWorker } from '../test-support/paired-worker.ts';
import type { LiveSocketEvents } from './web-socket-handler.ts';

/** A page that plays what the worker does not, as soon as it reads it: a conversation in small. */
function talk() {
  const wires: LiveSocketEvents[] = [];
  const pair = new PairedWorker((_url, _protocols, events) => {
    wires.push(events);
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
  const texts: string[] = [];
  const connect = () => {
    const opening = pair.worker.openSocket('wss://host', [], {
      opened: () => {},
      frame: (data, heard) => {
        const { modelTurn, outputTranscription } = JSON.parse(String(data)).serverContent;
        if (outputTranscription) texts.push(outputTranscription.text);
        const base64 = modelTurn?.parts[0].inlineData.data;
        if (base64) queue.push({ value: Buffer.from(base64, 'base64').readInt16LE(0), heard });
      },
      failed: () => {},
      closed: () => {},
    });
    pair.settle();
    return opening;
  };
  const socket = connect();
  let said = 0;
  return {
    pair,
    line,
    socket,
    speaker,
    connect,
    texts,
    /** Pieces that the page has and did not read yet. */
    unread: () => queue.length,
    write: (text: string) =>
      wires.at(-1)?.frame(JSON.stringify({ serverContent: { outputTranscription: { text } } })),
    /** On the last socket. */
    say(): number {
      const part = { inlineData: audioData([++said]) };
      wires.at(-1)?.frame(JSON.stringify({ serverContent: { modelTurn: { parts: [part] } } }));
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

  it('plays what the page has still to play before what is kept for a later socket', () => {
    const { pair, line, socket, connect, say, read, played } = talk();
    line.hear(socket.inWorker?.socket);
    pair.settle();
    say();
    const next = connect();
    say();
    line.hear(next.inWorker?.socket);
    pair.settle();
    say();
    // Reads the first, and says so; the worker hears that before the page plays the second.
    pair.settle();
    read();
    pair.settle();
    expect(played()).toEqual([1, 2, 3]);
  });

  it('lets the page wait for sound that is played, and for nothing else', () => {
    const { pair, line, socket, say, read, write, texts, unread } = talk();
    const deliver = (): void => {
      while (pair.toPage());
    };
    line.hear(socket.inWorker?.socket);
    pair.settle();
    say();
    pair.settle();
    read();
    pair.settle();
    say();
    deliver();
    expect(unread()).toBe(0);
    write('Hello.');
    deliver();
    expect([unread(), texts]).toEqual([1, ['Hello.']]);
    write('Again.');
    deliver();
    expect(texts).toEqual(['Hello.', 'Again.']);
    say();
    pair.look();
    deliver();
    expect(unread()).toBe(2);
  });
});
