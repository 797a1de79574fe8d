import { describe, expect, it } from 'vitest';
import { EchoDoor, type EchoDoorOptions } from './echo-door.ts';
import { EchoGate, type EchoStrategy } from './echo-gate.ts';

const LOUD = { rms: 0.2, peak: 0.4 };

function door(
  strategy: EchoStrategy,
  load: NonNullable<EchoDoorOptions['load']> = async () => ({ EchoGate }),
) {
  const heard: number[] = [];
  const gate = new EchoDoor({
    strategy,
    frameMs: 20,
    load,
    after: (_ms, wake) => {
      queueMicrotask(wake);
      return () => {};
    },
    pass: ([first]) => heard.push(first ?? 0),
  });
  return { gate, heard };
}

describe('EchoDoor', () => {
  it('lets everything through, plain, before the gate is there and after', async () => {
    const { gate, heard } = door('plain');
    gate.played(true, [0.1], 0);
    gate.hear(Uint8Array.of(1), LOUD, 20);
    expect([gate.isGating, gate.selfInterruptions, gate.interrupted(20)]).toEqual([false, 0, false]);
    await gate.open();
    gate.hear(Uint8Array.of(2), LOUD, 40);
    expect(heard).toEqual([1, 2]);
  });

  it('keeps the model from hearing itself, half-duplex, before the gate is there and after', async () => {
    const { gate, heard } = door('half-duplex');
    gate.hear(Uint8Array.of(1), LOUD, 0);
    gate.played(true, [0.1], 0);
    gate.hear(Uint8Array.of(2), LOUD, 20);
    await gate.open();
    gate.hear(Uint8Array.of(3), LOUD, 40);
    expect(gate.isGating).toBe(true);
    expect(heard).toEqual([1, 0, 0]);
    gate.played(false, [], 60);
    gate.hear(Uint8Array.of(4), LOUD, 600);
    expect(heard).toEqual([1, 0, 0, 4]);
  });

  it('tries again where the gate does not load, and fetches none where it is to do nothing', async () => {
    let tried = 0;
    const load = async (): Promise<{ EchoGate: typeof EchoGate }> => {
      if (tried++ < 5) throw new TypeError('Failed to fetch.');
      return { EchoGate };
    };
    await door('plain', load).gate.open();
    expect(tried).toBe(6);
    await door('none', load).gate.open();
    expect(tried).toBe(6);
  });

  it('tries no more once the conversation is over', async () => {
    let tried = 0;
    const { gate } = door('plain', () => Promise.reject(new TypeError(`Failed ${++tried} times.`)));
    gate.close();
    await gate.open();
    expect(tried).toBe(1);
  });
});
