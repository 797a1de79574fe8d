/**
 * From the press of a button to the first sound of the microphone at the service.
 * @module
 */
import { orderOf } from '../adapters.ts';
import { tone } from '../sound/signals.ts';
import { Stage } from '../stage.ts';
import { attempt, type Run } from './run.ts';

const MINTS_MS = [0, 500, 2_000];

/** `start-0`, `start-500`, `start-2000`; `two-lines-0`, … by firebase/ai's own two lines. In ms. */
export const runStart: Run = async (options) => {
  const { server, book, rounds, tell } = options;
  const stage = await Stage.open(server, tone(1_000, 10, 44_100));
  try {
    for (let round = 0; round < rounds; round++)
      for (const adapter of orderOf(round)) {
        // The others need no token: they are measured once and stand in every line.
        const forms = adapter === 'livegate' ? [true, false] : [false];
        const mints = adapter === 'livegate' ? MINTS_MS : [0];
        for (const isDoor of forms)
          for (const mintMs of mints)
            await attempt(`start, ${adapter}, ${mintMs} ms, ${round + 1}`, stage, options, async () => {
              const page = await stage.openPage({ adapter });
              const connected = server.nextLine(adapter);
              const pressed = page.evaluate(
                async (options) => {
                  const at = performance.timeOrigin + performance.now();
                  await window.benchPage.press(options);
                  return at;
                },
                { mintMs, isDoor },
              );
              const line = await connected;
              const { at } = await line.firstAudio(0);
              const ms = at - (await pressed);
              tell(
                `${adapter}${isDoor ? ' at the door' : ''}, mint ${mintMs} ms, ${round + 1}/${rounds}: ${ms.toFixed(0)} ms`,
              );
              const figure = adapter === 'livegate' && !isDoor ? 'two-lines' : 'start';
              for (const each of adapter === 'livegate' ? [mintMs] : MINTS_MS)
                book.add(`${figure}-${each}`, adapter, ms);
            });
      }
  } finally {
    await stage.close();
  }
};
