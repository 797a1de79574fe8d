/**
 * The live worker without its shell: owns sockets and the lines of conversations, so that sound goes between the two
 * without the page's thread. All it does was ordered by the page, and the page hears of all of it.
 * @module
 */
import { Downlink } from './downlink.ts';
import { TrackReader } from './track-reader.ts';
import { Uplink } from './uplink.ts';
import type { LiveSocket, LiveSocketFactory } from './web-socket-handler.ts';
import type { SoundSource, WorkerCommand, WorkerNotice } from './worker-messages.ts';
import type { CaptureCommand, CaptureNotice } from './worklet-messages.ts';

/** Between two looks at what a socket has sent, in ms. */
const LOOK_MS = 100;
/** What the page can wait for waits so long for something to go along with, in ms. */
const WAIT_MS = 120;
/** RFC 6455: no close frame came. */
const ABNORMAL = 1006;
/** Arrays that go back to a capture worklet in one message. */
const RECYCLED_AT_ONCE = 8;

/** What a {@link LiveDesk} works with. */
export interface DeskOptions {
  readonly openSocket: LiveSocketFactory;
  readonly post: (notice: WorkerNotice, transfer?: Transferable[]) => void;
  readonly after: (ms: number, wake: () => void) => void;
}

interface HeldSocket {
  socket: LiveSocket | undefined;
  isOpen: boolean;
  /** Characters of the page's that it was given. */
  taken: number;
  isLooking: boolean;
}

interface Line {
  readonly uplink: Uplink;
  readonly downlink: Downlink;
  readonly reader: TrackReader;
  worklet: MessagePort | undefined;
}

/** Does what the page says. */
export class LiveDesk {
  readonly #options: DeskOptions;
  readonly #sockets = new Map<number, HeldSocket>();
  readonly #lines = new Map<number, Line>();
  readonly #decoder = new TextDecoder();
  #later: WorkerNotice[] = [];

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  obey(command: WorkerCommand): void {
    if ('line' in command) this.#obeyLine(command);
    else if (command.kind === 'open') this.#open(command.socket, command.url, command.protocols);
    else if (command.kind === 'send') this.#sendFor(command.socket, command.text);
    else this.#sockets.get(command.socket)?.socket?.close(command.code, command.reason);
  }

  #obeyLine(command: Extract<WorkerCommand, { readonly line: number }>): void {
    const { kind, line: id } = command;
    if (kind === 'line') {
      this.#lines.set(id, this.#newLine(id, command.frameSamples));
      return;
    }
    const line = this.#lines.get(id);
    if (!line) return;
    if (kind === 'listen') this.#listen(id, line, command.source);
    else if (kind === 'capture') this.#capture(id, line, command.command);
    else if (kind === 'attach') {
      line.uplink.attach(command.socket, command.serial);
      if (!this.#sockets.get(command.socket)?.isOpen) line.uplink.lost(command.socket);
    } else if (kind === 'go') line.uplink.go(command.serial);
    else if (kind === 'detach') line.uplink.detach();
    else if (kind === 'speaker') line.downlink.speaker(command.port);
    else if (kind === 'play') line.downlink.play(command.command);
    else if (kind === 'hear') line.downlink.hear(command.socket, command.serial);
    else if (kind === 'heard') line.downlink.heard(command.serial);
    else {
      line.reader.stop();
      line.worklet?.close();
      line.downlink.close();
      this.#lines.delete(id);
    }
  }

  #open(id: number, url: string, protocols: readonly string[]): void {
    const { openSocket } = this.#options;
    const post = this.#post;
    const held: HeldSocket = { socket: undefined, isOpen: false, taken: 0, isLooking: false };
    this.#sockets.set(id, held);
    try {
      held.socket = openSocket(url, protocols, {
        opened: () => {
          held.isOpen = true;
          post({ kind: 'opened', socket: id });
        },
        frame: (data) => this.#frame(id, data),
        failed: () => post({ kind: 'failed', socket: id }),
        closed: (code, reason) => {
          held.isOpen = false;
          this.#sockets.delete(id);
          for (const { uplink } of this.#lines.values()) uplink.lost(id);
          post({ kind: 'closed', socket: id, code, reason });
        },
      });
    } catch {
      this.#sockets.delete(id);
      post({ kind: 'failed', socket: id });
      post({ kind: 'closed', socket: id, code: ABNORMAL, reason: '' });
    }
  }

