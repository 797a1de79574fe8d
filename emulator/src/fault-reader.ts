/**
 * Reads faults and rules from data: an option, a scenario file, a request to the control API.
 * @module
 */
import { isObject, type ServerKind } from '@livegate/protocol';
import { EmulatorError } from './errors.ts';
import type { Fault, FaultRule, TokenFault, UpgradeFault } from './fault.ts';

type AnyFault = Fault | UpgradeFault | TokenFault;
type Kind = AnyFault['kind'];

/** What a value must be, in words; `undefined` when it is that. */
type Check = (value: unknown) => string | undefined;

interface Field {
  readonly check: Check;
  readonly isRequired?: true;
}

type FieldsOf<Value> = { readonly [Name in Exclude<keyof Value, 'kind'>]-?: Field };

const DAY_MS = 24 * 3_600_000;
const ms: Field = { check: numberIn(0, DAY_MS) };
const positiveMs: Field = { check: numberIn(1, DAY_MS) };
/** Checked elsewhere. */
const any: Field = { check: () => undefined };
const text: Field = { check: (value) => (typeof value === 'string' ? undefined : 'text') };

const FIELDS: { readonly [K in Kind]: FieldsOf<Extract<AnyFault, { readonly kind: K }>> } = {
  lose: {},
  duplicate: { copies: { check: wholeIn(1, 1_000) } },
  reorder: { withinMs: positiveMs },
  truncate: { keep: { check: numberIn(0, 1) } },
  malform: { how: required(oneOf(['not-json', 'not-utf8', 'unknown-message', 'unknown-field'])) },
  'break-frame': {},
  stall: { forMs: ms },
  'slow-reader': { forMs: ms },
  shape: {
    direction: { check: oneOf(['out', 'in', 'both']) },
    bytesPerSecond: { check: numberIn(1, 1e12) },
    burstBytes: { check: numberIn(0, 1e12) },
    latencyMs: ms,
    jitterMs: ms,
    forMs: ms,
  },
  'bursty-audio': {
    holdMs: required(numberIn(1, DAY_MS)),
    rate: { check: numberIn(0.01, 1_000) },
    forMs: ms,
  },
  drop: {},
  close: { code: required(wholeIn(1_000, 65_535)), reason: text },
  'go-away': { timeLeftMs: ms },
  'expire-token': { afterMs: ms },
  'invalidate-handles': {},
  refuse: {
    status: required(wholeIn(400, 599)),
    body: {
      check: (value) => (typeof value === 'string' || isObject(value) ? undefined : 'text or an object'),
    },
    retryAfterSeconds: { check: wholeIn(0, 86_400) },
  },
  hang: { forMs: ms },
  reset: {},
  'lose-answer': {},
};

/** Every fault, and its fields. */
export const FAULT_FIELDS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(FIELDS).map(([kind, fields]) => [kind, Object.keys(fields)]),
);
const UPGRADE_KINDS = ['refuse', 'hang', 'reset'] as const satisfies readonly UpgradeFault['kind'][];
const TOKEN_KINDS = [...UPGRADE_KINDS, 'lose-answer'] as const satisfies readonly TokenFault['kind'][];
const SESSION_KINDS = Object.keys(FIELDS).filter(
  (kind) => !(TOKEN_KINDS as readonly string[]).includes(kind),
);
const MESSAGE_KINDS = {
  setupComplete: true,
  serverContent: true,
  toolCall: true,
  toolCallCancellation: true,
  goAway: true,
  sessionResumptionUpdate: true,
  voiceActivity: true,
  voiceActivityDetectionSignal: true,
} as const satisfies Readonly<Record<ServerKind, true>>;
/** What a moment may be made of, keys in order. */
const MOMENT_FORMS: ReadonlySet<string> = new Set([
  'messageOut',
  'messageOut+of',
  'messageIn',
  'turn',
  'audioMs+turn',
  'audioMs',
  'afterMs',
]);
const OUT_ONLY: readonly string[] = ['truncate', 'malform', 'break-frame'] satisfies Kind[];

/**
 * Reads a fault that can befall an open connection. Throws {@link EmulatorError} `invalid-fault` that names the field,
 * as `path` and what lies under it.
 */
export function readFault(value: unknown, path: string): Fault {
  return readKind(value, path, SESSION_KINDS) as Fault;
}

