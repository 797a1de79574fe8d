import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/root.ts';
import { MUTANTS } from '../mutants/mutant-table.ts';
import { changedSource } from '../mutants/tree-copy.ts';
import { THREATS } from '../requirements.ts';
import { isAnswered } from '../threats/threat.ts';

const answered = THREATS.filter(isAnswered);
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Every id that a test cites in brackets, with the line it stands in, by file. */
const citations = ['protocol', 'functions', 'web', 'emulator', 'dashboard', 'demo', 'scripts', 'test']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      [folder, ...path.split(sep)].join('/'),
    ),
  )
  .filter((file) => /\.test\.tsx?$/.test(file) && !file.includes('/node_modules/'))
  .flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line) =>
        [...line.matchAll(/\[(threat:[\w:-]+)\]/g)].map(([, id = '']) => ({ file, line, id })),
      ),
  );

describe('the threat table', () => {
  it('has each id once, and says of each row what, why and whence', () => {
    const ids = THREATS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const { id, threat, answer, source } of THREATS) {
      expect(id).toMatch(/^threat:[a-z]+[a-z:-]+$/);
      expect([threat, answer, source].filter((text) => text.length < 4)).toEqual([]);
    }
  });

  it('answers far more threats than it puts off, each of those with a reason', () => {
    expect(answered.length).toBeGreaterThan(40);
    const later = THREATS.filter((threat) => !isAnswered(threat));
    expect(later.length).toBeLessThan(8);
    for (const { deferred = '' } of later) expect(deferred.length).toBeGreaterThan(20);
  });

  it.each(answered)('has a test that cites $id by its title', ({ id, test }) => {
    const cited = citations.filter((each) => each.id === id && each.file === test.file);
    expect(cited.map(({ line }) => line.includes(test.title))).toContain(true);
  });

  it('is what tests cite, and they cite nothing else', () => {
    const ids = new Set<string>(answered.map(({ id }) => id));
    expect(citations.filter(({ id }) => !ids.has(id))).toEqual([]);
    expect(citations.length).toBeGreaterThanOrEqual(answered.length);
  });
});

describe('the mutants', () => {
  it('are those of the threats and of the model, each once', () => {
    const ids = MUTANTS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(MUTANTS.length - answered.length).toBeGreaterThanOrEqual(5);
  });

  it.each(MUTANTS)('change one place of the source, and something, for $id', ({ change }) => {
    expect(() => changedSource(read(change.file), change)).not.toThrow();
  });

  it.each(MUTANTS)('have a test by the title that must see $id', ({ testFile, title }) => {
    expect(read(testFile)).toContain(title);
  });
});

describe('changedSource', () => {
  const change = { file: 'a.ts', find: 'b', replace: 'c' };

  it('changes the one place, and refuses none, two, and a change that is none', () => {
    expect(changedSource('a b', change)).toBe('a c');
    expect(() => changedSource('a', change)).toThrow('a.ts has 0 places that read: b');
    expect(() => changedSource('b b', change)).toThrow('a.ts has 2 places');
    expect(() => changedSource('b', { ...change, replace: 'b' })).toThrow('stays as it is');
  });
});
