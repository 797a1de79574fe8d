/**
 * Answers as they come from a service that is ahead, and an interruption: gaps, clicks, first sound, silence.
 * @module
 */
import { orderOf } from '../adapters.ts';
import { hearTurn, sayTurn, TONE_HZ } from '../answer.ts';
import { heardBy } from '../ear.ts';
import { clicksIn } from '../sound/blemishes.ts';
import type { Recording } from '../sound/recording.ts';
import { jittered, steady, unavoidableGapMs } from '../sound/schedules.ts';
import { LEVEL, silence } from '../sound/signals.ts';
import { pause, Stage } from '../stage.ts';
import { attempt, type Run } from './run.ts';

const TURN_SECONDS = 3;
const QUEUED_SECONDS = 5;
/** The interruptions of a talk, in ms after the answer began. */
const INTERRUPTED_AFTER_MS = [720, 913];
/** First sound that is aimed at, in ms: what later chunks cost a player that keeps it is told beside the gaps. */
const EARLY_MS = 20;

/** `ahead-…`, `paced-…`, `silence` in ms; `clicks`, `last-sample`, `ahead-unheard` (chunks). */
export const runPlayback: Run = async (options) => {
  const { server, book, rounds, tell } = options;
  const stage = await Stage.open(server, silence(10, 44_100));
  const ahead = steady(TURN_SECONDS, { chunkMs: 40, speed: 2 });
  const paced = steady(TURN_SECONDS, { chunkMs: 40 });
  const queued = steady(QUEUED_SECONDS, { chunkMs: 40, speed: 1_000 });
  try {
    for (let round = 0; round < rounds; round++)
      for (const adapter of orderOf(round))
        await attempt(`playback, ${adapter}, ${round + 1}`, stage, options, async () => {
          const { page, line } = await stage.talk({ adapter, hasEar: true });
          await pause(600);
          const schedule = jittered(ahead, round + 1);
          const first = await sayTurn(line, schedule);
          await pause(TURN_SECONDS * 500 + 900);
          const second = await sayTurn(line, paced, { isTone: true });
          await pause(1_000);
          const interruptedAt: number[] = [];
          for (const ms of INTERRUPTED_AFTER_MS) {
            await sayTurn(line, queued, { isTone: true, isEnded: false });
            await pause(ms);
            interruptedAt.push(line.say('{"serverContent":{"interrupted":true}}'));
            line.say('{"serverContent":{"turnComplete":true}}');
            await pause(500);
          }
          const recording = await heardBy(page, server);
          const aheadTurn = hearTurn(recording, first);
          const pacedTurn = hearTurn(recording, second, true);
          const clicksAt = clicksOf(recording, second.sentAt);
          const clicks = clicksAt.length;
          const cuts = interruptedAt.map((at) => cutOf(recording, at));
          tell(
            `${adapter} ${round + 1}/${rounds}: ahead40 gaps ${aheadTurn.gapMs.toFixed(0)} ms, first ${aheadTurn.firstSoundMs.toFixed(1)} ms; ${clicks} clicks (${clicksAt.slice(0, 3).map(Math.round).join(', ')} ms); paced gaps ${pacedTurn.gapMs.toFixed(1)}, first ${pacedTurn.firstSoundMs.toFixed(1)}; silent ${cuts.map(({ ms, last }) => `${ms.toFixed(1)} ms at ${last.toFixed(3)}`).join(', ')}`,
          );
          book.add('ahead-gap', adapter, aheadTurn.gapMs);
          book.add('ahead-first', adapter, aheadTurn.firstSoundMs);
          book.add('ahead-least', adapter, unavoidableGapMs({ chunkMs: 40, at: first.sentAt }, EARLY_MS));
          book.add('ahead-unheard', adapter, aheadTurn.unheard);
          book.add('clicks', adapter, clicks);
          book.add('paced-gap', adapter, pacedTurn.gapMs);
          book.add('paced-first', adapter, pacedTurn.firstSoundMs);
          for (const { ms, last } of cuts) {
            book.add('silence', adapter, ms);
            book.add('last-sample', adapter, last);
          }
        });
  } finally {
    await stage.close();
  }
};

/** Clicks inside a turn that is one tone, in ms after its beginning; its first and last ms are the tone's own edges. */
function clicksOf(recording: Recording, sentAt: readonly number[]): readonly number[] {
  const begin = sentAt[0] ?? 0;
  const { samples, rateHz } = recording.between(begin - 20, begin + TURN_SECONDS * 1_000 + 600);
  const isLoud = (sample: number): boolean => Math.abs(sample) > LEVEL / 10;
  const edge = Math.round(rateHz * 0.005);
  const inner = samples.subarray(samples.findIndex(isLoud) + edge, samples.findLastIndex(isLoud) - edge);
  return clicksIn({ samples: inner, rateHz }, { hz: TONE_HZ, level: LEVEL }).map(
    (at) => (at * 1_000) / rateHz,
  );
}

/** How long after an interruption was sent there was still sound, and how loud its last sample was. */
function cutOf(recording: Recording, at: number): { readonly ms: number; readonly last: number } {
  const { samples, startFrame } = recording.between(at, at + 450);
  // One step of 16 bits, and what a resampler rings with, is silence.
  const end = samples.findLastIndex((sample) => Math.abs(sample) > 0.0005);
  return {
    ms: recording.timeOf(startFrame + end + 1) - at,
    last: Math.abs(samples[end] ?? 0),
  };
}
