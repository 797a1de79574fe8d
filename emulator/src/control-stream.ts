/**
 * What happens, as it happens: the events that a watcher reads line by line.
 * @module
 */
import { type EventFilter, fitsEntry, type LiveEvent } from './control-query.ts';
import type { LiveEmulator } from './live-emulator.ts';

/** How long changes of sessions are gathered, and how often a silent line says that it lives, in ms. Ours. */
const GATHER_MS = 100;
const ALIVE_MS = 15_000;
/** Bytes that may wait for a slow reader before the line ends. Ours. */
const MOST_WAITING_BYTES = 8 * 1_048_576;

/** Where events go. */
export interface EventSink {
  write(event: LiveEvent): void;
  /** Nothing happened for a while. */
  alive(): void;
  /** Bytes written and not yet taken. */
  readonly waitingBytes: number;
  end(): void;
}

/** Writes events from now on, after what there is already, until the function it gives is called. */
export function pourEvents(
  emulator: LiveEmulator,
  { tail = Number.POSITIVE_INFINITY, ...filter }: EventFilter,
  sink: EventSink,
): () => void {
  const isWanted = (id: string): boolean => filter.sessionId === undefined || filter.sessionId === id;
  const changed = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  const flush = (): void => {
    gathering = undefined;
    for (const session of emulator.sessions()) if (changed.has(session.id)) sink.write({ session });
    changed.clear();
  };
  const stop = (): void => {
    unlisten();
    clearTimeout(gathering);
    clearInterval(pulse);
  };
  for (const session of emulator.sessions()) if (isWanted(session.id)) sink.write({ session });
  const past = emulator.journal().filter((entry) => fitsEntry(entry, filter));
  for (const entry of past.slice(Math.max(0, past.length - tail))) sink.write({ entry });
  const unlisten = emulator.listen((entry) => {
    if (sink.waitingBytes > MOST_WAITING_BYTES) {
      sink.write({ behind: true });
      stop();
      sink.end();
    } else if (entry === undefined) {
      changed.clear();
      sink.write({ reset: true });
    } else {
      if (fitsEntry(entry, filter)) sink.write({ entry });
      if (!isWanted(entry.sessionId)) return;
      changed.add(entry.sessionId);
      gathering ??= setTimeout(flush, GATHER_MS);
    }
  });
  const pulse = setInterval(() => sink.alive(), ALIVE_MS);
  return stop;
}
