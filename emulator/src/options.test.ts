import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EmulatorError } from './errors.ts';
import { type LiveEmulatorOptions, refuseUnknownOptions, settingsOf } from './options.ts';

const refusal = (options: LiveEmulatorOptions): string => {
  try {
    settingsOf(options);
  } catch (error) {
    if (error instanceof EmulatorError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return '';
};

describe('settingsOf', () => {
  it('fills in the default of everything that is left out', () => {
    expect(settingsOf({ burstMs: 100 })).toMatchObject({
      burstMs: 100,
      frames: 'binary',
      expiryCloseCode: 1008,
    });
  });

  it.each([
    [{ port: 70_000 }, { port: 0 }],
    [{ chunkMs: 0 }, { chunkMs: 20 }],
    [{ paceFactor: 0 }, { paceFactor: 1 }],
    [{ burstMs: Number.NaN }, { burstMs: 0 }],
    [{ turnCompleteDelay: -1 }, { turnCompleteDelay: 'playback' }],
    [{ expiryCloseCode: 1006 }, { expiryCloseCode: 1011 }],
    [{ expiryCloseCode: 2_000 }, { expiryCloseCode: 4_000 }],
    [{ vertexLocation: 'moon' }, { vertexLocation: 'europe-west4' }],
  ] satisfies [LiveEmulatorOptions, LiveEmulatorOptions][])('refuses %o and takes %o', (bad, good) => {
    expect(refusal(bad)).toContain(`invalid-option: ${Object.keys(bad)[0]}`);
    expect(refusal(good)).toBe('');
  });

  it('refuses an option that there is not, as a misspelt one in JavaScript is', () => {
    for (const [name, value] of [
      ['frames', 'smoke'],
      ['strictModels', 'yes'],
      ['burstMs', '500'],
      ['handleScope', () => 'nobody'],
    ])
      expect(() => settingsOf({ [String(name)]: value })).toThrow(`Invalid value at '${name}'`);
    expect(settingsOf({ frames: 'text', handleScope: () => 'token' })).toMatchObject({ frames: 'text' });
    expect(() => refuseUnknownOptions({ goAwayNotice: 5 })).toThrow('There is no option goAwayNotice');
  });
});

describe('the README and the pages', () => {
  const folder = new URL('../docs/', import.meta.url);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
  /** What the first columns of the tables of options name, the generated page of open ones left out. */
  const rows = [readme, ...['answers', 'endpoints', 'sessions'].map((name) => page(`${name}.md`))]
    .flatMap((text) => text.split('\n'))
    .flatMap((line) => /^\| `[^|]*/.exec(line)?.[0].match(/(?<=`)\w+(?=`)/g) ?? []);
  function page(name: string): string {
    return readFileSync(new URL(name, folder), 'utf8');
  }

  it('have a row for every option', () => {
    const names = [...Object.keys(settingsOf({})), 'scenario', 'watchScenario'];
    expect(names.filter((name) => !rows.includes(name))).toEqual([]);
  });

  it('name no option in the README that there is not', () => {
    const [, tables = ''] = /## Options\n(.*?)\nDetection, where/s.exec(readme) ?? [];
    const named = tables
      .split('\n')
      .flatMap((line) => /^\| `[^|]*/.exec(line)?.[0].match(/(?<=`)\w+(?=`)/g) ?? []);
    const known = [...Object.keys(settingsOf({})), 'scenario', 'watchScenario'];
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('can all be found from the README', () => {
    expect(pages.filter((name) => !readme.includes(`- [docs/${name}](docs/${name})`))).toEqual([]);
  });
});
