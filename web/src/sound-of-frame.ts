/**
 * What of a frame of the server belongs to the loudspeaker. Pure. It reads what the page's own reading of the same
 * frame would play, in either casing and either base64 form, and nothing else of it.
 * @module
 */
import { bytesOfBase64, OUTPUT_AUDIO_MIME_TYPE, OUTPUT_SAMPLE_RATE_HZ, pcmRateOf } from '@livegate/protocol';
import { samplesIn } from './pcm.ts';
import type { PlaybackCommand } from './worklet-messages.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The commands that a frame's text is to the loudspeaker, in order: none where it holds no sound or cannot be read.
 * A damaged piece is left out, the others are there.
 */
export function soundOfFrame(text: string): readonly PlaybackCommand[] {
  const message = parsed(text);
  const commands: PlaybackCommand[] = [];
  const content = fields(of(message, 'serverContent', 'server_content'));
  if (of(content, 'interrupted', 'interrupted') === true) commands.push({ kind: 'interrupt' });
  const parts = of(fields(of(content, 'modelTurn', 'model_turn')), 'parts', 'parts');
  for (const part of Array.isArray(parts) ? parts : []) {
    const play = playOf(fields(of(fields(part), 'inlineData', 'inline_data')));
    if (play) commands.push(play);
  }
  const isEnd =
    of(content, 'turnComplete', 'turn_complete') === true ||
    of(content, 'generationComplete', 'generation_complete') === true;
  if (isEnd) commands.push({ kind: 'end' });
  // What the model says after it has the results is another stretch of speech: the wait for it is no gap.
  if (typeof of(message, 'toolCall', 'tool_call') === 'object') commands.push({ kind: 'end' });
  return commands;
}

function playOf(data: Fields): PlaybackCommand | undefined {
  const type = of(data, 'mimeType', 'mime_type') ?? OUTPUT_AUDIO_MIME_TYPE;
  const rateHz = typeof type === 'string' ? pcmRateOf(type, OUTPUT_SAMPLE_RATE_HZ) : undefined;
  if (rateHz === undefined || typeof data.data !== 'string') return undefined;
  const bytes = bytesOfBase64(data.data);
  const samples = bytes && samplesIn(bytes);
  return samples && samples.length > 0 ? { kind: 'play', samples, rateHz } : undefined;
}

function parsed(text: string): Fields {
  try {
    return fields(JSON.parse(text));
  } catch {
    return {};
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function of(from: Fields, camel: string, snake: string): unknown {
  return from[camel] ?? from[snake];
}
