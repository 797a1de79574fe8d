/**
 * Puts the emulator together and starts it.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { TokenStore } from './auth-tokens.ts';
import { type MovableClock, movableClock } from './clock.ts';
import { CLOSINGS } from './closings.ts';
import { Connection } from './connection.ts';
import { credentialsOf, passOf } from './credentials.ts';
import { EmulatorError } from './errors.ts';
import { Faults } from './faults.ts';
import { GoogleError } from './google-error.ts';
import { Journal } from './journal.ts';
import { type Listening, listen } from './listening.ts';
import type { LiveEmulator } from './live-emulator.ts';
import { type EmulatorSettings, type LiveEmulatorOptions, settingsOf } from './options.ts';
import { joinSamples } from './pcm.ts';
import { ProjectQuota } from './project-quota.ts';
import { ResumptionStore } from './resumption-store.ts';
import { endpointOf } from './routes.ts';
import { withScenario } from './scenario-option.ts';
import type { ServerHandlers } from './server.ts';
import { LiveSession } from './session.ts';
import { keyPass, secretHash } from './session-pass.ts';
import { speakingAnswer } from './speech-answer.ts';
import { readTokenRequest } from './token-request.ts';
import { loadVoiceDetector, type VoiceDetectorFactory } from './voice-detector.ts';

/** How long `waitFor` waits where nothing else is said, in ms. */
const WAIT_MS = 5_000;
/** Most that the clock can be moved at once, in ms: past every limit there is. Ours. */
const MAX_ADVANCE_MS = 366 * 24 * 3_600_000;

/**
 * Starts the emulator, on 127.0.0.1 unless told. Rejects with {@link EmulatorError} `port-in-use` where another process holds
 * the port, `invalid-option` where an option makes no sense, `invalid-scenario` where the scenario does not.
 */
export async function startLiveEmulator(options: LiveEmulatorOptions = {}): Promise<LiveEmulator> {
  const given = voiced(settingsOf(await withScenario(options)));
  const clock = movableClock(given.clock);
  const settings = { ...given, clock };
  const run = new Run(settings, clock, await loadVoiceDetector());
  return run.emulator(await listen(settings, run));
}

/** What an answer says is spoken before a session sees it. */
function voiced(settings: EmulatorSettings): EmulatorSettings {
  return { ...settings, answer: speakingAnswer(settings.answer, settings.log) };
}

/** Everything of one run that is not a socket. */
class Run {
  readonly #settings: EmulatorSettings;
  readonly #newDetector: VoiceDetectorFactory;
  #quota: ProjectQuota;
  readonly #clock: MovableClock;
  #tokens: TokenStore;
  #resumption: ResumptionStore;
  readonly #journal: Journal;
  readonly #connections = new Map<string, Connection>();
  readonly #audio = new Map<string, Int16Array[]>();
  #sessionCount = 0;
  /** Fields without effect that the log has named. */
  readonly #warned = new Set<string>();
  readonly #faults: Faults;
  readonly frames: 'binary' | 'text';
  readonly door: ServerHandlers['door'];

