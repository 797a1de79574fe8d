/**
 * Keeps the books of a stack: the emulators run no scheduled function, so this runs what those would, from the
 * functions' own source, every so often.
 * @module
 */
import { appendFile } from 'node:fs/promises';
import type { Firestore } from 'firebase-admin/firestore';
import { keepBooks } from '../functions/src/keep-books.ts';
import type { LogSink } from '../functions/src/logs.ts';
import { rollUpLiveStats } from '../functions/src/roll-up.ts';
import { openAdminFirestore } from './admin-firestore.ts';
import { liveInstance } from './live-instance.ts';
import type { RunningStack } from './stack.ts';

/** Keeps books until it is stopped. */
export interface Bookkeeper {
  /** Runs at once, or waits for the run that is under way and then runs. Never rejects: what fails stands in the log. */
  runNow(): Promise<void>;
  /** Resolves when no run is under way any more; none follows. */
  stop(): Promise<void>;
}

/** What a bookkeeper works with. */
export interface BookkeeperOptions {
  readonly db: Firestore;
  readonly log: LogSink;
  /** From the end of a run to the next, in ms. */
  readonly everyMs?: number;
  /** Epoch ms. */
  readonly now?: () => number;
  /** Calls `wake` once, after `ms`; what it answers calls that off. The seam at which a test has the time in hand. */
  readonly after?: (ms: number, wake: () => void) => () => void;
}

/** From the end of a run to the next, in ms: people look at the dashboard meanwhile. */
const EVERY_MS = 20_000;
/** How long a stop waits for the run that is under way, in ms. */
const LAST_RUN_MS = 2_000;

/** Begins with a run at once. Runs follow one another and never overlap. */
export function createBookkeeper(options: BookkeeperOptions): Bookkeeper {
  const { db, log, everyMs = EVERY_MS, now = Date.now, after = afterMs } = options;
  const live = liveInstance({
    db,
    now,
    log,
    makeToken: async () => ({ outcome: 'unknown', problem: 'a bookkeeper makes no tokens' }),
    users: { read: async () => null, setClaims: async () => undefined, revokeTokens: async () => undefined },
  });
  const parts: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['keeping the books', () => keepBooks(live, now())],
    ['adding up the days', () => rollUpLiveStats(live, now())],
  ];
  let isStopped = false;
  let callOff: () => void = () => undefined;
  let last: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    for (const [doing, part] of parts) {
      if (isStopped) return;
      try {
        await part();
      } catch (error) {
        log('ERROR', `${doing} failed`, { error: String(error) });
      }
    }
  };
  const runNow = (): Promise<void> => {
    callOff();
    last = last.then(run).then(() => {
      callOff();
      if (!isStopped) callOff = after(everyMs, () => void runNow());
    });
    return last;
  };
  void runNow();
  return {
    runNow,
    async stop() {
      isStopped = true;
      callOff();
      await last;
    },
  };
}

/** A bookkeeper of a running stack, which tells of itself in the stack's log file. Stop it before the stack. */
export function startBookkeeper(
  stack: Pick<RunningStack, 'projectId' | 'hosts' | 'logFile'>,
  options: Pick<BookkeeperOptions, 'everyMs'> = {},
): Bookkeeper {
  const db = openAdminFirestore(stack);
  let written: Promise<void> = Promise.resolve();
  const say = (line: string): void => {
    // The file goes with the stack: nobody misses a line then.
    written = written.then(() => appendFile(stack.logFile, `${line}\n`)).catch(() => undefined);
  };
  say(
    'bookkeeper: scheduled functions do not run in the emulators; sweepLiveSessions and rollUpLiveStats run here.',
  );
  const keeper = createBookkeeper({
    ...options,
    db,
    log: (severity, message, fields) =>
      say(`bookkeeper: ${JSON.stringify({ severity, message, ...fields })}`),
  });
  return {
    runNow: () => keeper.runNow(),
    async stop() {
      // Where the emulators went first, a run waits for an answer that does not come.
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, LAST_RUN_MS);
      await Promise.race([keeper.stop(), late]);
      clearTimeout(timer);
      await db.terminate();
      await written;
    },
  };
}

function afterMs(ms: number, wake: () => void): () => void {
  const timer = setTimeout(wake, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
