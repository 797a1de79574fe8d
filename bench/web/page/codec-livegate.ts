/**
 * How @livegate/web puts sound into messages and takes it out: the protocol's functions that its socket uses.
 * @module
 */
import { decodeBase64, decodeServerMessage, encodeBase64, INPUT_AUDIO_MIME_TYPE } from '@livegate/protocol';
import type { Codec } from './codec.ts';

/** 16 kHz PCM into a message, 24 kHz PCM out of one. */
export const livegateCodec: Codec = {
  encode: (pcm) =>
    `{"realtimeInput":{"audio":{"mimeType":"${INPUT_AUDIO_MIME_TYPE}","data":"${encodeBase64(pcm)}"}}}`,
  decode(text) {
    const part = decodeServerMessage(text).serverContent?.modelTurn?.parts?.[0];
    const bytes = decodeBase64(part?.inlineData?.data ?? '');
    return new Int16Array(bytes.buffer, 0, bytes.byteLength >> 1);
  },
};
