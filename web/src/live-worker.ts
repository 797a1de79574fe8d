/**
 * The page's end of the live worker: starts it, and gives its sockets and lines the form they have without one.
 * @module
 */
import { systemClock } from './clock.ts';
import { type LineEvents, RemoteLine } from './remote-line.ts';
import type { LiveSocket, LiveSocketEvents, LiveSocketFactory } from './web-socket-handler.ts';
import type { WorkerCommand, WorkerNotice } from './worker-messages.ts';
import { type WorkletUrls, workletUrls } from './worklet-urls.ts';

/** How long a worker may take to load before the page does without it, in ms. Ours. */
const LOADING_MS = 2_000;
/** A worker that nothing used for so long is ended, in ms: longer than a session takes between two sockets. Ours. */
const IDLE_MS = 90_000;
/** RFC 6455: no close frame came. */
const ABNORMAL = 1006;

/** A worker as the page has it: the browser's `Worker`, or a test's. */
export interface WorkerEnd {
  postMessage(command: WorkerCommand, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<WorkerNotice>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/** What a {@link LiveWorker} is made with. */
export interface LiveWorkerOptions {
  readonly after: (ms: number, wake: () => void) => () => void;
  /** It had loaded, and broke or was not used for long. Said once. */
  readonly onOver?: () => void;
}

/** One worker, for all sessions and conversations of a page. */
export class LiveWorker {
  /** Whether it could be loaded. */
  readonly isReady: Promise<boolean>;
  readonly #end: WorkerEnd;
  readonly #options: LiveWorkerOptions;
  readonly #sockets = new Map<number, RemoteSocket>();
  readonly #lines = new Map<number, RemoteLine>();
  #settle: (isReady: boolean) => void = () => {};
  #numbers = 0;
  #hasLoaded = false;
  #isOver = false;
  #stopTimer: () => void;

  constructor(end: WorkerEnd, options: LiveWorkerOptions) {
    this.#end = end;
    this.#options = options;
    this.isReady = new Promise((settle) => {
      this.#settle = settle;
    });
    end.onmessage = ({ data }) => this.#hear(data);
    end.onerror = () => this.#over();
    this.#stopTimer = options.after(LOADING_MS, () => this.#over());
  }

  /** Nothing can be had of it any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Opens a socket in it; one of a worker that breaks is closed with 1006. */
  readonly openSocket: LiveSocketFactory = (url, protocols, events) => {
    const id = this.#next();
    const socket = new RemoteSocket(this, id, events, (command) => this.#post(command));
    this.#sockets.set(id, socket);
    this.#use();
    this.#post({ kind: 'open', socket: id, url, protocols });
    return socket;
  };

  /** Opens a line with frames of so many samples. {@link RemoteLine.hangUp} ends it. */
  openLine(frameSamples: number, events: LineEvents): RemoteLine {
    const id = this.#next();
    const line = new RemoteLine({
      line: id,
      frameSamples,
      events,
      next: () => this.#next(),
      post: (command, transfer) => {
        this.#post(command, transfer);
        if (command.kind === 'hang-up') this.#lines.delete(id);
        this.#use();
      },
    });
    this.#lines.set(id, line);
    this.#use();
    return line;
  }

  #next(): number {
    return ++this.#numbers;
  }

  #post(command: WorkerCommand, transfer: Transferable[] = []): void {
    if (!this.#isOver) this.#end.postMessage(command, transfer);
  }

  #hear(notice: WorkerNotice): void {
    if (notice.kind === 'ready') {
      this.#hasLoaded = true;
      this.#settle(true);
      this.#use();
    } else if (notice.kind === 'batch') for (const each of notice.notices) this.#hearOne(each);
    else if ('line' in notice) this.#lines.get(notice.line)?.hearWorker(notice);
    else {
      const socket = this.#sockets.get(notice.socket);
      if (notice.kind === 'closed') {
        this.#sockets.delete(notice.socket);
        this.#use();
      }
      socket?.hearWorker(notice);
    }
  }

  /** One that throws does not keep the next from being heard: by itself it would not have either. */
  #hearOne(notice: WorkerNotice): void {
    try {
      this.#hear(notice);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  /** Sees to it that it ends some time after its last use. */
  #use(): void {
    this.#stopTimer();
    this.#stopTimer =
      this.#sockets.size + this.#lines.size > 0 ? () => {} : this.#options.after(IDLE_MS, () => this.#over());
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTimer();
    this.#end.terminate();
    if (this.#hasLoaded) this.#options.onOver?.();
    this.#settle(false);
    for (const [socket, remote] of this.#sockets)
      remote.hearWorker({ kind: 'closed', socket, code: ABNORMAL, reason: '' });
    for (const line of this.#lines.values()) line.lost();
    this.#sockets.clear();
    this.#lines.clear();
  }
}

class RemoteSocket implements LiveSocket {
  readonly inWorker: { readonly worker: LiveWorker; readonly socket: number };
  readonly #events: LiveSocketEvents;
  readonly #post: (command: WorkerCommand) => void;
  #given = 0;
  #taken = 0;
  #bytes = 0;

  constructor(
    worker: LiveWorker,
    socket: number,
    events: LiveSocketEvents,
    post: (command: WorkerCommand) => void,
  ) {
    this.inWorker = { worker, socket };
    this.#events = events;
    this.#post = post;
  }

  /** As it was a moment ago, with what is on its way there. */
  get bufferedAmount(): number {
    return this.#bytes + this.#given - this.#taken;
  }

  send(text: string): void {
    this.#given += text.length;
    this.#post({ kind: 'send', socket: this.inWorker.socket, text });
  }

  close(code: number, reason: string): void {
    this.#post({ kind: 'close', socket: this.inWorker.socket, code, reason });
  }

  hearWorker(notice: Extract<WorkerNotice, { readonly socket: number }>): void {
    if (notice.kind === 'frame') this.#events.frame(notice.data, notice.heard);
    else if (notice.kind === 'opened') this.#events.opened();
    else if (notice.kind === 'failed') this.#events.failed();
    else if (notice.kind === 'closed') this.#events.closed(notice.code, notice.reason);
    else {
      this.#taken = notice.taken;
      this.#bytes = notice.bytes;
    }
  }
}

const SHARED = new Map<string, LiveWorker>();

/**
 * The page's worker of this address, started if it is not; `undefined` where there can be none (Node, another
 * origin, a policy that says so at once). One that does not load says so by {@link LiveWorker.isReady}, and stays: no
 * later conversation of the page waits for it again.
 */
export function sharedWorker(own?: Partial<WorkletUrls>): LiveWorker | undefined {
  if (typeof Worker === 'undefined') return undefined;
  const url = workletUrls(own).worker;
  const name = String(url);
  const running = SHARED.get(name);
  if (running) return running;
  try {
    const worker = new LiveWorker(new Worker(url, { type: 'module' }), {
      after: systemClock.after,
      onOver: () => SHARED.delete(name),
    });
    SHARED.set(name, worker);
    return worker;
  } catch {
    return undefined;
  }
}
