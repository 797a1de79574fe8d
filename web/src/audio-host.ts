/**
 * The part of the browser that sound goes through. The only file that names its globals.
 * @module
 */
import { type LiveWorker, sharedWorker } from './live-worker.ts';
import type { WorkletUrls } from './worklet-urls.ts';

/** What is missing, and whether it is but the address that is at fault. */
export interface Obstacle {
  readonly message: string;
  readonly isInsecure: boolean;
}

/** Lets the screen go dark again. */
export interface ScreenLock {
  release(): Promise<void>;
}

/** Makes the browser's audio objects. A seam: tests bring their own. */
export interface AudioHost {
  /** What is missing here, in a sentence for people; `undefined` where nothing is. */
  obstacle(needs: { readonly microphone: boolean }): Obstacle | undefined;
  createContext(): AudioContext;
  createWorklet(context: AudioContext, name: string, options: AudioWorkletNodeOptions): AudioWorkletNode;
  /** Whether a worker can be given a track's samples to read: Chromium's `MediaStreamTrackProcessor`. */
  canReadTracks(): boolean;
  /** The samples of a track, to be handed to a worker. */
  readTrack(track: MediaStreamTrack): ReadableStream<AudioData>;
  /** The page's live worker, loading or loaded; `undefined` where there can be none. */
  liveWorker(urls: Partial<WorkletUrls> | undefined): LiveWorker | undefined;
  createChannel(): MessageChannel;
  /** Rejects with the browser's `DOMException`. */
  openMicrophone(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** One without tracks, for those who look at a conversation without a microphone. */
  emptyStream(): MediaStream;
  /** Where people's clicks, touches and keys arrive. */
  readonly gestures: EventTarget;
  /** Microphones and loudspeakers; without names before the page may use one. */
  listDevices(): Promise<readonly MediaDeviceInfo[]>;
  /** Tells `devicechange`; `undefined` where there are no devices. */
  readonly devices: EventTarget | undefined;
  /** Tells `visibilitychange`. */
  readonly page: EventTarget;
  isHidden(): boolean;
  /** Resolves to nothing where the browser cannot. Rejects where it will not. */
  keepScreenOn(): Promise<ScreenLock | undefined>;
  /** In ms, from any beginning. */
  now(): number;
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
  obstacle({ microphone }) {
    if (globalThis.isSecureContext === false)
      return {
        message: 'This page is not in a secure context. Serve it by https://, or from localhost.',
        isInsecure: true,
      };
    const isThere =
      typeof AudioWorkletNode !== 'undefined' &&
      typeof AudioContext !== 'undefined' &&
      typeof navigator !== 'undefined' &&
      (!microphone || Boolean(navigator.mediaDevices?.getUserMedia));
    if (isThere) return undefined;
    return {
      message: 'This environment lacks what a conversation needs: Web Audio, AudioWorklet and getUserMedia.',
      isInsecure: false,
    };
  },
  // At the device's own rate. One of 16 or 24 kHz would have the browser resample, each in its own way, and in
  // Firefox and Safari a microphone of another rate does not connect to it.
  createContext: () => new AudioContext({ latencyHint: 'interactive' }),
  createWorklet: (context, name, options) => new AudioWorkletNode(context, name, options),
  canReadTracks: () => typeof MediaStreamTrackProcessor !== 'undefined',
  readTrack: (track) => new MediaStreamTrackProcessor({ track, maxBufferSize: TRACK_BUFFERS }).readable,
  liveWorker: sharedWorker,
  createChannel: () => new MessageChannel(),
  openMicrophone: (constraints) => navigator.mediaDevices.getUserMedia(constraints),
  emptyStream: () => new MediaStream(),
  get gestures() {
    return document;
  },
  listDevices: async () => (await navigator.mediaDevices?.enumerateDevices()) ?? [],
  get devices() {
    return navigator.mediaDevices;
  },
  get page() {
    return document;
  },
  isHidden: () => document.visibilityState === 'hidden',
  keepScreenOn: async () => ('wakeLock' in navigator ? navigator.wakeLock.request('screen') : undefined),
  now: () => performance.now(),
  after(ms, wake) {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
};
