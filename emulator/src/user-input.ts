/**
 * What a user sends in real time, gathered into turns: speech found or marked, text, video frames.
 * @module
 */
import { type Blob, type ClientPayloads, INPUT_SAMPLE_RATE_HZ, pcmRateOf } from '@livegate/protocol';
import { ActivityDetector, type ActivityEdge, type FrameJudge } from './activity-detector.ts';
import type { ActivitySettings } from './activity-settings.ts';
import type { TurnCause } from './answer.ts';
import type { ClosingCondition } from './closings.ts';
import { joinSamples, samplesOfBase64 } from './pcm.ts';
import { createResampler, type Resampler } from './resample.ts';

/** A turn of the user before it has its place in the conversation. */
export interface TurnDraft {
  readonly cause: TurnCause;
  readonly audio?: Int16Array;
  readonly text?: string;
  readonly videoFrames: number;
  /** Audio that counts, by the turn coverage in force. */
  readonly audioSeconds: number;
}

/** What came of a message. */
export type InputEvent =
  /** The detector heard speech begin or end, so many seconds into the stream. */
  | { readonly kind: 'voice'; readonly edge: 'start' | 'end'; readonly atSeconds: number }
  | { readonly kind: 'started' }
  | { readonly kind: 'turn'; readonly turn: TurnDraft }
  | { readonly kind: 'refused'; readonly condition: ClosingCondition }
  | { readonly kind: 'ignored'; readonly warning: string };

/** What a stream of input does beside listening. */
export interface InputOptions {
  /** Sees every sample at 16 kHz. */
  readonly keep?: ((samples: Int16Array) => void) | undefined;
  /** Take every media chunk of a message, as Vertex AI does; the Developer API takes the first. */
  readonly takesEveryChunk?: boolean;
}

/** Types of picture that Gemini reads. Source: Gemini API guide on images, read 2026-11-21. */
const PICTURES = ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif'];

type RealtimeInput = ClientPayloads['realtimeInput'];
type Media = { readonly audio: Int16Array; readonly rateHz: number } | 'frame' | ClosingCondition;

/** One stream of real-time input. */
export class UserInput {
  readonly #settings: ActivitySettings;
  readonly #options: InputOptions;
  readonly #detector: ActivityDetector;
  #stream: { readonly rateHz: number; readonly resampler: Resampler } | undefined;
  /** Audio since `activityStart`; absent outside marked activity. */
  #marked: Int16Array[] | undefined;
  #texts: string[] = [];
  #framesInActivity = 0;
  #framesSinceTurn = 0;
  #samplesSinceTurn = 0;
  #audioSamples = 0;
  #videoFrames = 0;

  constructor(settings: ActivitySettings, judge: FrameJudge, options: InputOptions = {}) {
    this.#settings = settings;
    this.#options = options;
    this.#detector = new ActivityDetector(judge, settings);
  }

  /** True while the user speaks, as far as is known. */
  get isActive(): boolean {
    return this.#marked !== undefined || this.#detector.isSpeaking;
  }

  /** True while what came last may turn out to be the beginning of speech. */
  get isWondering(): boolean {
    return this.#detector.isWondering;
  }

  /** True once a video frame came. */
  get hasVideo(): boolean {
    return this.#videoFrames > 0;
  }

