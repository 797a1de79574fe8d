/**
 * Stands between a connection and its socket, and lets go wrong what is to go wrong. Without a fault it passes
 * everything on as it comes.
 * @module
 */
import { closeReason, OUTPUT_SAMPLE_RATE_HZ, type ServerMessage } from '@livegate/protocol';
import type { CancelTimer, Clock } from './clock.ts';
import type { ClosingCondition } from './closings.ts';
import type { FaultPoint, Wire } from './connection.ts';
import type { ConnectionEvent, ConnectionFaults } from './connection-faults.ts';
import type { EndFault, Fault, LineFault, MessageFault } from './fault.ts';
import { type SpoiledMessage, spoiled } from './fault-frames.ts';
import { isLineFault, isMessageFault } from './fault-sorts.ts';
import { FaultyLane } from './faulty-lane.ts';
import type { SocketWire } from './socket-wire.ts';
import type { StandingRule } from './standing-rule.ts';

/** How much may wait to go out before the client is given up, in bytes. Ours. */
const MAX_HELD_OUT_BYTES = 64 * 1_048_576;
/** How much may wait to be taken before the socket is read no further, in bytes. Ours. */
const MAX_HELD_IN_BYTES = 1_048_576;
const REORDER_WITHIN_MS = 1_000;
const FOREVER = Number.POSITIVE_INFINITY;

/** The connection behind the wire. */
export interface FaultTarget {
  receive(text: string): void;
  gone(code: number, reason: string): void;
  /** A fault has ended it; its wire is seen to. */
  broken(code: number, reason: string): void;
  goAway(timeLeftMs?: number): boolean;
  end(condition: ClosingCondition): void;
}

/** What a {@link FaultyWire} needs. */
export interface FaultyWireSurroundings {
  readonly wire: SocketWire;
  readonly clock: Clock;
  readonly faults: ConnectionFaults;
  readonly random: () => number;
  /** Told of each fault before it happens; `rule` is absent for a step of an answer. */
  readonly note: (fault: Fault, rule: string | undefined) => void;
  readonly expireToken: (afterMs: number) => void;
  readonly invalidateHandles: () => void;
  /** The socket has gone and nothing is left to pass on. */
  readonly onGone: () => void;
}

type Outgoing = SpoiledMessage | { readonly kind: 'close'; readonly leave: () => void };
type Incoming =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'gone'; readonly code: number; readonly reason: string };

/** The wire of one connection and everything that may befall it. */
export class FaultyWire implements Wire, FaultPoint {
  readonly #around: FaultyWireSurroundings;
  readonly #out: FaultyLane<Outgoing>;
  readonly #in: FaultyLane<Incoming>;
  #target: FaultTarget | undefined;
  /** Wait for the next message out. */
  #spoilNext: MessageFault[] = [];
  #turnIndex: number | undefined;
  #isReading = true;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  /** Nothing more goes out after what is held. */
  #isClosing = false;
  /** Half a frame has gone out. */
  #isBroken = false;
  #isGone = false;
  #isSettling = false;
  #timer: { readonly atMs: number; readonly cancel: CancelTimer } | undefined;

  constructor(around: FaultyWireSurroundings) {
    this.#around = around;
    this.#out = new FaultyLane(around.random);
    this.#in = new FaultyLane(around.random);
  }

  /** The connection is there: its first moment. */
  open(target: FaultTarget): void {
    this.#target = target;
    this.#see({ kind: 'open' });
    this.#settle();
  }

