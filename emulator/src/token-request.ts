/**
 * Reads the body of `POST auth_tokens`.
 * @module
 */
import { camelCase, isObject, type LiveSetup, ProtocolError, partialSetupShape } from '@livegate/protocol';
import { GoogleError } from './google-error.ts';
import { NO_LOCK, pathOutsideMask, readMask, type SetupLock, vertexOnlyField } from './setup-lock.ts';

/** A token as asked for. Times are epoch ms. */
export interface TokenRequest {
  /** Sessions it may start; `Infinity` where 0 was asked for. */
  readonly uses: number;
  readonly expiresAtMs: number;
  readonly newSessionUntilMs: number;
  readonly lock: SetupLock;
}

/** Defaults and bounds of the service, in ms. Source: ephemeral token guide, read 2026-11-21. */
export const TOKEN_TIMES = {
  lifeMs: 30 * 60_000,
  newSessionMs: 60_000,
  maxAheadMs: 20 * 60 * 60_000,
} as const;

const FIELDS = [
  'uses',
  'expireTime',
  'newSessionExpireTime',
  'bidiGenerateContentSetup',
  'fieldMask',
] as const;
type Field = (typeof FIELDS)[number];

/**
 * Reads a token request in either casing at `nowMs`. Throws {@link GoogleError} 400: unknown field, `uses` that is no
 * whole number, a time that is not RFC 3339, past or 20 h ahead, a mask path the service does not know, or a
 * constraint outside the mask.
 */
export function readTokenRequest(body: unknown, nowMs: number): TokenRequest {
  const fields = fieldsOf(body);
  return {
    uses: readUses(fields.get('uses')),
    expiresAtMs: readTime(fields, 'expireTime', nowMs, TOKEN_TIMES.lifeMs),
    newSessionUntilMs: readTime(fields, 'newSessionExpireTime', nowMs, TOKEN_TIMES.newSessionMs),
    lock: readLock(fields.get('bidiGenerateContentSetup'), fields.get('fieldMask')),
  };
}

function fieldsOf(body: unknown): ReadonlyMap<Field, unknown> {
  if (!isObject(body)) throw new GoogleError(400, 'Invalid JSON payload received: expected an object.');
  const fields = new Map<Field, unknown>();
  for (const [key, value] of Object.entries(body)) {
    const field = FIELDS.find((each) => each === camelCase(key));
    if (field === undefined)
      throw new GoogleError(
        400,
        `Invalid JSON payload received. Unknown name "${key.slice(0, 40)}": Cannot find field.`,
      );
    if (value !== null) fields.set(field, value);
  }
  return fields;
}

function readUses(value: unknown): number {
  if (value === undefined) return 1;
  const uses = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof uses !== 'number' || !Number.isSafeInteger(uses) || uses < 0)
    throw new GoogleError(400, "Invalid value at 'uses': expected a whole number of 0 or more.");
  return uses === 0 ? Number.POSITIVE_INFINITY : uses;
}

function readTime(
  fields: ReadonlyMap<Field, unknown>,
  field: 'expireTime' | 'newSessionExpireTime',
  nowMs: number,
  defaultMs: number,
): number {
  const value = fields.get(field);
  if (value === undefined) return nowMs + defaultMs;
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
  const atMs = typeof value === 'string' && form.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(atMs))
    throw new GoogleError(
      400,
      `Invalid value at '${field}': expected an RFC 3339 time such as 2026-01-02T03:04:05Z.`,
    );
  if (atMs <= nowMs) throw new GoogleError(400, `Invalid value at '${field}': it must lie in the future.`);
  if (atMs >= nowMs + TOKEN_TIMES.maxAheadMs)
    throw new GoogleError(400, `Invalid value at '${field}': it must lie less than 20 hours ahead.`);
  return atMs;
}

function readLock(constraints: unknown, mask: unknown): SetupLock {
  if (mask !== undefined && typeof mask !== 'string')
    throw new GoogleError(400, "Invalid value at 'fieldMask': expected paths joined by commas.");
  const setup = constraints === undefined ? undefined : readConstraints(constraints);
  const read = readMask(mask ?? '');
  if ('unknown' in read)
    throw new GoogleError(400, `Invalid value at 'fieldMask': unknown path "${read.unknown.slice(0, 80)}".`);
  if (read.paths.length === 0) return setup ? { paths: 'all', setup } : NO_LOCK;
  const outside = setup && pathOutsideMask(setup, read.paths);
  if (outside !== undefined)
    throw new GoogleError(
      400,
      `Invalid value at 'bidiGenerateContentSetup': "${outside}" is not in the field mask.`,
    );
  return { paths: read.paths, setup: setup ?? {} };
}

function readConstraints(value: unknown): Partial<LiveSetup> {
  try {
    const setup = partialSetupShape(value, 'bidiGenerateContentSetup', 'reject');
    const foreign = vertexOnlyField(setup);
    if (foreign === undefined) return setup;
    throw new GoogleError(400, `Unknown name "${foreign}" at 'bidiGenerateContentSetup': Cannot find field.`);
  } catch (error) {
    if (error instanceof ProtocolError) throw new GoogleError(400, error.message, { cause: error });
    throw error;
  }
}
