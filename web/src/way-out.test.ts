import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.ts';
import { ManualClock } from './testing.ts';
import { WayOut } from './way-out.ts';

function begin() {
  const way = new WayOut({ onPassed: () => {} });
  const unsent: number[] = [];
  const outbox = new Outbox({
    clock: new ManualClock(),
    events: { unsent: (ms) => unsent.push(ms), toolResultDropped: () => {}, fellSilent: () => {} },
  });
  const wires: string[] = [];
  /** The outbox comes, and a connection. */
  const goOn = (): void => {
    way.goOnBy(outbox);
    way.open({ bufferedAmount: 0, send: (wire) => void wires.push(wire), close: async () => {} });
  };
  /** The numbers that the frames begin with. */
  const numbers = (): number[] =>
    wires.flatMap((wire) => {
      const audio = JSON.parse(wire).realtimeInput?.audio;
      return audio ? [Buffer.from(audio.data, 'base64').readInt16LE(0)] : [];
    });
  return { way, unsent, goOn, numbers, wires };
}

/** 10 ms. */
const frame = (number: number): Uint8Array =>
  new Uint8Array(Int16Array.from({ length: 160 }, (_, at) => (at === 0 ? number : 0)).buffer);

describe('what waits for the outbox after a drop', () => {
  it('is all there after thirty seconds of audio', () => {
    const { way, unsent, goOn, numbers } = begin();
    for (let at = 0; at < 3_000; at++) way.sendPcm(frame(at));
    goOn();
    expect(numbers()).toEqual(Array.from({ length: 3_000 }, (_, at) => at));
    expect(unsent).toEqual([]);
  });

  it('loses its oldest audio where there is more, and tells how much; messages stay', async () => {
    const { way, unsent, goOn, numbers, wires } = begin();
    const text = way.send({ realtimeInput: { text: 'first' } });
    for (let at = 0; at < 3_100; at++) way.sendPcm(frame(at));
    goOn();
    await text;
    expect(wires[0]).toContain('first');
    expect([numbers().at(0), numbers().at(-1), numbers().length]).toEqual([100, 3_099, 3_000]);
    expect(unsent).toEqual([1_000]);
  });

  it('holds so many bytes of messages and rejects the rest', async () => {
    const { way, goOn } = begin();
    const picture = (): Promise<void> =>
      way.send({ realtimeInput: { video: { mimeType: 'image/jpeg', data: 'A'.repeat(1024 * 1024) } } });
    const held = [picture(), picture(), picture()];
    await expect(picture()).rejects.toMatchObject({ code: 'request-error' });
    way.sendPcm(frame(1));
    goOn();
    await Promise.all(held);
  });
});
