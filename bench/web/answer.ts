/**
 * A turn of the model: said by a schedule, and what of it was heard.
 * @module
 */
import { quantile } from '../functions/statistics.ts';
import type { LiveLine } from './live-line.ts';
import { gapsIn } from './sound/blemishes.ts';
import type { Recording } from './sound/recording.ts';
import type { Schedule } from './sound/schedules.ts';
import { chunksOf, LEVEL, sweep, tone } from './sound/signals.ts';
import { placesOf } from './sound/sweep-reader.ts';
import { pause } from './stage.ts';

/** The rate of the model's voice. */
export const VOICE_HZ = 24_000;
/** A steady tone of this pitch, where clicks are counted. */
export const TONE_HZ = 440;

/** What was sent when, in epoch ms. */
export interface SaidTurn {
  readonly schedule: Schedule;
  readonly sentAt: readonly number[];
}

/** Says a turn: a sweep, or a tone. Resolves when all is sent. */
export async function sayTurn(
  line: LiveLine,
  schedule: Schedule,
  { isTone = false, isEnded = true }: { readonly isTone?: boolean; readonly isEnded?: boolean } = {},
): Promise<SaidTurn> {
  const seconds = (schedule.at.length * schedule.chunkMs) / 1_000;
  const sound = isTone ? tone(TONE_HZ, seconds, VOICE_HZ) : sweep(seconds, VOICE_HZ);
  const messages = chunksOf(sound, schedule.chunkMs).map(voiceMessage);
  const begin = performance.now();
  const sentAt: number[] = [];
  for (const [index, message] of messages.entries()) {
    const left = begin + (schedule.at[index] ?? 0) - performance.now();
    if (left > 0) await pause(left);
    sentAt.push(line.say(message));
  }
  if (isEnded) endTurn(line);
  return { schedule, sentAt };
}

/** Says that the turn is complete. */
export function endTurn(line: LiveLine): void {
  line.say('{"serverContent":{"generationComplete":true}}');
  line.say('{"serverContent":{"turnComplete":true}}');
}

/** A message of the model's voice. */
export function voiceMessage(data: string): string {
  return JSON.stringify({
    serverContent: {
      modelTurn: { role: 'model', parts: [{ inlineData: { mimeType: `audio/pcm;rate=${VOICE_HZ}`, data } }] },
    },
  });
}

/** What was heard of a turn. Times are in ms. */
export interface HeardTurn {
  /** From the first chunk's sending to the first sample out. */
  readonly firstSoundMs: number;
  readonly gapMs: number;
  /** Gaps that begin a second or more after the first chunk was sent. */
  readonly lateGapMs: number;
  /** From a chunk's sending to its first sample out, for every chunk that was heard. */
  readonly delaysMs: readonly number[];
  /** Chunks that were not: a player that drops sound has short delays. */
  readonly unheard: number;
}

/** How long after a turn its sound may still come, in ms. */
const LATEST_MS = 700;

/** Finds a turn in a recording. Throws where nothing of it was heard. */
export function hearTurn(recording: Recording, { schedule, sentAt }: SaidTurn, isTone = false): HeardTurn {
  const first = sentAt[0] ?? 0;
  const lengthMs = schedule.at.length * schedule.chunkMs;
  const over = Math.max(first + lengthMs, sentAt.at(-1) ?? 0) + LATEST_MS;
  const { samples, rateHz, startFrame } = recording.between(first - 20, over);
  const begin = samples.findIndex((sample) => Math.abs(sample) > LEVEL / 10);
  if (begin < 0) throw new Error('Nothing of the turn was heard.');
  const gaps = gapsIn({ samples, rateHz }, LEVEL);
  const msOf = (list: typeof gaps): number =>
    (list.reduce((sum, gap) => sum + gap.samples, 0) * 1_000) / rateHz;
  const lateFrom = recording.frameAt(first + 1_000) - startFrame;
  const moments = sentAt.map((_, index) => (index * schedule.chunkMs) / 1_000);
  const places = isTone ? [] : placesOf({ samples, rateHz }, moments);
  return {
    firstSoundMs: recording.timeOf(startFrame + begin) - first,
    gapMs: msOf(gaps),
    lateGapMs: msOf(gaps.filter(({ from }) => from >= lateFrom)),
    delaysMs: places.flatMap((place, index) =>
      place === undefined ? [] : [recording.timeOf(startFrame + place) - (sentAt[index] ?? 0)],
    ),
    unheard: places.filter((place) => place === undefined).length,
  };
}

/** The middle of delays; not a number where there are none. */
export function medianOf(delays: readonly number[]): number {
  return delays.length === 0 ? Number.NaN : quantile(delays, 0.5);
}