/** Reads a rule. Throws {@link EmulatorError} `invalid-fault` that names the field. */
export function readFaultRule(value: unknown, path: string): FaultRule {
  const rule = objectAt(value, path);
  checkFields(rule, path, { scope: any, at: any, fault: any, times: { check: wholeIn(1, 1e9) } });
  readScope(rule.scope, `${path}.scope`, rule.at);
  const { at } = rule;
  if (at === 'upgrade' || at === 'token-request')
    readKind(rule.fault, `${path}.fault`, at === 'upgrade' ? UPGRADE_KINDS : TOKEN_KINDS);
  else {
    const fault = readFault(rule.fault, `${path}.fault`);
    readMoment(at, `${path}.at`);
    if (isObject(at) && 'messageIn' in at && OUT_ONLY.includes(fault.kind))
      refuse(`${path}.fault.kind`, `one that can befall a message in (${fault.kind} goes out only)`);
  }
  return value as FaultRule;
}

function readKind(value: unknown, path: string, kinds: readonly string[]): unknown {
  const fault = objectAt(value, path);
  must(oneOf(kinds), fault.kind, `${path}.kind`);
  const kind = fault.kind as Kind;
  checkFields(fault, path, { kind: any, ...FIELDS[kind] });
  const { bytesPerSecond, latencyMs, jitterMs } = fault;
  if (kind === 'shape' && bytesPerSecond === undefined && latencyMs === undefined && jitterMs === undefined)
    refuse(path, 'a shape with bytesPerSecond, latencyMs or jitterMs');
  return value;
}

function readScope(value: unknown, path: string, at: unknown): void {
  if (value === undefined || value === 'every-connection' || value === 'next-connection') return;
  const names = 'every-connection, next-connection, { session }, { token } or { share }';
  const [key, ...others] = isObject(value) ? Object.keys(value) : [];
  if (!isObject(value) || key === undefined || others.length > 0) refuse(path, names);
  if (key !== 'session' && key !== 'token' && key !== 'share') refuse(path, names);
  must(key === 'share' ? numberIn(0, 1) : text.check, value[key], `${path}.${key}`);
  if ((key === 'session' && at === 'upgrade') || (key !== 'share' && at === 'token-request'))
    refuse(path, `a scope that is known at ${at}`);
}

function readMoment(value: unknown, path: string): void {
  if (value === undefined || value === 'open' || value === 'setup-complete' || value === 'now') return;
  const names =
    'upgrade, token-request, open, setup-complete, now, { messageOut }, { messageIn }, { turn }, { audioMs } or { afterMs }';
  if (!isObject(value)) refuse(path, names);
  const nth = orEach(wholeIn(1, 1e9));
  const checks: Readonly<Record<string, Check>> = {
    messageOut: nth,
    of: oneOf([...Object.keys(MESSAGE_KINDS), 'audio']),
    messageIn: nth,
    turn: nth,
    audioMs: numberIn(0, DAY_MS),
    afterMs: numberIn(0, DAY_MS),
  };
  const keys = Object.keys(value);
  if (!MOMENT_FORMS.has(keys.toSorted().join('+'))) refuse(path, names);
  for (const key of keys) must(checks[key] ?? text.check, value[key], `${path}.${key}`);
}

function objectAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : refuse(path, 'an object');
}

function checkFields(
  value: Readonly<Record<string, unknown>>,
  path: string,
  fields: Readonly<Record<string, Field>>,
): void {
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(fields, key))
      refuse(`${path}.${key}`, `left out: only ${listed(Object.keys(fields))} stand here`);
  }
  for (const [name, { check, isRequired }] of Object.entries(fields)) {
    if (value[name] !== undefined || isRequired) must(check, value[name], `${path}.${name}`);
  }
}

function must(check: Check, value: unknown, path: string): void {
  const wanted = check(value);
  if (wanted !== undefined) refuse(path, wanted);
}

function refuse(path: string, wanted: string): never {
  throw new EmulatorError('invalid-fault', `${path} must be ${wanted}.`);
}

function required(check: Check): Field & { readonly isRequired: true } {
  return { check, isRequired: true };
}

function numberIn(least: number, most: number): Check {
  return (value) =>
    typeof value === 'number' && value >= least && value <= most
      ? undefined
      : `a number, ${least} to ${most}`;
}

function wholeIn(least: number, most: number): Check {
  return (value) =>
    Number.isInteger(value) && numberIn(least, most)(value) === undefined
      ? undefined
      : `a whole number, ${least} to ${most}`;
}

function oneOf(names: readonly string[]): Check {
  return (value) => (typeof value === 'string' && names.includes(value) ? undefined : listed(names));
}

function orEach(check: Check): Check {
  return (value) => {
    const wanted = value === 'each' ? undefined : check(value);
    return wanted && `${wanted}, or each`;
  };
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? 'nothing') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
