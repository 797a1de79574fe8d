/**
 * Plays one recorded session to a client that says the same. Knows times, sends nothing itself.
 * @module
 */
import type { ClientMessage } from '@livegate/protocol';
import type { RecordedSession, RecordedStep } from './recording.ts';

/** What the player wants done. */
export type ReplayOutput =
  | { readonly kind: 'send'; readonly text: string }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  /** The client said something else; `problem` tells what, and nothing more is played. */
  | { readonly kind: 'mismatch'; readonly problem: string };

/**
 * One session being played. What the client says is compared by its kind (`setup`, `clientContent`, `realtimeInput.text`
 * …), not by its words. Media is not compared, because no two microphones say the same: recorded media passes in its
 * recorded time once the client has sent any of its own since the last step that was compared.
 */
export class ReplayPlayer {
  readonly #steps: readonly RecordedStep[];
  readonly #speed: number;
  #at = 0;
  /** What the client said and the recording has not come to. */
  #said: string[] = [];
  #hasMedia = false;
  /** True once media flows, in the recording and now, since the last step that was compared. */
  #isStreaming = false;
  /** The last point that both reached together: when it was recorded, and when it was reached now. */
  #anchor: { readonly recordedMs: number; readonly nowMs: number };
  #isOver = false;

  /** `speed`: how many times faster than recorded; 0: without waiting. */
  constructor(
    { steps }: RecordedSession,
    { speed, nowMs }: { readonly speed: number; readonly nowMs: number },
  ) {
    this.#steps = steps;
    this.#speed = speed;
    this.#anchor = { recordedMs: 0, nowMs };
  }

  /** When {@link pump} has something to do; `undefined` while it waits for the client, and when all is played. */
  get nextMs(): number | undefined {
    const step = this.#steps[this.#at];
    if (this.#isOver || step === undefined || this.#waitsFor(step)) return undefined;
    return this.#dueMs(step);
  }

  /** The client said something at `nowMs`. */
  take(message: ClientMessage, nowMs: number): readonly ReplayOutput[] {
    const kind = kindOf(message);
    if (isMedia(kind)) this.#hasMedia = true;
    else this.#said.push(kind);
    return this.pump(nowMs);
  }

  /** What is due at `nowMs`. */
  pump(nowMs: number): readonly ReplayOutput[] {
    const outputs: ReplayOutput[] = [];
    for (
      let step = this.#steps[this.#at];
      step !== undefined && !this.#isOver;
      step = this.#steps[this.#at]
    ) {
      if (step.kind === 'client' && !isMedia(kindOf(step.message))) {
        const said = this.#said.shift();
        if (said === undefined) break;
        const expected = kindOf(step.message);
        if (said !== expected) {
          outputs.push({
            kind: 'mismatch',
            problem: `The recording has ${expected} here (line ${step.line}); the client sent ${said}.`,
          });
          this.#isOver = true;
          break;
        }
        this.#anchor = { recordedMs: step.atMs, nowMs };
        this.#hasMedia = this.#isStreaming = false;
      } else if (step.kind === 'client') {
        if (!this.#hasMedia) break;
        if (!this.#isStreaming) this.#anchor = { recordedMs: step.atMs, nowMs };
        this.#isStreaming = true;
      } else {
        if (this.#waitsFor(step) || this.#dueMs(step) > nowMs) break;
        if (step.kind === 'server') outputs.push({ kind: 'send', text: step.text });
        if (step.kind === 'close' && step.by === 'server') {
          outputs.push({ kind: 'close', code: step.code, reason: step.reason });
          this.#isOver = true;
        }
      }
      this.#at++;
    }
    return outputs;
  }

  #waitsFor(step: RecordedStep): boolean {
    if (step.kind === 'close') return step.by === 'client';
    if (step.kind !== 'client') return false;
    return isMedia(kindOf(step.message)) ? !this.#hasMedia : this.#said.length === 0;
  }

  #dueMs({ atMs }: RecordedStep): number {
    if (this.#speed === 0) return this.#anchor.nowMs;
    return this.#anchor.nowMs + (atMs - this.#anchor.recordedMs) / this.#speed;
  }
}

/** `setup`, `toolResponse` …; of real-time input its member too. */
export function kindOf(message: ClientMessage): string {
  const [kind = '', payload = {}] = Object.entries(message)[0] ?? [];
  return kind === 'realtimeInput' ? `${kind}.${Object.keys(payload)[0] ?? ''}` : kind;
}

function isMedia(kind: string): boolean {
  return /^realtimeInput\.(?:audio|video|mediaChunks)$/.test(kind);
}
