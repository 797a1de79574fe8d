/**
 * What happened on every connection, without what must not be kept: credentials, handles, media.
 * @module
 */
import type { JournalEntry } from './live-emulator.ts';

/** An entry before it has its time. */
export type JournalEvent = JournalEntry extends infer Entry
  ? Entry extends unknown
    ? Omit<Entry, 'atMs' | 'seq'>
    : never
  : never;

/** Takes each new entry; `undefined` when all were forgotten. */
export type JournalListener = (entry: JournalEntry | undefined) => void;

/** Keys whose text is a secret. */
const SECRETS: ReadonlySet<string> = new Set(['handle', 'newHandle']);

/** Entries of all connections, oldest first; at most `limit` of them are kept. */
export class Journal {
  readonly #limit: number;
  #entries: JournalEntry[] = [];
  #seq = 0;
  readonly #listeners = new Set<JournalListener>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Notes an event, scrubbed, and wakes who listens. */
  note(event: JournalEvent, atMs: number): void {
    const entry = ('message' in event ? { ...event, message: scrub(event.message) } : event) as JournalEvent;
    const noted = { ...entry, atMs, seq: ++this.#seq } as JournalEntry;
    this.#entries.push(noted);
    if (this.#entries.length > this.#limit * 1.25) this.#entries = this.#entries.slice(-this.#limit);
    this.#wake(noted);
  }

  /** The number of the newest entry there ever was; 0 before the first. */
  get lastSeq(): number {
    return this.#seq;
  }

  /** Forgets every entry. Numbers go on, and listeners stay. */
  clear(): void {
    this.#entries = [];
    this.#wake(undefined);
  }

  /** What is kept; of one session where named. */
  entries(sessionId?: string): readonly JournalEntry[] {
    const kept = this.#entries.slice(-this.#limit);
    return sessionId === undefined ? kept : kept.filter((entry) => entry.sessionId === sessionId);
  }

  /** Calls `listener` after every note and every clearing, until the function it gives is called. */
  listen(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #wake(entry: JournalEntry | undefined): void {
    for (const listener of [...this.#listeners]) listener(entry);
  }
}

/** A copy of a message: secrets hidden, media replaced by their length. */
export function scrub(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrub);
  if (typeof value !== 'object' || value === null) return value;
  const isMedia = 'mimeType' in value && 'data' in value;
  const copy = {};
  // Of every frame of every microphone: no more is made on the way than the copy.
  for (const key of Object.keys(value)) {
    const each: unknown = value[key as keyof typeof value];
    const isHidden = typeof each === 'string' && SECRETS.has(key) && each !== '';
    const isCounted = typeof each === 'string' && isMedia && key === 'data';
    put(copy, key, isHidden ? '[hidden]' : isCounted ? `[${base64Bytes(each)} bytes]` : scrub(each));
  }
  return copy;
}

/** Sets a key as it is; one that objects have of their own would change the object instead. */
function put(copy: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') copy[key] = value;
  else Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
}

function base64Bytes(text: string): number {
  let length = text.length;
  while (text.endsWith('=', length)) length--;
  return Math.floor((length * 3) / 4);
}
