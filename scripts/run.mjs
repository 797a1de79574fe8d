// @ts-check
/**
 * The one way in: `node scripts/run.mjs <command>`. Bare JavaScript without a dependency, so that it runs on a
 * fresh clone and on any Node from 20 on. It sees to Node 24 and to the dependencies, in this order (npm under an
 * older Node silently leaves out what asks for a newer one), and then hands over to TypeScript.
 * @module
 */
import { spawn } from 'node:child_process';
import nodeModule from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommand } from './commands.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { node24Folder } from './node-runtime.mjs';
import { findNpm } from './npm.mjs';
import { cacheFolder, isSupportedNode } from './setup-policy.mjs';

const script = fileURLToPath(import.meta.url);
const root = dirname(dirname(script));

process.exitCode = await main(process.argv.slice(2));

/**
 * @param {readonly string[]} argv
 * @returns {Promise<number>}
 */
async function main(argv) {
  const request = readCommand(argv);
  if (request.kind === 'help') {
    console.log(request.text);
    return 0;
  }
  if (request.kind === 'unknown') {
    console.error(request.text);
    return 2;
  }
  try {
    if (!isSupportedNode(process.versions.node))
      return await runAgain(await node24Folder({ cache: cacheFolder(process.env, homedir()) }), argv);
    await ensureDependencies({ root });
    takeSource();
    const { run } = await import(request.command.module);
    return await run(request.args);
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    if (request.command.module === './test.ts') console.log('0 passed, 1 failed');
    return 1;
  }
}

/** Packages of the repository are their source here, as tests have them: nothing must be built before. */
function takeSource() {
  // Not by name: an older Node, which only gets as far as fetching a newer one, has no such export.
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, 'livegate-source'] }),
  });
}

/**
 * The same command under another Node, which is first on PATH for everything it starts. Signals are passed on:
 * a terminal sends them to both, another process only to this one.
 * @param {string} bin
 * @param {readonly string[]} argv
 * @returns {Promise<number>}
 */
function runAgain(bin, argv) {
  const child = spawn(join(bin, 'node'), [script, ...argv], {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: [bin, process.env.PATH].filter(Boolean).join(delimiter),
      npm_execpath: findNpm(),
    },
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
