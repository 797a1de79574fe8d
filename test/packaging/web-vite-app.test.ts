import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { callFunction, signInAsSeededAdmin } from '../support/clients.ts';
import { npm, packPackage } from '../support/packages.ts';
import { useStack } from '../support/stack.ts';

const run = promisify(execFile);
const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));
/** How long a listener may take to tell the page of a change; the next renewal would be 90 s away. */
const LISTENER_MS = 10_000;

/** Nothing but files of the page's own origin: no eval, no blob, no data, nothing inline. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  'connect-src http://127.0.0.1:* ws://127.0.0.1:* http://localhost:*',
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
};

/** A page that talks, written as its README says. */
const MAIN = `
import { connectLiveEmulator, getAI, getLiveGenerativeModel, openAudioConversation } from '@livegate/web';
import { watchSession } from '@livegate/web/firestore';
import { initializeApp } from 'firebase/app';
import { connectAuthEmulator, getAuth, signInAnonymously } from 'firebase/auth';
import { connectFirestoreEmulator, getFirestore } from 'firebase/firestore';
import { connectFunctionsEmulator, getFunctions } from 'firebase/functions';

const seen = { violations: [], states: [], played: 0, error: '' };
window.seen = seen;
document.addEventListener('securitypolicyviolation', (event) => seen.violations.push(event.violatedDirective + ' ' + event.blockedURI));
async function talk() {
  const { projectId, hosts } = await (await fetch('/config.json')).json();
  const app = initializeApp({ apiKey: 'demo-key', projectId, appId: 'app' });
  connectAuthEmulator(getAuth(app), 'http://' + hosts.auth, { disableWarnings: true });
  const at = (host) => [host.split(':')[0], Number(host.split(':')[1])];
  connectFunctionsEmulator(getFunctions(app), ...at(hosts.functions));
  const firestore = getFirestore(app);
  connectFirestoreEmulator(firestore, ...at(hosts.firestore));
  await signInAnonymously(getAuth(app));
  const ai = getAI(app);
  connectLiveEmulator(ai, hosts.live);
  const model = getLiveGenerativeModel(
    ai,
    { model: 'gemini-3.8-live', generationConfig: { responseModalities: ['AUDIO'] } },
    { watchSession: watchSession(firestore) },
  );
  const session = await model.connect();
  session.on('state', ({ state, cause }) => seen.states.push({ state, cause, at: Date.now() }));
  const conversation = await openAudioConversation(session);
  setInterval(() => { seen.played = conversation.figures.playedMs; }, 50);
  seen.sessionId = session.sessionId;
  // The emulator answers a text with one tone for each of its words.
  await session.send('one two three');
}
talk().catch((error) => { seen.error = String(error); });
`;

/** What the page tells of itself. */
interface Seen {
  readonly violations: readonly string[];
  readonly states: readonly { readonly state: string; readonly cause?: unknown; readonly at: number }[];
  readonly played: number;
  readonly error: string;
  readonly sessionId?: string;
}

describe('an empty Vite app with @livegate/web from its tarball', () => {
  let folder: string;
  let server: Server;
  let browser: Browser;
  const requested: string[] = [];
  beforeAll(async () => {
    const { projectId, hosts } = useStack();
    folder = await mkdtemp(join(tmpdir(), 'livegate-vite-'));
    const tarball = await packPackage('web', folder);
    const { devDependencies } = JSON.parse(await readFile(manifest, 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const { firebase, vite } = devDependencies;
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({
        private: true,
        type: 'module',
        dependencies: { '@livegate/web': `file:${tarball}`, firebase },
        devDependencies: { vite },
      }),
    );
    await writeFile(
      join(folder, 'index.html'),
      '<!doctype html><title>App</title><script type="module" src="/main.js"></script>',
    );
    await writeFile(join(folder, 'main.js'), MAIN);
    await npm(['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
    await run(process.execPath, [join(folder, 'node_modules/vite/bin/vite.js'), 'build'], {
      cwd: folder,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    await mkdir(join(folder, 'dist'), { recursive: true });
    server = createServer(async (request, response) => {
      const path = new URL(request.url ?? '/', 'http://page').pathname;
      requested.push(path);
      response.setHeader('content-security-policy', CSP);
      try {
        const name = path === '/' ? '/index.html' : path;
        const body =
          path === '/config.json'
            ? JSON.stringify({ projectId, hosts })
            : await readFile(join(folder, 'dist', name));
        response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
        response.end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    browser = await launchChromium();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await new Promise((closed) => (server ? server.close(closed) : closed(undefined)));
    await rm(folder, { recursive: true, force: true });
  });

  it('installs without React, and builds with the worklets and the worker as files', async () => {
    expect(await readdir(join(folder, 'node_modules'))).not.toContain('react');
    const assets = await readdir(join(folder, 'dist/assets'));
    for (const file of ['capture.worklet', 'playback.worklet', 'live.worker'])
      expect(
        assets.filter((name) => name.startsWith(file) && name.endsWith('.js')),
        file,
      ).toHaveLength(1);
    for (const name of assets.filter((each) => each.endsWith('.js'))) {
      const text = await readFile(join(folder, 'dist/assets', name), 'utf8');
      expect(text, name).not.toMatch(/data:(text|application)\/javascript|createObjectURL/);
    }
  });

  it('talks to the emulator under a strict CSP, and stops at an operator’s word', async () => {
    const context = await browser.newContext({ permissions: ['microphone'] });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const see = () => page.evaluate(() => (window as unknown as { readonly seen: Seen }).seen);
    await page.waitForFunction(
      () => {
        const { seen } = window as unknown as { readonly seen: Seen };
        return seen.error !== '' || seen.played > 0;
      },
      undefined,
      { timeout: 30_000 },
    );
    const talking = await see();
    expect(talking).toMatchObject({ error: '', violations: [], states: [] });
    expect(requested.filter((path) => /playback\.worklet/.test(path))).toHaveLength(1);

    const admin = await signInAsSeededAdmin();
    const answer = await callFunction('revokeLiveSession', {
      idToken: admin.idToken,
      data: { v: 1, sessionId: talking.sessionId, reason: 'A test of the listener.' },
    });
    const revokedAt = Date.now();
    expect(answer.status).toBe(200);
    await page.waitForFunction(
      () =>
        (window as unknown as { readonly seen: Seen }).seen.states.some(({ state }) => state === 'closed'),
      undefined,
      { timeout: LISTENER_MS },
    );
    const { states, violations } = await see();
    const closed = states.find(({ state }) => state === 'closed');
    console.log(`Stopped ${(closed?.at ?? 0) - revokedAt} ms after the operator's call had answered.`);
    expect(closed?.cause).toEqual({ reason: 'stopped', notice: { reason: 'revoked' } });
    expect(violations).toEqual([]);
    await context.close();
  });
});
