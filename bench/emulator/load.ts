/**
 * Users who talk and listen at the same time, all in one process.
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { seededRandom } from '../functions/statistics.ts';
import type { PlannedTurn } from './calibration.ts';
import { audioSamplesIn, FRAME_MS, liveUrl, PERIOD_MS, SETUP, spokenMessages } from './spoken-stream.ts';

/** What is to be done. */
export interface LoadOrder {
  readonly host: string;
  readonly sessions: number;
  readonly plan: readonly PlannedTurn[];
  /** What the emulator waits before an answer, in ms. */
  readonly answerDelayMs: number;
}

/** What came of it. Times in ms. */
export interface LoadResult {
  /** From the message that ends a question to the first audio of its answer, less the delay that was asked for. */
  readonly answerStartsMs: readonly number[];
  /** How late messages went, of a sample of them: the generator's own weakness. */
  readonly latenessMs: readonly number[];
  readonly messagesSent: number;
  /** Answers that did not come, or came longer or shorter than they are. */
  readonly wrongAnswers: number;
  readonly interruptions: number;
  readonly closedEarly: number;
  /** Processor time used, and the time it took, in ms. */
  readonly cpuMs: number;
  readonly elapsedMs: number;
}

/** How often frames that are due are sent. */
const TICK_MS = 4;
/** Sessions that connect at once. */
const BATCH = 25;
/** How long the last answers may take. */
const LAST_ANSWERS_MS = 8_000;

/** Plays it to its end. */
export async function runLoad({ host, sessions, plan, answerDelayMs }: LoadOrder): Promise<LoadResult> {
  const random = seededRandom(sessions);
  const messages = spokenMessages();
  const users: User[] = [];
  // With one question each, a quarter: they are to be there at the same time.
  const spreadMs = plan.length > 1 ? PERIOD_MS : PERIOD_MS / 4;
  for (let at = 0; at < sessions; at += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, sessions - at) }, () =>
      User.connect(host, { messages, plan, phaseMs: random() * spreadMs }),
    );
    users.push(...(await Promise.all(batch)));
  }
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  const latenessMs: number[] = [];
  while (users.some(({ isTalking }) => isTalking)) {
    for (const user of users) user.sendDue(startMs, latenessMs);
    await delay(TICK_MS);
  }
  const untilMs = performance.now() + LAST_ANSWERS_MS;
  while (performance.now() < untilMs && users.some(({ isAnswered }) => !isAnswered)) await delay(50);
  const elapsedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const sum = (figure: (user: User) => number): number =>
    users.reduce((total, each) => total + figure(each), 0);
  const result = {
    answerStartsMs: users.flatMap(({ startsMs }) => startsMs.map((each) => each - answerDelayMs)),
    latenessMs,
    messagesSent: sum(({ sent }) => sent),
    wrongAnswers: sum(({ wrongAnswers }) => wrongAnswers),
    interruptions: sum(({ interruptions }) => interruptions),
    closedEarly: sum(({ isClosed }) => Number(isClosed)),
    cpuMs: (user + system) / 1_000,
    elapsedMs,
  };
  await Promise.all(users.map((each) => each.close()));
  return result;
}

interface UserOptions {
  readonly messages: readonly Buffer[];
  readonly plan: readonly PlannedTurn[];
  /** How long after the others' start it begins. */
  readonly phaseMs: number;
}

/** One session. */
class User {
  readonly #socket: WebSocket;
  readonly #options: UserOptions;
  readonly #total: number;
  /** When the message that ends each question went. */
  readonly #decidedMs: number[] = [];
  readonly #heardSamples: number[] = [];
  readonly startsMs: number[] = [];
  sent = 0;
  interruptions = 0;
  isClosed = false;
  #turn = 0;

  private constructor(socket: WebSocket, options: UserOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#total = options.messages.length * options.plan.length;
  }

  static async connect(host: string, options: UserOptions): Promise<User> {
    const socket = new WebSocket(liveUrl(host), { perMessageDeflate: false });
    const user = new User(socket, options);
    const ready = Promise.withResolvers<void>();
    socket.on('error', ready.reject);
    socket.on('close', () => {
      user.isClosed = true;
      ready.reject(new Error('Closed before setup was complete.'));
    });
    socket.on('open', () => socket.send(SETUP));
    socket.on('message', (data: Buffer) => {
      const atMs = performance.now();
      const text = data.toString();
      if (text.startsWith('{"setupComplete"')) ready.resolve();
      else user.#hear(text, atMs);
    });
    await ready.promise;
    return user;
  }

  get isTalking(): boolean {
    return this.sent < this.#total && !this.isClosed;
  }

  get isAnswered(): boolean {
    return this.#turn >= this.#options.plan.length || this.isClosed;
  }

  /** Answers that are not what was planned. */
  get wrongAnswers(): number {
    return this.#options.plan.filter(({ answerSamples }, at) => this.#heardSamples[at] !== answerSamples)
      .length;
  }

  /** Sends what is due; notes how late every fiftieth message is. */
  sendDue(startMs: number, latenessMs: number[]): void {
    const { messages, phaseMs, plan } = this.#options;
    for (;;) {
      const lateMs = performance.now() - startMs - phaseMs - this.sent * FRAME_MS;
      if (lateMs < 0 || !this.isTalking) return;
      if (this.sent === plan[this.#decidedMs.length]?.decidingFrame) this.#decidedMs.push(performance.now());
      this.#socket.send(messages[this.sent % messages.length] ?? '', { binary: false });
      if (this.sent % 50 === 0) latenessMs.push(lateMs);
      this.sent += 1;
    }
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    await new Promise((resolve) => {
      this.#socket.once('close', resolve);
      this.#socket.close();
    });
  }

  #hear(text: string, atMs: number): void {
    const samples = audioSamplesIn(text);
    if (samples > 0) {
      const before = this.#heardSamples[this.#turn] ?? 0;
      if (before === 0) this.startsMs.push(atMs - (this.#decidedMs[this.#turn] ?? Number.NaN));
      this.#heardSamples[this.#turn] = before + samples;
    } else if (text.includes('"interrupted"')) this.interruptions += 1;
    else if (text.includes('"turnComplete"')) this.#turn += 1;
  }
}
