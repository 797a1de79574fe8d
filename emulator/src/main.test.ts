import { describe, expect, it } from 'vitest';
import { main } from './main.ts';

const run = async (args: readonly string[], untilInterrupted: Promise<void> = Promise.resolve()) => {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    untilInterrupted,
  });
  return { code, out: out.join(''), err: err.join('') };
};

describe('livegate-emulator', () => {
  it('prints where it listens, first, and ends when interrupted', async () => {
    const { code, out } = await run(['start', '--port', '0']);
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(code).toBe(0);
  });

  it('prints one line of JSON where asked', async () => {
    const { out } = await run(['start', '--port', '0', '--json', '--log', 'debug']);
    const { url, host, port } = JSON.parse(out) as { url: string; host: string; port: number };
    expect([url, host]).toEqual([`http://127.0.0.1:${port}`, `127.0.0.1:${port}`]);
  });

  it('serves until then', async () => {
    const interrupted = Promise.withResolvers<void>();
    const printed = Promise.withResolvers<string>();
    const ended = main(['start', '--port', '0'], {
      out: printed.resolve,
      err: () => {},
      untilInterrupted: interrupted.promise,
    });
    const url = (await printed.promise).trim();
    expect((await fetch(url)).status).toBe(200);
    interrupted.resolve();
    expect(await ended).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('explains itself', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--echo-guard') });
  });

  it.each([
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
