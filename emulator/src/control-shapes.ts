/**
 * Shapes that the control API's messages are made of, beside those of the wire.
 * @module
 */
import {
  bytes,
  decodeBase64,
  type Fields,
  flag,
  integer,
  list,
  number,
  object,
  type Part,
  ProtocolError,
  type ServerMessage,
  type Shape,
  setupShape,
  struct,
  text,
  type UsageMetadata,
  type UsageTotals,
} from '@livegate/protocol';
import type { Answer, AnswerStep, PcmAudio, ToolRequest, Words } from './answer.ts';
import { readFault } from './fault-reader.ts';
import { CLOSERS, type JournalEntry, type LiveSessionView, SESSION_STATES } from './live-emulator.ts';
import { readSamples, samplesToBase64 } from './pcm.ts';

/** A string out of a closed list. */
export function oneOf<const T extends string>(values: readonly T[]): Shape<T> {
  return (value, path) => {
    const found = values.find((each) => each === value);
    if (found === undefined) throw refused(path, `one of ${values.join(', ')}`);
    return found;
  };
}

/** An integer within bounds, both included. */
export function integerWithin(least: number, most: number): Shape<number> {
  return (value, path, unknownFields) => {
    const read = integer(value, path, unknownFields);
    if (read < least || read > most) throw refused(path, `${least} to ${most}`);
    return read;
  };
}

/** A number within bounds, both included. */
export function numberWithin(least: number, most: number): Shape<number> {
  return (value, path, unknownFields) => {
    const read = number(value, path, unknownFields);
    if (read < least || read > most) throw refused(path, `${least} to ${most}`);
    return read;
  };
}

/** The first of two shapes that takes the value; refuses with what the second says. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return (value, path, unknownFields) => {
    try {
      return first(value, path, unknownFields);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return second(value, path, unknownFields);
    }
  };
}

/** A message of the server as an operator makes it up: an object with at least one key. Its fields are not checked. */
export const serverMessage: Shape<ServerMessage> = (value, path, unknownFields) => {
  const read = struct(value, path, unknownFields);
  if (Object.keys(read).length === 0) throw refused(path, 'a message with at least one field');
  return read as ServerMessage;
};

/** The JSON of a message: samples as base64 of little-endian 16-bit PCM. */
export function jsonOf(message: unknown): string {
  return JSON.stringify(message, (_, value: unknown) =>
    value instanceof Int16Array ? samplesToBase64(value) : value,
  );
}

/** Samples as base64 of little-endian 16-bit PCM. */
const samples: Shape<Int16Array> = (value, path, unknownFields) => {
  const read = readSamples(decodeBase64(bytes(value, path, unknownFields)));
  if (!read) throw refused(path, 'whole 16-bit samples');
  return read;
};

const pcmAudio = object<PcmAudio>({ samples, rateHz: integerWithin(1_000, 384_000) }, 'samples', 'rateHz');
const toolRequest = object<ToolRequest>({ name: text, args: struct, id: text }, 'name');

/** Words, or words with what is known about them; of the latter the fields are not checked. */
const words: Shape<Words> = either(text, struct);

type StepKey = AnswerStep extends infer Step ? (Step extends unknown ? keyof Step : never) : never;
type StepValue<K extends StepKey> = Extract<AnswerStep, { readonly [P in K]: unknown }>[K];

const stepShapes: { readonly [K in StepKey]: Shape<StepValue<K>> } = {
  audio: pcmAudio,
  text,
  transcript: words,
  heard: words,
  interim: words,
  say: text,
  toolCall: either(toolRequest, list(toolRequest)),
  thought: text,
  grounding: struct,
  urlContext: struct,
  part: struct as Shape<Part>,
  status: oneOf(['IN_PROGRESS', 'REQUIRES_ACTION', 'IDLE']),
  turnCompleteReason: text,
  usage: struct as Shape<UsageMetadata>,
  waitingForInput: flag,
  message: serverMessage,
  delayMs: numberWithin(0, 600_000),
  fault: readFault,
};

/** One step: an object with exactly one key. */
const step: Shape<AnswerStep> = (value, path, unknownFields) => {
  const read = object(stepShapes as Fields<Record<StepKey, unknown>>)(value, path, unknownFields);
  if (Object.keys(read).length !== 1) throw refused(path, 'a step with exactly one field');
  return read as unknown as AnswerStep;
};

/** The steps of an answer. */
export const answerShape: Shape<Answer> = list(step);

const tokens = struct as unknown as Shape<UsageTotals['prompt']>;
const usage = object<UsageTotals>({
  turns: integer,
  prompt: tokens,
  response: tokens,
  toolUse: tokens,
  cached: tokens,
  thoughts: integer,
  total: integer,
});

/** A session as it is shown. */
export const sessionShape = object<LiveSessionView>(
  {
    id: text,
    state: oneOf(SESSION_STATES),
    connected: flag,
    openedAtMs: number,
    closedAtMs: number,
    closeCode: integer,
    closeReason: text,
    closedBy: oneOf(CLOSERS),
    backend: text as Shape<LiveSessionView['backend']>,
    door: text as Shape<LiveSessionView['door']>,
    apiVersion: text,
    method: text as Shape<LiveSessionView['method']>,
    location: text,
    model: text,
    setup: setupShape,
    resumedFrom: text,
    tokenHash: text,
    turns: integer,
    interruptions: integer,
    usage,
    audioSeconds: number,
    videoFrames: integer,
    contextTokens: integer,
    compressions: integer,
  },
  'id',
  'state',
  'connected',
  'openedAtMs',
  'turns',
  'interruptions',
  'usage',
);

type Entries = { readonly [K in JournalEntry['kind']]: Extract<JournalEntry, { readonly kind: K }> };
const noted = { seq: integer, atMs: number, sessionId: text } as const;
/** A journal's messages are scrubbed: they are no longer of the wire, and are taken as they come. */
const scrubbed = struct as unknown as Shape<never>;
const entryShapes: { readonly [K in keyof Entries]: Shape<Entries[K]> } = {
  open: object<Entries['open']>({ ...noted, kind: oneOf(['open']) }),
  in: object<Entries['in']>({ ...noted, kind: oneOf(['in']), bytes: integer, message: scrubbed }),
  'in-refused': object<Entries['in-refused']>({
    ...noted,
    kind: oneOf(['in-refused']),
    bytes: integer,
    problem: text,
  }),
  out: object<Entries['out']>({ ...noted, kind: oneOf(['out']), bytes: integer, message: scrubbed }),
  warning: object<Entries['warning']>({ ...noted, kind: oneOf(['warning']), text }),
  fault: object<Entries['fault']>({ ...noted, kind: oneOf(['fault']), fault: text, rule: text }),
  close: object<Entries['close']>({
    ...noted,
    kind: oneOf(['close']),
    code: integer,
    reason: text,
    by: oneOf(CLOSERS),
  }),
};

/** The kinds of journal entries. */
export const ENTRY_KINDS = Object.keys(entryShapes) as readonly JournalEntry['kind'][];

/** An entry of the journal. */
export const entryShape: Shape<JournalEntry> = (value, path, unknownFields) => {
  const { kind } = struct(value, path, unknownFields);
  const known = oneOf(ENTRY_KINDS)(kind, `${path}.kind`, unknownFields);
  return entryShapes[known](value, path, unknownFields);
};

function refused(path: string, wanted: string): ProtocolError {
  return new ProtocolError('invalid-field', path, `Invalid value at '${path}': expected ${wanted}.`);
}
