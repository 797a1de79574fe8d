import type { ClientMessage, LiveSetup, ServerMessage } from '@livegate/protocol';
import type { Answer, AnswerContext, UserTurn } from '../src/answer.ts';
import type { ClosingCondition } from '../src/closings.ts';
import type { Backend, Door } from '../src/endpoints.ts';
import { type LiveEmulatorOptions, settingsOf } from '../src/options.ts';
import { samplesToBase64 } from '../src/pcm.ts';
import type { ProjectQuota } from '../src/project-quota.ts';
import { ResumptionStore } from '../src/resumption-store.ts';
import { LiveSession } from '../src/session.ts';
import type { SessionEffect, SessionInput } from '../src/session-effects.ts';
import { keyPass, type SessionPass } from '../src/session-pass.ts';
import { loadVoiceDetector } from '../src/voice-detector.ts';

const newDetector = await loadVoiceDetector();

/** When every bench starts, epoch ms. */
export const START_MS = Date.UTC(2026, 10, 21, 12);

/** What a {@link SessionBench} may be given besides the emulator's options. */
export interface BenchOptions extends Omit<LiveEmulatorOptions, 'answer'> {
  /** Answers at once; `undefined` leaves the question open for {@link SessionBench.answer}. */
  readonly answer?: (turn: UserTurn, context: AnswerContext) => Answer | undefined;
  readonly pass?: SessionPass | ClosingCondition;
  readonly apiVersion?: string;
  readonly backend?: Backend;
  readonly door?: Door;
  /** The region that the address names. */
  readonly location?: string;
  readonly resumption?: ResumptionStore;
  readonly quota?: ProjectQuota;
  readonly isOpen?: (sessionId: string) => boolean;
  readonly startMs?: number;
  readonly id?: string;
}

/** A message that the session sent, and when. */
export interface Sent {
  readonly atMs: number;
  readonly message: ServerMessage;
}

let secrets = 0;

/** Handles shared by several benches. */
export function resumptionStore(options: LiveEmulatorOptions = {}): ResumptionStore {
  return new ResumptionStore(settingsOf(options), () => `secret-${++secrets}`);
}

/** A session with its clock in the test's hand. Times are ms since the bench's start. */
export class SessionBench {
  readonly session: LiveSession;
  readonly resumption: ResumptionStore;
  readonly sent: Sent[] = [];
  readonly asked: { readonly ask: number; readonly turn: UserTurn; readonly context: AnswerContext }[] = [];
  readonly warnings: string[] = [];
  closed:
    | { readonly code: number; readonly reason: string; readonly condition: ClosingCondition }
    | undefined;
  readonly #answer: NonNullable<BenchOptions['answer']>;
  readonly #startMs: number;
  #nowMs: number;

  constructor({
    answer,
    pass = keyPass('a key'),
    apiVersion = 'v1beta',
    backend = 'google-ai',
    door = 'direct',
    location,
    resumption = resumptionStore(),
    quota,
    isOpen,
    startMs = START_MS,
    id = 'session-1',
    ...options
  }: BenchOptions = {}) {
    const settings = settingsOf(options);
    this.#answer = answer ?? ((turn, context) => settings.answer(turn, context) as Answer);
    this.resumption = resumption;
    this.session = new LiveSession({
      id,
      apiVersion,
      backend,
      door,
      ...(location !== undefined && { location }),
      pass,
      settings,
      resumption,
      ...(quota && { quota }),
      ...(isOpen && { isOpen }),
      newDetector,
    });
    this.#startMs = this.#nowMs = startMs;
    this.#step({ kind: 'open' });
  }

  /** A bench whose setup is done. */
  static ready(setup: Partial<LiveSetup> = {}, options: BenchOptions = {}): SessionBench {
    const bench = new SessionBench(options);
    bench.send({ setup: { model: 'models/gemini-3.8-live', ...setup } });
    return bench;
  }

  get atMs(): number {
    return this.#nowMs - this.#startMs;
  }

  send(message: ClientMessage): this {
    return this.sendText(JSON.stringify(message));
  }

  sendText(text: string): this {
    this.#step({ kind: 'frame', text });
    return this;
  }

  input(input: SessionInput): this {
    this.#step(input);
    return this;
  }

  say(text: string, turnComplete = true): this {
    return this.send({ clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete } });
  }

  /** Sends 16 kHz audio in pieces of `pieceMs`; with `realTime` the clock goes along, else it stands still. */
  speak(samples: Int16Array, { realTime = false, pieceMs = 20 } = {}): this {
    const length = pieceMs * 16;
    for (let at = 0; at < samples.length; at += length) {
      if (realTime) this.advance(pieceMs);
      const data = samplesToBase64(samples.slice(at, at + length));
      this.send({ realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data } } });
    }
    return this;
  }

  answer(answer: Answer): this {
    this.#step({ kind: 'answer', ask: this.asked.at(-1)?.ask ?? 0, answer });
    return this;
  }

  /** Moves the clock on, stopping at each of the session's own times. */
  advance(ms: number): this {
    const endMs = this.#nowMs + ms;
    for (let next = this.session.nextMs; next !== undefined && next <= endMs; next = this.session.nextMs) {
      this.#nowMs = Math.max(this.#nowMs, next);
      this.#step({ kind: 'tick' });
    }
    this.#nowMs = endMs;
    return this;
  }

  /** Names of what was sent, in order: runs of audio as one. */
  get outline(): readonly string[] {
    const names = this.sent.flatMap(({ message }) => nameOf(message));
    return names.filter((name, index) => name !== 'audio' || names[index - 1] !== 'audio');
  }

  /** Audio that was sent, in ms. */
  get audioMs(): number {
    return this.sent.reduce((sum, { message }) => sum + audioBytesOf(message) / 48, 0);
  }

  get handle(): string | undefined {
    return this.sent
      .map(({ message }) => message.sessionResumptionUpdate?.newHandle)
      .filter((handle) => handle)
      .at(-1);
  }

  #step(input: SessionInput): void {
    const inputs = [input];
    for (let next = inputs.shift(); next; next = inputs.shift()) {
      for (const effect of this.session.step(next, this.#nowMs)) inputs.push(...this.#apply(effect));
    }
  }

  #apply(effect: SessionEffect): readonly SessionInput[] {
    if (effect.kind === 'send') this.sent.push({ atMs: this.atMs, message: effect.message });
    if (effect.kind === 'close') this.closed = effect;
    if (effect.kind === 'warn') this.warnings.push(effect.text);
    if (effect.kind !== 'ask') return [];
    this.asked.push(effect);
    const answer = this.#answer(effect.turn, effect.context);
    return answer ? [{ kind: 'answer', ask: effect.ask, answer }] : [];
  }
}

function nameOf(message: ServerMessage): readonly string[] {
  const { serverContent: content, usageMetadata: _, ...others } = message;
  const names: string[] = Object.keys(others);
  if (content?.modelTurn) names.push(content.modelTurn.parts?.[0]?.inlineData ? 'audio' : 'text');
  for (const [key, value] of Object.entries(content ?? {})) {
    if (key !== 'modelTurn' && value) names.push(key);
  }
  return names;
}

function audioBytesOf(message: ServerMessage): number {
  const data = message.serverContent?.modelTurn?.parts?.[0]?.inlineData?.data;
  return data === undefined ? 0 : Buffer.from(data, 'base64').length;
}
