/**
 * Microphone → capture, playback worklet → volume → loudspeaker: opens all of it, or nothing.
 *
 * Both ends share one context. It has one clock, one audio thread and one permission to make sound, and its rate is
 * that of the device, so that Firefox and Safari connect the microphone; both ends convert rates themselves.
 * @module
 */
import { INPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import { attempt, audioError } from './audio-errors.ts';
import type { AudioHost } from './audio-host.ts';
import { keepRunning } from './audio-unlock.ts';
import { type CapturePort, loadWorklet, openCapture } from './capture.ts';
import type { AIError } from './errors.ts';
import type { Level } from './level-meter.ts';
import { microphoneConstraints } from './microphone.ts';
import { bytesOf } from './pcm.ts';
import type { Interruption } from './playback-buffer.ts';
import { Teardown } from './teardown.ts';
import {
  type CaptureCommand,
  PLAYBACK_PROCESSOR,
  type PlaybackCommand,
  type PlaybackNotice,
  type PlaybackReport,
} from './worklet-messages.ts';
import { type WorkletUrls, workletUrls } from './worklet-urls.ts';

/** Frames that go back to the capture worklet in one message. */
const RECYCLED_AT_ONCE = 8;
/** How long the worklets may take to end, in ms: in a context that does not run they cannot. */
const ENDING_MS = 100;
/** Time constant of a change of volume, in seconds: no click, no delay that one hears. */
const VOLUME_SECONDS = 0.01;

/** The nodes of a conversation, for those who want to hear along (a recorder, a visualiser). */
export interface AudioGraphNodes {
  readonly context: AudioContext;
  /** The microphone's. */
  readonly stream: MediaStream;
  /** The model's voice before the volume. */
  readonly playback: AudioNode;
  /** What goes to the loudspeaker. */
  readonly output: GainNode;
}

/** Hears what happens in the graph. */
export interface AudioGraphListener {
  /** 16 kHz PCM16LE mono, the listener's to keep. */
  frame(samples: Uint8Array, level: Level): void;
  playback(report: PlaybackReport): void;
  interrupted(interruption: Interruption): void;
  /** The browser lets the page make no sound (true), or lets it again (false). */
  blocked(isBlocked: boolean): void;
  /** The device was unplugged or taken away. Playback goes on. */
  microphoneLost(): void;
  /** A worklet broke. */
  failed(error: AIError): void;
}

/** What {@link AudioGraph.open} takes. */
export interface AudioGraphOptions {
  readonly host: AudioHost;
  readonly listener: AudioGraphListener;
  readonly frameMs: number;
  readonly workletUrls?: Partial<WorkletUrls> | undefined;
  readonly microphone?: MediaTrackConstraints | undefined;
  /** Called once all nodes are connected, before anything is heard or said. */
  readonly onGraph?: ((nodes: AudioGraphNodes) => void) | undefined;
}

/** The sound of one conversation. Owns context, microphone and nodes. */
export class AudioGraph {
  readonly #teardown: Teardown;
  readonly #nodes: AudioGraphNodes;
  readonly #capture: CapturePort;
  readonly #playback: MessagePort;

  private constructor(options: {
    readonly teardown: Teardown;
    readonly nodes: AudioGraphNodes;
    readonly capture: CapturePort;
    readonly playback: MessagePort;
  }) {
    this.#teardown = options.teardown;
    this.#nodes = options.nodes;
    this.#capture = options.capture;
    this.#playback = options.playback;
  }

  /**
   * Opens everything; permission and worklets side by side. Whatever fails, all that was opened is closed before
   * this rejects: with the browser's own `DOMException` where the microphone was refused, else with {@link AIError}
   * `error` (a worklet's file could not be loaded, for one).
   */
  static async open(options: AudioGraphOptions): Promise<AudioGraph> {
    const teardown = new Teardown();
    try {
      return await openInto(teardown, options, (parts) => new AudioGraph({ teardown, ...parts }));
    } catch (error) {
      await teardown.close();
      throw error;
    }
  }

  /** Plays PCM16 mono after what waits already. Takes the array's memory. */
  play(samples: Int16Array<ArrayBuffer>, rateHz: number): void {
    this.#playback.postMessage({ kind: 'play', samples, rateHz } satisfies PlaybackCommand, [samples.buffer]);
  }

  /** The turn that plays has no more samples to come. */
  endTurn(): void {
    this.#playback.postMessage({ kind: 'end' } satisfies PlaybackCommand);
  }

  /** Silences the loudspeaker within a few ms and forgets what waits. */
  interrupt(): void {
    this.#playback.postMessage({ kind: 'interrupt' } satisfies PlaybackCommand);
  }

  /** While muted no frame is made. */
  mute(muted: boolean): void {
    this.#capture.postMessage({ kind: 'mute', muted } satisfies CaptureCommand);
  }

  /** 0 is silent, 1 as loud as the model speaks. */
  setVolume(volume: number): void {
    const { output, context } = this.#nodes;
    output.gain.setTargetAtTime(volume, context.currentTime, VOLUME_SECONDS);
  }

  /**
   * Passes on the frame that was begun and fades what plays, ends the microphone's tracks, closes the context.
   * Idempotent, never rejects.
   */
  close(): Promise<void> {
    return this.#teardown.close();
  }
}

interface Parts {
  readonly nodes: AudioGraphNodes;
  readonly capture: CapturePort;
  readonly playback: MessagePort;
}

async function openInto(
  teardown: Teardown,
  options: AudioGraphOptions,
  made: (parts: Parts) => AudioGraph,
): Promise<AudioGraph> {
  const { host, listener } = options;
  const context = attempt('The browser gave no audio context.', () => host.createContext());
  teardown.add(() => context.close());
  teardown.add(keepRunning(context, { host, onBlocked: (isBlocked) => listener.blocked(isBlocked) }));

  const urls = workletUrls(options.workletUrls);
  const frameSamples = Math.round((options.frameMs * INPUT_SAMPLE_RATE_HZ) / 1_000);
  const onFailed = (error: AIError): void => listener.failed(error);
  const [stream, capture] = await Promise.all([
    openMicrophone(teardown, options),
    openCapture({ host, context, teardown, urls, frameSamples, onFailed }),
    loadWorklet(context, urls.playback),
  ]);

  return attempt('The audio graph could not be put together.', () => {
    const playback = host.createWorklet(context, PLAYBACK_PROCESSOR, {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    const output = context.createGain();
    teardown.add(() => {
      for (const node of [playback, output]) node.disconnect();
      playback.port.close();
    });
    playback.onprocessorerror = () => onFailed(audioError('The playback worklet stopped working.'));
    playback.connect(output).connect(context.destination);
    const nodes: AudioGraphNodes = { context, stream, playback, output };
    options.onGraph?.(nodes);

    const ended = Promise.all([hearCapture(capture.port, listener), hearPlayback(playback.port, listener)]);
    capture.listen(stream);
    teardown.add(() => {
      capture.port.postMessage({ kind: 'stop' });
      playback.port.postMessage({ kind: 'stop' } satisfies PlaybackCommand);
      return Promise.race([ended, new Promise<void>((gaveUp) => host.after(ENDING_MS, gaveUp))]);
    });
    return made({ nodes, capture: capture.port, playback: playback.port });
  });
}

async function openMicrophone(teardown: Teardown, options: AudioGraphOptions): Promise<MediaStream> {
  const asked = options.host.openMicrophone(microphoneConstraints(options.microphone));
  const stream = await asked.catch((cause: unknown) => {
    throw cause instanceof DOMException ? cause : audioError('The microphone could not be opened.', cause);
  });
  const tracks = stream.getTracks();
  const onEnded = (): void => options.listener.microphoneLost();
  for (const track of tracks) track.addEventListener('ended', onEnded);
  teardown.add(() => {
    for (const track of tracks) {
      track.removeEventListener('ended', onEnded);
      track.stop();
    }
  });
  return stream;
}

/** Passes frames on; resolves when the last has come. */
function hearCapture(port: CapturePort, listener: AudioGraphListener): Promise<void> {
  const read: Int16Array<ArrayBuffer>[] = [];
  return new Promise((finished) => {
    port.onmessage = ({ data }) => {
      if (data.kind === 'stopped') finished();
      if (data.kind !== 'frame') return;
      const { samples, count, rms, peak } = data;
      // A copy, because a session that is moving keeps its frames while this array goes back.
      listener.frame(bytesOf(samples.slice(0, count)), { rms, peak });
      read.push(samples);
      if (read.length < RECYCLED_AT_ONCE) return;
      const frames = read.splice(0);
      port.postMessage(
        { kind: 'recycle', frames },
        frames.map(({ buffer }) => buffer),
      );
    };
  });
}

/** Passes reports on; resolves when the loudspeaker is silent for good. */
function hearPlayback(port: MessagePort, listener: AudioGraphListener): Promise<void> {
  return new Promise((finished) => {
    port.onmessage = ({ data }: MessageEvent<PlaybackNotice>) => {
      if (data.kind === 'report') listener.playback(data.report);
      else if (data.kind === 'interrupted') listener.interrupted(data.interruption);
      else finished();
    };
  });
}
