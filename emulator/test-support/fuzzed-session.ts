/**
 * A session that is sent anything at all, and what must hold whatever that is.
 * @module
 */
import { decodeServerMessage, encodeServerMessage, type ServerMessage } from '@livegate/protocol';
import type { Answer } from '../src/answer.ts';
import { CLOSINGS } from '../src/closings.ts';
import type { SessionState } from '../src/live-emulator.ts';
import { messageOrderBreaches } from '../src/message-order.ts';
import { type EmulatorSettings, type LiveEmulatorOptions, settingsOf } from '../src/options.ts';
import { samplesToBase64 } from '../src/pcm.ts';
import { ResumptionStore } from '../src/resumption-store.ts';
import { SERVER_FIELDS } from '../src/server-fields.ts';
import { LiveSession } from '../src/session.ts';
import type { SessionEffect, SessionInput } from '../src/session-effects.ts';
import { keyPass, type SessionPass } from '../src/session-pass.ts';
import { loadVoiceDetector } from '../src/voice-detector.ts';
import { UNKNOWN_HANDLE } from './message-grammar.ts';
import { speech } from './speech.ts';

const START_MS = Date.UTC(2026, 10, 21, 12);
const SAMPLES_PER_MS = 16;
/** A timer that is due again and again without time passing is a loop. */
const MOST_TICKS = 20_000;
const MOST_REASON_BYTES = 123;

const newDetector = await loadVoiceDetector();
const voice = speech('question');

/** What is done to a session. */
export type FuzzStep =
  /** A frame, and what the coverage table calls it. */
  | { readonly kind: 'frame'; readonly name: string; readonly text: string }
  /** So much of a spoken sentence, in frames of 20 ms. */
  | { readonly kind: 'speech'; readonly ms: number }
  | { readonly kind: 'wait'; readonly ms: number }
  /** The handler answers what it was asked last, if it did not at once. */
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'answer-failed' }
  | { readonly kind: 'go-away' }
  | { readonly kind: 'gone' };

/** One case. */
export interface FuzzCase {
  readonly options: LiveEmulatorOptions;
  /** What the handler answers, one after the other; `undefined`: later, or never. */
  readonly answers: readonly (Answer | undefined)[];
  readonly steps: readonly FuzzStep[];
}

/** What came of a case. */
export interface FuzzOutcome {
  /** True where the setup was taken. */
  readonly isPastSetup: boolean;
  /** The state in which each frame came, and its name. */
  readonly met: readonly (readonly [SessionState, string])[];
  /** What must not be; empty where all is well. */
  readonly problems: readonly string[];
  readonly sent: readonly ServerMessage[];
}

/** Runs a case to its end. Whatever the session throws comes through. */
export function runCase({ options, answers, steps }: FuzzCase): FuzzOutcome {
  const run = new FuzzedSession(settingsOf(options), [...answers]);
  for (const step of steps) run.take(step);
  return run.end();
}

class FuzzedSession {
  readonly #session: LiveSession;
  readonly #answers: (Answer | undefined)[];
  readonly #sent: ServerMessage[] = [];
  readonly #met: (readonly [SessionState, string])[] = [];
  readonly #problems: string[] = [];
  #nowMs = START_MS;
  #ask = 0;
  #spoken = 0;
  #openDetectors = 0;
  #places = 0;
  #isClosed = false;

