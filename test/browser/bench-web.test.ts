import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/root.ts';
import { amountOf } from '../../scripts/short-forms.ts';

/** Rows that take seconds. What they find on a machine that does other things is no figure; that they find is. */
const CHEAP = ['bundle', 'microphone', 'codec', 'start', 'playback'];

describe('npm run bench:web', () => {
  it('measures every module in one run, and says last how many aims are met', async () => {
    const rows = CHEAP.slice(0, amountOf('the benchmark of the web module, once each'));
    const args = rows.flatMap((row) => ['--only', row]);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'scripts/run.mjs'), 'bench-web', '--runs', '1', ...args],
      { cwd: ROOT },
    );
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/^\d+ of \d+ aims met$/);
    const cells = lines
      .filter((line) => line.startsWith('| ') && !line.startsWith('| measure'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    expect(cells.length).toBeGreaterThanOrEqual(rows.length);
    // What the others have no counterpart of stands alone.
    for (const [, what, ...found] of cells.filter(([, name]) => !name?.startsWith('the same by')))
      for (const figure of found.slice(0, 3)) expect(figure, what).toMatch(/\d/);
  }, 300_000);

  it('refuses what it does not know, before it starts anything', async () => {
    const asked = promisify(execFile)(process.execPath, [
      join(ROOT, 'scripts/run.mjs'),
      'bench-web',
      '--only',
      'colour',
    ]);
    await expect(asked).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no row "colour"'),
    });
  });
});
