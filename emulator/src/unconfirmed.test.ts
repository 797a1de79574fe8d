import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UNCONFIRMED_PAGE, unconfirmedPage } from '../test-support/docs-pages.ts';
import { NOTED_POINTS, OPTION_SOURCES, openOptions } from '../test-support/unconfirmed.ts';
import { CLOSINGS } from './closings.ts';

describe('the list of what is not confirmed', () => {
  const page = unconfirmedPage();

  it('stands in docs/unconfirmed.md; `node emulator/test-support/write-docs.ts` writes it anew', () => {
    expect(readFileSync(UNCONFIRMED_PAGE, 'utf8') === page).toBe(true);
  });

  it('has every option that says so of itself, each with its source', () => {
    const options = openOptions();
    expect(options.map(({ option }) => option)).toEqual(
      expect.arrayContaining(['frames', 'handleScope', 'socketsPerToken']),
    );
    expect(options.filter(({ option }) => !Object.hasOwn(OPTION_SOURCES, option))).toEqual([]);
    for (const { option, byDefault } of options)
      expect(page.includes(`| \`${option}\` | \`${byDefault}\``), option).toBe(true);
  });

  it('has sources of nothing else', () => {
    const open = new Set(openOptions().map(({ option }) => option));
    expect(Object.keys(OPTION_SOURCES).filter((option) => !open.has(option))).toEqual([]);
  });

  it('has every close code that nobody has published', () => {
    const open = Object.entries(CLOSINGS).filter(([, row]) => 'unconfirmed' in row);
    expect(open.length).toBeGreaterThan(5);
    for (const [condition, { code }] of open)
      expect(page.includes(`| \`${condition}\` | ${code} |`), condition).toBe(true);
    expect(page.includes('| `odd-audio` |')).toBe(false);
  });

  it.each(Object.entries(NOTED_POINTS))('answers for %s', (_, words) => {
    expect(page.includes(words)).toBe(true);
  });
});
