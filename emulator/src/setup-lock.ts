/**
 * What a token decides about a session's setup, and the setup that results.
 * @module
 */
import {
  camelCase,
  isObject,
  type LiveSetup,
  override,
  ProtocolError,
  partialSetupShape,
  SETUP_FIELDS,
} from '@livegate/protocol';

/** The paths a token decides (`all`: every one) and the values it decides on; absent there means absent. */
export interface SetupLock {
  readonly paths: readonly string[] | 'all';
  readonly setup: Partial<LiveSetup>;
}

/** Nothing is decided: the client's setup stands. */
export const NO_LOCK: SetupLock = { paths: [], setup: {} };

/**
 * The setup in force. On locked paths the token's value stands and a differing one of the client is ignored;
 * on all others the client's. Can lack a model, where a token locks it and names none.
 */
export function effectiveSetup(lock: SetupLock, client: LiveSetup): Partial<LiveSetup> {
  return lock.paths === 'all' ? lock.setup : override<Partial<LiveSetup>>(client, lock.setup, lock.paths);
}

/** The paths of a mask `a,b.c` in either casing, or the first that names no field of a Developer API setup. */
export function readMask(mask: string): { readonly paths: readonly string[] } | { readonly unknown: string } {
  const paths = mask
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '')
    .map(wirePath);
  const unknown = paths.find((path) => !isSetupFieldPath(path));
  return unknown === undefined ? { paths } : { unknown };
}

/** The first path at which `setup` holds a value that no path of the mask covers. */
export function pathOutsideMask(setup: Partial<LiveSetup>, mask: readonly string[]): string | undefined {
  return leaves(setup, '').find((leaf) => !mask.some((path) => covers(path, leaf)));
}

/** The first field of `setup` that only Vertex AI knows. */
export function vertexOnlyField(setup: Partial<LiveSetup>): string | undefined {
  return Object.keys(setup).find(isVertexOnly);
}

/** Keys of a path among which the service's own end: a mask of any length is read in no time. */
const OWN_KEYS = 8;

/** The path in camelCase, but for keys of the application's own, such as those of labels. */
function wirePath(path: string): string {
  const keys = path.split('.');
  const known = keys.map(camelCase);
  const own = known
    .slice(0, OWN_KEYS)
    .findIndex((_, at) => isWirePath([...known.slice(0, at), '*'].join('.')));
  return own < 0 ? known.join('.') : [...known.slice(0, own), ...keys.slice(own)].join('.');
}

function isSetupFieldPath(path: string): boolean {
  // In an object of the application's own every key is a field; this one leads out of it.
  const leadsOut = path.split('.').includes('__proto__');
  return !leadsOut && !isVertexOnly(path) && isWirePath(path);
}

function isVertexOnly(path: string): boolean {
  return Object.entries(SETUP_FIELDS).some(
    ([field, { backend }]) => backend === 'vertex' && covers(field, path),
  );
}

/** Puts an impossible value at the path: a shape that refuses it just there knows the field. */
function isWirePath(path: string): boolean {
  const impossible: unknown = Symbol('probe');
  const probe = path.split('.').reduceRight<unknown>((value, key) => ({ [key]: value }), impossible);
  try {
    partialSetupShape(probe, '', 'reject');
    return true;
  } catch (error) {
    return error instanceof ProtocolError && error.code === 'invalid-field' && error.path === path;
  }
}

function covers(path: string, other: string): boolean {
  return other === path || other.startsWith(`${path}.`);
}

function leaves(value: unknown, path: string): readonly string[] {
  if (!isObject(value) || Object.keys(value).length === 0) return path === '' ? [] : [path];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, path === '' ? key : `${path}.${key}`));
}
