/**
 * One connection as a state machine: what came and the time in, what is to be done out. It holds no socket, no
 * timer and no clock; whoever drives it calls {@link LiveSession.step} with a tick at {@link LiveSession.nextMs}.
 * @module
 */
import {
  type ClientMessage,
  decodeClientMessage,
  durationText,
  type LiveSetup,
  modelId,
  NO_USAGE,
  ProtocolError,
} from '@livegate/protocol';
import { activitySettings, usualCoverage } from './activity-settings.ts';
import { AnswerPlace } from './answer-place.ts';
import { type ClosingCondition, closingFrame } from './closings.ts';
import { Deadlines } from './deadlines.ts';
import { EchoGuard } from './echo-guard.ts';
import type { Backend, Door } from './endpoints.ts';
import { createFrameJudge, type OwnedJudge } from './frame-judge.ts';
import { judgeFunctions } from './function-behavior.ts';
import { greeting } from './greeting.ts';
import type { LiveSessionView } from './live-emulator.ts';
import type { EmulatorSettings } from './options.ts';
import { type ProjectQuota, projectOf } from './project-quota.ts';
import type { ResumableState, ResumptionStore } from './resumption-store.ts';
import type { SessionEffect, SessionInput } from './session-effects.ts';
import { SessionLimits } from './session-limits.ts';
import type { ReleasePlace, SessionPass } from './session-pass.ts';
import { effectiveSetup, NO_LOCK } from './setup-lock.ts';
import { type AcceptedSetup, judgeSetup } from './setup-rules.ts';
import { Talk } from './talk.ts';
import { withMarks } from './transcript-marks.ts';
import { unusedFieldsOf } from './unused-fields.ts';
import type { VoiceDetectorFactory } from './voice-detector.ts';
import { wireForm } from './wire-form.ts';

/** What a session needs. */
export interface SessionSurroundings {
  readonly id: string;
  readonly apiVersion: string;
  readonly backend: Backend;
  readonly door: Door;
  /** The region that the address names, on Vertex AI. */
  readonly location?: string;
  /** The caller's rights, or why there are none. */
  readonly pass: SessionPass | ClosingCondition;
  readonly settings: EmulatorSettings;
  readonly resumption: ResumptionStore;
  /** Whether another connection is open. */
  readonly isOpen?: (sessionId: string) => boolean;
  /** Absent where no quota is kept. */
  readonly quota?: ProjectQuota;
  readonly newDetector: VoiceDetectorFactory;
  /** Sees every sample of the user's audio at 16 kHz. */
  readonly keepAudio?: (samples: Int16Array) => void;
}

/** What a session shows of itself. */
export type SessionFigures = Pick<
  LiveSessionView,
  | 'state'
  | 'model'
  | 'setup'
  | 'resumedFrom'
  | 'turns'
  | 'interruptions'
  | 'usage'
  | 'contextTokens'
  | 'compressions'
  | 'audioSeconds'
  | 'videoFrames'
>;

/** One connection. */
export class LiveSession {
  readonly #around: SessionSurroundings;
  #effects: SessionEffect[] = [];
  #phase: 'new' | 'connecting' | 'talking' | 'closed' = 'new';
  #pass: SessionPass | undefined;
  #deadlines: Deadlines | undefined;
  #talk: Talk | undefined;
  #judge: OwnedJudge | undefined;
  #release: ReleasePlace | undefined;
  #resumedFrom: string | undefined;
  readonly #warnedOf = new Set<string>();
  readonly #place = new AnswerPlace();
  #limits: SessionLimits | undefined;
  /** Number of the client's last message; the setup is 0. */
  #messageIndex = 0;

  constructor(around: SessionSurroundings) {
    this.#around = around;
  }

