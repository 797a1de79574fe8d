import { describe, expect, test } from 'vitest';
import { type Heard, SpeechGauge } from './speech-gauge.ts';

/** A 220 Hz tone, `amplitude` of 32,767, 16 kHz PCM16LE; a frame of 20 ms unless told. */
function frame(amplitude: number, ms = 20): Uint8Array {
  const samples = new Int16Array(ms * 16);
  for (let at = 0; at < samples.length; at++)
    samples[at] = Math.round(amplitude * Math.sin((2 * Math.PI * 220 * at) / 16_000));
  return new Uint8Array(samples.buffer);
}

function hear(gauge: SpeechGauge, amplitude: number, ms: number): Heard[] {
  return Array.from({ length: ms / 20 }, () => gauge.hear(frame(amplitude)));
}

describe('SpeechGauge', () => {
  test('hears speech from its first frame to half a second after its last', () => {
    const gauge = new SpeechGauge();
    expect(new Set(hear(gauge, 20, 1_000))).toEqual(new Set(['quiet']));
    expect(new Set(hear(gauge, 6_000, 1_000))).toEqual(new Set(['speech']));
    const after = hear(gauge, 20, 600);
    expect(after.indexOf('ended')).toBe(24);
    expect(after.slice(25)).toEqual(Array(5).fill('quiet'));
  });

  test('hears a pause inside an utterance as part of it', () => {
    const gauge = new SpeechGauge();
    hear(gauge, 6_000, 200);
    expect(hear(gauge, 0, 400)).not.toContain('ended');
    expect(hear(gauge, 6_000, 200)).not.toContain('ended');
  });

  test('dismisses a click', () => {
    const gauge = new SpeechGauge();
    expect(hear(gauge, 6_000, 40)).toEqual(['speech', 'speech']);
    expect(hear(gauge, 0, 600)).toContain('dismissed');
  });

  test('grows used to a steady noise and still hears speech above it', () => {
    const gauge = new SpeechGauge();
    hear(gauge, 1_000, 30_000);
    expect(gauge.hear(frame(1_000))).toBe('quiet');
    expect(gauge.hear(frame(8_000))).toBe('speech');
  });

  test('takes frames of any length, an odd byte included', () => {
    const gauge = new SpeechGauge();
    expect(gauge.hear(frame(6_000, 7).subarray(0, 201))).toBe('speech');
    expect(gauge.hear(new Uint8Array(1))).toBe('speech');
  });
});
