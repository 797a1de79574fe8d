/**
 * `npm run build`: the bundle of the functions and the pages, in both forms.
 * @module
 */
import { join } from 'node:path';
import { step } from './progress.mjs';
import { ROOT } from './root.ts';
import { binOf, runTool } from './tool.ts';

/** What can be built. `pages` are those to deploy, `emulator-pages` those that know the emulators. */
export type Product = 'functions' | 'pages' | 'emulator-pages';

/** The pages, each a folder of the repository and a site of Hosting. */
export const PAGES = ['demo', 'dashboard'] as const;

/** Builds everything. */
export async function run(): Promise<number> {
  await build(['functions', 'pages', 'emulator-pages']);
  return 0;
}

/** Builds these. Rejects, after showing what the tool said, where one fails. */
export async function build(products: readonly Product[]): Promise<void> {
  for (const product of products) {
    if (product === 'functions') await step('Building the functions', buildFunctions);
    else
      await step(product === 'pages' ? 'Building the pages' : "Building the emulators' pages", () =>
        buildPages(product),
      );
  }
}

async function buildFunctions(): Promise<void> {
  await ended('functions', runTool('build.mjs', [], { cwd: join(ROOT, 'functions'), output: 'quiet' }));
}

async function buildPages(product: 'pages' | 'emulator-pages'): Promise<void> {
  // The pages are built from the module as a page of somebody else's would be: out of its dist/.
  await ended('web', runTool('build.mjs', [], { cwd: join(ROOT, 'web'), output: 'quiet' }));
  const mode = product === 'pages' ? 'production' : 'emulator';
  for (const page of PAGES) {
    const args = ['build', '--mode', mode, '--logLevel', 'warn'];
    await ended(
      page,
      runTool(binOf('vite'), args, {
        cwd: join(ROOT, page),
        env: { NODE_ENV: 'production' },
        output: 'quiet',
      }),
    );
  }
}

async function ended(what: string, code: Promise<number>): Promise<void> {
  if ((await code) !== 0) throw new Error(`${what}/ could not be built; the reason stands above.`);
}
