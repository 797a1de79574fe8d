/**
 * Reading a WAV file of 16-bit mono PCM.
 * @module
 */

/** Mono PCM at its rate. */
export interface WavAudio {
  readonly samples: Int16Array;
  readonly rateHz: number;
}

const PCM_FORMAT = 1;

/** Reads the samples of a RIFF WAVE file. Throws on anything that is not 16-bit mono PCM. */
export function readWav(bytes: Uint8Array): WavAudio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || name(0) !== 'RIFF' || name(8) !== 'WAVE') throw new Error('Not a WAV file.');
  let rateHz: number | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (name(at) === 'fmt ') {
      const isFit =
        view.getUint16(body, true) === PCM_FORMAT &&
        view.getUint16(body + 2, true) === 1 &&
        view.getUint16(body + 14, true) === 16;
      if (!isFit) throw new Error('Not 16-bit mono PCM.');
      rateHz = view.getUint32(body + 4, true);
    }
    if (name(at) === 'data' && rateHz !== undefined) {
      const count = Math.floor(Math.min(size, bytes.length - body) / 2);
      const samples = Int16Array.from({ length: count }, (_, index) => view.getInt16(body + 2 * index, true));
      return { samples, rateHz };
    }
    at = body + size + (size % 2);
  }
  throw new Error('A WAV file without samples.');
}
