/**
 * The door of the callables: what a page sent, read or refused.
 * @module
 */
import { CALLABLES_VERSION, isObject, OLDEST_CALLABLES_VERSION, ProtocolError } from '@livegate/protocol';
import { Refusal } from './refusal.ts';

/**
 * Reads a request of the current version or the one before. Throws {@link Refusal}: `client-outdated` for another,
 * whatever else it holds; `invalid` naming the field.
 */
export function readRequest<T>(data: unknown, read: (data: unknown) => T): T {
  const version = isObject(data) ? data.v : undefined;
  if (typeof version === 'number' && Number.isInteger(version)) checkVersion(version);
  try {
    return read(data);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new Refusal('invalid', error.message, { field: error.path }, { cause: error });
  }
}

function checkVersion(version: number): void {
  if (version >= OLDEST_CALLABLES_VERSION && version <= CALLABLES_VERSION) return;
  throw new Refusal(
    'client-outdated',
    version < OLDEST_CALLABLES_VERSION
      ? `This page speaks version ${version}; reload it to get version ${CALLABLES_VERSION}.`
      : `This page speaks version ${version}, the functions version ${CALLABLES_VERSION}; deploy the functions.`,
    { field: 'v' },
  );
}
