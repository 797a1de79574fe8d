import { describe, expect, it } from 'vitest';
import { LoudspeakerRoom, type RoomOptions } from '../test-support/loudspeaker-room.ts';
import { SessionBench } from '../test-support/session-bench.ts';
import { speech } from '../test-support/speech.ts';

const question = speech('question');
const interruption = speech('interruption');

/** A user asks over loudspeakers; the emulator echoes the question back. Gives how it went after 20 s. */
const askOverLoudspeakers = (echoGuard: boolean, room: RoomOptions): SessionBench => {
  const bench = SessionBench.ready({}, { echoGuard });
  new LoudspeakerRoom(bench, room).speak(question, 500).pass(20_000);
  return bench;
};

describe('EchoGuard', () => {
  it('is needed: without it an echo interrupts the answer and is answered again and again', () => {
    const bench = askOverLoudspeakers(false, { delayMs: 150, gain: 0.8, noise: 20 });
    expect(bench.session.figures.interruptions).toBeGreaterThan(2);
    expect(bench.asked.length).toBeGreaterThan(3);
  });

  it.each([
    { delayMs: 0, gain: 0.3, noise: 0 },
    { delayMs: 40, gain: 0.8, noise: 20 },
    { delayMs: 150, gain: 0.3, noise: 20 },
    { delayMs: 300, gain: 0.1, noise: 40 },
    { delayMs: 500, gain: 0.3, noise: 100 },
  ])('leaves an answer alone that the microphone hears %o', (room) => {
    const { figures } = askOverLoudspeakers(true, room).session;
    expect(figures).toMatchObject({ interruptions: 0, turns: 1, state: 'listening' });
  });

  it.each([
    { delayMs: 0, gain: 0.3, noise: 0 },
    { delayMs: 150, gain: 0.3, noise: 20 },
    { delayMs: 500, gain: 0.3, noise: 100 },
  ])('still lets somebody interrupt the answer over its echo %o', (options) => {
    const bench = SessionBench.ready({}, { echoGuard: true });
    const room = new LoudspeakerRoom(bench, options).speak(question, 500).pass(4_500);
    expect(bench.session.figures).toMatchObject({ state: 'answering', interruptions: 0 });
    room.speak(interruption, 500);
    const spokenAtMs = bench.atMs + 500;
    room.pass(10_000);
    const interrupted = bench.sent.find(({ message }) => message.serverContent?.interrupted);
    expect((interrupted?.atMs ?? 0) - spokenAtMs).toBeGreaterThan(0);
    expect((interrupted?.atMs ?? Number.POSITIVE_INFINITY) - spokenAtMs).toBeLessThan(700);
    expect(bench.session.figures).toMatchObject({ interruptions: 1, turns: 2, state: 'listening' });
    expect(bench.asked).toHaveLength(2);
  });

  it('does not slow an interruption down where the user wears headphones', () => {
    const reaction = (echoGuard: boolean): number => {
      const bench = SessionBench.ready({}, { echoGuard });
      const room = new LoudspeakerRoom(bench, { delayMs: 0, gain: 0, noise: 20 });
      room.speak(question, 500).pass(6_000).speak(interruption, 0).pass(1_000);
      return bench.sent.find(({ message }) => message.serverContent?.interrupted)?.atMs ?? Number.NaN;
    };
    expect(reaction(true)).toBe(reaction(false));
  });
});
