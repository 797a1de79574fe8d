import { describe, expect, it } from 'vitest';
import { chromiumFlags, findChromium } from './chromium.ts';
import type { Machine } from './machine.ts';

const PLAYWRIGHTS = '/cache/ms-playwright/chrome';

interface Fake {
  readonly env?: Record<string, string>;
  readonly onPath?: Record<string, string>;
  /** Path → what it prints for `--version`. */
  readonly programs?: Record<string, string>;
  readonly isRoot?: boolean;
  /** Programs that a long command brings, by the first word after the script or command. */
  readonly brings?: Record<string, { readonly path: string; readonly command?: string }>;
}

function machine({ env = {}, onPath = {}, programs = {}, isRoot = false, brings = {} }: Fake): {
  readonly machine: Machine;
  readonly runs: string[];
} {
  const there = new Map(Object.entries(programs));
  const commands = new Map(Object.entries(onPath));
  const runs: string[] = [];
  return {
    runs,
    machine: {
      env,
      home: '/home/a',
      cache: '/cache',
      isRoot,
      isWindows: false,
      exists: (path) => there.has(path),
      find: (command) => commands.get(command),
      output: (command) => there.get(command) ?? '',
      async run(_, command, args) {
        const what = command === '/bin/apt-get' ? `apt-get ${args[0]}` : 'playwright';
        runs.push(what);
        const brought = brings[what];
        if (brought === undefined) return what === 'apt-get update' ? undefined : 'unreachable';
        there.set(brought.path, 'Chromium 150.0');
        if (brought.command !== undefined) commands.set(brought.command, brought.path);
        return undefined;
      },
      once: (_, work) => work(),
    },
  };
}

async function found(fake: Fake): Promise<{ readonly path: string; readonly runs: readonly string[] }> {
  const { machine: one, runs } = machine(fake);
  const { path } = await findChromium({ machine: one, playwrights: PLAYWRIGHTS });
  return { path, runs };
}

const CHROMIUM = {
  onPath: { chromium: '/bin/chromium' },
  programs: { '/bin/chromium': 'Chromium 156.0 on Debian' },
};
const DEBIAN = { onPath: { 'apt-get': '/bin/apt-get' } };

describe('findChromium', () => {
  it('takes an installed one before Playwright’s', async () => {
    const programs = { ...CHROMIUM.programs, [PLAYWRIGHTS]: 'Chromium 150.0' };
    expect(await found({ ...CHROMIUM, programs })).toEqual({ path: '/bin/chromium', runs: [] });
  });

  it('passes over a launcher that starts nothing', async () => {
    const programs = { '/bin/chromium': '', [PLAYWRIGHTS]: 'Chromium 150.0' };
    expect((await found({ onPath: CHROMIUM.onPath, programs })).path).toBe(PLAYWRIGHTS);
  });

  it('fetches Playwright’s before it installs anything', async () => {
    const brings = { playwright: { path: PLAYWRIGHTS } };
    expect(await found({ ...DEBIAN, isRoot: true, brings })).toEqual({
      path: PLAYWRIGHTS,
      runs: ['playwright'],
    });
  });

  it('installs Debian’s package as root', async () => {
    const brings = { 'apt-get install': { path: '/bin/chromium', command: 'chromium' } };
    expect(await found({ ...DEBIAN, isRoot: true, brings })).toEqual({
      path: '/bin/chromium',
      runs: ['playwright', 'apt-get update', 'apt-get install'],
    });
  });

  it('installs nothing as another user, and says what was tried', async () => {
    const failure = found({ ...DEBIAN, isRoot: false });
    await expect(failure).rejects.toThrow(
      /Playwright's: unreachable[\s\S]*only root may install it[\s\S]*LIVEGATE_CHROMIUM/,
    );
  });

  it('obeys LIVEGATE_CHROMIUM, and takes nothing in its place', async () => {
    const mine = { '/mine': 'Chromium 140.0' };
    const env = { LIVEGATE_CHROMIUM: '/mine' };
    expect((await found({ ...CHROMIUM, env, programs: { ...CHROMIUM.programs, ...mine } })).path).toBe(
      '/mine',
    );
    await expect(found({ ...CHROMIUM, env })).rejects.toThrow('"/mine", which does not run');
  });
});

describe('chromiumFlags', () => {
  it('give up the sandbox for root only', () => {
    expect(chromiumFlags({ isRoot: true })).toContain('--no-sandbox');
    expect(chromiumFlags({ isRoot: false })).not.toContain('--no-sandbox');
  });
});
