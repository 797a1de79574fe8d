/**
 * One round of the echo checklist: a talk of its own, in which the model speaks a number of turns while both sides
 * are measured.
 * @module
 */
import { DEFAULT_LIVE_MODEL } from '@livegate/protocol';
import {
  type AI,
  type AudioConversation,
  type AudioGraphNodes,
  type EchoStrategy,
  getLiveGenerativeModel,
  type LiveSession,
  openAudioConversation,
  ResponseModality,
} from '@livegate/web';
import { TEMPLATES } from './choices.ts';
import { EchoMeter, type EchoRound, type EchoTurn } from './echo-rounds.ts';

/** What a round is to be. */
export interface EchoTalkOptions {
  readonly task: EchoRound['task'];
  readonly turns: number;
  readonly strategy: EchoStrategy;
  /** `deviceId` of the loudspeaker; empty: the system's own. */
  readonly speaker: string;
  /** How loud the echo of this place is, as a silent round measured it; 0 if unknown. */
  readonly echoRms: number;
  /** Told as it happens: the turn, from 1, and whether the room must first be quiet before the model is asked. */
  readonly onTurn: (turn: number, isWaiting: boolean) => void;
  /** Ends the round; it rejects then. */
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface EchoTalk {
  readonly turns: readonly EchoTurn[];
  readonly sessionId: string | null;
  readonly microphone: MediaTrackSettings;
  /** Name of the microphone, as the browser has it. */
  readonly microphoneName: string;
  /** The gate was closed when the round ended. */
  readonly isGating: boolean;
}

/** What the model is asked for: some sentences, so that there is something to cut into. */
const PROMPT = 'Count slowly from one to twenty, in whole words.';
/** Between two looks at both sides, in ms. */
const LOOK_MS = 20;
/** Silence of both sides before the next turn, in ms: a person's last words are answered first. */
const QUIET_MS = 2_000;
/** Silence after which a turn of the model is over, in ms. */
const OVER_MS = 900;
/** The model begins within this, in ms, or the round has failed. */
const BEGINS_MS = 15_000;
/** In a room that is never quiet the next turn begins all the same, in ms. */
const LOUD_ROOM_MS = 20_000;
/** Longest turn, in ms. */
const TURN_MS = 60_000;

/**
 * Runs a round. Call it from a click. Rejects as `connect()` and `openAudioConversation()` do, and with the signal's
 * reason; everything is closed then.
 */
export async function runRound(ai: AI, options: EchoTalkOptions): Promise<EchoTalk> {
  const { signal, strategy, speaker } = options;
  const model = getLiveGenerativeModel(
    ai,
    { model: DEFAULT_LIVE_MODEL, generationConfig: { responseModalities: [ResponseModality.AUDIO] } },
    { live: { template: { id: TEMPLATES[0].id } } },
  );
  const session = await model.connect();
  let ear: Ear | undefined;
  let conversation: AudioConversation | undefined;
  try {
    signal.throwIfAborted();
    conversation = await openAudioConversation(session, {
      echo: strategy,
      ...(speaker === '' ? {} : { speaker }),
      onGraph: (nodes) => {
        ear = new Ear(nodes, signal);
      },
    });
    if (!ear) throw new Error('The conversation has no sound.');
    return await measure({ session, conversation, ear, options });
  } finally {
    ear?.close();
    // A conversation that had failed has told so already.
    await conversation?.stop().catch(() => {});
    await session.close();
  }
}

async function measure(talk: {
  readonly session: LiveSession;
  readonly conversation: AudioConversation;
  readonly ear: Ear;
  readonly options: EchoTalkOptions;
}): Promise<EchoTalk> {
  const { session, conversation, ear, options } = talk;
  let isGating = options.strategy === 'half-duplex';
  const { echoRms } = options;
  let meter = new EchoMeter({ echoRms });
  conversation.on('interrupted', () => meter.interrupted());
  conversation.on('selfInterruption', (event) => {
    isGating = event.isGating;
    meter.selfInterrupted();
  });
  void conversation.done.then(() => ear.fail(new Error('The talk ended before the round was over.')));
  ear.hears(() => meter);
  const meters: EchoMeter[] = [];
  const settings = conversation.microphoneSettings ?? {};
  while (meters.length < options.turns) {
    const turn = meters.length + 1;
    options.onTurn(turn, true);
    const before = meter;
    const since = performance.now();
    await ear.until(
      (now) => now - Math.max(before.heardAt, before.voiceAt, since) > QUIET_MS || now - since > LOUD_ROOM_MS,
    );
    meter = new EchoMeter({ echoRms });
    const current = meter;
    const asked = performance.now();
    options.onTurn(turn, false);
    await session.send(PROMPT);
    await ear.until((now) => {
      if (current.heardAt > asked) return true;
      if (now - asked > BEGINS_MS) throw new Error('The model did not answer.');
      return false;
    });
    await ear.until((now) => now - current.heardAt > OVER_MS || now - asked > TURN_MS);
    current.over();
    meters.push(current);
  }
  // What the model heard of its last words is answered now.
  const { heardAt, voiceAt } = meter;
  const ended = performance.now();
  await ear.until((now) => now - Math.max(heardAt, voiceAt) > QUIET_MS || now - ended > QUIET_MS);
  const devices = await conversation.listDevices();
  const microphone = devices.find(({ deviceId }) => deviceId === settings.deviceId);
  return {
    turns: meters.map(({ result }) => result),
    sessionId: session.sessionId ?? null,
    microphone: settings,
    microphoneName: microphone?.label ?? '',
    isGating,
  };
}

/** Looks at both sides of a conversation, every {@link LOOK_MS}. */
class Ear {
  readonly #sides: readonly AnalyserNode[];
  readonly #source: MediaStreamAudioSourceNode;
  readonly #samples = new Float32Array(1_024);
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => this.fail(this.#signal.reason);
  #meter: (() => EchoMeter) | undefined;
  #waiting:
    | { readonly look: (now: number) => boolean; readonly done: PromiseWithResolvers<void> }
    | undefined;
  #failure: { readonly reason: unknown } | undefined;

  constructor({ context, stream, output }: AudioGraphNodes, signal: AbortSignal) {
    const [microphone, speaker] = [context.createAnalyser(), context.createAnalyser()];
    for (const side of [microphone, speaker]) side.fftSize = this.#samples.length;
    this.#source = context.createMediaStreamSource(stream);
    this.#source.connect(microphone);
    output.connect(speaker);
    this.#sides = [microphone, speaker];
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** Whose meter hears. */
  hears(meter: () => EchoMeter): void {
    this.#meter = meter;
  }

  /** Resolves once `look` says so; rejects with what it throws, and with what {@link Ear.fail} is told. */
  until(look: (now: number) => boolean): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting = { look, done };
    if (this.#failure) done.reject(this.#failure.reason);
    return done.promise;
  }

  /** Nothing more is to be waited for. The first reason counts. */
  fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#waiting?.done.reject(reason);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#source.disconnect();
  }

  #look(): void {
    const at = performance.now();
    const [microphone = 0, speaker = 0] = this.#sides.map((side) => {
      side.getFloatTimeDomainData(this.#samples);
      return Math.sqrt(this.#samples.reduce((sum, each) => sum + each * each, 0) / this.#samples.length);
    });
    this.#meter?.().hear({ at, microphone, speaker });
    const waiting = this.#waiting;
    if (!waiting) return;
    try {
      if (waiting.look(at)) waiting.done.resolve();
    } catch (reason) {
      waiting.done.reject(reason);
    }
  }
}
