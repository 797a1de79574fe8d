import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { brokenArrows, importsOf, type Manifest, type Repository } from './support/arrows.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGES = ['protocol', 'functions', 'web', 'emulator', 'dashboard', 'demo'] as const;

const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;

const manifests = {
  root: manifest('.'),
  ...(Object.fromEntries(PACKAGES.map((name) => [name, manifest(name)])) as Record<
    (typeof PACKAGES)[number],
    Manifest
  >),
};

function sourcesOf(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.split(sep).join('/')}`)
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !/\/(node_modules|dist|dist-emulator)\//.test(path));
}

const sources = Object.fromEntries(
  [...PACKAGES, 'scripts', 'test']
    .flatMap(sourcesOf)
    // This test's own examples break the rules on purpose.
    .filter((path) => path !== 'test/repository/imports.test.ts')
    .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]),
);

/** The repository with one more file in it. */
const withFile = (path: string, source: string): Repository => ({ manifests, sources: { [path]: source } });

describe('the arrows between packages', () => {
  it('hold in every file', () => {
    expect(Object.keys(sources).length).toBeGreaterThan(100);
    expect(brokenArrows({ manifests, sources })).toEqual([]);
  });

  it.each([
    ['protocol/src/x.ts', "import { a } from '@livegate/web';", 'must not import web'],
    ['protocol/src/x.ts', "import { a } from 'ws';", 'ws is not a dependency'],
    ['protocol/src/x.ts', "import { a } from 'node:fs';", 'does not run under Node only'],
    ['functions/src/x.ts', "import type { A } from '@livegate/emulator';", 'must not import emulator'],
    ['functions/src/x.ts', "import { WebSocket } from 'ws';", 'ws is not a dependency'],
    ['web/src/x.ts', "export { a } from '@livegate/emulator';", 'must not import emulator'],
    ['web/src/x.ts', "import { readFile } from 'node:fs/promises';", 'does not run under Node only'],
    ['web/src/x.ts', "const a = await import('firebase-admin');", 'firebase-admin is not a dependency'],
    ['emulator/src/x.ts', "import '@livegate/functions';", 'must not import functions'],
    ['dashboard/src/x.ts', "import { a } from '@livegate/demo';", 'must not import demo'],
    ['demo/src/x.ts', "import { a } from '../../web/src/ai.ts';", 'reaches into web by path'],
    ['demo/src/x.ts', "import { a } from '@livegate/web/src/ai.ts';", 'is not exported by web'],
    ['web/src/x.test.ts', "import { a } from '@livegate/emulator';", 'must not import emulator'],
    ['scripts/x.ts', "import { a } from '@livegate/web';", 'must not import web'],
    ['test/x.test.ts', "import { a } from '../web/src/ai.ts';", 'reaches into web by path'],
    [
      'demo/src/x.ts',
      "import { a } from '../../emulator/test-support/a.ts';",
      'reaches into emulator by path',
    ],
    ['test/x.test.ts', "import { a } from 'lodash';", 'lodash is not a dependency'],
    ['scripts/x.ts', "import { a } from '../emulator/src/index.ts';", 'reaches into emulator by path'],
    ['scripts/x.ts', "import { a } from '../demo/src/main.ts';", 'reaches into demo by path'],
  ])('are found broken in %s by %s', (path, source, why) => {
    expect(brokenArrows(withFile(path, source))).toEqual([expect.stringContaining(why)]);
  });

  it.each([
    ['functions/src/x.ts', "import { a } from '@livegate/protocol';"],
    ['functions/src/x.ts', "import { getFirestore } from 'firebase-admin/firestore';"],
    ['web/src/x.ts', "const a = await import('firebase/functions');"],
    ['web/src/x.test.ts', "import { it } from 'vitest';"],
    ['dashboard/src/x.ts', "import { a } from '@livegate/web';"],
    ['emulator/src/x.ts', "import { WebSocketServer } from 'ws';"],
    ['scripts/x.ts', "import { startLiveEmulator } from '@livegate/emulator';"],
    ['test/x.test.ts', "import { a } from '../emulator/test-support/a.ts';"],
    ['test/x.test.ts', "import { QUERIES } from '../functions/src/queries.ts';"],
    ['scripts/x.ts', "import { rollUpLiveStats } from '../functions/src/roll-up.ts';"],
  ])('hold in %s with %s', (path, source) => {
    expect(brokenArrows(withFile(path, source))).toEqual([]);
  });
});

describe('importsOf', () => {
  it('sees every form, over lines, and nothing in comments', () => {
    const source = `
      import a from 'a'; import type { B } from "b";
      import {
        c,
        d, // import x from 'not-this'
      } from 'c';
      export * from 'e'; export { f } from 'f';
      import 'g';
      const h = await import('h');
      /* import i from 'not-this-either' */
      const url = 'https://example.com'; import j from 'j';
    `;
    expect([...importsOf(source)].sort()).toEqual(['a', 'b', 'c', 'e', 'f', 'g', 'h', 'j']);
  });
});
