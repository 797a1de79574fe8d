/**
 * The door of the callables: what a page sent, read or refused.
 * @module
 */
import { CALLABLES_VERSION, isObject, ProtocolError } from '@livegate/protocol';
import { Refusal } from './refusal.ts';

/**
 * Reads a request. Throws {@link Refusal}: `client-outdated` for another version, whatever else it holds;
 * `invalid` naming the field.
 */
export function readRequest<T>(data: unknown, read: (data: unknown) => T): T {
  const version = isObject(data) ? data.v : undefined;
  if (typeof version === 'number' && Number.isInteger(version) && version !== CALLABLES_VERSION) {
    throw new Refusal(
      'client-outdated',
      `This page speaks version ${version}; reload it to get version ${CALLABLES_VERSION}.`,
      { field: 'v' },
    );
  }
  try {
    return read(data);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new Refusal('invalid', error.message, { field: error.path }, { cause: error });
  }
}
