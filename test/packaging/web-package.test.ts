import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npm, packPackage } from '../support/packages.ts';

const run = promisify(execFile);
/** Where the module is built: nothing that is published may say so. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
/** Compilers that a page may have, by the name under which they are installed here. */
const COMPILERS = { 'typescript-5.9': '5.9.3', 'typescript-6': '6.0.3', 'typescript-7': '7.0.2' } as const;

/** A page's source that touches every entry and names types that come out of the protocol. */
const CONSUMER = `
import { AIError, getAI, getLiveGenerativeModel, GoogleAIBackend, startAudioConversation, type LiveOptions, type LiveSession, type MintAnswer, type StopNotice, type UsageTotals } from '@livegate/web';
import { watchSession } from '@livegate/web/firestore';
import { useLiveSession } from '@livegate/web/react';
import { ScriptedStage } from '@livegate/web/testing';
import { initializeApp } from 'firebase/app';
import { getFirestore } from 'firebase/firestore';

const app = initializeApp({ apiKey: 'k', projectId: 'p', appId: 'a' });
const options: LiveOptions = { watchSession: watchSession(getFirestore(app)) };
const model = getLiveGenerativeModel(getAI(app, { backend: new GoogleAIBackend() }), { model: 'gemini-3.8-live' }, options);
export async function talk(): Promise<UsageTotals | undefined> {
  const session: LiveSession = await model.connect();
  let totals: UsageTotals | undefined;
  session.on('usage', (usage) => { totals = usage.session; });
  const conversation = await startAudioConversation(session);
  await conversation.stop();
  return totals;
}
export const seconds = (answer: MintAnswer): number | null => answer.quotaLeft.daySeconds;
export const reason = (notice: StopNotice): 'revoked' | 'blocked' | 'kill-switch' | 'quota' | 'session-over' => notice.reason;
export const code = (error: AIError): string => error.code;
export function View() { const view = useLiveSession(model); return view.status === 'open' ? view.session.sessionId : view.status; }
export const stage = new ScriptedStage();
// @ts-expect-error There is no such reason.
export const wrong: StopNotice = { reason: 'bored' };
`;

describe('the package @livegate/web', () => {
  let folder: string;
  let tarball: string;
  let installed: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'livegate-package-'));
    tarball = await packPackage('web', folder);
    installed = join(folder, 'node_modules/@livegate/web');
    await mkdir(installed, { recursive: true });
    await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    const aliases = Object.entries(COMPILERS).map(([name, version]) => `${name}@npm:typescript@${version}`);
    const compilers = join(folder, 'compilers');
    await mkdir(compilers);
    await writeFile(join(compilers, 'package.json'), '{ "private": true }');
    await npm(
      ['install', '--prefer-offline', '--no-bin-links', '--no-audit', '--no-fund', ...aliases],
      compilers,
    );
    for (const name of ['firebase', '@firebase', 'react', '@types/react', 'csstype'])
      await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true }).then(() =>
        symlink(join(modules, name), join(folder, 'node_modules', name), 'junction'),
      );
    await writeFile(join(folder, 'consumer.ts'), CONSUMER);
  }, 180_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** What the compiler says about the consumer; empty where it is content. */
  const compile = async (compiler: string, moduleKind: 'bundler' | 'nodenext'): Promise<string> => {
    const options = {
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      module: moduleKind === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution: moduleKind,
      strict: true,
      // A page may be stricter than strict, and may read every declaration.
      skipLibCheck: false,
      noUncheckedIndexedAccess: true,
      types: [],
      noEmit: true,
    };
    const file = join(folder, `tsconfig.${compiler}.${moduleKind}.json`);
    await writeFile(file, JSON.stringify({ compilerOptions: options, files: ['consumer.ts'] }));
    const tsc = join(folder, 'compilers/node_modules', compiler, 'bin/tsc');
    return run(process.execPath, [tsc, '-p', file]).then(
      () => '',
      ({ stdout }: { readonly stdout: string }) =>
        stdout
          .split('\n')
          // Firestore's own declarations name `Temporal`, which no compiler's `es2022` has.
          .filter((line) => !line.includes('node_modules/@firebase/'))
          .join('\n')
          .trim(),
    );
  };

  it.each(
    Object.keys(COMPILERS).flatMap((name) => [
      { name, resolution: 'bundler' as const },
      { name, resolution: 'nodenext' as const },
    ]),
  )('declares itself to $name under $resolution', async ({ name, resolution }) => {
    expect(await compile(name, resolution)).toBe('');
  });

  it('names nothing that is not published', async () => {
    const files = (await readdir(installed, { recursive: true })).filter((name) =>
      /dist.*\.(js|d\.ts)$/.test(name),
    );
    expect(files.length).toBeGreaterThan(40);
    for (const file of files) {
      const text = await readFile(join(installed, file), 'utf8');
      expect(text, file).not.toMatch(/from\s*['"]@livegate\//);
      expect(text, file).not.toMatch(/from\s*['"][^'"]*\.ts['"]/);
      // What the module's parts tell each other past the public session.
      if (file.endsWith('.d.ts')) expect(text, file).not.toMatch(/@internal|INTERNALS|LiveSessionInternals/);
    }
  });

  it('has classes of the names under which it exports them', async () => {
    const named = `import * as all from '@livegate/web';
      const classes = Object.entries(all).filter(([, each]) => /^class\\b/.test(String(each)));
      console.log(JSON.stringify(classes.map(([name, { name: own }]) => [name, own])));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', named], { cwd: folder });
    const classes = JSON.parse(stdout) as readonly [string, string][];
    expect(classes).toContainEqual(['AIError', 'AIError']);
    for (const [name, own] of classes) expect(own).toBe(name);
  });

  it('has a source map beside every script, with its sources in it', async () => {
    const dist = join(installed, 'dist');
    const scripts = (await readdir(dist)).filter((name) => name.endsWith('.js'));
    expect(scripts).toEqual(expect.arrayContaining(['index.js', 'react.js', 'firestore.js', 'testing.js']));
    for (const script of scripts) {
      expect(await readFile(join(dist, script), 'utf8'), script).toContain(`sourceMappingURL=${script}.map`);
      const text = await readFile(join(dist, `${script}.map`), 'utf8');
      expect(text, script).not.toContain(root);
      const map = JSON.parse(text) as {
        readonly sources: readonly string[];
        readonly sourcesContent?: readonly (string | null)[];
      };
      expect(map.sourcesContent?.filter((text) => text !== null).length, script).toBe(map.sources.length);
    }
  });

  it('is what publint calls clean', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
  });

  it('has types that are what the scripts are, for every ESM resolution', async () => {
    const data = new Uint8Array(await readFile(tarball));
    const result = await checkPackage(createPackageFromTarballData(data));
    if (!result.types) throw new Error('The package has no types.');
    // An ESM package: resolution of Node 10 and require() are not for it.
    const problems = result.problems.filter(
      (problem) => !('resolutionKind' in problem) || !/^node10|node16-cjs$/.test(problem.resolutionKind),
    );
    expect(problems).toEqual([]);
    expect(Object.keys(result.entrypoints)).toEqual(
      expect.arrayContaining(['.', './react', './firestore', './testing']),
    );
  });
});
