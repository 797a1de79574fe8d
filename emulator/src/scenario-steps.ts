/**
 * The steps of an answer as a scenario writes them: one reader for each kind of step there is.
 * @module
 */
import {
  isObject,
  type Json,
  type JsonObject,
  type Part,
  type ServerMessage,
  type UsageMetadata,
} from '@livegate/protocol';
import type { AnswerStep, Grounding, PcmAudio, ToolRequest } from './answer.ts';
import { readFault } from './fault-reader.ts';
import {
  described,
  expected,
  type FieldPath,
  fields,
  flag,
  listed,
  name,
  number,
  objectSchema,
  oneOf,
  oneOrMore,
  type Reader,
  type Readers,
  type Reading,
} from './scenario-check.ts';
import { faultBy } from './scenario-fault.ts';
import { type Filled, fill, hasPlaces, jsonTemplate, textTemplate } from './scenario-template.ts';
import { wireReader, wordsReader } from './scenario-wire-steps.ts';
import { SPEECH_REMEDY } from './speech.ts';

/** A step as it was read. */
export interface ReadStep {
  readonly make: Filled<AnswerStep>;
  /** What it says where that is known before; it can be spoken ahead. */
  readonly says?: string;
}

type KeysOf<Union> = Union extends unknown ? keyof Union : never;
/** The kinds of step that there are. */
export type StepKind = KeysOf<AnswerStep>;

const NO_VOICE = `no voice is installed to say it with: ${SPEECH_REMEDY}`;
const LONGEST_DELAY_MS = 600_000;

const REQUEST: Readers<ToolRequest, Filled<Json>> = {
  name: constant(name),
  id: constant(name),
  args: jsonTemplate,
};

const toolRequest = described<Filled<ToolRequest>>(
  objectSchema(REQUEST, ['name']),
  (value, path, reading) => {
    const read = fields(value, path, REQUEST, ['name'], 'a function to call: its name and args', reading);
    if (!read) return undefined;
    return (words) =>
      Object.fromEntries(
        Object.entries(read).map(([key, make]) => [key, make(words)]),
      ) as unknown as ToolRequest;
  },
);

/** A reader for every kind of step: a new kind does not compile until it has one. */
const STEPS: { readonly [K in StepKind]: Reader<ReadStep> } = {
  audio: described(name.schema, (value, path, reading) => {
    const audio = isSound(value) ? value : readFile(value, path, reading);
    return audio && { make: () => ({ audio }) };
  }),
  text: template((filled) => ({ text: filled })),
  say: described(textTemplate.schema, (value, path, reading) => {
    const step = template((filled) => ({ say: filled }))(value, path, reading);
    if (step === undefined || typeof value !== 'string') return undefined;
    if (!reading.canSpeak) {
      // Once is enough: the remedy is the same for all.
      if (!reading.problems.some(({ message }) => message === NO_VOICE))
        reading.problems.push({ path, on: 'value', message: NO_VOICE });
      return undefined;
    }
    if (hasPlaces(value)) return step;
    const says = fill(value, { text: '', turn: '' });
    if (!/[A-Za-z0-9]/.test(says))
      return expected(path, 'words in Latin letters, which is all that the voice can read', value, reading);
    return { ...step, says };
  }),
  transcript: wordsReader((transcript) => ({ transcript })),
  heard: wordsReader((heard) => ({ heard })),
  interim: wordsReader((interim) => ({ interim })),
  toolCall: made(oneOrMore(toolRequest, 'a function to call, or a list of them'), (calls) => (words) => ({
    toolCall: calls.map((make) => make(words)),
  })),
  thought: template((thought) => ({ thought })),
  grounding: wireReader<Grounding>(
    (groundingMetadata) => ({ serverContent: { groundingMetadata } }),
    (grounding) => ({ grounding }),
  ),
  urlContext: wireReader<JsonObject>(
    (urlContextMetadata) => ({ serverContent: { urlContextMetadata } }),
    (urlContext) => ({ urlContext }),
  ),
  part: wireReader<Part>(
    (part) => ({ serverContent: { modelTurn: { parts: [part] } } }),
    (part) => ({ part }),
  ),
  usage: wireReader<UsageMetadata>(
    (usageMetadata) => ({ usageMetadata }),
    (usage) => ({ usage }),
  ),
  message: wireReader<ServerMessage>(
    (message) => message,
    (message) => ({ message }),
  ),
  status: always(oneOf('IN_PROGRESS', 'REQUIRES_ACTION', 'IDLE'), (status) => ({ status })),
  turnCompleteReason: always(name, (turnCompleteReason) => ({ turnCompleteReason })),
  waitingForInput: always(flag, (waitingForInput) => ({ waitingForInput })),
  delayMs: always(number(0, LONGEST_DELAY_MS), (delayMs) => ({ delayMs })),
  fault: always(faultBy(readFault), (fault) => ({ fault })),
};

const STEP_SCHEMA = { ...objectSchema(STEPS), minProperties: 1, maxProperties: 1 };

/** One step: an object with one of the fields that steps have. */
export const step: Reader<ReadStep> = described(STEP_SCHEMA, (value, path, reading) => {
  if (!isObject(value)) return expected(path, `a step: ${listed(Object.keys(STEPS))}`, value, reading);
  const read = fields(value, path, STEPS, [], 'a step', reading);
  const kinds = Object.keys(value);
  if (kinds.length === 0) return expected(path, `a step: ${listed(Object.keys(STEPS))}`, undefined, reading);
  if (kinds.length > 1 && kinds.every((kind) => Object.hasOwn(STEPS, kind))) {
    const message = `a step has one field, and this one has ${kinds.join(' and ')}; write each as a step of its own`;
    reading.problems.push({ path: [...path, kinds[1] ?? ''], on: 'name', message });
    return undefined;
  }
  return read && Object.values(read)[0];
});

function constant(read: Reader<string>): Reader<Filled<Json>> {
  return described(read.schema, (value, path, reading) => {
    const known = read(value, path, reading);
    return known === undefined ? undefined : () => known;
  });
}

function made<T>(read: Reader<T>, make: (value: T) => Filled<AnswerStep>): Reader<ReadStep> {
  return described(read.schema, (value, path, reading) => {
    const known = read(value, path, reading);
    return known === undefined ? undefined : { make: make(known) };
  });
}

function always<T>(read: Reader<T>, make: (value: T) => AnswerStep): Reader<ReadStep> {
  return made(read, (value) => () => make(value));
}

function template(make: (filled: string) => AnswerStep): Reader<ReadStep> {
  return made(textTemplate, (filled) => (words) => make(filled(words)));
}

function readFile(value: unknown, path: FieldPath, reading: Reading): PcmAudio | undefined {
  const file = name(value, path, reading);
  if (file === undefined) return undefined;
  try {
    return reading.readSound(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    reading.problems.push({ path, on: 'value', message: `${file} cannot be used. ${why}` });
    return undefined;
  }
}

function isSound(value: unknown): value is PcmAudio {
  return (
    isObject(value) &&
    value.samples instanceof Int16Array &&
    typeof value.rateHz === 'number' &&
    value.rateHz >= 1_000 &&
    value.rateHz <= 384_000
  );
}
