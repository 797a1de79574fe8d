/**
 * What three minutes of talk cost, both ways at once. Counted is processor time, not time on the wall, so the modules'
 * pages, each in a process of its own, run side by side.
 * @module
 */
import type { CDPSession, Page } from 'playwright-core';
import { type Adapter, orderOf } from '../adapters.ts';
import { endTurn, TONE_HZ, VOICE_HZ, voiceMessage } from '../answer.ts';
import type { LiveLine } from '../live-line.ts';
import { chunksOf, tone } from '../sound/signals.ts';
import { pause, Stage } from '../stage.ts';
import { attempt, type Run, type RunOptions } from './run.ts';

const SECONDS = 180;
/** Until everything is warm and was collected once; counted is what comes after. */
const WARM_UP_SECONDS = 15;
const CHUNK_MS = 40;
const TURN_SECONDS = 8;

/** `main-thread`, `renderer` (% of one core), `heap` (MB a minute). */
export const runLoad: Run = (options) => measureLoad(options, SECONDS);

/** {@link runLoad} over so many seconds. */
export async function measureLoad(options: RunOptions, seconds: number): Promise<void> {
  const { server, book, rounds, tell, signal } = options;
  const stage = await Stage.open(server, tone(1_000, 10, 44_100), ['--js-flags=--expose-gc']);
  try {
    for (let round = 0; round < rounds; round++)
      await attempt(`load, ${round + 1}`, stage, options, async () => {
        const runs = [];
        for (const adapter of orderOf(round)) {
          const { page, line } = await stage.talk({ adapter });
          line.keepsTexts = false;
          line.received.length = 0;
          runs.push({ adapter, page, line, meter: await LoadMeter.open(page) });
        }
        const talking = new AbortController();
        const turns = runs.map(({ line }) => keepTalking(line, talking.signal));
        let befores: readonly Load[] = [];
        let afters: readonly Load[] = [];
        try {
          await pause(WARM_UP_SECONDS * 1_000);
          befores = await Promise.all(runs.map(({ meter }) => meter.read()));
          for (let left = seconds; left > 0; left -= 5) {
            signal.throwIfAborted();
            for (const { line } of runs) line.received.length = 0;
            await pause(Math.min(left, 5) * 1_000);
          }
          afters = await Promise.all(runs.map(({ meter }) => meter.read()));
        } finally {
          talking.abort();
          await Promise.all(turns);
        }
        for (const [index, { adapter }] of runs.entries()) {
          const [before, after] = [befores[index], afters[index]];
          if (before && after) note(adapter, before, after, round);
        }
      });
  } finally {
    await stage.close();
  }

  function note(adapter: Adapter, before: Load, after: Load, round: number): void {
    const wall = after.at - before.at;
    const main = (100 * (after.mainThread - before.mainThread)) / wall;
    const renderer = (100 * (after.process - before.process)) / wall;
    const heap = ((after.heap - before.heap) / 1e6) * (60 / wall);
    tell(
      `${adapter} ${round + 1}/${rounds}: main thread ${main.toFixed(2)} %, renderer ${renderer.toFixed(2)} %, heap ${heap.toFixed(3)} MB/min, ${after.workers} workers`,
    );
    book.add('main-thread', adapter, main);
    book.add('renderer', adapter, renderer);
    book.add('heap', adapter, heap);
  }
}

/** Answers, one after the other, in real time, without an end. */
async function keepTalking(line: LiveLine, signal: AbortSignal): Promise<void> {
  const messages = chunksOf(tone(TONE_HZ, TURN_SECONDS, VOICE_HZ), CHUNK_MS).map(voiceMessage);
  const begin = performance.now();
  for (let sent = 0; !signal.aborted; sent++) {
    const left = begin + sent * CHUNK_MS - performance.now();
    if (left > 0) await pause(left);
    const place = sent % messages.length;
    line.say(messages[place] ?? '');
    if (place === messages.length - 1) endTurn(line);
  }
}

/** Seconds of processor time, bytes of heap after a collection. */
interface Load {
  readonly at: number;
  readonly mainThread: number;
  readonly process: number;
  readonly heap: number;
  readonly workers: number;
}

/** Reads what a page has cost so far, its dedicated workers' heaps included. */
class LoadMeter {
  readonly #session: CDPSession;
  readonly #workers: Set<string>;
  readonly #answers = new Map<number, (result: unknown) => void>();
  #asked = 0;

  private constructor(session: CDPSession, workers: Set<string>) {
    this.#session = session;
    this.#workers = workers;
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result } = JSON.parse(message) as { readonly id?: number; readonly result?: unknown };
      if (id !== undefined) this.#answers.get(id)?.(result);
    });
  }

  static async open(page: Page): Promise<LoadMeter> {
    const session = await page.context().newCDPSession(page);
    const workers = new Set<string>();
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') workers.add(sessionId);
    });
    session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId));
    await session.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: false,
    });
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new LoadMeter(session, workers);
  }

  async read(): Promise<Load> {
    const heap = await this.#heap();
    const { metrics } = await this.#session.send('Performance.getMetrics');
    const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return {
      at: of('Timestamp'),
      mainThread: of('ThreadTime'),
      process: of('ProcessTime'),
      heap,
      workers: this.#workers.size,
    };
  }

  async #heap(): Promise<number> {
    await this.#session.send('HeapProfiler.collectGarbage');
    await this.#session.send('HeapProfiler.collectGarbage');
    let sum = (await this.#session.send('Runtime.getHeapUsage')).usedSize;
    for (const worker of this.#workers) {
      await this.#ask(worker, 'HeapProfiler.collectGarbage');
      await this.#ask(worker, 'HeapProfiler.collectGarbage');
      const { usedSize } = (await this.#ask(worker, 'Runtime.getHeapUsage')) as { readonly usedSize: number };
      sum += usedSize;
    }
    return sum;
  }

  async #ask(sessionId: string, method: string): Promise<unknown> {
    const id = ++this.#asked;
    const answered = new Promise((resolve) => this.#answers.set(id, resolve));
    await this.#session.send('Target.sendMessageToTarget', {
      sessionId,
      message: JSON.stringify({ id, method }),
    });
    return answered;
  }
}
