/**
 * The audio the Live API takes and gives. Source: Live API guide, "Audio formats", read 2026-11-21.
 * @module
 */

/** Rate the service hears at, in Hz. Other rates are resampled there when the MIME type names them. */
export const INPUT_SAMPLE_RATE_HZ = 16_000;
/** Rate the service speaks at, in Hz. */
export const OUTPUT_SAMPLE_RATE_HZ = 24_000;
/** Bytes of one sample: signed 16-bit little-endian, mono. */
export const BYTES_PER_SAMPLE = 2;
/** MIME type of microphone audio. */
export const INPUT_AUDIO_MIME_TYPE = `audio/pcm;rate=${INPUT_SAMPLE_RATE_HZ}`;
/** MIME type of the model's speech. */
export const OUTPUT_AUDIO_MIME_TYPE = `audio/pcm;rate=${OUTPUT_SAMPLE_RATE_HZ}`;

/**
 * Reads the sample rate, in Hz, out of `audio/pcm;rate=…`.
 * Answers `fallbackHz` where the type names none, `undefined` where it is not PCM or the rate makes no sense.
 */
export function pcmRateOf(mimeType: string, fallbackHz: number): number | undefined {
  const [type, ...parameters] = mimeType.toLowerCase().split(';');
  if (type?.trim() !== 'audio/pcm') return undefined;
  const rate = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith('rate='));
  if (rate === undefined) return fallbackHz;
  const hz = Number(rate.slice('rate='.length));
  return Number.isInteger(hz) && hz >= 8_000 && hz <= 192_000 ? hz : undefined;
}
