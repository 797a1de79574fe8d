/**
 * What an app of the mirror is given, and how it writes down what it sees. Knows neither module: the apps' own
 * import is the only one that is swapped.
 * @module
 */
import type { FirebaseApp } from 'firebase/app';

/** A stream that yields nothing for so long waits, in ms: longer than a move to another connection takes. */
const READ_MS = 5_000;

/** What the other side of the wire can be asked to do. */
export type Order = 'close' | 'go-away' | 'turn' | 'another-turn' | 'quiet';

/** The world of one run. */
export interface Stage {
  readonly app: FirebaseApp;
  /** A sentence and the silence after it, as base64 of 16 kHz PCM16LE, 100 ms each. */
  readonly speech: readonly string[];
  /** Writes down what was seen at a step. A step has one name and is seen once. */
  note(step: string, seen: string): void;
  /**
   * `close`: the server closes the newest connection, 1000. `go-away`: it announces its end, 30 s ahead. `turn`:
   * resolves when the newest connection has had a turn, `another-turn`: when it has one more than now, `quiet`: when
   * it listens.
   */
  ask(order: Order): Promise<void>;
}

/** What a loop over `receive()` is given. */
interface Message {
  readonly type: string;
}

/** How an attempt ends: `resolved`, `waits` after 15 s, or the code or name of what it was rejected with. */
export async function outcome(attempt: () => unknown): Promise<string> {
  const end = (async () => attempt())().then(
    () => 'resolved',
    (error: unknown) => {
      const { code, name } = error as { readonly code?: unknown; readonly name?: string };
      return `rejects: ${typeof code === 'string' ? code : (name ?? 'error')}`;
    },
  );
  return Promise.race([end, after(15_000, 'waits')]);
}

/** Resolves when the page sees it, or after two seconds in which it does not. */
export async function eventually(isSo: () => boolean): Promise<void> {
  for (let waited = 0; waited < 2_000 && !isSo(); waited += 20) await after(20, undefined);
}

/** What a message is, without what was said in it. */
export function kindOf(message: Message): string {
  const { type, ...rest } = message;
  return type === 'serverContent' ? Object.keys(rest).sort().join('+') : type;
}

/** Reads until `isLast` says so, the stream ends, or nothing came for 5 s; repeats count once. */
export async function readUntil<M extends Message>(
  stream: AsyncIterator<M>,
  isLast: (message: M) => boolean | Promise<boolean>,
): Promise<string> {
  const seen: string[] = [];
  for (;;) {
    const next = await Promise.race([stream.next(), after(READ_MS, 'waits' as const)]).catch(
      (error: unknown) => `rejects: ${(error as { readonly code?: string }).code ?? String(error)}`,
    );
    if (typeof next === 'string') return list([...seen, next]);
    if (next.done) return list([...seen, 'done']);
    const kind = kindOf(next.value);
    if (seen.at(-1) !== kind) seen.push(kind);
    if (await isLast(next.value)) return list(seen);
  }
}

function list(seen: readonly string[]): string {
  return seen.join(', ');
}

function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, ms, value));
}
