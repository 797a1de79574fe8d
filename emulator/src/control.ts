/**
 * What each call of the control API does to the emulator. Knows no HTTP.
 * @module
 */
import type { ControlCallName, ReplyOf, RequestOf } from './control-calls.ts';
import { findingOf, fitsEntry } from './control-query.ts';
import { EmulatorError } from './errors.ts';
import type { JournalEntry, LiveEmulator, LiveSessionView } from './live-emulator.ts';
import { untilSeen } from './waiting.ts';

/** How long a `wait` lasts where nothing else is said, in ms. */
const WAIT_MS = 5_000;

/** What a call comes with. */
export interface ControlContext {
  readonly emulator: LiveEmulator;
  /** Id of the session that the path names; empty where it names none. */
  readonly id: string;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
}

type Done = Readonly<Record<string, never>>;
const DONE: Done = {};

type Handlers = {
  readonly [K in ControlCallName]: (
    request: RequestOf<K>,
    context: ControlContext,
  ) => ReplyOf<K> | Promise<ReplyOf<K>>;
};

/** Call → what it does. Throws {@link EmulatorError} with a code of the control API, or `invalid-option`. */
export const CONTROL_HANDLERS: Handlers = {
  info: (_, { emulator }) => ({ name: 'livegate-emulator', url: emulator.url, ...clockOf(emulator) }),
  sessions: (_, { emulator }) => ({ sessions: emulator.sessions(), lastSeq: emulator.lastSeq() }),
  session: (_, context) => ({ session: sessionOf(context) }),
  journal: (filter, { emulator }) => ({
    entries: emulator.journal().filter((entry) => fitsEntry(entry, filter)),
    lastSeq: emulator.lastSeq(),
  }),
  inject: ({ message }, context) => onOpen(context, ({ emulator, id }) => emulator.inject(id, message)),
  goAway: ({ timeLeftMs }, context) => onOpen(context, ({ emulator, id }) => emulator.goAway(id, timeLeftMs)),
  drop: ({ code, reason }, context) => onOpen(context, ({ emulator, id }) => emulator.drop(id, code, reason)),
  wait: ({ query, timeoutMs = WAIT_MS }, { emulator, signal }) => {
    const entries = (): readonly JournalEntry[] => (query.entry ? emulator.journal() : []);
    const read = () => findingOf(query, { sessions: emulator.sessions(), entries: entries() });
    return untilSeen(read, { listen: (look) => emulator.listen(look), timeoutMs, signal });
  },
  clock: (_, { emulator }) => clockOf(emulator),
  advanceClock: async ({ ms }, { emulator }) => {
    await emulator.advanceClock(ms);
    return clockOf(emulator);
  },
  reset: async (_, { emulator }) => {
    await emulator.reset();
    return DONE;
  },
  answers: (_, { emulator }) => ({ answers: emulator.answers() }),
  answerWith: ({ answer, ...scope }, { emulator }) => {
    emulator.answerWith(answer, scope);
    return DONE;
  },
  clearAnswers: (_, { emulator }) => {
    for (const { answer: _answer, times: _times, ...scope } of emulator.answers())
      emulator.answerWith(undefined, scope);
    return DONE;
  },
  faults: (_, { emulator }) => ({ faults: emulator.faults() }),
  fault: ({ rule }, { emulator }) => ({ id: emulator.fault(rule) }),
  clearFaults: (_, { emulator }) => {
    emulator.clearFaults();
    return DONE;
  },
  options: (_, { emulator }) => emulator.options(),
  setOptions: (options, { emulator }) => {
    emulator.setOptions(options);
    return emulator.options();
  },
};

/** The session that a call is about. Throws {@link EmulatorError} `session-not-found`. */
export function sessionOf({ emulator, id }: Pick<ControlContext, 'emulator' | 'id'>): LiveSessionView {
  const session = emulator.sessions().find((each) => each.id === id);
  if (!session) throw new EmulatorError('session-not-found', 'There is no session of that id.');
  return session;
}

function onOpen(context: ControlContext, act: (context: ControlContext) => boolean): Done {
  if (!sessionOf(context).connected || !act(context))
    throw new EmulatorError('session-closed', 'The session is over.');
  return DONE;
}

function clockOf(emulator: LiveEmulator): { readonly nowMs: number; readonly offsetMs: number } {
  return { nowMs: emulator.now(), offsetMs: emulator.clockOffset() };
}
