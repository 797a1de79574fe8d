/**
 * What templates, prices and the switches must look like: one check for the functions that read them, the callables
 * that write them and the page that edits them.
 * @module
 */
import { MODALITIES } from './content.ts';
import { bounded, fail, most, name, textUpTo, whole } from './door.ts';
import { partialSetupShape } from './message-shapes.ts';
import type {
  AlertThresholds,
  LiveCaps,
  LiveConfigDocument,
  LivePriceDocument,
  LiveTemplateDocument,
  PriceByModality,
  TemplateVariable,
} from './settings-documents.ts';
import { isObject, list, object, type Shape } from './shape.ts';

/** Most variables of a template. Ours. */
const MOST_VARIABLES = 20;
/** Most characters of a variable's value. Ours. */
const MOST_CHARACTERS = 2_000;

const variable = object<TemplateVariable>(
  {
    maxLength: whole(MOST_CHARACTERS),
    oneOf: most(100, list(textUpTo(MOST_CHARACTERS))),
    default: textUpTo(MOST_CHARACTERS),
    description: textUpTo(500),
  },
  'maxLength',
);

const variables: Shape<LiveTemplateDocument['variables']> = (value, path, unknownFields) => {
  if (!isObject(value)) throw fail(path, 'an object');
  const entries = Object.entries(value);
  if (entries.length > MOST_VARIABLES) throw fail(path, `at most ${MOST_VARIABLES} variables`);
  const read = entries.map(([key, each]): [string, TemplateVariable] => {
    if (!/^[A-Za-z][A-Za-z0-9_]{0,39}$/.test(key))
      throw fail(`${path}.${key.slice(0, 40)}`, 'a name: a letter, then letters, digits or _');
    const declared = variable(each, `${path}.${key}`, unknownFields);
    if (declared.default !== undefined && !(declared.oneOf ?? [declared.default]).includes(declared.default))
      throw fail(`${path}.${key}.default`, 'one of oneOf');
    return [key, declared];
  });
  return Object.fromEntries(read);
};

const template = object<LiveTemplateDocument>(
  { v: whole(99), version: whole(1_000_000), title: name, setup: partialSetupShape, variables },
  'v',
  'version',
  'title',
  'setup',
);

/** `{{name}}` in the instruction. */
export const PLACEHOLDER = /\{\{\s*([A-Za-z][A-Za-z0-9_]{0,39})\s*\}\}/g;

/**
 * Reads a stored template; one without `variables` has none. Throws {@link ProtocolError} naming the field that is
 * missing, wrong or unknown: a placeholder without a declaration, or the other way round, too.
 */
export function readTemplateDocument(value: unknown): LiveTemplateDocument {
  const given = template(value, '', 'reject');
  const read = { ...given, variables: given.variables ?? {} };
  const used = new Set(
    (read.setup.systemInstruction?.parts ?? []).flatMap((part) =>
      [...(part.text ?? '').matchAll(PLACEHOLDER)].map(([, each = '']) => each),
    ),
  );
  for (const each of used)
    if (!Object.hasOwn(read.variables, each)) throw fail(`variables.${each}`, 'a declaration; it is used');
  for (const each of Object.keys(read.variables))
    if (!used.has(each)) throw fail(`variables.${each}`, 'a use of it in the instruction');
  return read;
}

/** Reads a template that somebody wrote, under the `version` it is to have. */
export function readTemplateDraft(value: unknown, version: number): LiveTemplateDocument {
  if (!isObject(value)) throw fail('template', 'an object');
  return readTemplateDocument({ ...value, v: 1, version });
}

const usd = bounded(1_000_000);
const byModality = object<PriceByModality>(
  Object.fromEntries(MODALITIES.map((each) => [each, usd])) as unknown as {
    readonly [K in keyof PriceByModality]-?: Shape<number>;
  },
);
const day: Shape<string> = (value, path) => {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value)))
    throw fail(path, 'a day such as 2026-11-21');
  return value;
};
const price = object<LivePriceDocument>(
  {
    v: whole(99),
    version: whole(1_000_000),
    input: byModality,
    output: byModality,
    cached: byModality,
    thoughts: usd,
    asOf: day,
    source: textUpTo(500),
  },
  'v',
  'version',
  'input',
  'output',
  'asOf',
  'source',
);

/** Reads a stored price. Throws {@link ProtocolError} naming the field. */
export function readPriceDocument(value: unknown): LivePriceDocument {
  return price(value, '', 'reject');
}

/** Reads a price that somebody wrote, under the `version` it is to have. */
export function readPriceDraft(value: unknown, version: number): LivePriceDocument {
  if (!isObject(value)) throw fail('price', 'an object');
  return readPriceDocument({ ...value, v: 1, version });
}

/** Shards of the caps where none are named: at most so many, each with an hour and ten tokens. Ours. */
const CAP_SHARDS = 8;
const SHARE_MINUTES = 60;
const SHARE_TOKENS = 10;
/** Least that a share must hold: a long lease, and a token. */
const LEAST_SHARE_MINUTES = 10;

/** Bounds with what is absent as `null`; `null` where none is bounded. Throws {@link ProtocolError} naming the field. */
export function capsOf(given: Partial<LiveCaps> | null | undefined): LiveCaps | null {
  const { minutesPerDay = null, liveTokens = null } = given ?? {};
  const usual = Math.floor(
    Math.min(
      CAP_SHARDS,
      (minutesPerDay ?? Number.POSITIVE_INFINITY) / SHARE_MINUTES,
      (liveTokens ?? Number.POSITIVE_INFINITY) / SHARE_TOKENS,
    ),
  );
  const shards = given?.shards ?? Math.max(1, usual);
  if (shards < 1) throw fail('caps.shards', '1 to 64');
  const isThin =
    (minutesPerDay !== null && minutesPerDay / shards < LEAST_SHARE_MINUTES) ||
    (liveTokens !== null && liveTokens / shards < 1);
  if (shards > 1 && isThin)
    throw fail('caps.shards', `so few that each has ${LEAST_SHARE_MINUTES} minutes and a token`);
  return minutesPerDay === null && liveTokens === null ? null : { minutesPerDay, liveTokens, shards };
}

/** Thresholds with what is absent as `null`; `null` where there is none. */
export function alertsOf(given: Partial<AlertThresholds> | null | undefined): AlertThresholds | null {
  const { usd: spent = null, refusals = null, flaggedSessions = null, mintErrors = null } = given ?? {};
  const alerts = { usd: spent, refusals, flaggedSessions, mintErrors };
  return Object.values(alerts).every((each) => each === null) ? null : alerts;
}

const amount = bounded(Number.MAX_SAFE_INTEGER) as Shape<number | null>;
const config = object<LiveConfigDocument>({
  v: whole(99),
  killSwitch: (value) => value !== false,
  caps: object<LiveCaps>({ minutesPerDay: amount, liveTokens: amount, shards: whole(64) }),
  alerts: object<AlertThresholds>({
    usd: amount,
    refusals: amount,
    flaggedSessions: amount,
    mintErrors: amount,
  }),
});

/**
 * Reads `liveConfig/global`. A switch that is not plainly off is on. Throws {@link ProtocolError} where a bound
 * cannot be read.
 */
export function readConfigDocument(value: unknown): LiveConfigDocument {
  const read = config(value, '', 'reject');
  return {
    v: 1,
    killSwitch: read.killSwitch !== false,
    caps: capsOf(read.caps),
    alerts: alertsOf(read.alerts),
  };
}
