/**
 * Where a user's speech begins and ends in a stream of audio. Counts samples, never the clock: audio fed faster
 * than real time is cut in the same places.
 * @module
 */
import { joinSamples } from './pcm.ts';
import { FRAME_MS, FRAME_SAMPLES } from './voice-detector.ts';

/** What is heard in one frame: whether it could begin speech, and whether it could go on with it. */
export interface FrameVerdict {
  readonly starts: boolean;
  readonly continues: boolean;
}

/** Judges one frame of {@link FRAME_SAMPLES}. `endMs` is the clock time at which its last sample came. */
export type FrameJudge = (frame: Int16Array, endMs: number) => FrameVerdict;

/** An edge of speech. */
export type ActivityEdge =
  | { readonly kind: 'start'; readonly atSamples: number }
  /** `atSamples`: how much of the stream had been heard when the edge was found. */
  | { readonly kind: 'end'; readonly atSamples: number; readonly audio: Int16Array };

/** Audio kept from before the first frame of speech: the detector misses soft beginnings. Ours, in ms. */
const LEAD_MS = 300;
/** Audio kept from after the last frame of speech. Ours, in ms. */
const TAIL_MS = 200;

const NOTHING = new Int16Array(0);

/** Finds the edges of speech in one stream. */
export class ActivityDetector {
  readonly #judge: FrameJudge;
  readonly #prefixFrames: number;
  readonly #silenceFrames: number;
  /** Samples that do not fill a frame yet. */
  #rest: Int16Array = NOTHING;
  /** The utterance so far, or what could become its lead. */
  #frames: Int16Array[] = [];
  /** Samples heard since the start. */
  #heard = 0;
  #isSpeaking = false;
  /** Frames that could begin speech, less those since that could not. */
  #run = 0;
  #quiet = 0;

  constructor(
    judge: FrameJudge,
    { prefixMs, silenceMs }: { readonly prefixMs: number; readonly silenceMs: number },
  ) {
    this.#judge = judge;
    this.#prefixFrames = Math.max(1, Math.ceil(prefixMs / FRAME_MS));
    this.#silenceFrames = Math.max(1, Math.ceil(silenceMs / FRAME_MS));
  }

  /** True while what came last may turn out to be the beginning of speech. */
  get isWondering(): boolean {
    return this.#run > 0;
  }

  /** True between a start and its end. */
  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  /**
   * Takes 16 kHz samples whose last one came at `nowMs`; gives the edges in them, in order. Keeps the samples as they
   * are: they must not change afterwards.
   */
  push(samples: Int16Array, nowMs: number): readonly ActivityEdge[] {
    const all = this.#rest.length === 0 ? samples : joinSamples([this.#rest, samples]);
    const edges: ActivityEdge[] = [];
    let at = 0;
    for (; at + FRAME_SAMPLES <= all.length; at += FRAME_SAMPLES) {
      const endMs = nowMs - ((all.length - at - FRAME_SAMPLES) * FRAME_MS) / FRAME_SAMPLES;
      const edge = this.#hear(all.subarray(at, at + FRAME_SAMPLES), endMs);
      if (edge) edges.push(edge);
    }
    this.#rest = at < all.length ? all.subarray(at) : NOTHING;
    return edges;
  }

  /** The stream pauses: speech under way ends here, and nothing carries over to what comes next. */
  end(): readonly ActivityEdge[] {
    this.#heard += this.#rest.length;
    const edges: ActivityEdge[] = this.#isSpeaking ? [this.#stop(this.#quiet)] : [];
    this.#rest = NOTHING;
    this.#frames = [];
    this.#run = 0;
    return edges;
  }

  #hear(frame: Int16Array, endMs: number): ActivityEdge | undefined {
    const { starts, continues } = this.#judge(frame, endMs);
    this.#frames.push(frame);
    this.#heard += frame.length;
    if (this.#isSpeaking) {
      this.#quiet = continues ? 0 : this.#quiet + 1;
      return this.#quiet >= this.#silenceFrames ? this.#stop(this.#quiet) : undefined;
    }
    this.#run = starts ? this.#run + 1 : Math.max(0, this.#run - 1);
    if (this.#run >= this.#prefixFrames) {
      this.#isSpeaking = true;
      this.#quiet = 0;
      return { kind: 'start', atSamples: this.#heard };
    }
    const kept = (this.#run > 0 ? this.#prefixFrames * 2 : 0) + LEAD_MS / FRAME_MS;
    if (this.#frames.length > kept) this.#frames.splice(0, this.#frames.length - kept);
    return undefined;
  }

  #stop(quietFrames: number): ActivityEdge {
    const surplus = Math.max(0, quietFrames - TAIL_MS / FRAME_MS);
    const audio = joinSamples(this.#frames.slice(0, this.#frames.length - surplus));
    this.#frames = surplus > 0 ? this.#frames.slice(-Math.min(surplus, LEAD_MS / FRAME_MS)) : [];
    this.#isSpeaking = false;
    this.#run = 0;
    this.#quiet = 0;
    return { kind: 'end', atSamples: this.#heard, audio };
  }
}
