/**
 * A whole scenario out of unknown data: every field read or noted as wrong.
 * @module
 */
import { isObject, type JsonObject } from '@livegate/protocol';
import type { FaultRule } from './fault.ts';
import { readFaultRule } from './fault-reader.ts';
import type {
  NumberMatch,
  Scenario,
  ScenarioRule,
  TextMatch,
  ToolResultMatch,
  UserCause,
  When,
} from './scenario.ts';
import {
  described,
  expected,
  fields,
  flag,
  type JsonSchema,
  list,
  listed,
  name,
  number,
  objectSchema,
  oneOf,
  oneOrMore,
  type Reader,
  type Readers,
  type Reading,
  text,
} from './scenario-check.ts';
import { faultBy } from './scenario-fault.ts';
import { allOf, CONDITIONS, type Condition, START_STATE, textIs } from './scenario-match.ts';
import { type ReadStep, step } from './scenario-steps.ts';

/** What is answered. */
export type ReadReply = 'echo' | 'silence' | readonly ReadStep[];

/** A rule that was read. */
export interface ReadRule {
  readonly name: string | undefined;
  readonly isMet: Condition;
  readonly answer: ReadReply;
  /** How often in a conversation. */
  readonly times: number;
  readonly then: string | undefined;
}

/** A scenario that was read, and is whole. */
export interface ReadScenario {
  readonly rules: readonly ReadRule[];
  readonly otherwise: ReadReply;
  /** Whether a rule is for the start of a session. */
  readonly speaksFirst: boolean;
  /** What goes wrong by itself. */
  readonly faults: readonly FaultRule[];
  /** What it says word for word, wherever. */
  readonly sayings: readonly string[];
}

const MOST_TIMES = 1e9;
const CAUSES = [
  'speech',
  'activity-mark',
  'realtime-text',
  'client-content',
  'tool-response',
] as const satisfies readonly UserCause[];

/** Reads a scenario. `undefined` where something is wrong with it; all of that stands in `reading.problems`. */
export function readScenario(value: unknown, reading: Reading): ReadScenario | undefined {
  const readers = scenarioReaders(statesOf(value));
  const read = fields<unknown>(value, [], readers, ['rules'], 'a scenario: an object with rules', reading);
  if (!read) return undefined;
  const rules = read.rules as readonly (ReadRule & { readonly isGreeting: boolean })[];
  const otherwise = (read.otherwise as ReadReply | undefined) ?? 'echo';
  const sayings = [otherwise, ...rules.map(({ answer }) => answer)]
    .flatMap((each) => (typeof each === 'string' ? [] : each))
    .flatMap(({ says }) => says ?? []);
  const speaksFirst = rules.some(({ isGreeting }) => isGreeting);
  const faults = (read.faults as readonly FaultRule[] | undefined) ?? [];
  return { rules, otherwise, speaksFirst, faults, sayings };
}

/** A JSON Schema of scenarios, for editors: it takes all that {@link readScenario} does, and more. */
export function scenarioSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A scenario of the Live API emulator',
    ...objectSchema(scenarioReaders([START_STATE]), ['rules']),
  };
}

function scenarioReaders(states: readonly string[]) {
  return {
    $schema: text,
    name: text,
    rules: list(rule(states), 'a list of rules'),
    otherwise: reply,
    faults: list(faultBy(readFaultRule), 'a list of faults'),
  } satisfies Readers<Scenario, unknown>;
}

function rule(states: readonly string[]): Reader<ReadRule & { readonly isGreeting: boolean }> {
  const readers = {
    name,
    when: when(states),
    answer: reply,
    times: number(1, MOST_TIMES, true),
    once: flag,
    // biome-ignore lint/suspicious/noThenProperty: the word of the file; its value is never called
    then: name,
  } satisfies Readers<ScenarioRule, unknown>;
  return described(objectSchema(readers, ['answer']), (value, path, reading) => {
    const read = fields<unknown>(value, path, readers, ['answer'], 'a rule: when and answer', reading);
    if (!read) return undefined;
    if (read.once !== undefined && read.times !== undefined) {
      reading.problems.push({
        path: [...path, 'once'],
        on: 'name',
        message: 'once and times say the same; leave one out',
      });
      return undefined;
    }
    const asked = read.when as ReadWhen | undefined;
    return {
      name: read.name as string | undefined,
      isMet: asked?.isMet ?? allOf({}),
      answer: read.answer as ReadReply,
      times: read.once === true ? 1 : ((read.times as number | undefined) ?? Number.POSITIVE_INFINITY),
      // biome-ignore lint/suspicious/noThenProperty: as above
      then: read.then as string | undefined,
      isGreeting: asked?.isGreeting ?? false,
    };
  });
}

interface ReadWhen {
  readonly isMet: Condition;
  readonly isGreeting: boolean;
}

