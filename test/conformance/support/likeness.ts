/**
 * How alike an answer and what was spoken are.
 * @module
 */
import { resampled } from '../../browser/support/sound.ts';

const RATE_HZ = 4_000;
/** The detector keeps less or more of the silence around speech: so far are the two moved against each other. */
const MOST_LAG = RATE_HZ / 2;

/**
 * The best correlation over half a second of lag either way: 1 for the same sound at any level, about 0 for another.
 * `answer`: 16-bit PCM at 24 kHz; `spoken`: 16 kHz.
 */
export function likeness(answer: Buffer, spoken: Float32Array): number {
  const pcm = Float32Array.from(
    { length: answer.length >> 1 },
    (_, at) => answer.readInt16LE(at * 2) / 32_768,
  );
  const a = resampled({ samples: pcm, rateHz: 24_000 }, RATE_HZ).samples;
  const b = resampled({ samples: spoken, rateHz: 16_000 }, RATE_HZ).samples;
  let best = 0;
  for (let lag = -MOST_LAG; lag <= MOST_LAG; lag++) {
    let both = 0;
    for (let at = Math.max(0, lag); at < Math.min(a.length, b.length + lag); at++)
      both += (a[at] ?? 0) * (b[at - lag] ?? 0);
    best = Math.max(best, both);
  }
  return best / (Math.sqrt(energy(a) * energy(b)) || 1);
}

function energy(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}
