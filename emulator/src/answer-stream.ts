/**
 * An answer on its way out: its steps in order, audio ahead of real time. Knows times, sends nothing itself.
 * @module
 */
import { OUTPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import type { Answer } from './answer.ts';
import { type AnswerPiece, piecesOf, type Timed, type Unmade } from './answer-pieces.ts';
import type { EmulatorSettings } from './options.ts';
import { joinSamples } from './pcm.ts';

/** The choices a stream follows. */
export type AnswerPace = Pick<EmulatorSettings, 'chunkMs' | 'burstMs' | 'paceFactor'>;

const SAMPLES_PER_MS = OUTPUT_SAMPLE_RATE_HZ / 1_000;

/** One answer, from its first step to its last. */
export class AnswerStream {
  readonly #pace: AnswerPace;
  readonly #voicePitch: number;
  readonly #modality: 'AUDIO' | 'TEXT';
  #queue: Timed[] = [];
  /** When the next piece is due; audio is due later than that by its place in the run. */
  #cursorMs: number;
  /** The unbroken run of audio under way: when it began and how much of it has gone. */
  #run: { readonly startMs: number; sentMs: number } | undefined;
  #playedOutMs: number;

  /** `voicePitch`: how many times as high as usual tones are. */
  constructor(modality: 'AUDIO' | 'TEXT', pace: AnswerPace, startMs: number, voicePitch = 1) {
    this.#voicePitch = voicePitch;
    this.#modality = modality;
    this.#pace = pace;
    this.#cursorMs = startMs;
    this.#playedOutMs = startMs;
  }

  /** Puts steps at the end; the first of them is due at `nowMs` or when those before it have gone. */
  append(answer: Answer, nowMs: number): void {
    if (this.#queue.length === 0) this.#wait(Math.max(nowMs, this.#cursorMs));
    // Not spread into a call: engines bound the number of arguments.
    this.#queue = this.#queue.concat(
      answer.flatMap((step) => piecesOf(step, this.#modality, this.#voicePitch)),
    );
  }

  /** Forgets what has not gone yet. */
  clear(): void {
    this.#queue = [];
  }

  /** Nothing is due before `nowMs`: the stream stood still. */
  resume(nowMs: number): void {
    this.#wait(Math.max(nowMs, this.#cursorMs));
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** When the next piece is due; `undefined` when there is none. */
  get nextMs(): number | undefined {
    const next = this.#first();
    if (next === undefined) return undefined;
    return next.kind === 'audio' ? this.#audioDueMs(next.samples) : this.#cursorMs;
  }

  /** When a client that plays without a pause has played all that has gone. */
  get playedOutMs(): number {
    return this.#playedOutMs;
  }

  /** The next piece, if it is due at `nowMs`. */
  take(nowMs: number): AnswerPiece | undefined {
    for (;;) {
      const dueMs = this.nextMs;
      if (dueMs === undefined || dueMs > nowMs) return undefined;
      const next = this.#first();
      if (next === undefined) return undefined;
      this.#queue.shift();
      this.#cursorMs = Math.max(this.#cursorMs, dueMs);
      if (next.kind === 'delay') this.#wait(this.#cursorMs + next.ms);
      else return next.kind === 'audio' ? this.#chunk(next.samples) : next;
    }
  }

  /** What is at the head of the queue, made: of audio a whole chunk, if there is as much. */
  #first(): Exclude<Timed, Unmade> | undefined {
    for (;;) {
      const [first, second] = this.#queue;
      if (first?.kind === 'unmade') this.#queue[0] = { kind: 'audio', samples: first.make() };
      else if (
        first?.kind !== 'audio' ||
        second?.kind !== 'unmade' ||
        first.samples.length >= this.#chunkLength
      )
        return first;
      else this.#queue.splice(0, 2, { kind: 'audio', samples: joinSamples([first.samples, second.make()]) });
    }
  }

  get #chunkLength(): number {
    return Math.max(1, Math.round(this.#pace.chunkMs * SAMPLES_PER_MS));
  }

  #wait(untilMs: number): void {
    this.#cursorMs = untilMs;
    this.#run = undefined;
  }

  #audioDueMs(samples: Int16Array): number {
    if (this.#run === undefined) return this.#cursorMs;
    const chunkMs = Math.min(this.#pace.chunkMs, samples.length / SAMPLES_PER_MS);
    const aheadMs = this.#run.sentMs + chunkMs - this.#pace.burstMs;
    return Math.max(this.#cursorMs, this.#run.startMs + Math.max(0, aheadMs) / this.#pace.paceFactor);
  }

  #chunk(samples: Int16Array): AnswerPiece {
    const length = this.#chunkLength;
    const chunk = samples.subarray(0, length);
    if (samples.length > length) this.#queue.unshift({ kind: 'audio', samples: samples.subarray(length) });
    const chunkMs = chunk.length / SAMPLES_PER_MS;
    this.#run ??= { startMs: this.#cursorMs, sentMs: 0 };
    this.#run.sentMs += chunkMs;
    this.#playedOutMs = Math.max(this.#playedOutMs, this.#cursorMs) + chunkMs;
    return { kind: 'audio', samples: chunk };
  }
}
