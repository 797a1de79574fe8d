/**
 * The microphone's sound as it came over the wire.
 * @module
 */
import type { Received } from './live-line.ts';
import type { Sound } from './sound/recording.ts';

/** What every module says it sends. */
const SENT_HZ = 16_000;

/** A message of sound: where in the stream it ends, in samples, and when it came, in epoch ms. */
export interface SpeechMessage {
  readonly end: number;
  readonly at: number;
  readonly wireBytes: number;
  readonly pcmBytes: number;
}

/** All messages of sound, joined. */
export interface HeardSpeech extends Sound {
  readonly messages: readonly SpeechMessage[];
}

interface RealtimeInput {
  readonly realtimeInput?: {
    readonly audio?: { readonly data: string };
    readonly mediaChunks?: readonly { readonly data: string }[];
  };
}

/** Joins them. Messages without sound are left out. */
export function speechOf(received: readonly Received[]): HeardSpeech {
  const parts: Buffer[] = [];
  const messages: SpeechMessage[] = [];
  let end = 0;
  for (const { text, at, wireBytes } of received) {
    const { realtimeInput } = JSON.parse(text ?? '{}') as RealtimeInput;
    const data = realtimeInput?.audio?.data ?? realtimeInput?.mediaChunks?.[0]?.data;
    if (data === undefined) continue;
    const pcm = Buffer.from(data, 'base64');
    parts.push(pcm);
    end += pcm.length / 2;
    messages.push({ end, at, wireBytes, pcmBytes: pcm.length });
  }
  const bytes = Buffer.concat(parts);
  const samples = Float32Array.from(
    { length: bytes.length >> 1 },
    (_, index) => bytes.readInt16LE(index * 2) / 32_768,
  );
  return { samples, rateHz: SENT_HZ, messages };
}
