import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type LiveEmulator, startLiveEmulator } from '@livegate/emulator';
import type { MintAnswer } from '@livegate/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyFunctionsUpload } from '../../scripts/functions-upload.ts';
import { freePorts } from '../../scripts/ports.ts';
import { createWorld, POLICY, type World } from '../functions/support/world.ts';
import { useStack } from '../support/stack.ts';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const PROJECT = 'demo-handlers';
/** How long the SDK may take to listen; the CLI gives it ten seconds. */
const DISCOVERY_MS = 30_000;

/** The upload as the cloud gets it, installed as the cloud installs it. */
async function installUpload(): Promise<string> {
  const target = await mkdtemp(join(tmpdir(), 'livegate-upload-'));
  const { functions } = JSON.parse(await readFile(join(repository, 'firebase.json'), 'utf8')) as {
    readonly functions: readonly [{ readonly ignore: readonly string[] }];
  };
  await copyFunctionsUpload(join(repository, 'functions'), { target, ignore: functions[0].ignore });
  await run(npm, ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: target,
    shell: process.platform === 'win32',
  });
  return target;
}

/** The endpoints that the SDK's own discovery reports, as the CLI asks for them before a deployment. */
async function discover(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string }> {
  const [port] = await freePorts(1);
  const child = spawn(
    process.execPath,
    [join(folder, 'node_modules/firebase-functions/lib/bin/firebase-functions.js'), folder],
    {
      env: {
        PATH: process.env.PATH,
        GCLOUD_PROJECT: PROJECT,
        FUNCTIONS_CONTROL_API: 'true',
        PORT: String(port),
        ...environment,
      },
      cwd: folder,
      stdio: 'ignore',
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const deadline = performance.now() + DISCOVERY_MS;
  try {
    for (;;) {
      try {
        const response = await fetch(`http://127.0.0.1:${port}/__/functions.yaml`, {
          signal: AbortSignal.timeout(20_000),
        });
        return { status: response.status, text: await response.text() };
      } catch (error) {
        if (child.exitCode !== null || performance.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } finally {
    child.kill();
    await ended;
  }
}

describe('the upload of functions/', () => {
  let folder: string;
  let world: World;
  let live: LiveEmulator;
  beforeAll(async () => {
    folder = await installUpload();
    world = createWorld();
    live = await startLiveEmulator();
  }, 180_000);
  afterAll(async () => {
    await live.close();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('has a lock that is what its package.json asks for', async () => {
    await run(process.execPath, [join(repository, 'functions/lock.mjs'), '--check']);
  });

  it('is tried on the Node that it declares', async () => {
    const { engines } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      readonly engines: { readonly node: string };
    };
    expect(process.versions.node.split('.')[0]).toBe(engines.node);
  });

  it('names published packages only', async () => {
    const { dependencies, devDependencies } = JSON.parse(
      await readFile(join(folder, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string>>;
    expect(Object.keys(dependencies ?? {}).filter((name) => name.startsWith('@livegate/'))).toEqual([]);
    expect(Object.values(dependencies ?? {}).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual(
      [],
    );
    expect(devDependencies).toBeUndefined();
  });

  it('declares the endpoints that are listed', async () => {
    const { text } = await discover(folder);
    const found = JSON.parse(text) as { readonly endpoints: Readonly<Record<string, object>> };
    const listed = JSON.parse(await readFile(new URL('endpoints.json', import.meta.url), 'utf8')) as object;
    expect(found).toEqual(listed);
  });

  it.each(['GEMINI_LIVE_EMULATOR_HOST', 'FIREBASE_DEBUG_FEATURES'])(
    'refuses to be deployed with %s in its environment',
    async (name) => {
      const { status, text } = await discover(folder, { [name]: '127.0.0.1:9590' });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(text).toContain(name);
    },
  );

  it('mints a token from the installed folder', async () => {
    await world.db.doc('livePolicies/default').set(POLICY);
    await writeFile(
      join(folder, 'mint.mjs'),
      `import { mintLiveToken } from './dist/index.js';
const request = { data: { v: 1, op: 'start', requestId: 'request-1', model: 'gemini-3.8-live' }, auth: { uid: 'packaged', token: { firebase: { sign_in_provider: 'password' } } } };
console.log('ANSWER ' + JSON.stringify(await mintLiveToken.run(request)));
process.exit(0);`,
    );
    const { stdout } = await run(process.execPath, ['mint.mjs'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        GCLOUD_PROJECT: PROJECT,
        FUNCTIONS_EMULATOR: 'true',
        FIRESTORE_EMULATOR_HOST: useStack().hosts.firestore,
        GEMINI_LIVE_EMULATOR_HOST: live.host,
        METADATA_SERVER_DETECTION: 'none',
      },
    });
    const line = stdout.split('\n').find((each) => each.startsWith('ANSWER ')) ?? '';
    const answer = JSON.parse(line.slice('ANSWER '.length)) as MintAnswer;
    expect(answer.socket.url).toContain(live.host);
    expect(answer.socket.auth.value).toMatch(/^auth_tokens\//);
    expect(await world.session(answer.sessionId)).toMatchObject({ uid: 'packaged', state: 'reserved' });
  });
});
