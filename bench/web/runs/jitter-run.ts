/**
 * Answers in real time while the network is steady, while it is not, and once it is again.
 * @module
 */
import { quantile } from '../../functions/statistics.ts';
import { orderOf } from '../adapters.ts';
import { hearTurn, medianOf, sayTurn } from '../answer.ts';
import { heardBy } from '../ear.ts';
import { jittered, steady } from '../sound/schedules.ts';
import { silence } from '../sound/signals.ts';
import { pause, Stage } from '../stage.ts';
import { attempt, type Run } from './run.ts';

const SHORT_SECONDS = 2.5;
const LONG_SECONDS = 6;
const CHUNK_MS = 100;
const BETWEEN_MS = 900;

/**
 * `jitter-gap` (ms, after the first second), `delay` (median, without jitter), `delay-jitter` (95 %), `delay-after`
 * (median of the second turn without jitter, less `delay`); beside them `calm-gap`, `unheard` (chunks).
 */
export const runJitter: Run = async (options) => {
  const { server, book, rounds, tell } = options;
  const stage = await Stage.open(server, silence(10, 44_100));
  const calm = steady(SHORT_SECONDS, { chunkMs: CHUNK_MS });
  try {
    for (let round = 0; round < rounds; round++)
      for (const adapter of orderOf(round))
        await attempt(`jitter, ${adapter}, ${round + 1}`, stage, options, async () => {
          const { page, line } = await stage.talk({ adapter, hasEar: true });
          await pause(600);
          const rough = jittered(steady(LONG_SECONDS, { chunkMs: CHUNK_MS }), 100 + round);
          const turns = [];
          for (const schedule of [calm, rough, calm, calm]) {
            turns.push(await sayTurn(line, schedule));
            await pause(BETWEEN_MS);
          }
          const recording = await heardBy(page, server);
          const [before, during, at, after] = turns.map((turn) => hearTurn(recording, turn));
          if (!before || !during || !at || !after) throw new Error('A turn is missing.');
          const floor = medianOf(before.delaysMs);
          const late = quantile(during.delaysMs, 0.95);
          const back = medianOf(after.delaysMs) - floor;
          tell(
            `${adapter} ${round + 1}/${rounds}: floor ${floor.toFixed(1)}, p95 in jitter ${late.toFixed(0)}, gaps ${during.lateGapMs.toFixed(0)} (all ${during.gapMs.toFixed(0)}), next turn ${medianOf(at.delaysMs).toFixed(0)}, then ${back.toFixed(1)} above`,
          );
          book.add('delay', adapter, floor);
          book.add('delay-jitter', adapter, late);
          book.add('delay-after', adapter, back);
          book.add('jitter-gap', adapter, during.lateGapMs);
          book.add('calm-gap', adapter, before.gapMs);
          const unheard = [before, during, at, after].reduce((sum, turn) => sum + turn.unheard, 0);
          book.add('unheard', adapter, unheard);
        });
  } finally {
    await stage.close();
  }
};