  /** Media received since the start: audio in s, video in frames. */
  get received(): { readonly audioSeconds: number; readonly videoFrames: number } {
    return { audioSeconds: this.#audioSamples / INPUT_SAMPLE_RATE_HZ, videoFrames: this.#videoFrames };
  }

  /** Takes one message that came at `nowMs`; gives what follows from it, in order. */
  take(message: RealtimeInput, nowMs: number): readonly InputEvent[] {
    const chunks = message.mediaChunks ?? [];
    const heeded = this.#options.takesEveryChunk ? chunks : chunks.slice(0, 1);
    const media: Media[] = [
      ...(message.audio ? [readAudio(message.audio)] : []),
      ...(message.video ? [readPicture(message.video)] : []),
      ...heeded.map((blob) => (blob.mimeType.startsWith('image/') ? readPicture(blob) : readAudio(blob))),
    ];
    const refused = media.find((each) => typeof each === 'string' && each !== 'frame');
    if (refused !== undefined) return [{ kind: 'refused', condition: refused as ClosingCondition }];
    const events: InputEvent[] = [];
    if (heeded.length < chunks.length)
      events.push({ kind: 'ignored', warning: 'Of several mediaChunks only the first is taken.' });
    if (message.activityStart) events.push(...this.#markStart());
    for (const each of media) {
      if (typeof each === 'object') events.push(...this.#hear(each.audio, each.rateHz, nowMs));
      else this.#see();
    }
    if (message.text !== undefined) events.push(...this.#read(message.text));
    if (message.audioStreamEnd) events.push(...this.#endStream(nowMs));
    if (message.activityEnd) events.push(...this.#markEnd());
    return events;
  }

  #hear(audio: Int16Array, rateHz: number, nowMs: number): readonly InputEvent[] {
    const events: InputEvent[] = [];
    if (this.#stream?.rateHz !== rateHz) {
      const last = this.#stream?.resampler.flush();
      if (last?.length) events.push(...this.#listen(last, nowMs));
      this.#stream = { rateHz, resampler: createResampler(rateHz, INPUT_SAMPLE_RATE_HZ) };
    }
    events.push(...this.#listen(this.#stream.resampler.push(audio), nowMs));
    return events;
  }

  #listen(samples: Int16Array, nowMs: number): readonly InputEvent[] {
    this.#audioSamples += samples.length;
    this.#samplesSinceTurn += samples.length;
    this.#options.keep?.(samples);
    if (this.#settings.isManual) {
      this.#marked?.push(samples);
      return [];
    }
    return this.#detector.push(samples, nowMs).flatMap((edge) => this.#onEdge(edge));
  }

  #onEdge(edge: ActivityEdge): readonly InputEvent[] {
    return [
      { kind: 'voice', edge: edge.kind, atSeconds: edge.atSamples / INPUT_SAMPLE_RATE_HZ },
      edge.kind === 'start' ? { kind: 'started' } : { kind: 'turn', turn: this.#draft('speech', edge.audio) },
    ];
  }

  #see(): void {
    this.#videoFrames++;
    this.#framesSinceTurn++;
    if (this.isActive) this.#framesInActivity++;
  }

  #read(text: string): readonly InputEvent[] {
    this.#texts.push(text);
    if (this.#settings.isManual || this.isActive) return [];
    return [{ kind: 'started' }, { kind: 'turn', turn: this.#draft('realtime-text') }];
  }

  #endStream(nowMs: number): readonly InputEvent[] {
    if (this.#settings.isManual)
      return [{ kind: 'ignored', warning: 'audioStreamEnd is for automatic activity detection.' }];
    const last = this.#stream?.resampler.flush();
    const events = last?.length ? [...this.#listen(last, nowMs)] : [];
    for (const edge of this.#detector.end()) events.push(...this.#onEdge(edge));
    return events;
  }

  #markStart(): readonly InputEvent[] {
    if (!this.#settings.isManual) return [{ kind: 'refused', condition: 'mark-under-automatic' }];
    if (this.#marked) return [{ kind: 'ignored', warning: 'activityStart came twice.' }];
    this.#marked = [];
    return [{ kind: 'started' }];
  }

  #markEnd(): readonly InputEvent[] {
    if (!this.#settings.isManual) return [{ kind: 'refused', condition: 'mark-under-automatic' }];
    if (!this.#marked) return [{ kind: 'ignored', warning: 'activityEnd came without activityStart.' }];
    const audio = joinSamples(this.#marked);
    this.#marked = undefined;
    return [{ kind: 'turn', turn: this.#draft('activity-mark', audio.length > 0 ? audio : undefined) }];
  }

  #draft(cause: TurnCause, audio?: Int16Array): TurnDraft {
    const { coverage } = this.#settings;
    const samples = coverage === 'everything' ? this.#samplesSinceTurn : (audio?.length ?? 0);
    const draft: TurnDraft = {
      cause,
      ...(audio && { audio }),
      ...(this.#texts.length > 0 && { text: this.#texts.join('\n') }),
      videoFrames: coverage === 'activity' ? this.#framesInActivity : this.#framesSinceTurn,
      audioSeconds: samples / INPUT_SAMPLE_RATE_HZ,
    };
    this.#texts = [];
    this.#framesInActivity = this.#framesSinceTurn = this.#samplesSinceTurn = 0;
    return draft;
  }
}

function readPicture({ mimeType }: Blob): Media {
  return PICTURES.includes(mimeType.toLowerCase()) ? 'frame' : 'unsupported-media';
}

function readAudio({ mimeType, data }: Blob): Media {
  const rateHz = pcmRateOf(mimeType, INPUT_SAMPLE_RATE_HZ);
  if (rateHz === undefined) return 'unsupported-media';
  const audio = samplesOfBase64(data);
  return audio ? { audio, rateHz } : 'odd-audio';
}
