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
import { type Capture, type CapturePort, loadWorklet, openCapture } from './capture.ts';
import type { DeviceChooser } from './device-chooser.ts';
import type { AIError } from './errors.ts';
import { fetched } from './late.ts';
import type { Level } from './level-meter.ts';
import { Microphone } from './microphone.ts';
import { bytesOf } from './pcm.ts';
import type { Interruption } from './playback-buffer.ts';
import { Teardown } from './teardown.ts';
import {
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
/** After so many ms a pause's fade is inaudible: −43 dB. */
const FADED_MS = VOLUME_SECONDS * 5_000;

/** The nodes of a conversation, for those who want to hear along (a recorder, a visualiser). */
export interface AudioGraphNodes {
  readonly context: AudioContext;
  /** The microphone's, as it was at the beginning; without tracks in a conversation that began without. */
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
  /** A microphone is listened to: the first, one that was chosen, or one that took the place of a lost one. */
  microphoneOpened(settings: MediaTrackSettings, isRecovery: boolean): void;
  /** The device was unplugged or taken away, and no other could be opened. Playback goes on. */
  microphoneLost(error: AIError): void;
  /** A worklet broke. */
  failed(error: AIError): void;
}

/** What {@link AudioGraph.open} takes. */
export interface AudioGraphOptions {
  readonly host: AudioHost;
  readonly listener: AudioGraphListener;
  readonly frameMs: number;
  readonly workletUrls?: Partial<WorkletUrls> | undefined;
  /** `false`: none is asked for, until {@link AudioGraph.chooseMicrophone}. */
  readonly microphone?: MediaTrackConstraints | false | undefined;
  /** Called once all nodes are connected, before anything is heard or said. */
  readonly onGraph?: ((nodes: AudioGraphNodes) => void) | undefined;
}

/** The sound of one conversation. Owns context, microphone and nodes. */
export class AudioGraph {
  readonly #teardown = new Teardown();
  readonly #options: AudioGraphOptions;
  readonly #context: AudioContext;
  readonly #urls: WorkletUrls;
  #output: GainNode | undefined;
  #playback: MessagePort | undefined;
  #capture: Promise<Capture> | undefined;
  #port: CapturePort | undefined;
  #microphone: Microphone | undefined;
  #chooser: Promise<DeviceChooser> | undefined;
  #captured: Promise<void> = Promise.resolve();
  #silent: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #volume = 1;
  #isPaused = false;
  #isMuted = false;
  #isClosed = false;

  private constructor(options: AudioGraphOptions) {
    const { host } = options;
    this.#options = options;
    this.#urls = workletUrls(options.workletUrls);
    const context = attempt('The browser gave no audio context.', () => host.createContext());
    this.#context = context;
    this.#teardown.add(() => context.close());
    // Now, while the click counts; browsers that want one first leave it pending for ever.
    if (context.state !== 'running') context.resume().catch(() => {});
  }

  /**
   * Opens everything; permission and worklets side by side. Whatever fails, all that was opened is closed before
   * this rejects with {@link AIError} `error`: of the microphone with a reason and the browser's own `DOMException` as
   * cause, else (a worklet's file could not be loaded, for one) with what the browser said.
   */
  static async open(options: AudioGraphOptions): Promise<AudioGraph> {
    const graph = new AudioGraph(options);
    try {
      await graph.#open();
      void graph.#keepRunning();
      return graph;
    } catch (error) {
      await graph.close();
      throw error;
    }
  }

  /** Plays PCM16 mono after what waits already. Takes the array's memory. */
  play(samples: Int16Array<ArrayBuffer>, rateHz: number): void {
    this.#tell({ kind: 'play', samples, rateHz }, [samples.buffer]);
  }

  /** The turn that plays has no more samples to come. */
  endTurn(): void {
    this.#tell({ kind: 'end' });
  }

  /** Silences the loudspeaker within a few ms and forgets what waits. */
  interrupt(): void {
    this.#tell({ kind: 'interrupt' });
  }

  /** How often {@link AudioGraphListener.playback} is told, in seconds; 0.1 unless it is asked for. */
  reportEvery(seconds: number): void {
    this.#tell({ kind: 'report-every', seconds });
  }

  /** While muted no frame is made. */
  mute(muted: boolean): void {
    this.#isMuted = muted;
    this.#port?.postMessage({ kind: 'mute', muted });
  }

  /** 0 is silent, 1 as loud as the model speaks. */
  setVolume(volume: number): void {
    this.#volume = volume;
    if (!this.#isPaused) this.#fadeTo(volume);
  }

  /** Holds what plays, softly, or goes on with it. Nothing is lost. */
  pause(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    this.#fadeTo(isPaused ? 0 : this.#volume);
    if (!isPaused) this.#tell({ kind: 'pause', isPaused: false });
    else
      this.#options.host.after(FADED_MS, () => {
        if (this.#isPaused) this.#tell({ kind: 'pause', isPaused: true });
      });
  }

  /** What the browser really does with the microphone; `undefined` while there is none. */
  get microphoneSettings(): MediaTrackSettings | undefined {
    return this.#microphone?.settings;
  }

  /**
   * Opens the microphone that fits and listens to it instead. One after the other; where it rejects (as
   * {@link AudioGraph.open} does) the one before is listened to on.
   */
  async chooseMicrophone(own: MediaTrackConstraints): Promise<MediaTrackSettings> {
    return (await this.#devices()).chooseMicrophone(own);
  }

  /**
   * Plays through this loudspeaker; `''` is the system's own choice. Rejects with {@link AIError} `unsupported` where
   * the browser leaves the choice to the system, `error` where there is no such device or the page may not use it.
   */
  async chooseSpeaker(deviceId: string): Promise<void> {
    return (await this.#devices()).chooseSpeaker(deviceId);
  }

  /**
   * Passes on the frame that was begun and fades what plays, ends the microphone's tracks, closes the context.
   * Idempotent, never rejects.
   */
  close(): Promise<void> {
    this.#isClosed = true;
    // What the worklets still have is taken while their ports are open, whenever those were opened.
    this.#closing ??= this.#stop().then(() => this.#teardown.close());
    return this.#closing;
  }

  async #open(): Promise<void> {
    const { host, listener, microphone, onGraph } = this.#options;
    this.#teardown.add(() => this.#microphone?.close());
    if (microphone !== false) this.#openCapture();
    const [opened] = await Promise.all([
      microphone === false ? undefined : this.#openMicrophone(microphone ?? {}),
      this.#capture,
      loadWorklet(this.#context, this.#urls.playback),
    ]);
    const capture = await this.#capture;
    attempt('The audio graph could not be put together.', () => {
      const context = this.#context;
      const playback = host.createWorklet(context, PLAYBACK_PROCESSOR, {
        numberOfInputs: 0,
        outputChannelCount: [1],
      });
      const output = context.createGain();
      this.#teardown.add(() => {
        for (const node of [playback, output]) node.disconnect();
        playback.port.close();
      });
      playback.onprocessorerror = () => listener.failed(audioError('The playback worklet stopped working.'));
      playback.connect(output).connect(context.destination);
      onGraph?.({ context, stream: opened?.stream ?? host.emptyStream(), playback, output });
      this.#playback = playback.port;
      this.#output = output;
      this.#silent = hearPlayback(playback.port, listener);
      if (opened && capture) this.#use(opened, capture, false);
    });
  }

  #stop(): Promise<unknown> {
    if (!this.#playback) return Promise.resolve();
    this.#port?.postMessage({ kind: 'stop' });
    this.#tell({ kind: 'stop' });
    const ended = Promise.all([this.#captured, this.#silent]);
    return Promise.race([
      ended,
      new Promise<void>((gaveUp) => void this.#options.host.after(ENDING_MS, gaveUp)),
    ]);
  }

  #openCapture(): Promise<Capture> {
    const { host, listener, frameMs } = this.#options;
    this.#capture ??= openCapture({
      host,
      context: this.#context,
      teardown: this.#teardown,
      urls: this.#urls,
      frameSamples: Math.round((frameMs * INPUT_SAMPLE_RATE_HZ) / 1_000),
      onFailed: (error) => listener.failed(error),
    });
    this.#capture.catch(() => {
      this.#capture = undefined;
    });
    return this.#capture;
  }

  async #openMicrophone(own: MediaTrackConstraints): Promise<Microphone> {
    let opened: Microphone | undefined;
    const { host } = this.#options;
    opened = await Microphone.open({ host, own, onLost: () => opened && void this.#recover(opened) });
    if (!this.#isClosed) {
      this.#microphone ??= opened;
      return opened;
    }
    opened.close();
    throw audioError('The conversation was over before the microphone was there.');
  }

  #use(opened: Microphone, capture: Capture, isRecovery: boolean): void {
    if (!this.#port) {
      this.#port = capture.port;
      this.#captured = hearCapture(capture.port, this.#options.listener);
      if (this.#isMuted) this.mute(true);
    }
    capture.listen(opened.stream);
    if (opened !== this.#microphone) this.#microphone?.close();
    this.#microphone = opened;
    this.#options.listener.microphoneOpened(opened.settings, isRecovery);
  }

  /** Another microphone in place of a lost one; looked for until it is over. */
  async #recover(lost: Microphone): Promise<void> {
    if (this.#isClosed || lost !== this.#microphone) return;
    const chooser = await this.#devices(Number.POSITIVE_INFINITY).catch(() => undefined);
    chooser?.recover(lost);
  }

  #devices(tries = 2): Promise<DeviceChooser> {
    const { host, listener, microphone } = this.#options;
    this.#chooser ??= fetched(() => import('./device-chooser.ts'), {
      after: host.after,
      tries,
      isOver: () => this.#isClosed,
    }).then(
      ({ DeviceChooser: Chooser }) =>
        new Chooser(
          {
            context: this.#context,
            openMicrophone: (own) => this.#openMicrophone(own),
            openCapture: () => this.#openCapture(),
            use: (opened, capture, isRecovery) => this.#use(opened, capture, isRecovery),
            microphone: () => this.#microphone,
            isClosed: () => this.#isClosed,
            onLost: (error) => listener.microphoneLost(error),
          },
          microphone || {},
        ),
      (cause: unknown) => {
        this.#chooser = undefined;
        throw audioError('The page could not load what changes devices. Try again.', cause);
      },
    );
    return this.#chooser;
  }

  async #keepRunning(): Promise<void> {
    const { host, listener } = this.#options;
    const unlock = await fetched(() => import('./audio-unlock.ts'), {
      after: host.after,
      isOver: () => this.#isClosed,
    }).catch(() => undefined);
    if (!unlock || this.#isClosed) return;
    this.#teardown.add(
      unlock.keepRunning(this.#context, { host, onBlocked: (isBlocked) => listener.blocked(isBlocked) }),
    );
  }

  #fadeTo(volume: number): void {
    this.#output?.gain.setTargetAtTime(volume, this.#context.currentTime, VOLUME_SECONDS);
  }

  #tell(command: PlaybackCommand, transfer: Transferable[] = []): void {
    this.#playback?.postMessage(command, transfer);
  }
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
