import { decodeBase64 } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { PairedPort, PairedWorker } from '../test-support/paired-worker.ts';
import { INTERNALS } from './live-session.ts';
import { type ScriptedSocket, ScriptedStage, settled } from './testing.ts';

const FRAME = 160;
const FRAME_MS = 10;
const FRAMES = 1_200;
/** The last of them may be under way when the test ends. */
const UNDER_WAY = 50;
const LOUD = 9_000;

/** A loud frame whose first sample is its number. */
function numbered(number: number): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(FRAME).map((_, at) => (at % 16 < 8 ? LOUD : -LOUD));
  samples[0] = number;
  return samples;
}

/** Numbers of the frames that a socket was sent, in order. */
const numbersOn = (socket: ScriptedSocket): number[] =>
  socket.received.flatMap((message) => {
    const data = 'realtimeInput' in message ? message.realtimeInput.audio?.data : undefined;
    return data === undefined ? [] : [new DataView(decodeBase64(data).buffer).getInt16(0, true)];
  });

/** A real session on sockets in the worker, somebody who talks all the time past the page, and one move. */
async function talk(seed: number, move: 'swap' | 'drop'): Promise<readonly number[][]> {
  let state = seed;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return state % below;
  };
  const stage = new ScriptedStage({ leaseSeconds: 14 });
  const pair = new PairedWorker(stage.server.openSocket);
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 20; round++) {
      pair.settle();
      await settled();
    }
  };
  const connecting = stage.model({}, { webSocket: pair.worker.openSocket }).connect();
  await settle();
  const session = await connecting;
  const inside = session[INTERNALS];
  const line = pair.worker.openLine(FRAME, {
    frame: (samples) => inside.sendPcm(samples),
    sent: (samples) => inside.sentPcm?.(samples),
    unsent: () => {},
    stopped: () => {},
    failed: () => {},
  });
  const microphone = new PairedPort();
  line.listen(microphone as unknown as MessagePort);
  inside.followSocket?.((at) => line.sendTo(at?.socket));
  stage.server.last.say({ sessionResumptionUpdate: { newHandle: 'handle', resumable: true } });
  await settle();
  for (let number = 1; number <= FRAMES; number++) {
    const samples = numbered(number);
    microphone.onmessage?.({ data: { kind: 'frame', samples, count: FRAME, rms: 0.3, peak: 0.3 } });
    for (let steps = random(4); steps > 0; steps--)
      if (random(2) === 0) pair.toWorker();
      else pair.toPage();
    if (random(5) === 0) pair.settle();
    if (move === 'drop' && number === 200 + (seed % 300)) stage.server.last.end(1006);
    await stage.clock.advance(FRAME_MS);
  }
  for (let round = 0; round < 5; round++) {
    await settle();
    await stage.clock.advance(FRAME_MS);
  }
  expect(session.isClosed).toBe(false);
  return stage.server.sockets.map(numbersOn);
}

describe('a microphone that goes to the socket past the page', () => {
  it.each(['swap', 'drop'] as const)(
    'loses no word at a %s, wherever it falls: the next socket begins where the unanswered speech did',
    async (move) => {
      for (let seed = 1; seed <= 8; seed++) {
        const sockets = await talk(seed, move);
        expect(sockets.length, `sockets, seed ${seed}`).toBeGreaterThan(1);
        for (const [at, numbers] of sockets.entries()) {
          const from = numbers[0] ?? 0;
          expect(numbers, `seed ${seed}, socket ${at}`).toEqual(numbers.map((_, place) => from + place));
        }
        // Nothing of it was answered, so the resumed state holds none of it.
        expect(sockets[1]?.[0], `seed ${seed}`).toBe(1);
        expect(sockets.at(-1)?.at(-1), `seed ${seed}`).toBeGreaterThan(FRAMES - UNDER_WAY);
      }
    },
    30_000,
  );
});
