import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyFunctionsUpload, isIgnored } from './functions-upload.ts';

const IGNORE = ['node_modules', 'src', '**/*.test.ts', '*.local', 'build.mjs'];

describe('isIgnored', () => {
  it.each([
    'node_modules',
    'src',
    'src/a.test.ts',
    'a.test.ts',
    '.secret.local',
    'config/.env.local',
    'build.mjs',
  ])('leaves out %s', (path) => {
    expect(isIgnored(path, IGNORE)).toBe(true);
  });

  it.each(['package.json', 'dist/index.js', 'dist/a.test.ts.map', '.env', 'local', 'sources'])(
    'keeps %s',
    (path) => {
      expect(isIgnored(path, IGNORE)).toBe(false);
    },
  );
});

describe('copyFunctionsUpload', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upload-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('copies what is uploaded, and keeps packages installed beside it in reach', async () => {
    const source = join(folder, 'functions');
    for (const file of [
      'dist/index.js',
      'src/index.ts',
      'package.json',
      '.secret.local',
      'node_modules/x/a.js',
    ]) {
      await mkdir(join(source, file, '..'), { recursive: true });
      await writeFile(join(source, file), '');
    }
    const target = join(folder, 'run', 'functions');
    await copyFunctionsUpload(source, { target, ignore: IGNORE });
    expect((await readdir(target)).sort()).toEqual(['dist', 'node_modules', 'package.json']);
    expect(await readdir(join(target, 'node_modules', 'x'))).toEqual(['a.js']);
  });
});
