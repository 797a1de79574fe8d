import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findFirestoreEmulator, javaMajor } from './firestore-emulator.ts';
import type { Machine } from './machine.ts';

const CACHED = join('/cache', 'hidane-0.6.0', 'bin', 'hidane');
const JAR = '/jars/firestore.jar';
const JAVA_21 = 'openjdk version "21.0.4" 2024-07-16';

interface Fake {
  readonly env?: Record<string, string>;
  /** Command → path. */
  readonly onPath?: Record<string, string>;
  /** Files that exist. */
  readonly files?: readonly string[];
  readonly java?: string;
  /** What a long command leaves behind, or why it fails. */
  readonly fetches?: { readonly cargo?: 'works' | string; readonly official?: 'works' | string };
}

function machine({ env = {}, onPath = {}, files = [], java = '', fetches = {} }: Fake): {
  readonly machine: Machine;
  readonly runs: string[];
} {
  const there = new Set(files);
  const runs: string[] = [];
  return {
    runs,
    machine: {
      env,
      home: '/home/a',
      cache: '/cache',
      isRoot: false,
      isWindows: false,
      exists: (path) => there.has(path),
      find: (command) => onPath[command],
      output: (command, [arg]) => {
        if (command === 'java') return java;
        return arg === '--version' && (there.has(command) || command === onPath.hidane) ? 'hidane 0.6.0' : '';
      },
      async run(_, command) {
        const what = command === onPath.cargo ? 'cargo' : 'official';
        runs.push(what);
        const outcome = fetches[what] ?? 'not tried in this test';
        if (outcome !== 'works') return outcome;
        there.add(what === 'cargo' ? CACHED : JAR);
        return undefined;
      },
      once: (_, work) => work(),
    },
  };
}

async function found(
  fake: Fake,
): Promise<{ readonly name: string; readonly wrapped: readonly string[]; readonly runs: readonly string[] }> {
  const { machine: one, runs } = machine(fake);
  const emulator = await findFirestoreEmulator({ machine: one, jar: JAR });
  return { name: emulator.name, wrapped: emulator.wrap(['firebase']), runs };
}

const CARGO = { cargo: '/bin/cargo' };

describe('findFirestoreEmulator', () => {
  it('takes the hidane on PATH before the one in the cache folder', async () => {
    const both = { onPath: { hidane: '/bin/hidane' }, files: [CACHED], java: JAVA_21 };
    expect(await found(both)).toEqual({
      name: 'hidane 0.6.0',
      wrapped: ['/bin/hidane', 'exec', '--', 'firebase'],
      runs: [],
    });
  });

  it('takes the one in the cache folder before the official one', async () => {
    const { wrapped } = await found({ files: [CACHED, JAR], java: JAVA_21 });
    expect(wrapped[0]).toBe(CACHED);
  });

  it('takes the official one where Java is new enough and its jar is there', async () => {
    expect(await found({ files: [JAR], java: JAVA_21, onPath: CARGO })).toEqual({
      name: 'the official emulator (Java 21)',
      wrapped: ['firebase'],
      runs: [],
    });
  });

  it('fetches the jar before it builds anything', async () => {
    const { name, runs } = await found({ java: JAVA_21, onPath: CARGO, fetches: { official: 'works' } });
    expect(name).toContain('official');
    expect(runs).toEqual(['official']);
  });

  it('builds hidane where the jar cannot be fetched', async () => {
    const fetches = { official: 'no network', cargo: 'works' };
    const { wrapped, runs } = await found({ java: JAVA_21, onPath: CARGO, fetches });
    expect(wrapped[0]).toBe(CACHED);
    expect(runs).toEqual(['official', 'cargo']);
  });

  it('builds hidane where Java is one version too old, fetching no jar for it', async () => {
    const java = 'openjdk version "20.0.1" 2023-04-18';
    expect((await found({ java, onPath: CARGO, fetches: { cargo: 'works' } })).runs).toEqual(['cargo']);
  });

  it('names both remedies, and what was tried, where nothing works', async () => {
    const failure = found({
      java: 'openjdk version "17.0.15"',
      onPath: CARGO,
      fetches: { cargo: 'no crate' },
    });
    await expect(failure).rejects.toThrow(/Java 21 or newer is needed, and this one is 17/);
    await expect(failure).rejects.toThrow(/cargo could not build it: no crate/);
    await expect(failure).rejects.toThrow(/install Java 21[\s\S]*or install cargo/);
  });

  it('obeys LIVEGATE_FIRESTORE', async () => {
    const all = { files: [CACHED, JAR], java: JAVA_21 };
    expect((await found({ ...all, env: { LIVEGATE_FIRESTORE: 'official' } })).name).toContain('official');
    expect((await found({ ...all, env: { LIVEGATE_FIRESTORE: 'hidane' } })).name).toContain('hidane');
  });

  it('puts nothing in place of the one that LIVEGATE_FIRESTORE names', async () => {
    const failure = found({ files: [CACHED], env: { LIVEGATE_FIRESTORE: 'official' } });
    await expect(failure).rejects.toThrow(/To go on, install Java 21 or newer \([^)]+\) and let/);
  });

  it('names the values of LIVEGATE_FIRESTORE on a wrong one', async () => {
    await expect(found({ env: { LIVEGATE_FIRESTORE: 'java' } })).rejects.toThrow('"hidane" or "official"');
  });
});

describe('javaMajor', () => {
  it.each([
    ['openjdk version "21.0.4" 2024-07-16', 21],
    ['openjdk version "24" 2025-03-18', 24],
    ['java version "1.8.0_381"', 8],
    ['no java here', undefined],
  ])('reads %s', (text, major) => {
    expect(javaMajor(text)).toBe(major);
  });
});
