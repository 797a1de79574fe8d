/**
 * Serves a page that talks, as a bundler would build it from the package: the built module, its chunks and worklets.
 * @module
 */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { ROOT } from '../../../scripts/root.ts';
import { buildWeb } from '../../support/packages.ts';
import type { Told } from './talking-in-page.ts';

const PAGE = '<!doctype html><title>Talk</title><script type="module" src="/page.js"></script>';

/** A running server. */
export interface TalkingServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Builds and serves. Rejects with what a build said. */
export async function serveTalkingPage(): Promise<TalkingServer> {
  const web = await buildWeb();
  const folder = await mkdtemp(join(tmpdir(), 'livegate-talking-'));
  await build({
    entryPoints: { page: fileURLToPath(new URL('talking-in-page.ts', import.meta.url)) },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    chunkNames: 'part-[hash]',
    alias: { '@livegate/web': join(web, 'index.js') },
    nodePaths: [join(ROOT, 'node_modules')],
    logLevel: 'silent',
  });
  await cp(web, folder, { recursive: true });
  await rm(web, { recursive: true, force: true });
  const server = createServer(async ({ url = '/' }, response) => {
    const name = new URL(url, 'http://page').pathname.slice(1);
    const body =
      name === ''
        ? PAGE
        : /^[\w.-]+\.js$/.test(name)
          ? await readFile(join(folder, name)).catch(() => undefined)
          : undefined;
    response.setHeader('content-type', name === '' ? 'text/html' : 'text/javascript');
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens the page in a tab of its own. */
export async function openTalkingPage(
  context: BrowserContext,
  url: string,
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<Page> {
  const page = await context.newPage();
  await prepare(page);
  await page.goto(url);
  await page.waitForFunction(() => 'livegateTalk' in window);
  return page;
}

/** What happened in the page so far. */
export function toldBy(page: Page): Promise<Told> {
  return page.evaluate(() => window.livegateTalk.told());
}
