/** A browser's audio, scripted: what opens can be made to fail, and what is open can be looked at. */
import type { AudioHost, Obstacle } from '../src/audio-host.ts';
import { LiveWorker, type WorkerEnd } from '../src/live-worker.ts';
import { CAPTURE_PROCESSOR, PLAYBACK_PROCESSOR } from '../src/worklet-messages.ts';

/** A port whose other end is the test's. */
export class FakePort {
  readonly sent: { readonly message: Record<string, unknown>; readonly transfer: readonly unknown[] }[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  isClosed = false;
  /** Answers what the page says, at once. */
  onSent: (message: Record<string, unknown>) => void = () => {};

  postMessage(message: Record<string, unknown>, transfer: readonly unknown[] = []): void {
    this.sent.push({ message, transfer });
    this.onSent(message);
  }
  close(): void {
    this.isClosed = true;
  }
  /** The worklet says something; nobody hears it behind a closed port. */
  say(data: unknown): void {
    if (!this.isClosed) this.onmessage?.({ data });
  }
  /** Kinds of what was sent, in order. */
  get kinds(): unknown[] {
    return this.sent.map(({ message }) => message.kind);
  }
}

/** Any audio node. */
export class FakeNode {
  readonly port = new FakePort();
  readonly name: string;
  readonly options: unknown;
  readonly targets: FakeNode[] = [];
  readonly gain = {
    value: 1,
    setTargetAtTime: (value: number): void => {
      this.gain.value = value;
    },
  };
  onprocessorerror: (() => void) | null = null;
  isDisconnected = false;
  constructor(name: string, options?: unknown) {
    this.name = name;
    this.options = options;
  }
  connect(target: FakeNode): FakeNode {
    this.targets.push(target);
    return target;
  }
  disconnect(): void {
    this.isDisconnected = true;
  }
}

/** What becomes of a worker: this browser has none, it fails to load, may not be made, says nothing, is good. */
export type WorkerFate = 'none' | 'broken' | 'forbidden' | 'silent' | 'good';

/** A worker: a port that can be terminated. Says that a capture is stopped when it is to be. */
export class FakeWorker extends FakePort {
  onerror: ((event: ErrorEvent) => void) | null = null;
  constructor(fate: WorkerFate) {
    super();
    queueMicrotask(() => {
      if (fate === 'broken') this.break();
      if (fate === 'good') this.say({ kind: 'ready' });
    });
  }
  terminate(): void {
    this.isClosed = true;
  }
  /** As a script that throws does. */
  break(): void {
    this.onerror?.({} as ErrorEvent);
  }
  override onSent = ({ kind, line, command }: Record<string, unknown>): void => {
    const isStop = kind === 'capture' && (command as { readonly kind: string }).kind === 'stop';
    if (isStop) queueMicrotask(() => this.say({ kind: 'stopped', line }));
  };
  /** Lines that were begun and not hung up. */
  get lines(): number {
    return (
      this.kinds.filter((kind) => kind === 'line').length -
      this.kinds.filter((kind) => kind === 'hang-up').length
    );
  }
}

/** A context that runs as soon as it is asked to, unless `isLocked`. */
export class FakeContext extends EventTarget {
  state: AudioContextState = 'suspended';
  readonly sampleRate = 48_000;
  readonly currentTime = 0;
  readonly destination = new FakeNode('destination');
  readonly modules: string[] = [];
  isLocked = false;
  resumes = 0;
  /** Thrown by the next calls of that name. */
  readonly failures = new Map<string, Error>();
  readonly audioWorklet = {
    addModule: async (url: string | URL): Promise<void> => {
      const failure = this.failures.get('addModule');
      if (failure) throw failure;
      this.modules.push(String(url));
    },
  };
  resume(): Promise<void> {
    this.resumes++;
    // As browsers do it: the promise stays pending while the page may make no sound.
    if (this.isLocked) return new Promise(() => {});
    this.become('running');
    return Promise.resolve();
  }
  become(state: AudioContextState): void {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
  async close(): Promise<void> {
    this.become('closed');
  }
  readonly sources: FakeNode[] = [];
  createMediaStreamSource(): FakeNode {
    const failure = this.failures.get('createMediaStreamSource');
    if (failure) throw failure;
    const source = new FakeNode('source');
    this.sources.push(source);
    return source;
  }
  createGain(): FakeNode {
    return new FakeNode('output');
  }
}

/** A microphone's track. */
export class FakeTrack extends EventTarget {
  readyState: MediaStreamTrackState = 'live';
  settings: MediaTrackSettings = { deviceId: 'built-in', echoCancellation: true };
  readonly applied: MediaTrackConstraints[] = [];
  getSettings(): MediaTrackSettings {
    return this.settings;
  }
  async applyConstraints(constraints: MediaTrackConstraints): Promise<void> {
    this.applied.push(constraints);
  }
  stop(): void {
    this.readyState = 'ended';
  }
}

/** The whole of it. Worklets answer `stop` at once. */
export class FakeAudio {
  readonly context = new FakeContext();
  /** One for each time that the microphone is opened; the first is there before. */
  readonly tracks: FakeTrack[] = [new FakeTrack()];
  readonly page = new EventTarget();
  readonly devices = new EventTarget();
  isHidden = false;
  /** The page's clock, in ms. */
  now = 0;
  /** Locks of the screen that are held. */
  locks = 0;
  readonly gestures = new EventTarget();
  readonly asked: MediaStreamConstraints[] = [];
  readonly nodes: FakeNode[] = [];
  #granted = 0;
  timers: { readonly ms: number; readonly wake: () => void }[] = [];
  obstacle: Obstacle | undefined;
  workers: WorkerFate = 'none';
  canReadTracks = true;
  #worker: LiveWorker | undefined;
  readonly made: FakeWorker[] = [];
  /** Resolves the prompt for the microphone; at once unless a test takes it over. */
  prompt: () => Promise<void> = async () => {};

