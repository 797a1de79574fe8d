/**
 * The text of a frame of the microphone on the wire.
 * @module
 */
import {
  BYTES_PER_SAMPLE,
  encodeBase64,
  INPUT_AUDIO_MIME_TYPE,
  INPUT_SAMPLE_RATE_HZ,
} from '@livegate/protocol';

const HEAD = `{"realtimeInput":{"audio":{"mimeType":"${INPUT_AUDIO_MIME_TYPE}","data":"`;
const TAIL = '"}}}';

/** Up to 100 a second: the text is put together, not serialised. `samples` is 16 kHz PCM16LE mono. */
export function audioWire(samples: Uint8Array): string {
  return HEAD + encodeBase64(samples) + TAIL;
}

/** How long that sounds, in ms. */
export function lengthMs(samples: Uint8Array): number {
  return (samples.byteLength / BYTES_PER_SAMPLE / INPUT_SAMPLE_RATE_HZ) * 1_000;
}
