/**
 * Whether audio may come while a blocking function runs.
 * @module
 */
import { type ClientPayloads, type LiveSetup, modelId } from '@livegate/protocol';
import type { EmulatorSettings } from './options.ts';

/**
 * True where that closes the connection: told so, and on 2.5 native audio, of which alone it is reported.
 * Source: AVA-AI-Voice-Agent#541 and #598, cookbook#1225, read 2026-11-21.
 */
export function refusesDuringCall(
  { audio, mediaChunks }: ClientPayloads['realtimeInput'],
  { model }: LiveSetup,
  { audioDuringToolCall }: Pick<EmulatorSettings, 'audioDuringToolCall'>,
): boolean {
  const hasAudio = audio !== undefined || mediaChunks?.some(({ mimeType }) => mimeType.startsWith('audio/'));
  return audioDuringToolCall === 'refused' && hasAudio === true && /2\.5.*native-audio/.test(modelId(model));
}
