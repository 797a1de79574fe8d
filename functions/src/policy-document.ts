/**
 * What stands in Firestore, read with care: people write these documents by hand, and a limit that is missing or
 * misspelt must let nobody in instead of everybody.
 * @module
 */
import {
  isObject,
  isSetupPath,
  type LiveConfigDocument,
  type LivePolicyDocument,
  type LiveTemplateDocument,
  ProtocolError,
  setupShape,
} from '@livegate/protocol';
import { Refusal } from './refusal.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string' && value !== '';
const isFlag: Check = (value) => typeof value === 'boolean';
const isAmount: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isCount: Check = (value) => isAmount(value) && Number.isInteger(value);
const isSeconds: Check = (value) => isAmount(value) && Number(value) > 0;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isPath: Check = (value) => typeof value === 'string' && isSetupPath(value);
const anyOrNames: Check = (value) => value === 'any' || listOf(isText)(value);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.some((word) => word === value);

const POLICY = {
  v: isCount,
  version: isCount,
  route: oneOf('direct', 'relay'),
  backends: listOf(oneOf('google-ai', 'vertex-ai')),
  models: listOf(isText),
  modalities: listOf(isText),
  voices: anyOrNames,
  templates: anyOrNames,
  templateRequired: isFlag,
  settableFields: listOf(isPath),
  openFields: listOf(isPath),
  minutesPerDay: orNull(isAmount),
  minutesPerMonth: orNull(isAmount),
  sessionsPerMinute: isAmount,
  concurrentSessions: isCount,
  maxLiveTokens: orNull(isCount),
  renewal: oneOf('resume', 'single'),
  leaseSeconds: (value) => listOf(isSeconds)(value) && Array.isArray(value) && value.length > 0,
  singleLeaseSeconds: isSeconds,
  anonymous: isFlag,
  transcripts: (value) => isObject(value) && isFlag(value.keep) && isAmount(value.days),
  reportEverySeconds: isSeconds,
  sessionDays: isSeconds,
  emulatorOnly: isFlag,
} as const satisfies Readonly<Record<keyof LivePolicyDocument, Check>>;

/** `livePolicies/{id}`, `null` for none. Throws {@link Refusal} `no-template` naming what cannot be read. */
export function readPolicy(id: string, data: unknown): LivePolicyDocument | null {
  if (data === undefined || data === null) return null;
  const fields = isObject(data) ? data : {};
  const wrong = Object.entries<Check>(POLICY).find(([name, check]) => !check(fields[name]));
  if (wrong) throw unusable(`livePolicies/${id}`, wrong[0]);
  return data as LivePolicyDocument;
}

/** `liveTemplates/{id}`, `null` for none. Throws {@link Refusal} `no-template` naming what cannot be read. */
export function readTemplate(id: string, data: unknown): LiveTemplateDocument | null {
  if (data === undefined || data === null) return null;
  const path = `liveTemplates/${id}`;
  if (!isObject(data) || !isCount(data.version)) throw unusable(path, 'version');
  if (!isObject(data.setup)) throw unusable(path, 'setup');
  try {
    const { model, ...setup } = setupShape({ model: '', ...data.setup }, 'setup', 'reject');
    const title = typeof data.title === 'string' ? data.title : id;
    return { v: 1, version: Number(data.version), title, setup: model ? { model, ...setup } : setup };
  } catch (error) {
    if (error instanceof ProtocolError) throw unusable(path, error.path, error);
    throw error;
  }
}

/** `liveConfig/global`. No document is no switch; one whose switch is not plainly off is on. */
export function readConfig(data: unknown): LiveConfigDocument | null {
  if (data === undefined || data === null) return null;
  return { v: 1, killSwitch: !isObject(data) || data.killSwitch !== false };
}

function unusable(path: string, field: string, cause?: unknown): Refusal {
  return new Refusal('no-template', `${path} is no usable document: look at ${field}.`, {}, { cause });
}
