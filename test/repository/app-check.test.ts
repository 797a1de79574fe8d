import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/root.ts';

/** What turns App Check's debug provider on, in its SDK (firebase 12.19.0): this name on the global object. */
const SWITCH = 'FIREBASE_APPCHECK_DEBUG_TOKEN';

const sources = ['dashboard', 'demo', 'web']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      [folder, ...path.split(sep)].join('/'),
    ),
  )
  .filter((file) => /\.(tsx?|html|mjs)$/.test(file) && !/\/(node_modules|dist|dist-emulator)\//.test(file));

describe('the pages', () => {
  it('never ask for the debug provider of App Check [threat:app-check:debug-provider]', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes(SWITCH))).toEqual([]);
  });
});
