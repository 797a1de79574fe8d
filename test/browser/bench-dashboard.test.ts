/**
 * The short form of `npm run bench:dashboard`, on the emulators of this run.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/root.ts';
import { amountOf } from '../../scripts/short-forms.ts';
import { useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'bench-dashboard', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });

/** Times of a machine that does other things are no figures; what the page weighs is one, and that rows come. */
describe('npm run bench:dashboard', () => {
  const firestore = useAdminFirestore();
  afterAll(async () => {
    const { docs } = await firestore()
      .collection('liveSessions')
      .where('uid', '>=', 'bench-user-')
      .where('uid', '<', 'bench-user.')
      .get();
    const batch = firestore().batch();
    for (const { ref } of docs) batch.delete(ref);
    await batch.commit();
  });

  it('finds rows while others write, and says last how many aims are met', async () => {
    const rows = amountOf('the benchmark of the dashboard, one round');
    const only = ['--only', 'load', '--only', 'rows'];
    const doses = ['--rounds', '1', '--rows', String(rows), '--sessions', '60'];
    const { projectId, hosts, dashboardUrl } = useStack();
    const { stdout } = await run([...only, ...doses], {
      LIVEGATE_STACK: JSON.stringify({ projectId, hosts, dashboardUrl }),
    });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/^\d of 2 aims met$/);
    const cells = new Map(
      lines
        .filter((line) => line.startsWith('| '))
        .map((line) => line.split('|').map((cell) => cell.trim()))
        .map(([, what = '', found = '', , verdict = '']) => [what, { found, verdict }]),
    );
    expect(cells.get('JavaScript until Now stands, gzip')).toEqual({
      found: expect.stringMatching(/^[12]\d\d\.\d kB$/),
      verdict: 'met',
    });
    expect(cells.get('the same, p95')?.found).toMatch(/^\d+ ms$/);
  }, 120_000);

  it('refuses what it does not know, before it starts anything', async () => {
    await expect(run(['--rounds', '2', '--check'])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--rounds takes a whole number, 3 or more here.'),
    });
  });
});
