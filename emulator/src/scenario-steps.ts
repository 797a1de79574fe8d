/**
 * The steps of an answer as a scenario writes them: one reader for each kind of step there is.
 * @module
 */
import { isObject, type Json, type JsonObject } from '@livegate/protocol';
import type { AnswerStep, PcmAudio, ToolRequest } from './answer.ts';
import { EmulatorError } from './errors.ts';
import { readFault } from './fault-reader.ts';
import {
  expected,
  type FieldPath,
  fields,
  listed,
  name,
  number,
  oneOrMore,
  type Reader,
  type Readers,
  type Reading,
  text,
} from './scenario-check.ts';
import { SPEECH_REMEDY } from './speech.ts';

/** What a template may name. */
export interface ScenarioWords {
  /** What the user wrote in this turn; empty where it was no text. */
  readonly text: string;
  /** 1 for the first turn. */
  readonly turn: string;
}

/** A step, once the words are known. */
export type StepMaker = (words: ScenarioWords) => AnswerStep;

/** A step as it was read. */
export interface ReadStep {
  readonly make: StepMaker;
  /** What it says where that is known before; it can be spoken ahead. */
  readonly says?: string;
}

type KeysOf<Union> = Union extends unknown ? keyof Union : never;
/** The kinds of step that there are. */
export type StepKind = KeysOf<AnswerStep>;

const VARIABLES: readonly string[] = ['text', 'turn'] satisfies readonly (keyof ScenarioWords)[];
/** `{name}`, and `{{name}}` for the braces themselves. */
const TEMPLATE = /\{\{(\w+)\}\}|\{(\w+)\}/g;
const LONGEST_DELAY_MS = 600_000;

/** A reader for every kind of step: a new kind does not compile until it has one. */
const STEPS: { readonly [K in StepKind]: Reader<ReadStep> } = {
  audio: (value, path, reading) => {
    const audio = isSound(value) ? value : readFile(value, path, reading);
    return audio && { make: () => ({ audio }) };
  },
  text: template((filled) => ({ text: filled })),
  say: (value, path, reading) => {
    const step = template((filled) => ({ say: filled }))(value, path, reading);
    if (step === undefined || typeof value !== 'string') return undefined;
    if (!reading.canSpeak)
      return expected(path, `a voice to say it with: ${SPEECH_REMEDY}`, undefined, reading);
    if (hasVariables(value)) return step;
    const says = fill(value, { text: '', turn: '' });
    if (!/[A-Za-z0-9]/.test(says))
      return expected(path, 'words in Latin letters, which is all that the voice can read', value, reading);
    return { ...step, says };
  },
  transcript: template((filled) => ({ transcript: filled })),
  heard: template((filled) => ({ heard: filled })),
  toolCall: (value, path, reading) => {
    const calls = oneOrMore(toolRequest, 'a function to call, or a list of them')(value, path, reading);
    return calls && { make: (words) => ({ toolCall: calls.map((make) => make(words)) }) };
  },
  delayMs: (value, path, reading) => {
    const delayMs = number(0, LONGEST_DELAY_MS)(value, path, reading);
    return delayMs === undefined ? undefined : { make: () => ({ delayMs }) };
  },
  fault: (value, path, reading) => {
    const fault = checkedElsewhere(() => readFault(value, 'fault'), path, reading);
    return fault && { make: () => ({ fault }) };
  },
};

/** One step: an object with one of the fields that steps have. */
export const step: Reader<ReadStep> = (value, path, reading) => {
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
};

const REQUEST: Readers<ToolRequest, (words: ScenarioWords) => Json> = {
  name: constant(name),
  id: constant(name),
  args: (value, path, reading) => {
    if (!isObject(value)) return expected(path, 'the arguments as an object', value, reading);
    return checkTemplates(value, path, reading) ? (words) => filledIn(value, words) as JsonObject : undefined;
  },
};

const toolRequest: Reader<(words: ScenarioWords) => ToolRequest> = (value, path, reading) => {
  const read = fields(value, path, REQUEST, ['name'], 'a function to call: its name and args', reading);
  if (!read) return undefined;
  return (words) =>
    Object.fromEntries(
      Object.entries(read).map(([key, make]) => [key, make(words)]),
    ) as unknown as ToolRequest;
};

function constant(read: Reader<string>): Reader<(words: ScenarioWords) => Json> {
  return (value, path, reading) => {
    const known = read(value, path, reading);
    return known === undefined ? undefined : () => known;
  };
}

function template(make: (filled: string) => AnswerStep): Reader<ReadStep> {
  return (value, path, reading) => {
    const written = text(value, path, reading);
    if (written === undefined || !checkTemplates(written, path, reading)) return undefined;
    return { make: (words) => make(fill(written, words)) };
  };
}

function hasVariables(written: string): boolean {
  return [...written.matchAll(TEMPLATE)].some(([, , variable]) => variable !== undefined);
}

function fill(written: string, words: ScenarioWords): string {
  return written.replace(TEMPLATE, (_, plain: string | undefined, variable: string) =>
    plain === undefined ? words[variable as keyof ScenarioWords] : `{${plain}}`,
  );
}

function filledIn(value: unknown, words: ScenarioWords): Json {
  if (typeof value === 'string') return fill(value, words);
  if (Array.isArray(value)) return value.map((each) => filledIn(each, words));
  if (!isObject(value)) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filledIn(each, words)]));
}

/** True where every template in it names a variable that there is. */
function checkTemplates(value: unknown, path: FieldPath, reading: Reading): boolean {
  if (Array.isArray(value))
    return value.map((each, at) => checkTemplates(each, [...path, at], reading)).every(Boolean);
  if (isObject(value))
    return Object.entries(value)
      .map(([key, each]) => checkTemplates(each, [...path, key], reading))
      .every(Boolean);
  if (typeof value !== 'string') return true;
  const unknown = [...value.matchAll(TEMPLATE)].flatMap(([, , variable]) =>
    variable === undefined || VARIABLES.includes(variable) ? [] : [variable],
  );
  for (const variable of unknown) {
    const names = listed(VARIABLES.map((each) => `{${each}}`));
    const message = `unknown variable {${variable}}; expected ${names}, or {{${variable}}} for the braces themselves`;
    reading.problems.push({ path, on: 'value', message });
  }
  return unknown.length === 0;
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

/** What another part of the emulator reads; it names the field that makes no sense as `fault.kind`. */
function checkedElsewhere<T>(read: () => T, path: FieldPath, { problems }: Reading): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EmulatorError)) throw error;
    const [field = '', ...words] = error.message.split(' ');
    const within = field.split('.').slice(1);
    problems.push({ path: [...path, ...within], on: 'value', message: words.join(' ').replace(/\.$/, '') });
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
