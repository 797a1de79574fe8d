import { describe, expect, it } from 'vitest';
import { chances } from '../test-support/deliveries.ts';
import { EchoGate, type EchoStrategy } from './echo-gate.ts';

const FRAME_MS = 20;
/** Loudness of somebody's speech, by window: syllables and pauses by chance. */
function speech(seed: number, seconds: number): number[] {
  const chance = chances(seed);
  const windows: number[] = [];
  while (windows.length < seconds * 50) {
    const [length, level] = [4 + Math.floor(chance() * 8), 0.05 + chance() * 0.15];
    for (let at = 0; at < length; at++) windows.push(level * Math.sin((Math.PI * (at + 1)) / (length + 1)));
    for (let pause = Math.floor(chance() * 8); pause > 0; pause--) windows.push(0.0005);
  }
  return windows.slice(0, seconds * 50);
}

/** A room: what the model says comes back 80 ms later, `echo` times as loud; a person may speak as well. */
class Room {
  readonly gate: EchoGate;
  readonly passed: number[] = [];
  #now = 10_000;
  constructor(strategy: EchoStrategy) {
    this.gate = new EchoGate({
      strategy,
      frameMs: FRAME_MS,
      pass: (_samples, { rms }) => this.passed.push(rms),
    });
  }
  /** Answers after how many ms of the person's voice it was passed on; `undefined`: never. */
  turn(
    model: readonly number[],
    {
      echo,
      person = [],
      from = 0,
    }: { readonly echo: number; readonly person?: readonly number[]; readonly from?: number },
  ): number | undefined {
    let opened: number | undefined;
    model.forEach((level, at) => {
      this.#now += FRAME_MS;
      this.gate.played(true, [level], this.#now);
      const rms = Math.hypot((model[at - 4] ?? 0) * echo, person[at - from] ?? 0);
      const before = this.passed.length;
      this.gate.hear(new Uint8Array(640), { rms, peak: rms }, this.#now);
      const isPassed = this.passed.slice(before).some((passed) => passed > 0);
      if (at >= from && isPassed && person.length > 0) opened ??= (at - from + 1) * FRAME_MS;
    });
    return opened;
  }
  interrupt(): boolean {
    return this.gate.interrupted(this.#now);
  }
  /** The model falls silent. */
  rest(): void {
    this.gate.played(false, [], this.#now);
    for (let at = 0; at < 100; at++) {
      this.#now += FRAME_MS;
      this.gate.hear(new Uint8Array(640), { rms: 0.0005, peak: 0.001 }, this.#now);
    }
  }
}

describe('EchoGate', () => {
  it('knows an interruption by the model’s own voice from one by a person, and gates after the second', () => {
    const room = new Room('plain');
    room.turn(speech(1, 2), { echo: 0, person: speech(2, 2) });
    expect([room.interrupt(), room.gate.isGating]).toEqual([false, false]);
    room.rest();
    room.turn(speech(3, 2), { echo: 0.5 });
    expect([room.interrupt(), room.gate.isGating]).toEqual([true, false]);
    room.rest();
    room.turn(speech(4, 2), { echo: 0.5 });
    expect([room.interrupt(), room.gate.isGating, room.gate.selfInterruptions]).toEqual([true, true, 2]);
  });

  it('takes hardly one in fifty people for the model', () => {
    let taken = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const room = new Room('plain');
      room.turn(speech(seed, 2), { echo: 0, person: speech(seed + 1_000, 2) });
      if (room.interrupt()) taken++;
    }
    expect(taken).toBeLessThanOrEqual(1);
  });

  it('does nothing where nothing is asked for', () => {
    const room = new Room('none');
    for (let turn = 0; turn < 3; turn++) {
      room.turn(speech(turn + 1, 2), { echo: 1 });
      expect(room.interrupt()).toBe(false);
      room.rest();
    }
    expect([room.gate.isGating, Math.max(...room.passed) > 0.05]).toEqual([false, true]);
  });

  it.each([0.1, 0.5, 1, 2])(
    'passes nothing of an echo of %d in ten turns, and every frame once it is over',
    (echo) => {
      const room = new Room('half-duplex');
      for (let turn = 0; turn < 10; turn++) {
        const before = room.passed.length;
        room.turn(speech(turn + 1, 4), { echo });
        expect(room.passed.length - before).toBe(200);
        room.rest();
      }
      expect(Math.max(...room.passed)).toBeLessThan(0.001);
    },
  );

  it('lets a person through who cuts in, with 300 ms of what came before, within 400 ms', () => {
    const delays: number[] = [];
    for (let seed = 1; seed <= 20; seed++) {
      const room = new Room('half-duplex');
      room.turn(speech(seed, 4), { echo: 0.5 });
      room.rest();
      const before = room.passed.length;
      const delay = room.turn(speech(seed + 500, 4), {
        echo: 0.5,
        person: speech(seed + 900, 2).map((level) => level * 1.5),
        from: 75,
      });
      delays.push(delay ?? Number.POSITIVE_INFINITY);
      expect(room.passed.length - before).toBeGreaterThanOrEqual(200 + 14);
    }
    expect(delays.toSorted((a, b) => a - b)[10]).toBeLessThanOrEqual(400);
    expect(Math.max(...delays)).toBeLessThan(1_200);
  });

  it('grows deaf to nobody: who has spoken for long is heard again the next time', () => {
    const delays: number[] = [];
    for (let seed = 1; seed <= 10; seed++) {
      const room = new Room('half-duplex');
      room.turn(speech(seed, 4), { echo: 0.3 });
      room.rest();
      const loud = (from: number): number[] => speech(seed + from, 6).map((level) => level * 1.5);
      room.turn(speech(seed + 500, 6), { echo: 0.3, person: loud(900), from: 20 });
      room.rest();
      delays.push(
        room.turn(speech(seed + 600, 6), { echo: 0.3, person: loud(950), from: 75 }) ??
          Number.POSITIVE_INFINITY,
      );
    }
    expect(delays.toSorted((a, b) => a - b)[5]).toBeLessThanOrEqual(400);
  });
});