  #frame(id: number, data: unknown): void {
    const whole = data instanceof ArrayBuffer ? this.#decoder.decode(data) : data;
    const notice = { kind: 'frame', socket: id, data: whole } as const;
    let played: ReturnType<Downlink['frame']>;
    if (typeof whole === 'string')
      for (const { downlink } of this.#lines.values()) played = downlink.frame(id, whole) ?? played;
    if (!played) this.#post(notice);
    else if (played.canWait) this.#postLater({ ...notice, heard: played.heard });
    else this.#post({ ...notice, heard: played.heard });
  }

  readonly #post = (notice: WorkerNotice, transfer?: Transferable[]): void => {
    if (this.#later.length === 0) this.#options.post(notice, transfer);
    else this.#options.post({ kind: 'batch', notices: [...this.#later, notice] }, transfer);
    this.#later = [];
  };

  /** A page that has ten messages a second to read, and not fifty, has its thread for itself. */
  #postLater(notice: WorkerNotice): void {
    this.#later.push(notice);
    if (this.#later.length > 1) return;
    const later = this.#later;
    this.#options.after(WAIT_MS, () => {
      if (later !== this.#later) return;
      this.#later = [];
      this.#options.post({ kind: 'batch', notices: later });
    });
  }

  #sendFor(id: number, text: string): void {
    const held = this.#sockets.get(id);
    if (!held) return;
    if (held.isOpen) held.socket?.send(text);
    held.taken += text.length;
    this.#look(id, held);
  }

  /** Tells the page, soon, how much was sent; again while there is some that was not. */
  #look(id: number, held: HeldSocket): void {
    if (held.isLooking) return;
    held.isLooking = true;
    this.#options.after(LOOK_MS, () => {
      held.isLooking = false;
      if (this.#sockets.get(id) !== held) return;
      const bytes = held.socket?.bufferedAmount ?? 0;
      this.#post({ kind: 'buffered', socket: id, taken: held.taken, bytes });
      if (bytes > 0) this.#look(id, held);
    });
  }

  #newLine(line: number, frameSamples: number): Line {
    const uplink = new Uplink(
      {
        line,
        post: this.#post,
        send: (socket, text) => {
          const held = this.#sockets.get(socket);
          if (!held?.isOpen) return false;
          // A socket counts what it was just given until the next task: only what was there before is waiting.
          const waits = (held.socket?.bufferedAmount ?? 0) > 0;
          held.socket?.send(text);
          if (waits) this.#look(socket, held);
          return true;
        },
        buffered: (socket) => this.#sockets.get(socket)?.socket?.bufferedAmount ?? 0,
      },
      frameSamples,
    );
    const reader = new TrackReader(
      frameSamples,
      (samples, count, rms, peak) => uplink.frame(samples, count, rms, peak),
      () => this.#post({ kind: 'broken', line }),
    );
    return { uplink, downlink: new Downlink(), reader, worklet: undefined };
  }

  #listen(id: number, line: Line, source: SoundSource): void {
    if ('getReader' in source) {
      void line.reader.read(source);
      return;
    }
    line.worklet = source;
    const read: Int16Array<ArrayBuffer>[] = [];
    source.onmessage = ({ data }: MessageEvent<CaptureNotice>) => {
      if (data.kind === 'stopped') this.#stopped(id, line);
      if (data.kind !== 'frame') return;
      line.uplink.frame(data.samples, data.count, data.rms, data.peak);
      read.push(data.samples);
      if (read.length < RECYCLED_AT_ONCE) return;
      const frames = read.splice(0);
      source.postMessage(
        { kind: 'recycle', frames } satisfies CaptureCommand,
        frames.map(({ buffer }) => buffer),
      );
    };
  }

  #capture(id: number, line: Line, command: CaptureCommand): void {
    if (line.worklet) line.worklet.postMessage(command);
    else if (command.kind === 'mute') line.reader.mute(command.muted);
    else if (command.kind === 'stop') {
      line.reader.stop();
      this.#stopped(id, line);
    }
  }

  #stopped(id: number, line: Line): void {
    line.uplink.report();
    this.#post({ kind: 'stopped', line: id });
  }
}
