/**
 * What a run's folder holds: the derived configuration, the rules, the functions as they would be uploaded, and
 * the pages with the addresses they need.
 * @module
 */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PAGES } from './build.ts';
import { copyFunctionsUpload } from './functions-upload.ts';
import { ROOT } from './root.ts';
import { type FirebaseConfig, PROJECT_ID, reachOf, type StackPorts, stackConfig } from './stack-config.ts';

/** What the run is to be. */
export interface RunContents {
  readonly ports: StackPorts;
  readonly functions: boolean;
  readonly hosting: boolean;
  /** `host:port` of the Live emulator; absent: the real service. */
  readonly live?: string;
  readonly geminiApiKey: string;
  readonly functionsEnv: Readonly<Record<string, string>>;
}

/** Writes a run's files into its folder. */
export async function writeRunFiles(
  folder: string,
  { deployed, contents }: { readonly deployed: FirebaseConfig; readonly contents: RunContents },
): Promise<void> {
  const { ports, live } = contents;
  const config = stackConfig(deployed, { ports, reach: reachOf(ports, live) });
  await writeFile(join(folder, 'firebase.json'), JSON.stringify(config, null, 2));
  for (const file of [deployed.firestore.rules, deployed.firestore.indexes])
    await cp(join(ROOT, file), join(folder, file));
  if (contents.functions) await writeFunctions(join(folder, 'functions'), deployed, contents);
  if (contents.hosting) await writePages(join(folder, 'hosting'), contents);
}

async function writeFunctions(
  folder: string,
  deployed: FirebaseConfig,
  contents: RunContents,
): Promise<void> {
  const [functions] = deployed.functions;
  if (functions === undefined) throw new Error('firebase.json names no functions.');
  await copyFunctionsUpload(join(ROOT, functions.source), { target: folder, ignore: functions.ignore });
  const env = {
    ...(contents.live === undefined ? {} : { GEMINI_LIVE_EMULATOR_HOST: contents.live }),
    ...contents.functionsEnv,
  };
  // A file, because the discovery of functions gets nothing of the environment.
  await writeFile(join(folder, '.env.local'), assignments(env));
  // Without a value here the functions emulator would ask Google's Secret Manager.
  const secrets = assignments({ GEMINI_API_KEY: contents.geminiApiKey });
  await writeFile(join(folder, '.secret.local'), secrets, { mode: 0o600 });
}

function assignments(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
    .join('');
}

async function writePages(folder: string, { ports, live }: RunContents): Promise<void> {
  const host = '127.0.0.1';
  const config = {
    firebase: {
      apiKey: 'demo',
      projectId: PROJECT_ID,
      appId: PROJECT_ID,
      authDomain: `${host}:${ports.hosting}`,
    },
    emulators: {
      auth: `http://${host}:${ports.auth}`,
      firestore: { host, port: ports.firestore },
      functions: { host, port: ports.functions },
      ...(live === undefined ? {} : { live }),
    },
  };
  for (const page of PAGES) {
    await mkdir(join(folder, page), { recursive: true });
    await cp(join(ROOT, page, 'dist-emulator'), join(folder, page), { recursive: true });
    await writeFile(join(folder, page, 'livegate.json'), JSON.stringify(config));
  }
}
