import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder, installMatchesLock, isSupportedNode, npmBeside } from './setup-policy.mjs';

describe('isSupportedNode', () => {
  it.each(['24.0.0', '24.21.0', '26.1.0', '27.0.0'])('takes %s', (version) => {
    expect(isSupportedNode(version)).toBe(true);
  });

  it.each(['20.20.2', '22.22.0', '23.11.1', '25.2.0'])('refuses %s', (version) => {
    expect(isSupportedNode(version)).toBe(false);
  });
});

describe('cacheFolder', () => {
  it('follows XDG_CACHE_HOME', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: join('/', 'there') }, '/home/a')).toBe(
      join('/', 'there', 'livegate'),
    );
  });

  it.each([{}, { XDG_CACHE_HOME: '' }])('is below the home folder with %j', (env) => {
    expect(cacheFolder(env, join('/', 'home', 'a'))).toBe(join('/', 'home', 'a', '.cache', 'livegate'));
  });
});

describe('npmBeside', () => {
  it('looks where Windows and where others keep npm', () => {
    const cli = join('node_modules', 'npm', 'bin', 'npm-cli.js');
    expect(npmBeside(join('/', 'n', 'bin', 'node'))).toEqual([
      join('/', 'n', 'bin', cli),
      join('/', 'n', 'lib', cli),
    ]);
  });
});

describe('installMatchesLock', () => {
  const lock = {
    packages: {
      '': { version: '0.1.0' },
      web: { version: '0.1.0' },
      'node_modules/@livegate/web': { link: true },
      'node_modules/ws': { version: '8.23.0' },
      'node_modules/@esbuild/darwin-arm64': { version: '0.28.2', optional: true },
      'node_modules/encoding': { version: '0.1.13', peer: true },
    },
  };
  const installed = {
    packages: {
      'node_modules/@livegate/web': { link: true },
      'node_modules/ws': { version: '8.23.0' },
    },
  };

  it('takes a tree without the packages of other platforms', () => {
    expect(installMatchesLock(lock, installed)).toBe(true);
  });

  it.each([
    ['an older version', { 'node_modules/ws': { version: '8.22.0' } }],
    ['a copy in place of a link', { 'node_modules/@livegate/web': { version: '0.1.0' } }],
  ])('refuses a tree with %s', (_, change) => {
    expect(installMatchesLock(lock, { packages: { ...installed.packages, ...change } })).toBe(false);
  });

  it('refuses a tree that lacks a package', () => {
    const { 'node_modules/ws': _, ...packages } = installed.packages;
    expect(installMatchesLock(lock, { packages })).toBe(false);
  });

  it('refuses an empty tree', () => {
    expect(installMatchesLock(lock, {})).toBe(false);
  });
});
