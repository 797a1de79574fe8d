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
import { type Capture, loadWorklet, openCapture } from './capture.ts';
import type { DeviceChooser } from './device-chooser.ts';
import type { AIError } from './errors.ts';
import { heardAs } from './heard-sound.ts';
import { fetched } from './late.ts';
import type { Level } from './level-meter.ts';
import type { LiveWorker } from './live-worker.ts';
import { Microphone } from './microphone.ts';
import type { Interruption } from './playback-buffer.ts';
import type { RemoteLine } from './remote-line.ts';
import { Teardown } from './teardown.ts';
import type { SocketInWorker } from './web-socket-handler.ts';
import {
  PLAYBACK_PROCESSOR,
  type PlaybackCommand,
  type PlaybackNotice,
  type PlaybackReport,
} from './worklet-messages.ts';
import { type WorkletUrls, workletUrls } from './worklet-urls.ts';

/** How long the worklets may take to end, in ms: in a context that does not run they cannot. */
const ENDING_MS = 100;
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
  /** 16 kHz PCM16LE mono, the listener's to keep and to send. */
  frame(samples: Uint8Array, level: Level): void;
  /** The same of a frame that went to the socket by itself; `behind` more of them follow in the same breath. */
  sent(samples: Uint8Array, level: Level, behind: number): void;
  /** So much did not, because the network takes nothing. */
  unsent(ms: number): void;
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
  /** `false`: none is asked for, until one is chosen ({@link AudioGraph.devices}). */
  readonly microphone?: MediaTrackConstraints | false | undefined;
  /** Called once all nodes are connected, before anything is heard or said. */
  readonly onGraph?: ((nodes: AudioGraphNodes) => void) | undefined;
}

/** The sound of one conversation. Owns context, microphone and nodes. */
export class AudioGraph {
  readonly #teardown = new Teardown();
  readonly #options: AudioGraphOptions;
  readonly context: AudioContext;
  readonly #urls: WorkletUrls;
  #output: GainNode | undefined;
  #playback: MessagePort | undefined;
  readonly #frameSamples: number;
  #worker: LiveWorker | undefined;
  #line: RemoteLine | undefined;
  #lineOpened: Promise<void> | undefined;
  #capture: Promise<Capture> | undefined;
  /** The way that listens. */
  #ear: Capture | undefined;
  #microphone: Microphone | undefined;
  #chooser: Promise<DeviceChooser> | undefined;
  #lastFrame: () => void = () => {};
  #silent: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #isMuted = false;
  #isClosed = false;

  private constructor(options: AudioGraphOptions) {
    const { host } = options;
    this.#options = options;
    this.#urls = workletUrls(options.workletUrls);
    this.#frameSamples = Math.round((options.frameMs * INPUT_SAMPLE_RATE_HZ) / 1_000);
    const context = attempt('The browser gave no audio context.', () => host.createContext());
    this.context = context;
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
    this.#say({ kind: 'play', samples, rateHz });
  }

  /** The turn that plays has no more samples to come. */
  endTurn(): void {
    this.#say({ kind: 'end' });
  }

  /** Silences the loudspeaker within a few ms and forgets what waits. */
  interrupt(): void {
    this.#say({ kind: 'interrupt' });
  }

  /**
   * Lets sound go past the page, where the same worker has this graph's ends and the session's socket: the
   * microphone's to the socket `up`, the model's from the socket `down`. `undefined`: by the page.
   */
  join(sockets: {
    readonly up: SocketInWorker | undefined;
    readonly down: SocketInWorker | undefined;
  }): void {
    const mine = (at: SocketInWorker | undefined): number | undefined =>
      at?.worker === this.#worker ? at?.socket : undefined;
    this.#line?.sendTo(mine(sockets.up));
    this.#line?.hear(mine(sockets.down));
  }

  /** Whether a message's sound is seen to. To be asked of every message, in order, before it is played. */
  isHeard(message: object): boolean {
    return this.#line?.isHeard(heardAs(message)) ?? false;
  }

  /** While muted no frame is made. */
  mute(muted: boolean): void {
    this.#isMuted = muted;
    this.#ear?.command({ kind: 'mute', muted });
  }

  /** What the browser really does with the microphone; `undefined` while there is none. */
  get microphoneSettings(): MediaTrackSettings | undefined {
    return this.#microphone?.settings;
  }