  /** A rule was given; it holds from now on where it is for this connection. False where it is not. */
  bind(standing: StandingRule): boolean {
    if (this.#isClosing || this.#isGone || !this.#around.faults.bind(standing, this.#nowMs)) return false;
    this.#see({ kind: 'now' });
    this.#settle();
    return true;
  }

  send(text: string, message: ServerMessage): void {
    if (this.#isClosing) return;
    if (this.#spoilNext.length === 0 && this.#isPlain(this.#out)) {
      this.#around.wire.send(text);
      return;
    }
    const audioMs = audioMsOf(message);
    const parts = Object.keys(message);
    const befalls = this.#see({ kind: 'message-out', parts: audioMs > 0 ? [...parts, 'audio'] : parts });
    if (this.#isClosing) return;
    this.#putOut(text, [...this.#spoilNext.splice(0), ...befalls], audioMs);
    if (message.setupComplete) this.#see({ kind: 'setup-complete' });
    if (audioMs > 0) this.#see({ kind: 'audio', ms: audioMs });
    this.#settle();
  }

  close(code: number, reason: string): void {
    this.#leave(() => this.#around.wire.close(code, reason));
  }

  cut(): void {
    this.#isClosing = true;
    // What is held is lost with the connection.
    this.#out.release(this.#nowMs);
    this.#around.wire.cut();
    this.#settle();
  }

  /** A whole frame came from the socket. */
  receive(text: string): void {
    if (this.#isClosing) return;
    if (this.#isPlain(this.#in)) {
      this.#target?.receive(text);
      return;
    }
    const befalls = this.#see({ kind: 'message-in' });
    // What goes out only is no fault of a message in: the reader of rules sees to it.
    const texts = spoiled(text, befalls)
      .filter((each) => 'text' in each)
      .map((each): Incoming => ({ kind: 'text', text: each.text }));
    const freight = { bytes: text.length, audioMs: 0 };
    const late = befalls.find((fault) => fault.kind === 'reorder');
    if (late) this.#in.putLate(texts, freight, late.withinMs ?? REORDER_WITHIN_MS, this.#nowMs);
    else this.#in.put(texts, freight, this.#nowMs);
    this.#settle();
  }

  /** The socket is gone; what it brought before is still taken, in its time. */
  gone(code: number, reason: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#out.release(this.#nowMs);
    if (this.#isClosing) this.#in.release(this.#nowMs);
    this.#in.putLast({ kind: 'gone', code, reason }, this.#nowMs);
    this.#settle();
  }

  beginTurn(index: number): void {
    if (index === this.#turnIndex) return;
    this.#turnIndex = index;
    this.#see({ kind: 'turn' });
    this.#settle();
  }

  letHappen(fault: Fault): void {
    this.#happen(fault, undefined);
    this.#settle();
  }

  /** The connection's token has died. */
  expire(): void {
    this.#target?.end('token-expired');
  }

  /** Ends its rules and lifts what lasts: everything held goes on its way, nothing is kept back any more. */
  release(): void {
    this.#around.faults.clear();
    this.#spoilNext = [];
    this.#pausedUntilMs = Number.NEGATIVE_INFINITY;
    for (const item of this.#out.release(this.#nowMs)) this.#pass(item);
    for (const item of this.#in.release(this.#nowMs)) this.#take(item);
    this.#settle();
  }

  get #nowMs(): number {
    return this.#around.clock.now();
  }

  /** True where nothing can befall a message: the way of nearly all of them. */
  #isPlain(lane: Pick<FaultyLane<unknown>, 'isClear'>): boolean {
    return this.#around.faults.isEmpty && lane.isClear(this.#nowMs);
  }

  /** Lets happen what the event brings, and gives what it brings on the message at hand. */
  #see(event: ConnectionEvent): readonly MessageFault[] {
    const befalls: MessageFault[] = [];
    for (const { fault, rule } of this.#around.faults.see(event, this.#nowMs)) {
      if (this.#isClosing) break;
      const isOnMessage = event.kind === 'message-out' || event.kind === 'message-in';
      if (isOnMessage && isMessageFault(fault)) {
        this.#around.note(fault, rule);
        befalls.push(fault);
      } else this.#happen(fault, rule);
    }
    return befalls;
  }

  #happen(fault: Fault, rule: string | undefined): void {
    if (this.#isClosing || this.#isGone) return;
    this.#around.note(fault, rule);
    if (isMessageFault(fault)) this.#spoilNext.push(fault);
    else if (isLineFault(fault)) this.#slow(fault);
    else this.#finish(fault);
  }

  #slow(fault: LineFault): void {
    const untilMs = this.#nowMs + (fault.forMs ?? FOREVER);
    switch (fault.kind) {
      case 'stall':
        this.#out.queue.stall(untilMs);
        break;
      case 'slow-reader':
        this.#in.queue.stall(untilMs);
        this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
        break;
      case 'shape': {
        const { direction = 'both' } = fault;
        if (direction !== 'in') this.#out.queue.shape(fault, untilMs);
        if (direction !== 'out') this.#in.queue.shape(fault, untilMs);
        break;
      }
      case 'bursty-audio':
        this.#out.queue.holdAudio(fault, untilMs);
        break;
    }
  }

  #finish(fault: EndFault): void {
    const { expireToken, invalidateHandles } = this.#around;
    switch (fault.kind) {
      case 'drop':
        this.#break(1006, '', true);
        break;
      case 'close': {
        const isCut = fault.code === 1006 || fault.code === 1015;
        this.#break(fault.code, closeReason(fault.reason ?? ''), isCut);
        break;
      }
      case 'go-away':
        this.#target?.goAway(fault.timeLeftMs);
        break;
      case 'expire-token':
        expireToken(fault.afterMs ?? 0);
        break;
      case 'invalidate-handles':
        invalidateHandles();
        break;
    }
  }

  #break(code: number, reason: string, isCut: boolean): void {
    const { wire } = this.#around;
    if (isCut) this.cut();
    else this.#leave(() => wire.closeWith(code, reason));
    this.#target?.broken(code, reason);
  }

  /** The last thing that goes out, behind what is held. */
  #leave(leave: () => void): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#out.putLast({ kind: 'close', leave }, this.#nowMs);
    this.#flush();
    this.#settle();
  }

  #putOut(text: string, faults: readonly MessageFault[], audioMs: number): void {
    const messages = spoiled(text, faults);
    const freight = { bytes: Buffer.byteLength(text), audioMs };
    const late = faults.find((fault) => fault.kind === 'reorder');
    if (late) this.#out.putLate(messages, freight, late.withinMs ?? REORDER_WITHIN_MS, this.#nowMs);
    else this.#out.put(messages, freight, this.#nowMs);
    this.#flush();
    if (messages.some(({ kind }) => kind === 'half')) {
      this.#isClosing = true;
      this.#target?.broken(1006, '');
    } else if (this.#out.queue.heldBytes > MAX_HELD_OUT_BYTES) {
      this.#around.note({ kind: 'drop' }, 'held-too-much');
      this.#break(1006, '', true);
    }
  }

  /** Does what is due, and sees that it is woken for the rest. */
  #settle(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    try {
      let came: readonly Incoming[];
      do {
        this.#flush();
        came = this.#in.take(this.#nowMs);
        for (const item of came) this.#take(item);
      } while (came.length > 0);
    } finally {
      this.#isSettling = false;
    }
    this.#read();
    this.#arm();
  }

  /** Passes on what is due to go: at once, so that what happens next happens after it. */
  #flush(): void {
    for (const item of this.#out.take(this.#nowMs)) this.#pass(item);
  }

  #pass(item: Outgoing): void {
    // Behind half a frame nothing can be said: what a reordering held until then is lost.
    if (this.#isGone || this.#isBroken) return;
    const { wire } = this.#around;
    switch (item.kind) {
      case 'text':
        wire.send(item.text);
        break;
      case 'bytes':
        wire.sendBytes(item.bytes);
        break;
      case 'half':
        this.#isBroken = true;
        wire.sendHalf(item.text);
        break;
      case 'close':
        item.leave();
        break;
    }
  }

  #take(item: Incoming): void {
    if (item.kind === 'text') this.#target?.receive(item.text);
    else this.#target?.gone(item.code, item.reason);
  }

  /** A connection that is closing is read in any case: the client's close frame must come through. */
  #read(): void {
    const isFull = this.#in.queue.heldBytes > MAX_HELD_IN_BYTES;
    const isReading = this.#isClosing || (this.#nowMs >= this.#pausedUntilMs && !isFull);
    if (isReading === this.#isReading || this.#isGone) return;
    this.#isReading = isReading;
    this.#around.wire.setReading(isReading);
  }

  #arm(): void {
    const isOver = this.#isGone && this.#in.isEmpty;
    const atMs = isOver ? undefined : this.#wakeMs();
    if (atMs !== this.#timer?.atMs) {
      this.#timer?.cancel();
      this.#timer = undefined;
      if (atMs !== undefined) {
        const cancel = this.#around.clock.setTimeout(() => this.#wake(), atMs - this.#nowMs);
        this.#timer = { atMs, cancel };
      }
    }
    if (isOver) this.#around.onGone();
  }

  #wakeMs(): number | undefined {
    const { faults } = this.#around;
    const isPaused = this.#pausedUntilMs > this.#nowMs;
    const times = [
      this.#out.nextMs,
      this.#in.nextMs,
      this.#isClosing ? undefined : faults.nextMs,
      isPaused ? this.#pausedUntilMs : undefined,
    ].filter((each) => each !== undefined && Number.isFinite(each));
    return times.length > 0 ? Math.min(...(times as number[])) : undefined;
  }

  #wake(): void {
    this.#timer = undefined;
    if (!this.#isClosing && !this.#isGone) this.#see({ kind: 'tick' });
    this.#settle();
  }
}

/** Length of the audio in a message. */
function audioMsOf({ serverContent }: ServerMessage): number {
  let bytes = 0;
  for (const { inlineData } of serverContent?.modelTurn?.parts ?? []) {
    if (inlineData?.mimeType?.startsWith('audio/')) bytes += ((inlineData.data?.length ?? 0) * 3) / 4;
  }
  return bytes / 2 / (OUTPUT_SAMPLE_RATE_HZ / 1_000);
}
