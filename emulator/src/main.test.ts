import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Interruption } from './exec.ts';
import { connectLiveEmulator } from './live-emulator-client.ts';
import { main } from './main.ts';

const run = async (
  args: readonly string[],
  untilInterrupted: Promise<Interruption> = Promise.resolve('SIGTERM'),
  env: Readonly<Record<string, string>> = {},
) => {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    env,
    untilInterrupted,
  });
  return { code, out: out.join(''), err: err.join('') };
};

describe('livegate-emulator', () => {
  it('prints where it listens, first, and ends when interrupted', async () => {
    const { code, out } = await run(['start', '--port', '0']);
    expect(out).toMatch(/^(http:\/\/127\.0\.0\.1:\d+)\nLive page: \1\/livegate\/#token=[\w-]{43}\n$/);
    expect(code).toBe(0);
  });

  it('prints the control token of the run in its line of JSON, or takes the one in the environment', async () => {
    const token = async (env: Record<string, string>) => {
      const { out } = await run(['start', '--port', '0', '--json'], undefined, env);
      const { url, controlToken, pageUrl } = JSON.parse(out);
      expect(pageUrl).toBe(`${url}/livegate/#token=${controlToken}`);
      return controlToken;
    };
    expect(await token({})).toMatch(/^[\w-]{43}$/);
    expect(await token({ LIVEGATE_CONTROL_TOKEN: 'a'.repeat(30) })).toBe('a'.repeat(30));
  });

  it('prints one line of JSON where asked', async () => {
    const { out } = await run(['start', '--port', '0', '--json', '--log', 'debug']);
    const { url, host, port } = JSON.parse(out) as { url: string; host: string; port: number };
    expect([url, host]).toEqual([`http://127.0.0.1:${port}`, `127.0.0.1:${port}`]);
  });

  it('serves TLS where asked, and prints the certificate to trust after the URL', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'livegate-tls-'));
    try {
      const plain = await run(['start', '--port', '0', '--tls']);
      expect(plain.out).toMatch(/^https:\/\/127\.0\.0\.1:\d+\nCA certificate: .+\.pem\nLive page: \S+\n$/);
      const kept = [
        'start',
        '--port',
        '0',
        '--tls-dir',
        folder,
        '--tls-names',
        'a.example,b.example',
        '--json',
      ];
      const { url, caFile } = JSON.parse((await run(kept)).out) as { url: string; caFile: string };
      expect([url.startsWith('https://'), caFile]).toEqual([true, join(folder, 'livegate-ca.pem')]);
      expect(await readFile(caFile, 'latin1')).toContain('BEGIN CERTIFICATE');
      expect((await run(['start', '--port', '0', '--json'])).out).not.toContain('caFile');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('listens where asked, and warns of it', async () => {
    const { out, err } = await run(['start', '--port', '0', '--host', '0.0.0.0']);
    expect([out, err]).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\nLive page: \S+\n$/),
      expect.stringContaining('listening on 0.0.0.0'),
    ]);
  });

  it('serves until then', async () => {
    const interrupted = Promise.withResolvers<Interruption>();
    const printed = Promise.withResolvers<string>();
    const ended = main(['start', '--port', '0'], {
      out: printed.resolve,
      err: () => {},
      env: {},
      untilInterrupted: interrupted.promise,
    });
    const url = (await printed.promise).trim();
    expect((await fetch(url)).status).toBe(200);
    interrupted.resolve('SIGINT');
    expect(await ended).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('explains itself', async () => {
    expect(await run(['start', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('--echo-guard'),
    });
  });

  it('sets any option that may change, by name', async () => {
    const interrupted = Promise.withResolvers<Interruption>();
    const printed = Promise.withResolvers<string>();
    const args = ['start', '--port', '0', '--json', '--set', 'strictModels=true', '--set', 'frames=text'];
    const ended = main(args, {
      out: printed.resolve,
      err: () => {},
      env: {},
      untilInterrupted: interrupted.promise,
    });
    const { url, controlToken } = JSON.parse(await printed.promise);
    const emulator = await connectLiveEmulator({ url, controlToken });
    expect(await emulator.options()).toMatchObject({ strictModels: true, frames: 'text', echoGuard: false });
    interrupted.resolve('SIGTERM');
    expect(await ended).toBe(0);
  });

  it.each([
    ['strictModel=true', 'the name one of'],
    ['strictModels', 'the name one of'],
    ['strictModels=often', 'expected true or false'],
  ])('refuses --set %s and says what it takes', async (given, problem) => {
    const { code, err } = await run(['start', '--port', '0', '--set', given]);
    expect(code).toBe(2);
    expect(err).toContain(problem);
  });

  it.each(['start', 'exec', 'record', 'replay'])('explains %s by itself', async (command) => {
    const { code, out } = await run([command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`livegate-emulator ${command}`);
    expect(out).toContain('--port <n>');
  });

  describe('exec', () => {
    /** Runs a script of Node's beside the emulator; gives the exit code and what it wrote to a file. */
    const exec = async (script: string, options: readonly string[] = [], until?: Promise<Interruption>) => {
      const folder = await mkdtemp(join(tmpdir(), 'livegate-exec-'));
      try {
        const file = join(folder, 'out');
        const code = await main(['exec', ...options, '--', process.execPath, '-e', script, file], {
          out: () => {},
          err: () => {},
          env: { PATH: process.env.PATH },
          untilInterrupted: until ?? new Promise(() => {}),
        });
        return { code, wrote: await readFile(file, 'utf8').catch(() => '') };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    };

    it('lets a command of Node trust it over TLS', async () => {
      const script = `fetch(process.env.LIVEGATE_EMULATOR_URL).then(({ status }) =>
        require('node:fs').writeFileSync(process.argv[1], String(status)))`;
      expect(await exec(script, ['--tls'])).toEqual({ code: 0, wrote: '200' });
    });

    it('tells the command where the emulator is, and ends as the command does', async () => {
      const { code, wrote } = await exec(
        `const { GOOGLE_GEMINI_BASE_URL: url, GEMINI_LIVE_EMULATOR_HOST: host, GEMINI_API_KEY: key } = process.env;
        fetch(url).then(({ status }) => {
          require('node:fs').writeFileSync(process.argv[1], JSON.stringify({ status, same: url === 'http://' + host, key }));
          process.exitCode = 7;
        });`,
      );
      expect(JSON.parse(wrote)).toEqual({ status: 200, same: true, key: 'livegate-emulator' });
      expect(code).toBe(7);
    });

    it.each([
      ['SIGTERM', 128 + 15],
      ['SIGINT', 128 + 2],
    ] as const)('passes %s on to the command', async (signal, code) => {
      const ended = exec('setInterval(() => {}, 1_000)', [], Promise.resolve(signal));
      expect((await ended).code).toBe(code);
    });

    it('lets a command that the terminal has told end in its own time', async () => {
      const ended = exec('setTimeout(() => process.exit(5), 300)', [], Promise.resolve('terminal'));
      expect((await ended).code).toBe(5);
    });

    it('warns where the user has certificates that Node trusts instead', async () => {
      const env = { NODE_EXTRA_CA_CERTS: '/own.pem' };
      const { code, err } = await run(['exec', '--tls', '--', 'true'], new Promise(() => {}), env);
      expect([code, err]).toEqual([0, expect.stringContaining('NODE_EXTRA_CA_CERTS is set and left alone')]);
      expect((await run(['exec', '--', 'true'], new Promise(() => {}), env)).err).toBe('');
    });

    it('names a command that is not there', async () => {
      const { code, err } = await run(['exec', '--', 'livegate-no-such-command'], new Promise(() => {}));
      expect(code).toBe(127);
      expect(err).toContain('livegate-no-such-command could not be started: there is no such program.');
    });
  });

  it('explains a command after help too, and says its version', async () => {
    expect((await run(['help', 'replay'])).out).toContain('--speed');
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['start', '--prot', '1'], 'livegate-emulator start --help says more'],
    [['exec', 'npm', 'test'], 'exec wants -- before the command'],
    [['start', '--watch'], '--watch wants a --scenario'],
    [['strat'], 'expected start, exec, record, replay'],
    [['start', '--port', '65536'], '0 to 65535'],
  ])('says what to do instead of %o', async (args, remedy) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringContaining(remedy)]);
  });

  it.each([
    [['exec']],
    [['exec', '--']],
    [['record']],
    [['record', '--out', 'x', '--target', 'ftp://x']],
    [['replay']],
    [['replay', 'a', 'b']],
    [['replay', 'a', '--speed', 'fast']],
    [['replay', 'no-such-file', '--port', '0']],
    [['start', 'now']],
    [['stop']],
    [[]],
    [['start', '--port', 'x']],
    [['start', '--port', '99999']],
    [['start', '--log', 'loud']],
    [['start', '--frames', 'smoke']],
    [['start', '--nonsense']],
  ])('refuses %o with a reason', async (args) => {
    const { code, out, err } = await run(args);
    expect(code).toBeGreaterThan(0);
    expect(out).toBe('');
    expect(err).not.toBe('');
  });
});
