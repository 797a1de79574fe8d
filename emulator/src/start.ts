/**
 * Puts the emulator together and starts it.
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { AnswerHandler } from './answer.ts';
import { AnswerBook } from './answer-book.ts';
import { TokenStore } from './auth-tokens.ts';
import { type MovableClock, movableClock } from './clock.ts';
import { CLOSINGS } from './closings.ts';
import { Connection } from './connection.ts';
import { PAGE_PATH } from './control-calls.ts';
import { ControlServer } from './control-server.ts';
import { credentialsOf, passOf } from './credentials.ts';
import { EmulatorError } from './errors.ts';
import { Faults } from './faults.ts';
import { GoogleError } from './google-error.ts';
import { Journal } from './journal.ts';
import { type Listening, listen } from './listening.ts';
import type { LiveEmulator, LiveSessionView } from './live-emulator.ts';
import {
  type EmulatorSettings,
  type LiveEmulatorOptions,
  refuseUnknownOptions,
  settingsOf,
} from './options.ts';
import { joinSamples } from './pcm.ts';
import { ProjectQuota } from './project-quota.ts';
import { ResumptionStore } from './resumption-store.ts';
import { endpointOf } from './routes.ts';
import { type RuntimeOptions, runtimeOptionsOf } from './runtime-options.ts';
import { withScenario } from './scenario-option.ts';
import type { RequestTaker, ServerHandlers } from './server.ts';
import { LiveSession } from './session.ts';
import { keyPass, secretHash } from './session-pass.ts';
import { speakingAnswer } from './speech-answer.ts';
import { readTokenRequest } from './token-request.ts';
import { loadVoiceDetector, type VoiceDetectorFactory } from './voice-detector.ts';
import { untilSeen } from './waiting.ts';

/** How long `waitFor` waits where nothing else is said, in ms. */
const WAIT_MS = 5_000;
/** Most that the clock can be moved at once, in ms: past every limit there is. Ours. */
const MAX_ADVANCE_MS = 366 * 24 * 3_600_000;

/**
 * Starts the emulator, on 127.0.0.1 unless told. Rejects with {@link EmulatorError} `port-in-use` where another process holds
 * the port, `invalid-option` where an option makes no sense, `invalid-scenario` where the scenario does not.
 */
export async function startLiveEmulator(options: LiveEmulatorOptions = {}): Promise<LiveEmulator> {
  refuseUnknownOptions(options);
  const given = settingsOf(await withScenario(options));
  const clock = movableClock(given.clock);
  const settings = { ...given, clock };
  const run = new Run(settings, clock, await loadVoiceDetector());
  return run.emulator(await listen(settings, run));
}

/** Everything of one run that is not a socket. */
class Run {
  /** What it was started with. */
  readonly #given: EmulatorSettings;
  /** What holds now: everybody reads this one object, and {@link #setOptions} changes it. */
  readonly #settings: EmulatorSettings;
  readonly #answers: AnswerBook;
  /** What an answer says is spoken before a session sees it. */
  readonly #answer: AnswerHandler;
  readonly #closing = new AbortController();
  readonly #newDetector: VoiceDetectorFactory;
  #quota: ProjectQuota;
  readonly #clock: MovableClock;
  #tokens: TokenStore;
  #resumption: ResumptionStore;
  readonly #journal: Journal;
  /** Those that are open. */
  readonly #connections = new Map<string, Connection>();
  /** Every connection, oldest first; one that is over is its view, and holds neither its session nor its socket. */
  readonly #views = new Map<string, Connection | LiveSessionView>();
  readonly #audio = new Map<string, Int16Array[]>();
  #sessionCount = 0;
  /** Fields without effect that the log has named. */
  readonly #warned = new Set<string>();
  readonly #faults: Faults;
  readonly door: ServerHandlers['door'];
  #control: ControlServer | undefined;

