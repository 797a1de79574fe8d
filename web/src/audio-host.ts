/**
 * The part of the browser that sound goes through. The only file that names its globals.
 * @module
 */

/** Makes the browser's audio objects. A seam: tests bring their own. */
export interface AudioHost {
  /** What is missing here, as a sentence for people; `undefined` where nothing is. */
  obstacle(): string | undefined;
  createContext(): AudioContext;
  createWorklet(context: AudioContext, name: string, options: AudioWorkletNodeOptions): AudioWorkletNode;
  /** Whether a worker can be given a track's samples to read: Chromium's `MediaStreamTrackProcessor`. */
  canReadTracks(): boolean;
  /** The samples of a track, to be handed to a worker. */
  readTrack(track: MediaStreamTrack): ReadableStream<AudioData>;
  createWorker(url: string | URL): Worker;
  /** Rejects with the browser's `DOMException`. */
  openMicrophone(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** Where people's clicks, touches and keys arrive. */
  readonly gestures: EventTarget;
  after(ms: number, wake: () => void): () => void;
}

/** Of https://w3c.github.io/mediacapture-transform/; Chromium has it for audio, and on the page. */
declare const MediaStreamTrackProcessor: new (init: {
  readonly track: MediaStreamTrack;
  readonly maxBufferSize: number;
}) => { readonly readable: ReadableStream<AudioData> };
/** Buffers of 10 ms that wait for a busy worker before the oldest is lost: 1 s. */
const TRACK_BUFFERS = 100;

/** This browser. */
export const browserHost: AudioHost = {
  obstacle() {
    if (globalThis.isSecureContext === false)
      return 'This page is not in a secure context. Serve it by https://, or from localhost.';
    const isThere =
      typeof AudioWorkletNode !== 'undefined' &&
      typeof AudioContext !== 'undefined' &&
      typeof navigator !== 'undefined' &&
      Boolean(navigator.mediaDevices?.getUserMedia);
    return isThere
      ? undefined
      : 'This environment lacks what a conversation needs: Web Audio, AudioWorklet and getUserMedia.';
  },
  // At the device's own rate. One of 16 or 24 kHz would have the browser resample, each in its own way, and in
  // Firefox and Safari a microphone of another rate does not connect to it.
  createContext: () => new AudioContext({ latencyHint: 'interactive' }),
  createWorklet: (context, name, options) => new AudioWorkletNode(context, name, options),
  canReadTracks: () => typeof MediaStreamTrackProcessor !== 'undefined' && typeof Worker !== 'undefined',
  readTrack: (track) => new MediaStreamTrackProcessor({ track, maxBufferSize: TRACK_BUFFERS }).readable,
  createWorker: (url) => new Worker(url, { type: 'module' }),
  openMicrophone: (constraints) => navigator.mediaDevices.getUserMedia(constraints),
  get gestures() {
    return document;
  },
  after(ms, wake) {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
};
