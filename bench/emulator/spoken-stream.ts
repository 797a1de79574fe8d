/**
 * What every user of the bench says: a recorded question and a pause, over and over, as messages of 20 ms.
 * @module
 */
import { readFileSync } from 'node:fs';
import { encodeBase64 } from '@livegate/protocol';
import { seededRandom } from '../functions/statistics.ts';

/** Audio of one message, in ms. */
export const FRAME_MS = 20;
/** The same in samples at 16 kHz. */
export const FRAME_SAMPLES = 320;
/** From one question to the next, in ms: the answer has played out before. */
export const PERIOD_MS = 8_000;
const PERIOD_FRAMES = PERIOD_MS / FRAME_MS;

const QUESTION = new URL('../../emulator/test-assets/question.wav', import.meta.url);
const WAV_HEADER_BYTES = 44;
/** Before the question, in samples. */
const LEAD = 8_000;
/** Amplitude of the room between: a microphone never gives zeros. */
const ROOM = 24;

/** The messages of one period, in order. The same every time. */
export function spokenMessages(): readonly Buffer[] {
  const random = seededRandom(7);
  const samples = Int16Array.from({ length: PERIOD_FRAMES * FRAME_SAMPLES }, () =>
    Math.round((random() * 2 - 1) * ROOM),
  );
  const bytes = readFileSync(QUESTION).subarray(WAV_HEADER_BYTES);
  for (let at = 0; at * 2 + 1 < bytes.length; at++) samples[LEAD + at] = bytes.readInt16LE(at * 2);
  return Array.from({ length: PERIOD_FRAMES }, (_, index) => {
    const frame = samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES);
    const data = encodeBase64(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength));
    return Buffer.from(
      JSON.stringify({ realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data } } }),
    );
  });
}

/** The first message of every session. */
export const SETUP = JSON.stringify({
  setup: {
    model: 'models/gemini-3.8-live',
    generationConfig: { responseModalities: ['AUDIO'] },
    inputAudioTranscription: {},
    outputAudioTranscription: {},
    sessionResumption: {},
  },
});

/** Where a session is opened. */
export function liveUrl(host: string): string {
  return `ws://${host}/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=bench`;
}

/** Samples of 24 kHz audio in a server's message; 0 where it holds none. Reads no more of it than it must. */
export function audioSamplesIn(message: string): number {
  const from = message.indexOf('"data":"');
  if (from < 0) return 0;
  const begin = from + 8;
  const end = message.indexOf('"', begin);
  const padding = message.endsWith('==', end) ? 2 : message.endsWith('=', end) ? 1 : 0;
  return (((end - begin) / 4) * 3 - padding) / 2;
}
