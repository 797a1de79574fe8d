import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openAdminFirestore } from '../../scripts/admin-firestore.ts';
import { signInWithPassword } from '../../scripts/auth-emulator.ts';
import { freePorts, holderOf, isFree } from '../../scripts/ports.ts';
import { descendantsOf, type ProcessEntry, stillRunning } from '../../scripts/process-tree.ts';
import { SEEDED_ADMIN, SEEDED_VIEWER } from '../../scripts/seed-documents.ts';
import { LIVE_PORT } from '../../scripts/stack-ports.ts';

const RUN = fileURLToPath(new URL('../../scripts/run.mjs', import.meta.url));

/** `npm start`, running. */
interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  /** Everything it printed so far. */
  text(): string;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const { GEMINI_API_KEY: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [RUN, 'start', ...args], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const keep = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return {
    process: child,
    ended: new Promise((resolve) => child.once('close', resolve)),
    text: () => text,
  };
}

/** Waits until it has printed something that matches. Rejects, with all it printed, where it ends before. */
async function printed(started: Started, pattern: RegExp): Promise<RegExpExecArray> {
  let hasEnded = false;
  void started.ended.then(() => {
    hasEnded = true;
  });
  for (;;) {
    const match = pattern.exec(started.text());
    if (match !== null) return match;
    if (hasEnded) throw new Error(`It ended without printing ${pattern}:\n${started.text()}`);
    await Promise.race([
      new Promise((resolve) => started.process.stdout?.once('data', resolve)),
      started.ended,
    ]);
  }
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

describe('npm start', () => {
  let inTheWay: Server | undefined;
  let started: Started;
  let demoUrl: string;
  let dashboardUrl: string;

  beforeAll(async () => {
    // Somebody else may hold it already: that serves as well.
    inTheWay = await listen(LIVE_PORT);
    started = start([]);
    [, demoUrl = ''] = await printed(started, /Demo +(http:\S+)/);
    [, dashboardUrl = ''] = await printed(started, /Dashboard +(http:\S+)/);
  }, 180_000);
  afterAll(async () => {
    started.process.kill('SIGTERM');
    await started.ended;
    inTheWay?.close();
  });

  interface Config {
    readonly firebase: { readonly projectId: string };
    readonly emulators: {
      readonly auth: string;
      readonly firestore: { readonly host: string; readonly port: number };
      readonly functions: { readonly host: string; readonly port: number };
      readonly live: string;
    };
  }
  const config = async (): Promise<Config> =>
    (await (await fetch(`${demoUrl}/livegate.json`)).json()) as Config;

  it('ends with the two URLs, on origins of their own, and both answer', async () => {
    expect(started.text().trim().split('\n').slice(-2).join('\n')).toMatch(/Demo +http.*\n +Dashboard +http/);
    expect(new URL(demoUrl).origin).not.toBe(new URL(dashboardUrl).origin);
    for (const url of [demoUrl, dashboardUrl]) {
      const page = await fetch(url);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<div id="app">');
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/default-src 'none'.*script-src 'self'/);
      expect(policy).not.toContain('unsafe');
    }
  });

  it('warns of loudspeakers before it names the URLs', () => {
    expect(started.text()).toMatch(/headphones[\s\S]*Demo +http/);
  });

  it('takes the next free port where another process holds one, and says who', async () => {
    const { live } = (await config()).emulators;
    expect(Number(live.split(':')[1])).toBeGreaterThan(LIVE_PORT);
    const holder = holderOf(LIVE_PORT)?.pid;
    expect(started.text()).toContain(`Port ${LIVE_PORT} (the Live emulator) is held by process ${holder} `);
  });

  it('is seeded: operators who can sign in, a policy, templates, and a month to look at', async () => {
    const { firebase, emulators } = await config();
    const target = {
      projectId: firebase.projectId,
      hosts: {
        auth: new URL(emulators.auth).host,
        firestore: `${emulators.firestore.host}:${emulators.firestore.port}`,
      },
    };
    for (const [operator, livegate] of [
      [SEEDED_ADMIN, 'admin'],
      [SEEDED_VIEWER, 'viewer'],
    ] as const) {
      const { idToken } = await signInWithPassword(target, operator);
      const [, payload = ''] = idToken.split('.');
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ livegate });
      expect(started.text()).toMatch(new RegExp(`${operator.email}, password\\s${operator.password}`));
    }
    const database = openAdminFirestore(target);
    const policy = await database.doc('livePolicies/default').get();
    const templates = await database.collection('liveTemplates').get();
    const samples = await database.collection('liveSessions').where('sample', '==', true).count().get();
    const days = await database.collection('liveStats').count().get();
    await database.terminate();
    expect(policy.data()).toMatchObject({ anonymous: true, emulatorOnly: true });
    expect(templates.docs.map(({ id }) => id)).toEqual([
      'demo-echo',
      'demo-spoken',
      'demo-tools',
      'support',
      'tutor',
    ]);
    expect(samples.data().count).toBeGreaterThan(500);
    expect(days.data().count).toBeGreaterThanOrEqual(30);
    expect(started.text()).toContain('npm run seed -- --remove');
    const [, log = ''] = await printed(started, /is in (\S+emulators\.log)/);
    expect(readFileSync(log, 'utf8')).toContain('bookkeeper: ');
  });

  it('leaves nothing behind after Ctrl-C: no process, no port, no folder', async () => {
    const { emulators } = await config();
    const [, log = ''] = await printed(started, /is in (\S+emulators\.log)/);
    const tree: readonly ProcessEntry[] = descendantsOf(started.process.pid ?? 0);
    expect(tree.length).toBeGreaterThanOrEqual(3);
    started.process.kill('SIGINT');
    expect(await started.ended).toBe(0);
    expect(stillRunning(tree)).toEqual([]);
    const ports = [demoUrl, dashboardUrl, emulators.auth].map((url) => Number(new URL(url).port));
    ports.push(emulators.firestore.port, emulators.functions.port, Number(emulators.live.split(':')[1]));
    for (const port of ports) expect(await isFree(port), `port ${port}`).toBe(true);
    expect(existsSync(dirname(log))).toBe(false);
  });
});

describe('npm start, where it cannot', () => {
  it('says that --live needs a key, and how to go on without', async () => {
    const started = start(['--live']);
    expect(await started.ended).toBe(1);
    expect(started.text()).toMatch(/--live needs an API key.*GEMINI_API_KEY/);
    expect(started.text()).not.toMatch(/\n\s+at /);
  });

  it('names who holds the port that was asked for, and starts nothing', async () => {
    const [port = 0] = await freePorts(1);
    const server = await listen(port);
    const started = start(['--port', String(port)]);
    expect(await started.ended).toBe(1);
    server?.close();
    expect(started.text()).toContain(`Port ${port} (the demo) is held by process ${process.pid} `);
    expect(descendantsOf(process.pid).filter(({ pid }) => pid === started.process.pid)).toEqual([]);
  });

  it('gives up at Ctrl-C while it is still starting, leaving no process', async () => {
    const started = start([]);
    await printed(started, /Starting the emulators/);
    const tree = await vi.waitFor(() => {
      const running = descendantsOf(started.process.pid ?? 0);
      expect(running.length).toBeGreaterThanOrEqual(2);
      return running;
    }, 20_000);
    started.process.kill('SIGINT');
    expect(await started.ended).toBe(0);
    expect(stillRunning(tree)).toEqual([]);
  });
});
