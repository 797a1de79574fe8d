import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Machine } from './machine.ts';
import { findPythonGenai, PYTHON_GENAI_VERSION, pythonLine } from './python-genai.ts';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'livegate-cache-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const folder = (): string => join(cache, `python-google-genai-${PYTHON_GENAI_VERSION}`);

/** A machine whose commands do to the cache folder what the real ones do. */
function machine({ python = 'Python 3.12.1', pip }: { python?: string; pip?: string } = {}): Machine & {
  readonly runs: string[];
} {
  const runs: string[] = [];
  return {
    runs,
    env: {},
    home: '/home/a',
    cache,
    isRoot: false,
    isWindows: false,
    exists: existsSync,
    find: (command) => (command === 'python3' && python !== '' ? '/bin/python3' : undefined),
    output: (_, [arg]) => (arg === '--version' ? python : `${PYTHON_GENAI_VERSION} 3.12.1\n`),
    async run(_, command, args) {
      runs.push(args.includes('venv') ? 'venv' : 'pip');
      const made = args.includes('venv') ? join(args.at(-1) ?? '', 'bin', 'python') : command;
      await mkdir(dirname(made), { recursive: true });
      await writeFile(made, '');
      return args.includes('pip') ? pip : undefined;
    },
    once: (_, work) => work(),
  };
}

describe('findPythonGenai', () => {
  it('makes an environment once, and finds it from then on', async () => {
    const one = machine();
    const found = {
      kind: 'found',
      path: join(folder(), 'bin', 'python'),
      name: `3.12.1, google-genai ${PYTHON_GENAI_VERSION}`,
    };
    expect(await findPythonGenai(one)).toEqual(found);
    expect(await findPythonGenai(one)).toEqual(found);
    expect(one.runs).toEqual(['venv', 'pip']);
  });

  it('leaves nothing of an environment whose packages could not be fetched, and says why', async () => {
    const one = machine({ pip: 'WARNING: retrying\nERROR: no matching distribution' });
    const result = await findPythonGenai(one);
    expect(result).toEqual({
      kind: 'missing',
      reason: 'google-genai could not be installed: ERROR: no matching distribution',
    });
    expect(existsSync(folder())).toBe(false);
    expect(existsSync(`${folder()}.making`)).toBe(false);
    expect(pythonLine(result)).toContain('SKIPPED');
  });

  it('starts over where an earlier attempt was cut off', async () => {
    await mkdir(`${folder()}.making/bin`, { recursive: true });
    expect((await findPythonGenai(machine())).kind).toBe('found');
    expect(existsSync(`${folder()}.making`)).toBe(false);
  });

  it.each(['Python 3.9.18', 'Python 2.7.18', ''])('takes no Python that is too old: "%s"', async (python) => {
    const one = machine({ python });
    expect(await findPythonGenai(one)).toEqual({
      kind: 'missing',
      reason: 'there is no python3 of 3.10 or newer on PATH',
    });
    expect(one.runs).toEqual([]);
  });
});
