import { describe, expect, it } from 'vitest';
import { EchoMeter, type EchoTurn, figuresOf, sentenceOf } from './echo-rounds.ts';

const STEP_MS = 20;

/** Loudness of both sides from `from` to `to`, in steps. */
function play(
  meter: EchoMeter,
  [from, to]: readonly [number, number],
  { microphone, speaker }: { readonly microphone: number; readonly speaker: number },
): void {
  for (let at = from; at < to; at += STEP_MS) meter.hear({ at, microphone, speaker });
}

describe('EchoMeter', () => {
  it('counts from the beginning of a voice that cuts in to the last of the model', () => {
    const meter = new EchoMeter();
    play(meter, [0, 1_000], { microphone: 0.001, speaker: 0.1 });
    play(meter, [1_000, 1_400], { microphone: 0.1, speaker: 0.1 });
    meter.interrupted();
    play(meter, [1_400, 2_500], { microphone: 0.1, speaker: 0 });
    meter.over();
    // What the model answers to it is no part of the turn.
    play(meter, [2_500, 3_500], { microphone: 0.1, speaker: 0.1 });
    expect(meter.result).toMatchObject({ interruptions: 1, own: 0, cutIn: true, delayMs: 380 });
    meter.interrupted();
    expect(meter.result).toMatchObject({ interruptions: 2, delayMs: 380 });
  });

  it('counts a voice that falls into a pause of the model, without a delay', () => {
    const meter = new EchoMeter();
    play(meter, [0, 1_000], { microphone: 0.001, speaker: 0.1 });
    play(meter, [1_200, 1_600], { microphone: 0.1, speaker: 0 });
    meter.interrupted();
    meter.over();
    expect(meter.result).toMatchObject({ cutIn: true, delayMs: null });
  });

  it('does not take a knock, an echo as loud as before, or a voice from before the model for one that cuts in', () => {
    const knock = new EchoMeter();
    play(knock, [0, 1_000], { microphone: 0.001, speaker: 0.1 });
    play(knock, [1_000, 1_040], { microphone: 0.3, speaker: 0.1 });
    play(knock, [1_040, 1_400], { microphone: 0.001, speaker: 0.1 });
    knock.interrupted();
    knock.over();
    expect(knock.result.cutIn).toBe(false);

    const loudEcho = { microphone: 0.05, speaker: 0.1 };
    const echo = new EchoMeter({ echoRms: 0.05 });
    play(echo, [0, 1_000], loudEcho);
    echo.interrupted();
    echo.over();
    expect(echo.result.cutIn).toBe(false);
    expect(echo.result.delayMs).toBeNull();
    const unknown = new EchoMeter();
    play(unknown, [0, 1_000], loudEcho);
    unknown.interrupted();
    unknown.over();
    expect(unknown.result.delayMs).not.toBeNull();
    expect(unknown.result.cutIn).toBe(true);

    const before = new EchoMeter();
    play(before, [0, 500], { microphone: 0.1, speaker: 0 });
    play(before, [500, 1_000], { microphone: 0.1, speaker: 0.1 });
    before.interrupted();
    before.over();
    expect(before.result.cutIn).toBe(false);
  });

  it('has no delay for a turn that interrupted itself, or that nobody cut short', () => {
    const own = new EchoMeter();
    play(own, [0, 1_000], { microphone: 0.1, speaker: 0.1 });
    own.selfInterrupted();
    own.interrupted();
    own.over();
    expect(own.result).toMatchObject({ interruptions: 1, own: 1, delayMs: null });
    const whole = new EchoMeter();
    play(whole, [0, 1_000], { microphone: 0.1, speaker: 0.1 });
    whole.over();
    expect(whole.result).toMatchObject({ interruptions: 0, own: 0, delayMs: null });
  });

  it('keeps the echo and the noise of the room apart', () => {
    const meter = new EchoMeter();
    play(meter, [0, 1_000], { microphone: 0.001, speaker: 0 });
    play(meter, [1_000, 2_000], { microphone: 0.01, speaker: 0.1 });
    // What hangs in the room is neither.
    play(meter, [2_000, 2_400], { microphone: 0.5, speaker: 0 });
    const { echoPower, noisePower } = meter.result;
    expect(echoPower).toBeCloseTo(1e-4, 9);
    expect(noisePower).toBeCloseTo(1e-6, 9);
  });
});

describe('figuresOf', () => {
  const turn: EchoTurn = {
    interruptions: 0,
    own: 0,
    cutIn: false,
    delayMs: null,
    echoPower: 1e-4,
    noisePower: 1e-6,
  };

  it('counts self-interruptions of a silent round and the echo above the noise', () => {
    const turns = [turn, { ...turn, interruptions: 2, own: 1 }, { ...turn, interruptions: 1 }];
    const figures = figuresOf(turns, 'silent');
    expect(figures).toMatchObject({ turns: 3, interruptions: 3, own: 1, echoDb: 20, delay: null });
    expect(sentenceOf(figures, 'silent')).toBe(
      '3 self-interruptions in 3 turns (1 noticed by the detector). The echo that is left is 20 dB above the room’s noise.',
    );
  });

  it('gives the median, least and most delay of a round that is spoken over', () => {
    const turns = [400, 900, 500].map((delayMs) => ({ ...turn, interruptions: 1, cutIn: true, delayMs }));
    const figures = figuresOf([...turns, turn], 'speak-over');
    expect(figures).toMatchObject({
      cutIns: 3,
      delay: { median: 500, least: 400, most: 900 },
      echoDb: null,
      echoRms: 0,
    });
    expect(sentenceOf(figures, 'speak-over')).toBe(
      '3 of 4 turns gave way. Silence 500 ms after the voice began (400 to 900).',
    );
  });

  it('says nothing of what was not measured', () => {
    const bare = { ...turn, noisePower: null };
    expect(figuresOf([bare], 'silent').echoDb).toBeNull();
    expect(sentenceOf(figuresOf([bare], 'silent'), 'silent')).toBe('0 self-interruptions in 1 turns.');
  });
});