  constructor(settings: EmulatorSettings, answers: (Answer | undefined)[]) {
    this.#answers = answers;
    const resumption = new ResumptionStore(settings, () => `secret-${this.#sent.length}`);
    this.#session = new LiveSession({
      id: 'session-1',
      apiVersion: 'v1beta',
      backend: 'google-ai',
      door: 'direct',
      pass: this.#countedPass(keyPass('a key')),
      settings,
      resumption,
      newDetector: (mode) => {
        const detector = newDetector(mode);
        this.#openDetectors++;
        return {
          ...detector,
          close: () => {
            this.#openDetectors--;
            detector.close();
          },
        };
      },
    });
    this.#step({ kind: 'open' });
  }

  take(step: FuzzStep): void {
    switch (step.kind) {
      case 'frame': {
        const handle = this.#sent.map((each) => each.sessionResumptionUpdate?.newHandle).find((each) => each);
        this.#met.push([this.#session.figures.state, step.name]);
        this.#step({
          kind: 'frame',
          text: handle ? step.text.replaceAll(UNKNOWN_HANDLE, handle) : step.text,
        });
        break;
      }
      case 'speech':
        for (let ms = 0; ms < step.ms; ms += 20) this.#speak(20);
        break;
      case 'wait':
        this.#wait(step.ms);
        break;
      case 'answer':
        this.#step({ kind: 'answer', ask: this.#ask, answer: step.answer });
        break;
      case 'answer-failed':
        this.#step({ kind: 'answer-failed', ask: this.#ask });
        break;
      default:
        this.#step(step);
    }
  }

  end(): FuzzOutcome {
    this.#step({ kind: 'gone' });
    const { state } = this.#session.figures;
    if (state !== 'closed') this.#problems.push(`The session is ${state} after its end.`);
    if (this.#session.nextMs !== undefined) this.#problems.push('A timer runs on after the end.');
    if (this.#openDetectors !== 0)
      this.#problems.push(`${this.#openDetectors} detectors are open after the end.`);
    if (this.#places !== 0) this.#problems.push(`${this.#places} places are taken after the end.`);
    for (const { at, rule } of messageOrderBreaches(this.#sent))
      this.#problems.push(`Message ${at} came out of order: ${rule}.`);
    return {
      isPastSetup: this.#sent.some(({ setupComplete }) => setupComplete),
      met: this.#met,
      problems: this.#problems,
      sent: this.#sent,
    };
  }

  #countedPass(pass: SessionPass): SessionPass {
    return {
      ...pass,
      admit: (kind, nowMs) => {
        const admitted = pass.admit(kind, nowMs);
        if (typeof admitted === 'string') return admitted;
        this.#places++;
        return {
          release: () => {
            this.#places--;
            admitted.release();
          },
        };
      },
    };
  }

  #speak(ms: number): void {
    const length = ms * SAMPLES_PER_MS;
    const at = this.#spoken % (voice.length - length);
    this.#spoken = at + length;
    const data = samplesToBase64(voice.slice(at, at + length));
    this.#wait(ms);
    const audio = { mimeType: 'audio/pcm;rate=16000', data };
    this.#step({ kind: 'frame', text: JSON.stringify({ realtimeInput: { audio } }) });
  }

  #wait(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let ticks = 0; ; ticks++) {
      const { nextMs } = this.#session;
      if (nextMs === undefined || nextMs > untilMs) break;
      if (ticks > MOST_TICKS) {
        this.#problems.push('Timers are due without end.');
        break;
      }
      this.#nowMs = Math.max(this.#nowMs, nextMs);
      this.#step({ kind: 'tick' });
    }
    this.#nowMs = untilMs;
  }

  #step(input: SessionInput): void {
    const inputs: SessionInput[] = [input];
    for (let next = inputs.shift(); next; next = inputs.shift()) {
      for (const effect of this.#session.step(next, this.#nowMs)) {
        if (this.#isClosed) this.#problems.push(`After the close came ${effect.kind}.`);
        const answer = this.#apply(effect);
        if (answer) inputs.push({ kind: 'answer', ask: this.#ask, answer });
      }
    }
  }

  #apply(effect: SessionEffect): Answer | undefined {
    if (effect.kind === 'send') this.#check(effect.message);
    if (effect.kind === 'close') {
      this.#isClosed = true;
      if (!Object.hasOwn(CLOSINGS, effect.condition))
        this.#problems.push(`No such closing: ${effect.condition}.`);
      if (Buffer.byteLength(effect.reason) > MOST_REASON_BYTES) this.#problems.push('A reason is too long.');
    }
    if (effect.kind !== 'ask') return undefined;
    this.#ask = effect.ask;
    return this.#answers.shift();
  }

  #check(message: ServerMessage): void {
    const isFirst = this.#sent.length === 0;
    if (isFirst !== (message.setupComplete !== undefined))
      this.#problems.push('setupComplete is not the first message, or not the only one of its kind.');
    this.#sent.push(message);
    const text = encodeServerMessage(message);
    if (JSON.stringify(decodeServerMessage(text)) !== text)
      this.#problems.push(`Not as the wire writes it: ${Object.keys(message)}.`);
    for (const path of leafPaths(message)) {
      const row = Object.entries(SERVER_FIELDS).find(
        ([known]) => path === known || path.startsWith(`${known}.`),
      )?.[1];
      if (row === undefined) this.#problems.push(`The protocol has no field ${path}.`);
      else if ('never' in row) this.#problems.push(`${path} was sent, which never is: ${row.never}.`);
    }
  }
}

/** `a.b` for a field of an object, `a[].b` for one of each element of a list. */
function leafPaths(value: object, path = ''): readonly string[] {
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
    const at = path === '' ? key : `${path}.${key}`;
    if (Array.isArray(each))
      return each.flatMap((item) => (typeof item === 'object' ? leafPaths(item, `${at}[]`) : [at]));
    if (typeof each !== 'object' || each === null) return [at];
    const below = leafPaths(each, at);
    return below.length > 0 ? below : [];
  });
}
