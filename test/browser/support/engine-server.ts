/**
 * Serves the audio engine as a page would have it: the built module and its worklets as files of one origin, under a
 * policy that allows scripts of that origin and nothing else.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { ROOT } from '../../../scripts/root.ts';
import { RECORDER, RECORDER_PATH } from './page-ear.ts';

const PAGE = '<!doctype html><title>Audio engine</title><script type="module" src="/page.js"></script>';
const POLICY = "default-src 'none'; script-src 'self'";

/** A running server. */
export interface EngineServer {
  readonly url: string;
  /** Names of the files that were asked for. */
  readonly asked: Set<string>;
  close(): Promise<void>;
}

/** What is served beside the module. */
export interface EngineOptions {
  /** The page's script, in this folder. */
  readonly page?: string;
  /** A `host:port` whose WebSocket page and worker may open. */
  readonly connect?: string;
  /** Files that are not served though they are there. */
  readonly without?: readonly string[];
}

/** Builds the module into a folder of its own and serves it. Rejects with what the build said. */
export async function serveEngine({
  page = 'engine-in-page.ts',
  connect,
  without = [],
}: EngineOptions = {}): Promise<EngineServer> {
  const policy = connect === undefined ? POLICY : `${POLICY}; connect-src ws://${connect}`;
  const folder = await mkdtemp(join(tmpdir(), 'livegate-engine-'));
  await promisify(execFile)(process.execPath, [join(ROOT, 'web', 'build.mjs'), '--outdir', folder]);
  await build({
    entryPoints: [fileURLToPath(new URL(page, import.meta.url))],
    outfile: join(folder, 'page.js'),
    bundle: true,
    format: 'esm',
    alias: {
      '@livegate/web/testing': join(folder, 'testing.js'),
      '@livegate/web': join(folder, 'index.js'),
    },
    nodePaths: [join(ROOT, 'node_modules')],
    logLevel: 'silent',
  });
  await writeFile(join(folder, 'index.html'), PAGE);
  await writeFile(join(folder, RECORDER_PATH), RECORDER);
  const asked = new Set<string>();
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    asked.add(name);
    const type = name.endsWith('.html') ? 'text/html' : 'text/javascript';
    try {
      const body =
        /^[\w.-]+$/.test(name) && !without.includes(name) ? await readFile(join(folder, name)) : undefined;
      response.writeHead(body ? 200 : 404, { 'content-type': type, 'content-security-policy': policy });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