  /** When a `tick` has something to do; `undefined` when only a message can change anything. */
  get nextMs(): number | undefined {
    if (this.#phase === 'closed' || !this.#deadlines) return undefined;
    const nextMs = Math.min(
      this.#deadlines.nextMs(this.#phase === 'talking'),
      this.#talk?.nextMs ?? Number.POSITIVE_INFINITY,
    );
    return Number.isFinite(nextMs) ? nextMs : undefined;
  }

  get figures(): SessionFigures {
    const talk = this.#talk;
    const figures = talk?.figures ?? {
      turns: 0,
      interruptions: 0,
      usage: NO_USAGE,
      contextTokens: 0,
      compressions: 0,
      audioSeconds: 0,
      videoFrames: 0,
    };
    const state = this.#phase === 'closed' ? 'closed' : (talk?.state ?? 'connecting');
    return {
      state,
      ...figures,
      ...(talk && { model: modelId(talk.setup.model), setup: withoutHandle(talk.setup) }),
      ...(this.#resumedFrom !== undefined && { resumedFrom: this.#resumedFrom }),
    };
  }

  /** Takes what happened at `nowMs` (never earlier than before); gives what is to be done. After a close: nothing. */
  step(input: SessionInput, nowMs: number): readonly SessionEffect[] {
    if (this.#phase === 'closed') return [];
    this.#meetDeadlines(nowMs);
    if (this.#isOpen()) this.#talk?.pump(nowMs);
    if (this.#isOpen()) this.#take(input, nowMs);
    if (this.#isOpen()) this.#meetDeadlines(nowMs);
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** Gives back what it holds: a step has thrown, and what it made of its talk may throw wherever it is looked at. */
  abandon(): void {
    this.#talk = undefined;
    if (this.#isOpen()) this.#end();
  }

  #take(input: SessionInput, nowMs: number): void {
    switch (input.kind) {
      case 'open':
        this.#open(nowMs);
        break;
      case 'frame':
        this.#read(input.text, nowMs);
        break;
      case 'answer':
        this.#talk?.answer(input.ask, input.answer, nowMs);
        break;
      case 'answer-failed':
        if (this.#talk?.isAsking(input.ask)) this.#close('internal-error');
        break;
      case 'go-away':
        this.#deadlines?.bringForward(nowMs, input.timeLeftMs);
        break;
      case 'inject':
        this.#emit({ kind: 'send', message: input.message });
        break;
      case 'end':
        this.#close(input.condition);
        break;
      case 'gone':
        this.#end();
        break;
      case 'tick':
        break;
    }
  }

  #open(nowMs: number): void {
    const { pass, settings } = this.#around;
    this.#phase = 'connecting';
    if (typeof pass === 'string') this.#close(pass);
    else {
      this.#pass = pass;
      this.#deadlines = new Deadlines(nowMs, pass.expiresAtMs, settings);
    }
  }

  #read(text: string, nowMs: number): void {
    try {
      const message = decodeClientMessage(text);
      this.#emit({ kind: 'taken', bytes: Buffer.byteLength(text), message });
      this.#obey(message, nowMs);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#emit({ kind: 'refused', bytes: Buffer.byteLength(text), problem: error.message });
      this.#close(error.code === 'invalid-json' ? 'malformed-json' : error.code, { detail: error.message });
    }
  }

  #obey(message: ClientMessage, nowMs: number): void {
    if ('setup' in message) {
      if (this.#talk) this.#close('setup-repeated');
      else if (this.#pass) this.#begin(message.setup, this.#pass, nowMs);
    } else if (this.#talk && this.#isForeign(message)) this.#close('realtime-text');
    else if (this.#talk) {
      this.#warnOfUnused(message);
      this.#talkOn(this.#talk, message, nowMs);
    } else this.#close('setup-missing');
  }

  /** Says once which fields do nothing. */
  #warnOfUnused(message: ClientMessage): void {
    for (const { path, why } of unusedFieldsOf(message)) {
      if (this.#warnedOf.has(path)) continue;
      this.#warnedOf.add(path);
      this.#emit({ kind: 'warn', text: `${path} is accepted without effect: ${why}.`, once: path });
    }
  }

  #isForeign(message: ClientMessage): boolean {
    const { backend, settings } = this.#around;
    const isRefused = backend === 'vertex-ai' && settings.vertexRealtimeText === 'refused';
    return isRefused && 'realtimeInput' in message && message.realtimeInput.text !== undefined;
  }

  #begin(asked: LiveSetup, pass: SessionPass, nowMs: number): void {
    const { settings, apiVersion, backend, door, location } = this.#around;
    const at = { backend, door, ...(location !== undefined && { location }) };
    const judged = judgeSetup(effectiveSetup(pass.lock, asked), { ...settings, ...at, nowMs });
    if ('condition' in judged)
      this.#refuse(judged.condition, judged.problem, { ...judged.values, version: apiVersion });
    else {
      const functions = judgeFunctions(judged.setup, settings);
      if ('problem' in functions) this.#refuse('invalid-setup', `setup.${functions.problem}`);
      else {
        for (const text of [...judged.warnings, ...functions.warnings]) this.#emit({ kind: 'warn', text });
        this.#warnOfUnused({ setup: judged.setup });
        this.#admit(judged, pass, nowMs);
      }
    }
  }

  #admit(accepted: AcceptedSetup, pass: SessionPass, nowMs: number): void {
    const { model, sessionResumption } = accepted.setup;
    const handle = sessionResumption?.handle || undefined;
    const caller = { owner: pass.owner, project: projectOf(pass, model, this.#around.settings.projects) };
    const resumed = handle && this.#around.resumption.find(handle, caller, nowMs);
    if (handle && !resumed) this.#refuse('handle-not-found', 'setup.sessionResumption.handle: not found');
    else if (resumed && resumed.model !== model)
      this.#refuse('invalid-setup', 'setup.model: a resumption cannot change it');
    else if (resumed && this.#isStillOpen(resumed.sessionId))
      this.#refuse('resumed-while-open', 'setup.sessionResumption.handle: its connection is open');
    else if (this.#takePlace(pass, caller.project, resumed ? 'resumed' : 'new', nowMs))
      this.#startTalk(accepted, caller, resumed || undefined, nowMs);
  }

  #isStillOpen(sessionId: string): boolean {
    const { settings, isOpen } = this.#around;
    return settings.resumeWhileOpen === 'refused' && isOpen?.(sessionId) === true;
  }

  /** A place in the project's quota, and one under the credential. */
  #takePlace(pass: SessionPass, project: string, kind: 'new' | 'resumed', nowMs: number): boolean {
    const leave = this.#around.quota ? this.#around.quota.take(project, nowMs) : () => {};
    const admitted = leave ? pass.admit(kind, nowMs) : 'resource-exhausted';
    if (leave && typeof admitted !== 'string') {
      this.#release = () => {
        admitted.release();
        leave();
      };
      return true;
    }
    leave?.();
    if (typeof admitted === 'string') this.#close(admitted);
    return false;
  }

  #talkOn(talk: Talk, message: Exclude<ClientMessage, { readonly setup: unknown }>, nowMs: number): void {
    talk.take(message, nowMs, ++this.#messageIndex);
    if (talk.hasVideo && this.#limits?.seeVideo(nowMs)) this.#deadlines?.endAt(this.#limits.endsAtMs, nowMs);
  }

  #startTalk(
    accepted: AcceptedSetup,
    caller: { readonly owner: string; readonly project: string },
    resumed: ResumableState | undefined,
    nowMs: number,
  ): void {
    const { id, backend, settings, resumption, newDetector, keepAudio } = this.#around;
    const { model, sessionResumption, realtimeInputConfig, contextWindowCompression } = accepted.setup;
    const limits = new SessionLimits(settings, contextWindowCompression !== undefined, resumed, nowMs);
    this.#limits = limits;
    this.#deadlines?.endAt(limits.endsAtMs, nowMs);
    const activity = activitySettings(realtimeInputConfig, usualCoverage(model, backend));
    const guard = settings.echoGuard && accepted.modality === 'AUDIO' ? new EchoGuard() : undefined;
    this.#judge = createFrameJudge(activity, newDetector, guard);
    this.#phase = 'talking';
    this.#resumedFrom = resumed?.sessionId;
    this.#emit({ kind: 'send', message: { setupComplete: greeting(accepted.setup) } });
    this.#talk = new Talk(
      {
        sessionId: id,
        backend,
        accepted,
        lock: this.#pass?.lock ?? NO_LOCK,
        settings,
        activity,
        judge: this.#judge.judge,
        guard,
        resumed,
        newHandle: sessionResumption
          ? (state, atMs) =>
              resumption.issue(
                { ...state, ...caller, ...limits.age(atMs), sessionId: id, model },
                backend,
                atMs,
                resumed && sessionResumption.handle,
              )
          : undefined,
        keepAudio,
        emit: (effect) => this.#emit(effect),
      },
      nowMs,
    );
  }

  #meetDeadlines(nowMs: number): void {
    const due = this.#deadlines?.due(nowMs, this.#phase === 'talking');
    if (due?.kind === 'close') this.#close(due.condition);
    if (due?.kind === 'go-away')
      this.#emit({
        kind: 'send',
        message: { goAway: { timeLeft: durationText(due.timeLeftMs / 1_000) } },
      });
  }

  #refuse(condition: ClosingCondition, problem: string, values?: Readonly<Record<string, string>>): void {
    this.#emit({ kind: 'warn', text: problem });
    this.#close(condition, values);
  }

  #close(condition: ClosingCondition, values: Readonly<Record<string, string>> = {}): void {
    const frame = closingFrame(condition, values);
    const { expiryCloseCode, overLimitCloseCode } = this.#around.settings;
    const chosen: { readonly [K in ClosingCondition]?: number } = {
      'token-expired': expiryCloseCode,
      'session-limit': overLimitCloseCode,
    };
    const code = chosen[condition] ?? frame.code;
    this.#emit({ kind: 'close', condition, ...frame, code });
  }

  /** After a close nothing goes out any more. */
  #emit(effect: SessionEffect): void {
    if (!this.#isOpen()) return;
    const { id, backend, settings } = this.#around;
    const choices = { backend, sessionId: id, sessionIds: settings.sessionIds };
    if (effect.kind === 'send') {
      const marked = withMarks(effect.message, this.#talk?.setup, this.#place.seconds);
      this.#place.pass(marked);
      this.#effects.push({ ...effect, message: wireForm(marked, choices) });
    } else this.#effects.push(effect);
    if (effect.kind === 'close') this.#end();
  }

  #end(): void {
    this.#phase = 'closed';
    this.#judge?.close();
    this.#release?.();
    this.#release = undefined;
  }

  #isOpen(): boolean {
    return this.#phase !== 'closed';
  }
}

function withoutHandle(setup: LiveSetup): LiveSetup {
  if (setup.sessionResumption?.handle === undefined) return setup;
  return { ...setup, sessionResumption: { ...setup.sessionResumption, handle: '[hidden]' } };
}
