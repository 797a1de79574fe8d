/**
 * What is played and spoken: tones, and sweeps whose pitch says which moment of them one hears.
 * @module
 */
import type { Sound } from './recording.ts';

/** Amplitude of every signal. */
export const LEVEL = 0.5;

/** A sine that begins at zero. */
export function tone(hz: number, seconds: number, rateHz: number): Sound {
  const samples = Float32Array.from(
    { length: Math.round(seconds * rateHz) },
    (_, at) => LEVEL * Math.sin((2 * Math.PI * hz * at) / rateHz),
  );
  return { samples, rateHz };
}

/** Nothing. */
export function silence(seconds: number, rateHz: number): Sound {
  return { samples: new Float32Array(Math.round(seconds * rateHz)), rateHz };
}

/** Pitch at the start of a sweep, and how fast it rises, in Hz and Hz a second. */
export const SWEEP_FROM_HZ = 400;
export const SWEEP_HZ_PER_SECOND = 200;

/** A tone that rises steadily. */
export function sweep(seconds: number, rateHz: number): Sound {
  const samples = Float32Array.from({ length: Math.round(seconds * rateHz) }, (_, at) => {
    const t = at / rateHz;
    return LEVEL * Math.sin(2 * Math.PI * (SWEEP_FROM_HZ * t + (SWEEP_HZ_PER_SECOND * t * t) / 2));
  });
  return { samples, rateHz };
}

/** One after the other; all of one rate. */
export function joined(...sounds: readonly Sound[]): Sound {
  const rateHz = sounds[0]?.rateHz ?? 0;
  const samples = new Float32Array(sounds.reduce((sum, each) => sum + each.samples.length, 0));
  let at = 0;
  for (const each of sounds) {
    if (each.rateHz !== rateHz) throw new RangeError('One rate for all.');
    samples.set(each.samples, at);
    at += each.samples.length;
  }
  return { samples, rateHz };
}

/** PCM16LE in pieces of `ms`, base64. */
export function chunksOf({ samples, rateHz }: Sound, ms: number): readonly string[] {
  const size = Math.round((rateHz * ms) / 1_000);
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, index) =>
    pcmOf(samples.subarray(index * size, (index + 1) * size)).toString('base64'),
  );
}

/** A mono WAV of 16 bits. */
export function wavOf({ samples, rateHz }: Sound): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length * 2, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length * 2, 40);
  return Buffer.concat([header, pcmOf(samples)]);
}

function pcmOf(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [at, sample] of samples.entries())
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), at * 2);
  return bytes;
}
