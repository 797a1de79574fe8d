/**
 * What the page (or its live worker) says to the audio worklets, and they to it. Arrays of samples are handed over, not copied.
 * @module
 */
import type { Interruption, PlaybackCounts, PlaybackState } from './playback-buffer.ts';

/** Names under which the worklets register. */
export const CAPTURE_PROCESSOR = 'livegate-capture';
export const PLAYBACK_PROCESSOR = 'livegate-playback';

/** `processorOptions` of the capture worklet. */
export interface CaptureOptions {
  /** Samples of 16 kHz in a frame. */
  readonly frameSamples: number;
}

/** To the capture worklet. `stop`: send what there is of a frame, say `stopped`, do nothing more. `through`: from here
 * on this port is the one to listen to and to speak through. */
export type CaptureCommand =
  | { readonly kind: 'mute'; readonly muted: boolean }
  | { readonly kind: 'recycle'; readonly frames: readonly Int16Array<ArrayBuffer>[] }
  | { readonly kind: 'through'; readonly port: MessagePort }
  | { readonly kind: 'stop' };

/** From the capture worklet. The first `count` of `samples` are 16 kHz PCM16; send the array back for reuse. */
export type CaptureNotice =
  | {
      readonly kind: 'frame';
      readonly samples: Int16Array<ArrayBuffer>;
      readonly count: number;
      readonly rms: number;
      readonly peak: number;
    }
  | { readonly kind: 'stopped' };

/** To the playback worklet. `pause`: what waits goes on waiting. `report-every`: instead
 * of 0.1 s. `through`: commands come by this port as well. `stop`: fade, say `stopped`, do nothing more. */
export type PlaybackCommand =
  | { readonly kind: 'play'; readonly samples: Int16Array<ArrayBuffer>; readonly rateHz: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'pause'; readonly isPaused: boolean }
  | { readonly kind: 'report-every'; readonly seconds: number }
  | { readonly kind: 'through'; readonly port: MessagePort }
  | { readonly kind: 'stop' };

/** How playback does: at every change of `state`, and ten times a second while it is not idle. */
export interface PlaybackReport extends PlaybackCounts {
  readonly state: PlaybackState;
  readonly queuedSamples: number;
  /** Loudness since the last report. */
  readonly rms: number;
  readonly peak: number;
  /** RMS of each whole window of 20 ms since the last report, oldest first. */
  readonly windows: Float32Array;
}

/** From the playback worklet. */
export type PlaybackNotice =
  | { readonly kind: 'report'; readonly report: PlaybackReport }
  | { readonly kind: 'interrupted'; readonly interruption: Interruption }
  | { readonly kind: 'stopped' };
