/**
 * What a policy must look like: one check for the functions that read it, the callable that writes it and the page
 * that edits it. A limit that is missing or misspelt must let nobody in instead of everybody.
 * @module
 */
import { MODALITIES } from './content.ts';
import { fail } from './door.ts';
import { ProtocolError } from './errors.ts';
import type { LivePolicyDocument } from './settings-documents.ts';
import { isSetupPath, NEVER_OPEN, type SetupPath } from './setup-fields.ts';
import { isObject } from './shape.ts';

/**
 * Bounds of a lease in s. The least is ours; the service refuses an expiry of 20 hours or more ahead (Live API guide,
 * read 2026-11-21).
 */
export const LEASE_SECONDS = { least: 10, most: 20 * 3_600 - 60 } as const;

/** Says what is wanted, or `undefined` where the value is right. */
type Check = (value: unknown) => string | undefined;

const check =
  (wanted: string, is: (value: unknown) => boolean): Check =>
  (value) =>
    is(value) ? undefined : wanted;
const isAmount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const flag = check('true or false', (value) => typeof value === 'boolean');
const amount = check('a number ≥ 0', isAmount);
const count = check('a whole number ≥ 0', (value) => isAmount(value) && Number.isInteger(value));
const above = check('a number above 0', (value) => isAmount(value) && Number(value) > 0);
const texts = check(
  'a list of texts',
  (value) => Array.isArray(value) && value.every(isText) && value.length <= 200,
);
const anyOrTexts = check(
  `'any' or a list of texts`,
  (value) => value === 'any' || texts(value) === undefined,
);
const paths = (less: readonly SetupPath[]): Check =>
  check(
    `a list of setup paths, ${less.join(', ')} not among them`,
    (value) =>
      Array.isArray(value) &&
      value.every(
        (each) => typeof each === 'string' && isSetupPath(each) && !less.includes(each as SetupPath),
      ),
  );
/** An empty list would let nobody in without saying so. */
const some =
  (inner: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length === 0 ? 'a list that is not empty' : inner(value);
const modelIds = check(
  'a list of model ids without models/',
  (value) =>
    texts(value) === undefined && Array.isArray(value) && value.every((each) => !String(each).includes('/')),
);
/** What a lease may last: less is not worth a token, more the service refuses. */
const leaseLength = check(
  `a number from ${LEASE_SECONDS.least} to ${LEASE_SECONDS.most}`,
  (value) => isAmount(value) && Number(value) >= LEASE_SECONDS.least && Number(value) <= LEASE_SECONDS.most,
);
const word = (...words: readonly string[]): Check =>
  check(`one of ${words.join(', ')}`, (value) => words.some((each) => each === value));
const words = (...allowed: readonly string[]): Check =>
  check(
    `a list of ${allowed.join(', ')}`,
    (value) => Array.isArray(value) && value.every((each) => allowed.some((one) => one === each)),
  );
const orNull =
  (inner: Check): Check =>
  (value) =>
    value === null ? undefined : inner(value) && `${inner(value)}, or null`;
const parts = (fields: Readonly<Record<string, Check>>): Check => {
  const names = Object.keys(fields);
  return check(
    `an object of ${names.join(', ')}`,
    (value) =>
      isObject(value) &&
      Object.keys(value).every((name) => names.includes(name)) &&
      names.every((name) => fields[name]?.(value[name]) === undefined),
  );
};

const TOOL_KINDS = [
  'functionDeclarations',
  'googleSearch',
  'googleSearchRetrieval',
  'codeExecution',
  'urlContext',
  'googleMaps',
  'computerUse',
  'fileSearch',
  'mcpServers',
] as const;

const spend = parts({ tokens: orNull(amount), usd: orNull(amount) });

const POLICY = {
  v: count,
  version: count,
  route: word('direct', 'relay'),
  backends: some(words('google-ai', 'vertex-ai')),
  models: some(modelIds),
  modalities: some(words(...MODALITIES)),
  voices: anyOrTexts,
  tools: (value) => (value === 'any' ? undefined : words(...TOOL_KINDS)(value)),
  templates: anyOrTexts,
  templateRequired: flag,
  settableFields: paths(['model', 'sessionResumption']),
  openFields: paths(['sessionResumption', ...NEVER_OPEN]),
  minutesPerDay: orNull(amount),
  minutesPerMonth: orNull(amount),
  sessionsPerMinute: amount,
  concurrentSessions: count,
  maxLiveTokens: orNull(count),
  reportedPerDay: spend,
  meteredPerDay: spend,
  renewal: word('resume', 'single'),
  leaseSeconds: check(
    `a list of 1 to 20 numbers from ${LEASE_SECONDS.least} to ${LEASE_SECONDS.most}, none smaller than the one before`,
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= 20 &&
      value.every(
        (each, index) => leaseLength(each) === undefined && (index === 0 || each >= Number(value[index - 1])),
      ),
  ),
  singleLeaseSeconds: leaseLength,
  anonymous: flag,
  anonymousPool: orNull(parts({ minutesPerDay: amount })),
  transcripts: parts({ keep: flag, days: amount }),
  reportEverySeconds: above,
  sessionDays: above,
  emulatorOnly: flag,
} as const satisfies Readonly<Record<keyof LivePolicyDocument, Check>>;

/** Reads a stored policy. Throws {@link ProtocolError} naming the first field that is missing, wrong or unknown. */
export function readPolicyDocument(value: unknown): LivePolicyDocument {
  if (!isObject(value)) throw fail('', 'an object');
  for (const [field, wrong] of Object.entries<Check>(POLICY)) {
    const wanted = wrong(value[field]);
    if (wanted) throw fail(field, wanted);
  }
  const unknown = Object.keys(value).find((field) => !Object.hasOwn(POLICY, field));
  if (unknown !== undefined) {
    const field = unknown.slice(0, 40);
    throw new ProtocolError('unknown-field', field, `Unknown name "${field}": Cannot find field.`);
  }
  return value as unknown as LivePolicyDocument;
}

/** Reads a policy that somebody wrote, under the `version` it is to have. Throws as {@link readPolicyDocument} does. */
export function readPolicyDraft(value: unknown, version: number): LivePolicyDocument {
  if (!isObject(value)) throw fail('policy', 'an object');
  return readPolicyDocument({ ...value, v: 1, version });
}
