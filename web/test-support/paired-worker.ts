/**
 * A page and its live worker in one process: two queues that deliver when a test says so, each in order, and frames
 * that are captured when it says so.
 */
import { LiveDesk } from '../src/live-desk.ts';
import { LiveWorker, type LiveWorkerOptions, type WorkerEnd } from '../src/live-worker.ts';
import type { LiveSocketFactory } from '../src/web-socket-handler.ts';
import type { WorkerCommand, WorkerNotice } from '../src/worker-messages.ts';

/** A capture worklet's port, from the worklet's side; or a playback worklet's, with what it got. */
export class PairedPort {
  readonly got: Record<string, unknown>[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  postMessage(message: Record<string, unknown>): void {
    this.got.push(message);
    if (message.kind === 'stop') this.onmessage?.({ data: { kind: 'stopped' } });
  }
  close(): void {}
  /** One frame of samples of this value. */
  capture(value: number, length: number): void {
    const samples = new Int16Array(length).fill(value);
    this.onmessage?.({ data: { kind: 'frame', samples, count: length, rms: 0.1, peak: 0.2 } });
  }
}

/** The pair. Nothing goes from one to the other but by {@link toWorker}, {@link toPage} and {@link settle}. */
export class PairedWorker {
  readonly worker: LiveWorker;
  readonly #commands: WorkerCommand[] = [];
  readonly #notices: WorkerNotice[] = [];
  readonly #desk: LiveDesk;
  readonly #end: WorkerEnd;
  #looks: (() => void)[] = [];

  constructor(openSocket: LiveSocketFactory, after: LiveWorkerOptions['after'] = () => () => {}) {
    this.#desk = new LiveDesk({
      openSocket,
      post: (notice) => this.#notices.push(notice),
      after: (_ms, wake) => this.#looks.push(wake),
    });
    this.#end = {
      postMessage: (command) => this.#commands.push(command),
      onmessage: null,
      onerror: null,
      terminate: () => {},
    };
    this.worker = new LiveWorker(this.#end, { after });
    this.#notices.push({ kind: 'ready' });
  }

  /** Delivers one command; false where there is none. */
  toWorker(): boolean {
    const command = this.#commands.shift();
    if (command) this.#desk.obey(command);
    return command !== undefined;
  }

  /** Delivers one notice; false where there is none. */
  toPage(): boolean {
    const notice = this.#notices.shift();
    if (notice) this.#end.onmessage?.({ data: notice } as MessageEvent<WorkerNotice>);
    return notice !== undefined;
  }

  /** Lets the worker's timers go off. */
  look(): boolean {
    const looks = this.#looks;
    this.#looks = [];
    for (const look of looks) look();
    return looks.length > 0;
  }

  /** Until nothing is under way. */
  settle(): void {
    const isUnderWay = (): boolean => this.toWorker() || this.toPage();
    while (isUnderWay());
    this.look();
    while (isUnderWay());
  }

  /** The worker's script breaks. */
  break(): void {
    this.#end.onerror?.({} as ErrorEvent);
  }
}