  get track(): FakeTrack {
    return this.tracks[0] as FakeTrack;
  }
  get capture(): FakePort {
    return this.#node(CAPTURE_PROCESSOR).port;
  }
  get sources(): readonly FakeNode[] {
    return this.context.sources;
  }
  get playback(): FakePort {
    return this.#node(PLAYBACK_PROCESSOR).port;
  }
  /** Lets every timer that is set go off. */
  elapse(): void {
    for (const { wake } of this.timers.splice(0)) wake();
  }
  /** What is still open. */
  get open(): string[] {
    return [
      ...(this.context.state === 'closed' ? [] : ['context']),
      ...this.tracks
        .slice(0, this.#granted)
        .filter(({ readyState }) => readyState === 'live')
        .map(() => 'microphone'),
      ...this.made.flatMap(({ isClosed, lines }) => (isClosed ? [] : Array<string>(lines).fill('line'))),
      ...[...this.nodes, ...this.sources]
        .filter(({ isDisconnected }) => !isDisconnected)
        .map(({ name }) => name),
    ];
  }

  readonly host: AudioHost = {
    obstacle: () => this.obstacle,
    createContext: () => {
      const failure = this.context.failures.get('createContext');
      if (failure) throw failure;
      return this.context as unknown as AudioContext;
    },
    createWorklet: (_context, name, options) => {
      const failure = this.context.failures.get('createWorklet');
      if (failure) throw failure;
      const node = new FakeNode(name, options);
      answerStop(node.port);
      this.nodes.push(node);
      return node as unknown as AudioWorkletNode;
    },
    canReadTracks: () => this.canReadTracks,
    readTrack: (track) => ({ of: track }) as unknown as ReadableStream<AudioData>,
    liveWorker: () => {
      if (this.workers === 'none' || this.workers === 'forbidden') return undefined;
      if (this.#worker) return this.#worker;
      const worker = new FakeWorker(this.workers);
      this.made.push(worker);
      this.#worker = new LiveWorker(worker as unknown as WorkerEnd, { after: this.host.after });
      return this.#worker;
    },
    createChannel: () => ({ port1: new FakePort(), port2: new FakePort() }) as unknown as MessageChannel,
    openMicrophone: async (constraints) => {
      this.asked.push(constraints);
      await this.prompt();
      const track = this.tracks[this.#granted] ?? new FakeTrack();
      this.tracks[this.#granted++] = track;
      const tracks = [track];
      return { getTracks: () => tracks, getAudioTracks: () => tracks } as unknown as MediaStream;
    },
    emptyStream: () => ({ getTracks: () => [] }) as unknown as MediaStream,
    listDevices: async () => [{ deviceId: 'desk', kind: 'audioinput' } as MediaDeviceInfo],
    devices: this.devices,
    page: this.page,
    isHidden: () => this.isHidden,
    keepScreenOn: async () => {
      this.locks++;
      return {
        release: async () => {
          this.locks--;
        },
      };
    },
    gestures: this.gestures,
    now: () => this.now,
    after: (ms, wake) => {
      const timer = { ms, wake };
      this.timers.push(timer);
      return () => {
        this.timers = this.timers.filter((each) => each !== timer);
      };
    },
  };

  #node(name: string): FakeNode {
    const node = this.nodes.find((each) => each.name === name);
    if (!node) throw new Error(`No ${name} was made.`);
    return node;
  }
}

function answerStop(port: FakePort): void {
  port.onSent = ({ kind }) => {
    if (kind === 'stop') queueMicrotask(() => port.say({ kind: 'stopped' }));
  };
}
