/**
 * What happened on every connection, without what must not be kept: credentials, handles, media.
 * @module
 */
import type { ClientMessage, ServerMessage } from '@livegate/protocol';
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

/** Kinds of frame that are remembered, and characters of a type's name that is. */
const MOST_FRAMES = 64;
const LONGEST_TYPE = 64;

/** Most that the messages of all entries may weigh, in characters: any page may send long ones. Ours. */
const MOST_WEIGHT = 128 * 1_048_576;
/** What a value weighs besides its text. */
const NODE_WEIGHT = 16;

/** Entries of all connections, oldest first; at most `limit` of them are kept, and no more than memory bears. */
export class Journal {
  readonly #limit: number;
  readonly #mostWeight: number;
  #entries: JournalEntry[] = [];
  /** Of each entry, and of all. */
  #weights: number[] = [];
  #weight = 0;
  #seq = 0;
  readonly #listeners = new Set<JournalListener>();
  readonly #frames = new Map<string, unknown>();

  constructor(limit: number, mostWeight = MOST_WEIGHT) {
    this.#limit = limit;
    this.#mostWeight = mostWeight;
  }

  /** Notes an event, scrubbed, and wakes who listens. */
  note(event: JournalEvent, atMs: number): void {
    const message = 'message' in event && { message: this.#scrubbed(event.message) };
    const noted = { ...event, ...message, atMs, seq: ++this.#seq } as JournalEntry;
    this.#entries.push(noted);
    const weight = weightOf(noted);
    this.#weights.push(weight);
    this.#weight += weight;
    if (this.#entries.length > this.#limit * 1.25 || this.#weight > this.#mostWeight) this.#forgetOldest();
    this.#wake(noted);
  }

  /** The number of the newest entry there ever was; 0 before the first. */
  get lastSeq(): number {
    return this.#seq;
  }

  /** Forgets every entry. Numbers go on, and listeners stay. */
  clear(): void {
    this.#entries = [];
    this.#weights = [];
    this.#weight = 0;
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

  /** Frames of a microphone are alike once they are scrubbed: what is kept of them is one object. */
  #scrubbed(message: ClientMessage | ServerMessage): unknown {
    const key = frameKey(message);
    if (key === undefined) return scrub(message);
    const known = this.#frames.get(key) ?? scrub(message);
    if (this.#frames.size >= MOST_FRAMES) this.#frames.clear();
    this.#frames.set(key, known);
    return known;
  }

  /** The newest stays, whatever it weighs. */
  #forgetOldest(): void {
    const last = this.#entries.length - 1;
    let from = 0;
    while (from < last && (this.#entries.length - from > this.#limit || this.#weight > this.#mostWeight)) {
      this.#weight -= this.#weights[from] ?? 0;
      from++;
    }
    this.#entries = this.#entries.slice(from);
    this.#weights = this.#weights.slice(from);
  }

  #wake(entry: JournalEntry | undefined): void {
    for (const listener of [...this.#listeners]) listener(entry);
  }
}

/** What makes two messages of nothing but audio alike; `undefined` for any other. */
function frameKey(message: ClientMessage | ServerMessage): string | undefined {
  if (!('realtimeInput' in message)) return undefined;
  const { audio, ...others } = message.realtimeInput;
  if (audio === undefined || Object.keys(others).length > 0 || Object.keys(audio).length > 2)
    return undefined;
  const { mimeType, data } = audio;
  return mimeType.length > LONGEST_TYPE ? undefined : `${base64Bytes(data)} ${mimeType}`;
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

/** What a message weighs once it is scrubbed: its text and its fields. */
function weightOf(value: unknown): number {
  if (typeof value === 'string') return NODE_WEIGHT + value.length;
  if (typeof value !== 'object' || value === null) return NODE_WEIGHT;
  let weight = NODE_WEIGHT;
  for (const each of Object.values(value)) weight += weightOf(each);
  return weight;
}

function base64Bytes(text: string): number {
  let length = text.length;
  while (text.endsWith('=', length)) length--;
  return Math.floor((length * 3) / 4);
}
