/**
 * Where the emulator listens: its host, its TLS, and how clients name it.
 * @module
 */
import { isIP } from 'node:net';
import type { EmulatorSettings } from './options.ts';
import { type RunningServer, type ServerHandlers, startServer } from './server.ts';
import { prepareTls } from './tls.ts';

/** A listening emulator, as clients reach it. */
export interface Listening {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly caFile?: string;
  close(): Promise<void>;
}

/** Hosts that stand for every address of the machine, and the one by which a client on it reaches them. */
const EVERYWHERE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Starts to listen as the settings say. Rejects as {@link startServer} and {@link prepareTls} do. */
export async function listen(settings: EmulatorSettings, handlers: ServerHandlers): Promise<Listening> {
  const { port, host, log } = settings;
  const material = await tlsOf(settings);
  let server: RunningServer;
  try {
    server = await startServer({ port, host, ...(material && { tls: material }) }, handlers);
  } catch (error) {
    await material?.dispose();
    throw error;
  }
  const reached = EVERYWHERE[host] ?? host;
  const named = `${isIP(reached) === 6 ? `[${reached}]` : reached}:${server.port}`;
  const url = `${material ? 'https' : 'http'}://${named}`;
  log('info', `listening on ${url}`);
  if (!isLoopback(host))
    log('warn', `listening on ${host}: whoever reaches port ${server.port} may use the emulator`);
  return {
    url,
    host: named,
    port: server.port,
    ...(material?.caFile !== undefined && { caFile: material.caFile }),
    async close() {
      await server.close();
      await material?.dispose();
    },
  };
}

/** True for an address or name of this machine that no other can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** A certificate made here holds the host listened on as well. */
async function tlsOf({ tls, host, log }: EmulatorSettings) {
  if (tls === false) return undefined;
  if (tls !== true && 'certFile' in tls) return prepareTls(tls, { log });
  const given = tls === true ? {} : tls;
  const own = EVERYWHERE[host] === undefined ? [host] : [];
  return prepareTls({ ...given, names: [...(given.names ?? []), ...own] }, { log });
}
