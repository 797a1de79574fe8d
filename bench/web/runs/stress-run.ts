/**
 * The same answer while the page has nothing else to do, while it is blocked for 200 ms each second, and on a
 * processor that seems four times as slow.
 * @module
 */
import { orderOf } from '../adapters.ts';
import { hearTurn, sayTurn } from '../answer.ts';
import { heardBy } from '../ear.ts';
import { steady } from '../sound/schedules.ts';
import { silence } from '../sound/signals.ts';
import { pause, Stage } from '../stage.ts';
import { attempt, type Run } from './run.ts';

const TURN_SECONDS = 4;
const THROTTLE = 4;

/** `free-gap`, `blocked-gap`, `throttled-gap`, in ms. */
export const runStress: Run = async (options) => {
  const { server, book, rounds, tell } = options;
  const stage = await Stage.open(server, silence(10, 44_100));
  const schedule = steady(TURN_SECONDS, { chunkMs: 40 });
  try {
    for (let round = 0; round < rounds; round++)
      for (const adapter of orderOf(round))
        await attempt(`stress, ${adapter}, ${round + 1}`, stage, options, async () => {
          const { page, line } = await stage.talk({ adapter, hasEar: true });
          await pause(600);
          const turns = [await sayTurn(line, schedule)];
          await pause(800);
          const blocking = await page.evaluate(() =>
            setInterval(() => {
              const until = performance.now() + 200;
              while (performance.now() < until);
            }, 1_000),
          );
          turns.push(await sayTurn(line, schedule));
          await page.evaluate((timer) => clearInterval(timer), blocking);
          await pause(800);
          const inspector = await page.context().newCDPSession(page);
          await inspector.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
          turns.push(await sayTurn(line, schedule));
          await pause(800);
          await inspector.send('Emulation.setCPUThrottlingRate', { rate: 1 });
          const recording = await heardBy(page, server);
          const [free, blocked, throttled] = turns.map((turn) => hearTurn(recording, turn).gapMs);
          tell(
            `${adapter} ${round + 1}/${rounds}: gaps ${free?.toFixed(0)}, blocked ${blocked?.toFixed(0)}, throttled ${throttled?.toFixed(0)} ms`,
          );
          book.add('free-gap', adapter, free ?? Number.NaN);
          book.add('blocked-gap', adapter, blocked ?? Number.NaN);
          book.add('throttled-gap', adapter, throttled ?? Number.NaN);
        });
  } finally {
    await stage.close();
  }
};
