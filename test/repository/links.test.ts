import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/operating.md',
  'bench/README.md',
  'docs/functions-cost.md',
  'functions/README.md',
  'web/README.md',
  'emulator/README.md',
  ...readdirSync(join(root, 'emulator/docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `emulator/docs/${name}`),
];

/** Targets of a page's links and pictures that stand in this repository. */
function linksOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target);
}

describe('the pages for people', () => {
  it.each(PAGES)('%s links to what exists', (page) => {
    const missing = linksOf(page).filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(missing).toEqual([]);
  });

  it('have links to look at', () => {
    expect(PAGES.flatMap(linksOf).length).toBeGreaterThanOrEqual(9);
  });
});
