/**
 * The stack's Live emulator, as a test holds it.
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import type { Answer, HandleScope, JournalEntry, LiveSessionView } from '@livegate/emulator';
import type { LiveCalls } from './live-control.ts';

/** The emulator's views, one request each; what they mean stands at `LiveEmulator`. */
export interface LiveRemote {
  sessions(): Promise<readonly LiveSessionView[]>;
  journal(sessionId?: string): Promise<readonly JournalEntry[]>;
  receivedAudio(sessionId: string): Promise<Int16Array>;
  goAway(sessionId: string, timeLeftMs?: number): Promise<boolean>;
  drop(sessionId: string, code?: number, reason?: string): Promise<boolean>;
  /**
   * Every turn is answered so from now on; `undefined` for the usual: the recorded sentence for sessions of
   * `demo-spoken`, echo for all others. Whoever sets it sets it back.
   */
  answerWith(answer: Answer | undefined): Promise<void>;
  /** Sessions with this system instruction, and no others, are answered so from now on, whatever else is set. */
  answerWhere(instruction: string, answer: Answer): Promise<void>;
  /** Who may resume with a handle from now on; `project` is the usual. Whoever sets it sets it back. */
  handlesWorkFor(scope: HandleScope): Promise<void>;
  /**
   * Resolves with the first value of `read` that is neither `undefined` nor `false`, asking for the sessions again
   * every 50 ms. Rejects after `timeoutMs` (default 5,000).
   */
  waitFor<T>(
    read: (sessions: readonly LiveSessionView[]) => T | undefined | false,
    timeoutMs?: number,
  ): Promise<T>;
}

const POLL_MS = 50;

/** The remote of the control server at `url`. */
export function liveRemote(url: string): LiveRemote {
  const call = async <K extends keyof LiveCalls>(
    name: K,
    ...args: Parameters<LiveCalls[K]>
  ): Promise<ReturnType<LiveCalls[K]>> => {
    const response = await fetch(url, { method: 'POST', body: serialize([name, args]) });
    if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
    return deserialize(Buffer.from(await response.arrayBuffer()));
  };
  return {
    sessions: () => call('sessions'),
    journal: (sessionId) => call('journal', sessionId),
    receivedAudio: (sessionId) => call('receivedAudio', sessionId),
    goAway: (sessionId, timeLeftMs) => call('goAway', sessionId, timeLeftMs),
    drop: (sessionId, code, reason) => call('drop', sessionId, code, reason),
    answerWith: (answer) => call('answerWith', answer),
    answerWhere: (instruction, answer) => call('answerWhere', instruction, answer),
    handlesWorkFor: (scope) => call('handlesWorkFor', scope),
    async waitFor(read, timeoutMs = 5_000) {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const sessions = await call('sessions');
        const found = read(sessions);
        if (found !== undefined && found !== false) return found;
        if (performance.now() > deadline)
          throw new Error(`Not seen in ${timeoutMs} ms; the sessions are ${JSON.stringify(sessions)}`);
        await delay(POLL_MS);
      }
    },
  };
}
