/**
 * Builds the page twice, with firebase/ai and with @livegate/web in its place, and serves both.
 * @module
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { ROOT } from '../../../scripts/root.ts';

/** The modules that are compared. */
export const MODULES = ['firebase', 'livegate'] as const;
/** One of {@link MODULES}. */
export type ModuleName = (typeof MODULES)[number];

/** A running server. */
export interface AppsServer {
  url(module: ModuleName): string;
  close(): Promise<void>;
}

/** Builds and serves. Rejects with what a build said. */
export async function serveApps(): Promise<AppsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'livegate-mirror-'));
  const ours = join(folder, 'index.js');
  await promisify(execFile)(process.execPath, [join(ROOT, 'web', 'build.mjs'), '--outdir', folder]);
  for (const module of MODULES)
    await build({
      entryPoints: [fileURLToPath(new URL(`with-${module}.ts`, import.meta.url))],
      outfile: join(folder, `${module}.js`),
      bundle: true,
      format: 'esm',
      // The one difference between the two.
      alias: module === 'livegate' ? { 'firebase/ai': ours, '@livegate/web': ours } : {},
      nodePaths: [join(ROOT, 'node_modules')],
      logLevel: 'silent',
    });
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const name = pathname.slice(1);
    if (MODULES.some((module) => module === name)) {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<!doctype html><title>${name}</title><script type="module" src="/${name}.js"></script>`);
      return;
    }
    const body = /^[\w.-]+\.js$/.test(name)
      ? await readFile(join(folder, name)).catch(() => undefined)
      : undefined;
    response.writeHead(body ? 200 : 404, { 'content-type': 'text/javascript' }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: (module) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${module}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
