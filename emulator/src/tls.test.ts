import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { LiveEmulator } from './live-emulator.ts';
import type { LiveEmulatorOptions } from './options.ts';
import { startLiveEmulator } from './start.ts';
import { prepareTls } from './tls.ts';
import { createAuthority, issueServerCertificate } from './tls-authority.ts';

const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=any';
const GOOGLE = 'generativelanguage.googleapis.com';
const DAY_MS = 24 * 3_600_000;

const running: LiveEmulator[] = [];
const folders: string[] = [];
const start = async (options: LiveEmulatorOptions): Promise<LiveEmulator> => {
  const emulator = await startLiveEmulator(options);
  running.push(emulator);
  return emulator;
};
const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'livegate-test-'));
  folders.push(path);
  return path;
};
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const emulator of running.splice(0)) await emulator.close();
  for (const path of folders.splice(0)) await rm(path, { recursive: true });
});

interface Client {
  readonly ca?: string;
  /** The name asked for, where it is not the address dialled. */
  readonly servername?: string;
}

/** Sets a session up over WSS; gives the first message, or the code of what went wrong. */
const setUp = async ({ host }: LiveEmulator, client: Client): Promise<unknown> => {
  const socket = new WebSocket(`wss://${host}${PATH}`, client);
  try {
    await once(socket, 'open');
    socket.send('{"setup":{"model":"models/gemini-3.8-live"}}');
    const [data] = await once(socket, 'message');
    return JSON.parse(String(data));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    socket.terminate();
  }
};

/** Asks for the health over HTTPS; gives the status, or the code of what went wrong. */
const health = ({ url }: LiveEmulator, client: Client): Promise<unknown> =>
  new Promise((resolve) => {
    request(url, { ...client, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'UNSPECIFIED' ? error.message : error.code),
      )
      .end();
  });

const caOf = async ({ caFile }: LiveEmulator): Promise<string> => readFile(caFile ?? '', 'utf8');