  constructor(settings: EmulatorSettings, clock: MovableClock, newDetector: VoiceDetectorFactory) {
    this.#settings = settings;
    this.#clock = clock;
    this.#newDetector = newDetector;
    this.#tokens = new TokenStore(settings, newSecret);
    this.#resumption = new ResumptionStore(settings, newSecret);
    this.#quota = new ProjectQuota(settings);
    this.#journal = new Journal(settings.journalLimit);
    this.frames = settings.frames;
    this.#faults = new Faults({
      settings,
      journal: this.#journal,
      tokens: () => this.#tokens,
      resumption: () => this.#resumption,
      lineage: (sessionId) => this.#lineage(sessionId),
    });
    this.door = this.#faults.door;
  }

  mintToken(body: unknown, key: string): { readonly name: string } {
    const nowMs = this.#settings.clock.now();
    const name = this.#tokens.mint(readTokenRequest(body, nowMs), nowMs, keyPass(key).owner);
    this.#settings.log('info', `made token ${secretHash(name)}`);
    return { name };
  }

  readonly openSocket: ServerHandlers['openSocket'] = (route, { url, headers }, socket) => {
    const { clock, answer, log, captureAudio } = this.#settings;
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
    });
    this.#connections.set(id, connection);
    wire.open(connection);
    return wire;
  };

  readonly refusalOf: ServerHandlers['refusalOf'] = (route, { url, headers }) => {
    if (this.#settings.vertexUnauthenticated === 'close') return undefined;
    const pass = passOf(route, credentialsOf(url, headers), () => undefined);
    const isRefused = pass === 'unauthenticated' || pass === 'invalid-credential';
    return isRefused ? new GoogleError(401, CLOSINGS[pass].reason) : undefined;
  };

  onError(error: unknown): void {
    this.#settings.log('warn', `socket: ${error instanceof Error ? error.message : String(error)}`);
  }

  emulator(server: Listening): LiveEmulator {
    const { close: _, ...address } = server;
    let closing: Promise<void> | undefined;
    return {
      ...address,
      sessions: () => [...this.#connections.values()].map(({ view }) => view),
      journal: (sessionId) => this.#journal.entries(sessionId),
      receivedAudio: (sessionId) => joinSamples(this.#audio.get(sessionId) ?? []),
      goAway: (sessionId, timeLeftMs) => this.#connections.get(sessionId)?.goAway(timeLeftMs) ?? false,
      drop: (sessionId, code, reason) => this.#connections.get(sessionId)?.drop(code, reason) ?? false,
      inject: (sessionId, message) => this.#connections.get(sessionId)?.inject(message) ?? false,
      now: () => this.#clock.now(),
      advanceClock: (ms) => this.#advanceClock(ms),
      reset: () => this.#reset(),
      fault: (rule) => this.#faults.add(rule),
      clearFaults: () => this.#faults.clear(),
      waitFor: (read, timeoutMs = WAIT_MS) => this.#waitFor(read, timeoutMs),
      close: () => {
        closing ??= this.#close(server);
        return closing;
      },
    };
  }

  /** A connection and, before it, those that it goes on from. */
  #lineage(sessionId: string): readonly string[] {
    const ids = [sessionId];
    for (let from = this.#resumedFrom(sessionId); from !== undefined; from = this.#resumedFrom(from))
      ids.push(from);
    return ids;
  }

  #resumedFrom(sessionId: string): string | undefined {
    return this.#connections.get(sessionId)?.view.resumedFrom;
  }

  #keepAudio(id: string, samples: Int16Array): void {
    const kept = this.#audio.get(id) ?? [];
    kept.push(samples.slice());
    this.#audio.set(id, kept);
  }

  #waitFor<T>(read: () => T | undefined | false, timeoutMs: number): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const look = (): void => {
      try {
        const value = read();
        if (value !== undefined && value !== false) resolve(value);
      } catch (error) {
        reject(error);
      }
    };
    const unlisten = this.#journal.listen(look);
    const timer = setTimeout(
      () => reject(new EmulatorError('timeout', `Nothing was seen within ${timeoutMs} ms.`)),
      timeoutMs,
    );
    look();
    return promise.finally(() => {
      unlisten();
      clearTimeout(timer);
    });
  }

  async #advanceClock(ms: number): Promise<void> {
    if (!(ms >= 0 && ms <= MAX_ADVANCE_MS))
      throw new EmulatorError('invalid-option', `The clock can be moved on by 0 to ${MAX_ADVANCE_MS} ms.`);
    await this.#clock.advance(ms);
  }

  async #reset(): Promise<void> {
    for (const connection of this.#connections.values()) connection.end();
    this.#faults.clear();
    this.#connections.clear();
    this.#audio.clear();
    this.#tokens = new TokenStore(this.#settings, newSecret);
    this.#resumption = new ResumptionStore(this.#settings, newSecret);
    this.#quota = new ProjectQuota(this.#settings);
    this.#journal.clear();
    await this.#clock.reset();
    this.#settings.log('info', 'reset');
  }

  async #close(server: Listening): Promise<void> {
    for (const connection of this.#connections.values()) connection.end();
    this.#faults.close();
    await server.close();
    this.#settings.log('info', 'closed');
  }
}

/** 256 bits, URL-safe. */
function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
