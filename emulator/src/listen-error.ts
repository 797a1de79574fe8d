/**
 * Why a server cannot listen, with the remedy.
 * @module
 */
import { EmulatorError } from './errors.ts';

/** Where a server was to listen. */
export interface ListenAddress {
  readonly port: number;
  readonly host: string;
}

/** `port-in-use` where another process holds the port, or it is not ours to take; `invalid-option` for a host that is not this machine's. */
export function listenError(cause: NodeJS.ErrnoException, { port, host }: ListenAddress): EmulatorError {
  const where = `Port ${port} on ${host} cannot be used (${cause.code ?? cause.message}).`;
  if (cause.code === 'EADDRINUSE')
    return new EmulatorError(
      'port-in-use',
      `${where} Name another port, or 0 for a free one; or end the process that holds it.`,
      { cause },
    );
  if (cause.code === 'EACCES')
    return new EmulatorError(
      'port-in-use',
      `${where} Name another port, from 1024 on, or 0 for a free one.`,
      { cause },
    );
  return new EmulatorError(
    'invalid-option',
    `${where} The host must be an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them.`,
    { cause },
  );
}