describe('startLiveEmulator with tls', () => {
  it('serves HTTPS and WSS on one port to who trusts its authority, and to nobody else', async () => {
    const emulator = await start({ tls: true });
    const ca = await caOf(emulator);
    expect(emulator.url).toBe(`https://127.0.0.1:${emulator.port}`);
    expect(await setUp(emulator, { ca })).toEqual({ setupComplete: {} });
    expect(await health(emulator, { ca })).toBe(200);
    expect(await setUp(emulator, {})).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(await health(emulator, {})).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    await expect(fetch(emulator.url.replace('https', 'http'))).rejects.toThrow();
  });

  it('says in the log that a client does not trust it, or speaks no TLS, and what to look at', async () => {
    const lines: string[] = [];
    const emulator = await start({ tls: true, log: (level, text) => lines.push(`${level} ${text}`) });
    await expect(fetch(emulator.url.replace('https', 'http'))).rejects.toThrow();
    await vi.waitFor(() => expect(lines).toContainEqual(expect.stringMatching(/^warn .*speak TLS\?$/)));
  });

  // Other systems have but one loopback address.
  it.runIf(process.platform === 'linux')('is for the address that it listens on', async () => {
    const emulator = await start({ tls: true, host: '127.0.0.2' });
    expect(emulator.url).toBe(`https://127.0.0.2:${emulator.port}`);
    expect(await health(emulator, { ca: await caOf(emulator) })).toBe(200);
  });

  it('makes one authority for all that start at once in one folder, and leaves no draft behind', async () => {
    const path = await folder();
    const emulators = await Promise.all([1, 2, 3, 4].map(() => start({ tls: { folder: path } })));
    for (const emulator of emulators)
      expect(await setUp(emulator, { ca: await caOf(emulator) })).toEqual({ setupComplete: {} });
    expect((await readdir(path)).sort()).toEqual(['livegate-ca-key.pem', 'livegate-ca.pem']);
  });

  it('holds the names it is asked for besides the local ones', async () => {
    const emulator = await start({ tls: { names: [GOOGLE] } });
    const ca = await caOf(emulator);
    for (const servername of ['localhost', GOOGLE])
      expect(await setUp(emulator, { ca, servername })).toEqual({ setupComplete: {} });
    const other = 'firebasevertexai.googleapis.com';
    expect(await setUp(emulator, { ca, servername: other })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('is trusted by a Node process that NODE_EXTRA_CA_CERTS tells of it, and by no other', async () => {
    const emulator = await start({ tls: true });
    const ask = 'fetch(process.argv[1]).then((r) => console.log(r.status), (e) => console.log(e.cause.code))';
    const run = async (env: NodeJS.ProcessEnv): Promise<string> => {
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', ask, emulator.url], { env });
      return stdout.trim();
    };
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
    expect(await run({ ...env, NODE_EXTRA_CA_CERTS: emulator.caFile })).toBe('200');
    expect(await run(env)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('leaves nothing on disk after a run without a folder, nor on a port it did not get', async () => {
    const own = await folder();
    vi.stubEnv('TMPDIR', own);
    vi.stubEnv('TEMP', own);
    const emulator = await start({ tls: true });
    await expect(startLiveEmulator({ tls: true, port: emulator.port })).rejects.toMatchObject({
      code: 'port-in-use',
    });
    expect(await readdir(own)).toHaveLength(1);
    await emulator.close();
    expect(await readdir(own)).toEqual([]);
  });

  it('keeps its authority in a folder, the key for the owner’s eyes and hands alone, and is trusted again', async () => {
    const tls = { folder: join(await folder(), 'new'), names: [GOOGLE] };
    const first = await start({ tls });
    const ca = await caOf(first);
    const mode = async (name: string) => ((await stat(join(tls.folder, name))).mode & 0o777).toString(8);
    if (process.platform !== 'win32')
      expect([await mode('livegate-ca-key.pem'), await mode('livegate-ca.pem'), await mode('.')]).toEqual([
        '600',
        '644',
        '700',
      ]);
    await first.close();
    const second = await start({ tls: { folder: tls.folder } });
    expect(second.caFile).toBe(first.caFile);
    expect(await setUp(second, { ca })).toEqual({ setupComplete: {} });
    expect(ca).not.toContain('PRIVATE KEY');
  });

  it('serves a certificate of the owner', async () => {
    const path = await folder();
    const authority = await createAuthority([], Date.now());
    const own = await issueServerCertificate(authority, [], Date.now());
    const [certFile, keyFile] = [join(path, 'cert.pem'), join(path, 'key.pem')];
    await writeFile(certFile, own.cert);
    await writeFile(keyFile, own.key);
    const emulator = await start({ tls: { certFile, keyFile } });
    expect(emulator).not.toHaveProperty('caFile');
    expect(await setUp(emulator, { ca: authority.cert })).toEqual({ setupComplete: {} });
    const foreign = { certFile, keyFile: join(path, 'other.pem') };
    await writeFile(foreign.keyFile, authority.key);
    await expect(startLiveEmulator({ tls: foreign })).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(startLiveEmulator({ tls: { certFile, keyFile: 'nowhere' } })).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('nowhere'),
    });
  });

  it('logs no key', async () => {
    const lines: string[] = [];
    const path = await folder();
    const emulator = await start({ tls: { folder: path }, log: (_, text) => lines.push(text) });
    await setUp(emulator, {});
    await setUp(emulator, { ca: await caOf(emulator) });
    const [, body = ''] = (await readFile(join(path, 'livegate-ca-key.pem'), 'utf8')).split('\n');
    expect(body).not.toBe('');
    expect(lines.join('\n')).not.toContain(body);
    expect(lines.join('\n')).not.toContain('PRIVATE');
  });
});

describe('prepareTls', () => {
  const prepare = async (path: string, nowMs: number, names: readonly string[] = []) => {
    const lines: string[] = [];
    const { caFile = '' } = await prepareTls(
      { folder: path, names },
      { nowMs, log: (_, text) => lines.push(text) },
    );
    return { ca: await readFile(caFile, 'utf8'), lines };
  };

  it('uses a kept authority until it is past its date, and then says that it made another', async () => {
    const path = await folder();
    const nowMs = Date.UTC(2026, 10, 21);
    const first = await prepare(path, nowMs);
    const last = await prepare(path, nowMs + 364 * DAY_MS);
    const after = await prepare(path, nowMs + 366 * DAY_MS);
    expect([last.ca === first.ca, last.lines]).toEqual([true, []]);
    expect([after.ca === first.ca, after.lines]).toEqual([false, [expect.stringContaining('past its date')]]);
  });

  it('makes another authority where the kept one is for fewer names, and keeps it for as many or fewer', async () => {
    const path = await folder();
    const nowMs = Date.UTC(2026, 10, 21);
    const local = await prepare(path, nowMs);
    const google = await prepare(path, nowMs, [GOOGLE]);
    expect([google.ca === local.ca, google.lines]).toEqual([false, [expect.stringContaining('other names')]]);
    expect((await prepare(path, nowMs, [GOOGLE])).ca).toBe(google.ca);
    expect((await prepare(path, nowMs)).ca).toBe(google.ca);
  });

  it('refuses a damaged key file by its name, without a word of what it holds', async () => {
    const path = await folder();
    await prepare(path, Date.now());
    await writeFile(join(path, 'livegate-ca-key.pem'), 'my secret');
    const refused = prepareTls({ folder: path }, { log: () => {} });
    await expect(refused).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(refused).rejects.toThrow(/livegate-ca-key\.pem/);
    await expect(refused).rejects.not.toThrow(/my secret/);
  });

  it('refuses a name that is none', async () => {
    for (const name of ['', 'a b', 'https://x', '*.example.org'])
      await expect(prepareTls({ names: [name] }, { log: () => {} })).rejects.toMatchObject({
        code: 'invalid-option',
      });
  });
});

describe('an authority', () => {
  it('vouches for the names it was made for and no other, though its key would sign them', async () => {
    const path = await folder();
    const authority = await createAuthority([GOOGLE, '10.0.0.7', 'fe80::1'], Date.now());
    const judged = async (name: string): Promise<unknown> => {
      const { cert, key } = await issueServerCertificate(authority, [name], Date.now());
      const [certFile, keyFile] = [join(path, 'cert.pem'), join(path, 'key.pem')];
      await writeFile(certFile, cert);
      await writeFile(keyFile, key);
      return health(await start({ tls: { certFile, keyFile } }), { ca: authority.cert });
    };
    for (const name of ['localhost', GOOGLE, '10.0.0.7', 'fe80::1'])
      expect([name, await judged(name)]).toEqual([name, 200]);
    for (const name of ['example.org', 'googleapis.com', '10.0.0.8', 'fe80::2'])
      expect([name, await judged(name)]).toEqual([name, 'permitted subtree violation']);
  });
});
