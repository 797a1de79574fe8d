/**
 * How fast sound goes into messages and out of them, in Chromium, with the engine's own base64 and without.
 * @module
 */
import { ADAPTERS, orderOf } from '../adapters.ts';
import { silence } from '../sound/signals.ts';
import { Stage } from '../stage.ts';
import { attempt, type Run } from './run.ts';

/** Runs in the page before anything of the page does: an engine of the year before. */
function forget(): void {
  for (const name of ['toBase64', 'setFromBase64', 'toHex', 'setFromHex'])
    Reflect.deleteProperty(Uint8Array.prototype, name);
  for (const name of ['fromBase64', 'fromHex']) Reflect.deleteProperty(Uint8Array, name);
}

/** `encode`, `decode`, `encode-old`, `decode-old` in MB of PCM a second; with `-times`, how many × firebase/ai's. */
export const runCodec: Run = async (options) => {
  const { server, book, rounds, tell } = options;
  const stage = await Stage.open(server, silence(1, 44_100));
  try {
    for (let round = 0; round < rounds; round++)
      for (const engine of ['', '-old'])
        await attempt(`codec${engine}, ${round + 1}`, stage, options, async () => {
          const page = await stage.openBare('/codec', async (each) => {
            if (engine !== '') await each.addInitScript(forget);
          });
          await page.waitForFunction(() => 'benchCodec' in window);
          const figures = await page.evaluate((order) => window.benchCodec(order), orderOf(round));
          tell(
            `${engine === '' ? 'native' : 'fallback'} ${round + 1}/${rounds}: ${ADAPTERS.map((adapter) => `${adapter} ${figures[adapter].encode.toFixed(0)}/${figures[adapter].decode.toFixed(0)}`).join(', ')} MB/s`,
          );
          for (const adapter of ADAPTERS)
            for (const way of ['encode', 'decode'] as const) {
              book.add(`${way}${engine}`, adapter, figures[adapter][way]);
              book.add(`${way}${engine}-times`, adapter, figures[adapter][way] / figures.firebase[way]);
            }
        });
  } finally {
    await stage.close();
  }
};