function when(states: readonly string[]): Reader<ReadWhen> {
  // Which states there are is for each scenario to say.
  const state = oneOrMore(oneOf(...states), `${listed(states)}, or a list of them`);
  const readers = {
    text: asking(textMatch, CONDITIONS.text),
    audioSeconds: asking(numberMatch(0, 86_400), CONDITIONS.audioSeconds),
    turn: asking(numberMatch(1, MOST_TIMES, true), CONDITIONS.turn),
    videoFrames: asking(numberMatch(0, MOST_TIMES, true), CONDITIONS.videoFrames),
    toolResult: asking(oneOrMore(toolResult, 'a tool result, or a list of them'), CONDITIONS.toolResult),
    cause: asking(oneOrMore(oneOf(...CAUSES), `${listed(CAUSES)}, or a list of them`), CONDITIONS.cause),
    sessionStart: asking(oneOf('new', 'resumed', 'any'), CONDITIONS.sessionStart),
    model: asking(textMatch, CONDITIONS.model),
    systemInstruction: asking(textMatch, CONDITIONS.systemInstruction),
    setup: asking(values, CONDITIONS.setup),
    state: asking(described(oneOrMore(name, '').schema, state), CONDITIONS.state),
  } satisfies Readers<When, Condition>;
  return described(objectSchema(readers), (value, path, reading) => {
    const read = fields(value, path, readers, [], 'what must be so', reading);
    if (!read || !isObject(value)) return undefined;
    const isGreeting = read.sessionStart !== undefined;
    if (isGreeting) {
      const never = ['text', 'audioSeconds', 'toolResult', 'cause'].find((key) => read[key] !== undefined);
      if (never !== undefined) {
        const message = `${never} never goes with sessionStart: the user has said nothing yet`;
        reading.problems.push({ path: [...path, never], on: 'name', message });
        return undefined;
      }
    }
    const causes = (Array.isArray(value.cause) ? value.cause : [value.cause]) as readonly UserCause[];
    return { isMet: allOf(read, causes), isGreeting };
  });
}

function asking<Match>(read: Reader<Match>, condition: (match: Match) => Condition): Reader<Condition> {
  return described(read.schema, (value, path, reading) => {
    const match = read(value, path, reading);
    return match === undefined ? undefined : condition(match);
  });
}

const steps = oneOrMore(step, 'at least one step, or silence');
const replySchema = { anyOf: [{ enum: ['echo', 'silence'] }, steps.schema ?? {}] };

const reply: Reader<ReadReply> = described(replySchema, (value, path, reading) => {
  if (value === 'echo' || value === 'silence') return value;
  if (!isObject(value) && !Array.isArray(value))
    return expected(path, 'a list of steps, echo or silence', value, reading);
  return steps(value, path, reading);
});

const TEXT_FORMS = ['is', 'contains', 'matches'] as const;

const pattern: Reader<string> = described({ type: 'string', format: 'regex' }, (value, path, reading) => {
  if (typeof value !== 'string') return expected(path, 'a regular expression', value, reading);
  try {
    textIs({ matches: value });
    return value;
  } catch (error) {
    return expected(
      path,
      `a regular expression (${error instanceof Error ? error.message : error})`,
      value,
      reading,
    );
  }
});

const textForms = { is: text, contains: name, matches: pattern, caseSensitive: flag };
const textSchema = { anyOf: [{ type: 'string' }, { ...objectSchema(textForms), minProperties: 1 }] };

const textMatch: Reader<TextMatch> = described(textSchema, (value, path, reading) => {
  if (typeof value === 'string') return value;
  const what = 'text, or an object with is, contains or matches';
  const read = fields<unknown>(value, path, textForms, [], what, reading);
  if (!read) return undefined;
  const forms = TEXT_FORMS.filter((form) => read[form] !== undefined);
  if (forms.length !== 1) {
    reading.problems.push({
      path,
      on: 'value',
      message: `expected one of is, contains and matches, found ${forms.length === 0 ? 'none' : forms.join(' and ')}`,
    });
    return undefined;
  }
  return read as TextMatch;
});

function numberMatch(least: number, most: number, isWhole = false): Reader<NumberMatch> {
  const one = number(least, most, isWhole);
  const bounds = { atLeast: one, atMost: one };
  const schema = { anyOf: [one.schema ?? {}, { ...objectSchema(bounds), minProperties: 1 }] };
  return described(schema, (value, path, reading) => {
    if (!isObject(value)) return one(value, path, reading);
    const read = fields(value, path, bounds, [], 'a number', reading);
    if (!read) return undefined;
    const { atLeast, atMost } = read;
    if (atLeast === undefined && atMost === undefined)
      return expected(path, 'a number, or an object with atLeast or atMost', undefined, reading);
    if (atLeast !== undefined && atMost !== undefined && atLeast > atMost)
      return expected(
        [...path, 'atMost'],
        `a number of at least ${atLeast}, as atLeast says`,
        atMost,
        reading,
      );
    return read;
  });
}

const values: Reader<JsonObject> = described({ type: 'object', minProperties: 1 }, (value, path, reading) =>
  isObject(value) && Object.keys(value).length > 0
    ? (value as JsonObject)
    : expected(path, 'an object with the values it must hold', value, reading),
);

const resultFields = { name, response: values } satisfies Readers<ToolResultMatch, unknown>;

const toolResult: Reader<ToolResultMatch> = described(
  objectSchema(resultFields),
  (value, path, reading) =>
    fields<unknown>(value, path, resultFields, [], 'a function by name and response', reading) as
      | ToolResultMatch
      | undefined,
);

/** Every state that a rule leads to, and the one at the beginning. */
function statesOf(value: unknown): readonly string[] {
  const rules = isObject(value) && Array.isArray(value.rules) ? (value.rules as readonly unknown[]) : [];
  const led = rules.flatMap((each) => (isObject(each) && typeof each.then === 'string' ? [each.then] : []));
  return [...new Set([START_STATE, ...led])];
}