  constructor(settings: EmulatorSettings, clock: MovableClock, newDetector: VoiceDetectorFactory) {
    this.#given = settings;
    this.#settings = { ...settings };
    this.#answers = new AnswerBook(settings.answer);
    this.#answer = speakingAnswer(this.#answers.answer, settings.log);
    this.#clock = clock;
    this.#newDetector = newDetector;
    this.#tokens = new TokenStore(this.#settings, newSecret);
    this.#resumption = new ResumptionStore(this.#settings, newSecret);
    this.#quota = new ProjectQuota(this.#settings);
    this.#journal = new Journal(settings.journalLimit);
    this.#faults = new Faults({
      settings: this.#settings,
      journal: this.#journal,
      tokens: () => this.#tokens,
      resumption: () => this.#resumption,
      lineage: (sessionId) => this.#lineage(sessionId),
    });
    this.door = this.#faults.door;
  }

  get frames(): 'binary' | 'text' {
    return this.#settings.frames;
  }

  mintToken(body: unknown, key: string): { readonly name: string } {
    const nowMs = this.#settings.clock.now();
    const name = this.#tokens.mint(readTokenRequest(body, nowMs), nowMs, keyPass(key).owner);
    this.#settings.log('info', `made token ${secretHash(name)}`);
    return { name };
  }

  readonly openSocket: ServerHandlers['openSocket'] = (route, { url, headers }, socket) => {
    const { clock, log, captureAudio } = this.#settings;
    const answer = this.#answer;
    const endpoint = endpointOf(route, headers);
    const id = `session-${++this.#sessionCount}`;
    const pass = passOf(endpoint, credentialsOf(url, headers), (name) => this.#tokens.find(name));
    const session = new LiveSession({
      id,
      ...endpoint,
      pass,
      settings: this.#settings,
      resumption: this.#resumption,
      quota: this.#quota,
      isOpen: (sessionId) => this.#connections.has(sessionId),
      newDetector: this.#newDetector,
      ...(captureAudio && { keepAudio: (samples) => this.#keepAudio(id, samples) }),
    });
    const tokenHash = typeof pass === 'string' ? undefined : pass.tokenHash;
    const wire = this.#faults.wire({ sessionId: id, tokenHash }, socket);
    const connection = Connection.open({
      id,
      endpoint,
      tokenHash,
      session,
      wire,
      faults: wire,
      clock,
      answer,
      journal: this.#journal,
      log,
      warned: this.#warned,
      ended: (view) => {
        this.#connections.delete(id);
        this.#views.set(id, view);
      },
    });
    if (connection.isOpen) {
      this.#connections.set(id, connection);
      this.#views.set(id, connection);
    }
    this.#forgetOldest();
    wire.open(connection);
    return wire;
  };

  readonly refusalOf: ServerHandlers['refusalOf'] = (route, { url, headers }) => {
    const { v1Endpoints, vertexUnauthenticated } = this.#settings;
    const isOfDeveloper = route.kind === 'tokens' || route.backend === 'google-ai';
    if (isOfDeveloper && route.apiVersion === 'v1' && v1Endpoints === 'not-found')
      return new GoogleError(404, 'Requested entity was not found.');
    if (route.kind === 'tokens' || vertexUnauthenticated === 'close') return undefined;
    const pass = passOf(route, credentialsOf(url, headers), () => undefined);
    const isRefused = pass === 'unauthenticated' || pass === 'invalid-credential';
    return isRefused ? new GoogleError(401, CLOSINGS[pass].reason) : undefined;
  };

  readonly answerControl: RequestTaker = (request, response) =>
    this.#control?.take(request, response) ?? false;

  onError(error: unknown): void {
    this.#settings.log('warn', `socket: ${error instanceof Error ? error.message : String(error)}`);
  }

  emulator(server: Listening): LiveEmulator {
    const { close: _, ...address } = server;
    let closing: Promise<void> | undefined;
    const emulator: LiveEmulator = {
      ...address,
      controlToken: this.#settings.controlToken,
      pageUrl: `${address.url}${PAGE_PATH}#token=${this.#settings.controlToken}`,
      sessions: () => [...this.#views.values()].map(viewOf),
      journal: (sessionId) => this.#journal.entries(sessionId),
      receivedAudio: (sessionId) => joinSamples(this.#audio.get(sessionId) ?? []),
      goAway: (sessionId, timeLeftMs) => this.#connections.get(sessionId)?.goAway(timeLeftMs) ?? false,
      drop: (sessionId, code, reason) => this.#connections.get(sessionId)?.drop(code, reason) ?? false,
      inject: (sessionId, message) => this.#connections.get(sessionId)?.inject(message) ?? false,
      now: () => this.#clock.now(),
      clockOffset: () => this.#clock.offsetMs,
      lastSeq: () => this.#journal.lastSeq,
      advanceClock: (ms) => this.#advanceClock(ms),
      reset: () => this.#reset(),
      fault: (rule) => this.#faults.add(rule),
      faults: () => this.#faults.standing,
      clearFaults: () => this.#faults.clear(),
      answerWith: (answer, scope) => this.#answers.lay(answer, scope),
      answers: () => this.#answers.laid,
      options: () => runtimeOptionsOf(this.#settings),
      setOptions: (options) => this.#setOptions(options),
      listen: (listener) => this.#journal.listen(listener),
      waitFor: (read, timeoutMs = WAIT_MS) =>
        untilSeen(read, {
          listen: (look) => this.#journal.listen(look),
          timeoutMs,
          signal: this.#closing.signal,
        }),
      close: () => {
        closing ??= this.#close(server);
        return closing;
      },
    };
    this.#control = new ControlServer({ emulator, rules: this.#given, log: this.#given.log });
    return emulator;
  }

  /** A connection and, before it, those that it goes on from. */
  #lineage(sessionId: string): readonly string[] {
    const ids = [sessionId];
    for (let from = this.#resumedFrom(sessionId); from !== undefined; from = this.#resumedFrom(from))
      ids.push(from);
    return ids;
  }

  #resumedFrom(sessionId: string): string | undefined {
    const seen = this.#views.get(sessionId);
    return seen && viewOf(seen).resumedFrom;
  }

  /** A run may go on for weeks: of connections that are over no more are remembered than entries of the journal. */
  #forgetOldest(): void {
    for (const id of this.#views.keys()) {
      if (this.#views.size <= this.#given.journalLimit) break;
      if (this.#connections.has(id)) continue;
      this.#views.delete(id);
      this.#audio.delete(id);
    }
  }

  #keepAudio(id: string, samples: Int16Array): void {
    const kept = this.#audio.get(id) ?? [];
    kept.push(samples.slice());
    this.#audio.set(id, kept);
  }

  #setOptions(options: RuntimeOptions): void {
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    settingsOf({ ...this.#settings, ...given });
    Object.assign(this.#settings, given);
  }

  async #advanceClock(ms: number): Promise<void> {
    if (!(ms >= 0 && ms <= MAX_ADVANCE_MS))
      throw new EmulatorError('invalid-option', `The clock can be moved on by 0 to ${MAX_ADVANCE_MS} ms.`);
    await this.#clock.advance(ms);
  }

  async #reset(): Promise<void> {
    for (const connection of this.#connections.values()) connection.end();
    this.#faults.reset();
    this.#connections.clear();
    this.#views.clear();
    this.#audio.clear();
    this.#answers.clear();
    Object.assign(this.#settings, this.#given);
    this.#tokens = new TokenStore(this.#settings, newSecret);
    this.#resumption = new ResumptionStore(this.#settings, newSecret);
    this.#quota = new ProjectQuota(this.#settings);
    this.#journal.clear();
    await this.#clock.reset();
    this.#settings.log('info', 'reset');
  }

  async #close(server: Listening): Promise<void> {
    this.#closing.abort();
    for (const connection of this.#connections.values()) connection.end();
    this.#faults.close();
    await server.close();
    this.#settings.log('info', 'closed');
  }
}

function viewOf(seen: Connection | LiveSessionView): LiveSessionView {
  return seen instanceof Connection ? seen.view : seen;
}

/** 256 bits, URL-safe. */
function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
