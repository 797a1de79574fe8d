/**
 * Finds a Chrome or Chromium for the browser tests, or fetches one.
 * @module
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { type Machine, thisMachine } from './machine.ts';

/** A browser that runs here. */
export interface FoundChromium {
  readonly path: string;
  /** Name and version, for people. */
  readonly name: string;
}

/** What {@link findChromium} may be told. */
export interface ChromiumSearch {
  readonly machine?: Machine;
  /** Where Playwright keeps the Chromium that belongs to it. */
  readonly playwrights?: string;
}

const COMMANDS = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chrome'];

/**
 * A Chromium of this machine, in this order: the one `LIVEGATE_CHROMIUM` names; an installed Chrome or Chromium;
 * Playwright's own, fetched if need be; Debian's package where this user is root. Rejects with what can be done
 * where none of them works.
 */
export async function findChromium(search: ChromiumSearch = {}): Promise<FoundChromium> {
  const { machine = thisMachine(), playwrights = chromium.executablePath() } = search;
  const wanted = machine.env.LIVEGATE_CHROMIUM;
  if (wanted !== undefined && wanted !== '') {
    const found = runnable(machine, wanted);
    if (found !== undefined) return found;
    throw new Error(`LIVEGATE_CHROMIUM is "${wanted}", which does not run as a Chromium.`);
  }
  const present = [...installedPaths(machine), playwrights]
    .map((path) => runnable(machine, path))
    .find((found) => found !== undefined);
  if (present !== undefined) return present;
  const problems: string[] = [];
  const fetched =
    (await fetchPlaywrights(machine, playwrights, problems)) ?? (await installDebians(machine, problems));
  if (fetched !== undefined) return fetched;
  throw new Error(
    `No Chrome or Chromium could be found or fetched.\n${problems.map((each) => `- ${each}`).join('\n')}\nInstall Chrome or Chromium, or name one in LIVEGATE_CHROMIUM; then run the command again.`,
  );
}

/** What every run of Chromium here is started with: nothing that reaches out, no sandbox for root, who has none. */
export function chromiumFlags(machine: Pick<Machine, 'isRoot'> = thisMachine()): readonly string[] {
  return [
    ...(machine.isRoot ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
}

function installedPaths(machine: Machine): readonly string[] {
  const programs = [machine.env.PROGRAMFILES, machine.env['PROGRAMFILES(X86)'], machine.env.LOCALAPPDATA];
  return [
    ...COMMANDS.flatMap((command) => machine.find(command) ?? []),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ...programs
      .flatMap((folder) => folder ?? [])
      .map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
  ].filter((path) => machine.exists(path));
}

/** Windows' Chrome opens a window instead of printing its version: there, being there is enough. */
function runnable(machine: Machine, path: string): FoundChromium | undefined {
  if (path === '' || !machine.exists(path)) return undefined;
  if (machine.isWindows) return { path, name: path };
  const name = /^.*(?:Chrom|Playwright).*$/m.exec(machine.output(path, ['--version']))?.[0].trim();
  return name === undefined ? undefined : { path, name };
}

async function fetchPlaywrights(
  machine: Machine,
  path: string,
  problems: string[],
): Promise<FoundChromium | undefined> {
  const cli = join(createRequire(import.meta.url).resolve('playwright-core/package.json'), '..', 'cli.js');
  const failure = await machine.once('chromium', () =>
    machine.run('Fetching Chromium (about 170 MB, once)', process.execPath, [cli, 'install', 'chromium']),
  );
  const found = runnable(machine, path);
  if (found === undefined)
    problems.push(`Playwright's: ${failure ?? 'it does not run here: libraries of the system are missing'}`);
  return found;
}

async function installDebians(machine: Machine, problems: string[]): Promise<FoundChromium | undefined> {
  const apt = machine.find('apt-get');
  if (apt === undefined || !machine.isRoot) {
    problems.push(
      `Debian's package: ${apt === undefined ? 'there is no apt-get' : 'only root may install it'}`,
    );
    return undefined;
  }
  const failure =
    (await machine.run('Refreshing the list of packages', apt, ['update'])) ??
    (await machine.run('Installing chromium', apt, ['install', '-y', '--no-install-recommends', 'chromium']));
  const path = machine.find('chromium');
  const found = path === undefined ? undefined : runnable(machine, path);
  if (found === undefined) problems.push(`Debian's package: ${failure ?? 'it does not run'}`);
  return found;
}