  /** What goes to the loudspeaker. */
  get output(): GainNode | undefined {
    return this.#output;
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
    const asked = microphone === false ? undefined : this.#openMicrophone(microphone ?? {});
    const [opened, capture] = await Promise.all([
      asked,
      this.#capture,
      // Nobody wants to be connected first: what is said is heard before the loudspeaker is there. Not by a worklet:
      // the audio thread would lose some of it while it takes the other in.
      onGraph ? undefined : this.#listenTo(asked),
      this.#openLine(),
      loadWorklet(this.context, this.#urls.playback),
    ]);
    attempt('The audio graph could not be put together.', () => {
      const context = this.context;
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
      this.#joinSpeaker(playback.port);
      if (opened && capture && !this.#ear) this.#use(opened, capture, false);
    });
  }

  async #listenTo(asked: Promise<Microphone> | undefined): Promise<void> {
    const [opened, capture] = await Promise.all([asked, this.#capture]);
    if (opened && capture?.kind === 'track' && !this.#isClosed)
      attempt('The microphone could not be listened to.', () => this.#use(opened, capture, false));
  }

  /** From here on what is said to the loudspeaker goes by the worker, which says more of it: so it keeps its order. */
  #joinSpeaker(playback: MessagePort): void {
    if (!this.#line) return;
    const { port1, port2 } = this.#options.host.createChannel();
    playback.postMessage({ kind: 'through', port: port1 } satisfies PlaybackCommand, [port1]);
    this.#line.speaker(port2);
  }

  #stop(): Promise<unknown> {
    if (!this.#playback) return Promise.resolve();
    this.#line?.sendTo(undefined);
    const ended = Promise.all([this.#stopEar(), this.#silent]);
    this.tell({ kind: 'stop' });
    return Promise.race([
      ended,
      new Promise<void>((gaveUp) => void this.#options.host.after(ENDING_MS, gaveUp)),
    ]);
  }

  #stopEar(): Promise<void> {
    const ear = this.#ear;
    if (!ear) return Promise.resolve();
    return new Promise((stopped) => {
      this.#lastFrame = stopped;
      ear.command({ kind: 'stop' });
    });
  }

  /** One line in the live worker, where that can be had. Never rejects. */
  #openLine(): Promise<void> {
    const { host, listener, workletUrls: own } = this.#options;
    this.#lineOpened ??= (async () => {
      const worker = host.liveWorker(own);
      if (!(await worker?.isReady) || !worker || this.#isClosed) return;
      const line = worker.openLine(this.#frameSamples, {
        frame: (samples, level) => listener.frame(samples, level),
        sent: (samples, level, behind) => listener.sent(samples, level, behind),
        unsent: (ms) => listener.unsent(ms),
        stopped: () => this.#lastFrame(),
        failed: (what) =>
          listener.failed(
            audioError(
              what === 'worker'
                ? 'The live worker stopped working.'
                : 'The microphone gives sound that cannot be read. Choose another microphone.',
            ),
          ),
      });
      this.#worker = worker;
      this.#line = line;
      this.#teardown.add(() => line.hangUp());
    })();
    return this.#lineOpened;
  }

  #openCapture(): Promise<Capture> {
    const { host, listener } = this.#options;
    this.#capture ??= this.#openLine().then(() =>
      openCapture({
        host,
        context: this.context,
        teardown: this.#teardown,
        urls: this.#urls,
        frameSamples: this.#frameSamples,
        line: this.#line,
        listener: {
          frame: (samples, level) => listener.frame(samples, level),
          stopped: () => this.#lastFrame(),
        },
        onFailed: (error) => listener.failed(error),
      }),
    );
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
    if (!this.#ear) {
      this.#ear = capture;
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
    const chooser = await this.devices(Number.POSITIVE_INFINITY).catch(() => undefined);
    chooser?.recover(lost);
  }

  /** What changes devices, fetched at the first call. Rejects with {@link AIError} `error` where it cannot be. */
  devices(tries = 2): Promise<DeviceChooser> {
    const { host, listener, microphone } = this.#options;
    this.#chooser ??= fetched(() => import('./device-chooser.ts'), {
      after: host.after,
      tries,
      isOver: () => this.#isClosed,
    }).then(
      ({ DeviceChooser: Chooser }) =>
        new Chooser(
          {
            context: this.context,
            openMicrophone: (own) => this.#openMicrophone(own),
            openCapture: () => this.#openCapture(),
            use: (opened, capture, isRecovery) => this.#use(opened, capture, isRecovery),
            drop: (opened) => {
              opened.close();
              if (opened === this.#microphone) this.#microphone = undefined;
            },
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
      unlock.keepRunning(this.context, { host, onBlocked: (isBlocked) => listener.blocked(isBlocked) }),
    );
  }

  /** What must keep its order among what the worker plays. */
  #say(command: PlaybackCommand): void {
    if (this.#line) this.#line.play(command);
    else this.tell(command, command.kind === 'play' ? [command.samples.buffer] : []);
  }

  /** Tells the loudspeaker what has no order among what plays. */
  tell(command: PlaybackCommand, transfer: Transferable[] = []): void {
    this.#playback?.postMessage(command, transfer);
  }
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
