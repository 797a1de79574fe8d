import type { ServerMessage } from '@livegate/protocol';
import { liveContract, type Peer } from '../test-support/contract.ts';
import { contractAnswer } from '../test-support/contract-answer.ts';
import { resumptionStore, SessionBench } from '../test-support/session-bench.ts';

/** Longest that a case waits for a message, on the bench's clock. */
const PATIENCE_MS = 120_000;

/** A session without socket or time: waiting is moving its clock. */
class BenchPeer implements Peer {
  readonly bench: SessionBench;
  #read = 0;

  constructor(bench: SessionBench) {
    this.bench = bench;
  }

  get received(): readonly ServerMessage[] {
    return this.bench.sent.map(({ message }) => message);
  }

  get closed() {
    return this.bench.closed;
  }

  async send(message: object | string): Promise<void> {
    this.bench.sendText(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async next(): Promise<ServerMessage | undefined> {
    const { sent } = this.bench;
    for (let waitedMs = 0; sent.length <= this.#read && !this.closed; waitedMs += 50) {
      if (waitedMs > PATIENCE_MS) throw new Error('Nothing came.');
      this.bench.advance(50);
    }
    return sent[this.#read++]?.message;
  }

  close(): void {
    this.bench.input({ kind: 'gone' });
  }
}

const resumption = resumptionStore();
let sessions = 0;
let newest: SessionBench | undefined;

liveContract('the session machine in memory', {
  kind: 'memory',
  model: 'models/gemini-3.8-live',
  noModel: 'models/none',
  async connect() {
    newest = new SessionBench({ answer: contractAnswer, resumption, id: `session-${++sessions}` });
    return new BenchPeer(newest);
  },
  goAway: () => newest?.input({ kind: 'go-away', timeLeftMs: 500 }),
});
