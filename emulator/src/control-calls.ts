/**
 * Every call of the control API: its method, its path, what it takes and what it answers. Server and client both read
 * this table, and both read what comes as unknown.
 * @module
 */
import {
  type Fields,
  flag,
  integer,
  list,
  number,
  object,
  type ServerMessage,
  type Shape,
  text,
} from '@livegate/protocol';
import type { Answer } from './answer.ts';
import type { AnswerScope, LaidAnswer } from './answer-book.ts';
import type {
  EntryFilter,
  EventFilter,
  LiveEvent,
  LiveFinding,
  LiveQuery,
  SessionFilter,
} from './control-query.ts';
import {
  answerShape,
  ENTRY_KINDS,
  entryShape,
  integerWithin,
  numberWithin,
  oneOf,
  serverMessage,
  sessionShape,
} from './control-shapes.ts';
import type { FaultRule, StandingFault } from './fault.ts';
import { readFaultRule } from './fault-reader.ts';
import { type JournalEntry, type LiveSessionView, SESSION_STATES } from './live-emulator.ts';
import { runtimeOptions } from './runtime-options.ts';

/** One call. `:id` in the path stands for a session's id. */
export interface ControlCall<Request, Reply> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** After {@link CONTROL_PATH}. */
  readonly path: string;
  /** A GET takes it from its query, any other from its body. */
  readonly request: Shape<Request>;
  readonly reply: Shape<Reply>;
}

/** Where the control API begins. */
export const CONTROL_PATH = '/livegate/control';
/** Where the page is that shows it. */
export const PAGE_PATH = '/livegate/';

/** Longest wait, in ms of the machine's time. Ours. */
export const LONGEST_WAIT_MS = 240_000;

type Nothing = Readonly<Record<string, never>>;
const nothing = object<Nothing>({});

function call<Request, Reply>(
  line: `${'GET' | 'POST' | 'DELETE'} /${string}`,
  request: Shape<Request>,
  reply: Shape<Reply>,
): ControlCall<Request, Reply> {
  const [method, path = '/'] = line.split(' ');
  return { method: method as 'GET' | 'POST' | 'DELETE', path, request, reply };
}

/** The emulator's time and how far it was moved on, in ms. */
export interface ClockReading {
  readonly nowMs: number;
  readonly offsetMs: number;
}

const clock = object<ClockReading>({ nowMs: number, offsetMs: number }, 'nowMs', 'offsetMs');
const entryFilterFields: Fields<EntryFilter> = {
  sessionId: text,
  kind: oneOf(ENTRY_KINDS),
  since: integer,
  has: text,
};
const entryFilter = object<EntryFilter>(entryFilterFields);
const sessionFilter = object<SessionFilter>({
  id: text,
  state: oneOf(SESSION_STATES),
  connected: flag,
  model: text,
  tokenHash: text,
  resumedFrom: text,
  closeCode: integer,
  turns: integer,
  interruptions: integer,
  audioSeconds: number,
  videoFrames: integer,
});
const query = object<LiveQuery>({
  sessions: sessionFilter,
  count: integerWithin(1, 1_000_000),
  entry: entryFilter,
});
const scope: Fields<AnswerScope> = {
  sessionId: text,
  instruction: text,
  times: integerWithin(1, 1_000_000),
};

/** Lays an answer down; without `answer` the one for that scope is taken back. */
export interface AnswerRequest extends AnswerScope {
  readonly answer?: Answer;
}

/** The table. */
export const CONTROL_CALLS = {
  info: call(
    'GET /',
    nothing,
    object<{ readonly name: string; readonly url: string } & ClockReading>(
      { name: text, url: text, nowMs: number, offsetMs: number },
      'name',
      'nowMs',
    ),
  ),
  sessions: call(
    'GET /sessions',
    nothing,
    object<{ readonly sessions: readonly LiveSessionView[]; readonly lastSeq: number }>(
      { sessions: list(sessionShape), lastSeq: integer },
      'sessions',
      'lastSeq',
    ),
  ),
  session: call(
    'GET /sessions/:id',
    nothing,
    object<{ readonly session: LiveSessionView }>({ session: sessionShape }, 'session'),
  ),
  journal: call(
    'GET /journal',
    entryFilter,
    object<{ readonly entries: readonly JournalEntry[]; readonly lastSeq: number }>(
      { entries: list(entryShape), lastSeq: integer },
      'entries',
      'lastSeq',
    ),
  ),
  inject: call(
    'POST /sessions/:id/inject',
    object<{ readonly message: ServerMessage }>({ message: serverMessage }, 'message'),
    nothing,
  ),
  goAway: call(
    'POST /sessions/:id/go-away',
    object<{ readonly timeLeftMs?: number }>({ timeLeftMs: numberWithin(0, 86_400_000) }),
    nothing,
  ),
  drop: call(
    'POST /sessions/:id/drop',
    object<{ readonly code?: number; readonly reason?: string }>({ code: integer, reason: text }),
    nothing,
  ),
  wait: call(
    'POST /wait',
    object<{ readonly query: LiveQuery; readonly timeoutMs?: number }>(
      { query, timeoutMs: numberWithin(0, LONGEST_WAIT_MS) },
      'query',
    ),
    object<LiveFinding>({ sessions: list(sessionShape), entries: list(entryShape) }, 'sessions', 'entries'),
  ),
  clock: call('GET /clock', nothing, clock),
  advanceClock: call('POST /clock/advance', object<{ readonly ms: number }>({ ms: number }, 'ms'), clock),
  reset: call('POST /reset', nothing, nothing),
  answers: call(
    'GET /answers',
    nothing,
    object<{ readonly answers: readonly LaidAnswer[] }>(
      { answers: list(object<LaidAnswer>({ ...scope, answer: answerShape }, 'answer')) },
      'answers',
    ),
  ),
  answerWith: call('POST /answers', object<AnswerRequest>({ ...scope, answer: answerShape }), nothing),
  clearAnswers: call('DELETE /answers', nothing, nothing),
  faults: call(
    'GET /faults',
    nothing,
    object<{ readonly faults: readonly StandingFault[] }>(
      { faults: list(object<StandingFault>({ id: text, rule: readFaultRule }, 'id', 'rule')) },
      'faults',
    ),
  ),
  fault: call(
    'POST /faults',
    object<{ readonly rule: FaultRule }>({ rule: readFaultRule }, 'rule'),
    object<{ readonly id: string }>({ id: text }, 'id'),
  ),
  clearFaults: call('DELETE /faults', nothing, nothing),
  options: call('GET /options', nothing, runtimeOptions),
  setOptions: call('POST /options', runtimeOptions, runtimeOptions),
} as const;

/** A call of {@link CONTROL_CALLS}. */
export type ControlCallName = keyof typeof CONTROL_CALLS;
/** What a call takes. */
export type RequestOf<K extends ControlCallName> = ReturnType<(typeof CONTROL_CALLS)[K]['request']>;
/** What a call answers. */
export type ReplyOf<K extends ControlCallName> = ReturnType<(typeof CONTROL_CALLS)[K]['reply']>;

/** Reads {@link EventFilter}. */
export const eventFilter = object<EventFilter>({ ...entryFilterFields, tail: integerWithin(0, 1_000_000) });

/** Reads a line of events. */
export const eventShape: Shape<LiveEvent> = (value, path, unknownFields) =>
  object<{ entry?: JournalEntry; session?: LiveSessionView; reset?: true; behind?: true }>({
    entry: entryShape,
    session: sessionShape,
    reset: flag as Shape<true>,
    behind: flag as Shape<true>,
  })(value, path, unknownFields) as LiveEvent;
