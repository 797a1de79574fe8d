import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/root.ts';
import { amountOf } from '../../scripts/short-forms.ts';

const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'bench-emulator', ...args], {
    cwd: ROOT,
  });

/** Of a machine that does other things times are no figures; that nothing is lost is one. */
describe('npm run bench:emulator', () => {
  it('loses nothing of what users say and hear at the same time, and says last how many aims are met', async () => {
    const users = amountOf('the benchmark of the Live emulator, one round');
    const args = ['--rounds', '1', '--turns', '1', '--no-search', '--sessions', String(users)];
    const { stdout } = await run(...args);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/^\d of 5 aims met$/);
    const cells = new Map(
      lines
        .filter((line) => line.startsWith('| '))
        .map((line) => line.split('|').map((cell) => cell.trim()))
        .map(([, what = '', found = '', , verdict = '']) => [what, { found, verdict }]),
    );
    expect(cells.get('answers in a round')?.found).toBe(String(users));
    expect(cells.get('messages of 20 ms sent and not counted')).toEqual({ found: '0', verdict: 'met' });
    expect(cells.get('answers missing, cut, or not the echo’s length')).toEqual({
      found: '0',
      verdict: 'met',
    });
  }, 120_000);

  it('refuses what it does not know, before it starts anything', async () => {
    await expect(run('--rounds', '2', '--check')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--rounds takes a whole number, 3 or more here.'),
    });
  });
});
