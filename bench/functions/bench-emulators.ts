/**
 * The emulators with the functions as they would be uploaded, and beside them a codebase that only the bench has. The
 * Live emulator runs in this process.
 * @module
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLiveEmulator } from '@livegate/emulator';
import { build } from 'esbuild';
import { startFirebaseEmulators } from '../../scripts/firebase-emulators.ts';
import { findFirestoreEmulator } from '../../scripts/firestore-emulator.ts';
import { ROOT } from '../../scripts/root.ts';
import { openRunFolder } from '../../scripts/run-folder.ts';
import { type FirebaseConfig, PROJECT_ID, REGION } from '../../scripts/stack-config.ts';
import { writeRunFiles } from '../../scripts/stack-files.ts';
import { stackPorts } from '../../scripts/stack-ports.ts';
import type { HandlerLatency } from './handler-latency.ts';

/** Running emulators. */
export interface BenchEmulators {
  readonly projectId: string;
  readonly hosts: { readonly auth: string; readonly firestore: string };
  /** `http://host:port/project/region`; a callable's name follows. */
  readonly functionsUrl: string;
  stop(): Promise<void>;
}

const CODEBASE = 'bench';

/** Starts them on free ports. Rejects, with nothing left behind, where one does not come up. */
export async function startBenchEmulators(
  mint: Pick<HandlerLatency, 'documents' | 'order'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<BenchEmulators> {
  const deployed = JSON.parse(await readFile(join(ROOT, 'firebase.json'), 'utf8')) as FirebaseConfig;
  const firestore = await findFirestoreEmulator();
  const ports = await stackPorts(deployed, {});
  const live = await startLiveEmulator({ port: 0 });
  try {
    const folder = await openRunFolder();
    try {
      const contents = {
        ports,
        functions: true,
        hosting: false,
        live: live.host,
        geminiApiKey: 'emulated',
        functionsEnv: {},
      };
      await writeRunFiles(folder.path, { deployed, contents });
      await addCodebase(folder.path, { mint, live: live.host });
      const { process: emulators } = await startFirebaseEmulators(folder, {
        firestore,
        ports,
        functions: true,
        hosting: false,
        logFile: join(folder.path, 'emulators.log'),
        env: {},
        signal,
      });
      return {
        projectId: PROJECT_ID,
        hosts: { auth: `127.0.0.1:${ports.auth}`, firestore: `127.0.0.1:${ports.firestore}` },
        functionsUrl: `http://127.0.0.1:${ports.functions}/${PROJECT_ID}/${REGION}`,
        async stop() {
          await emulators.stop();
          await folder.remove();
          await live.close();
        },
      };
    } catch (error) {
      await folder.remove();
      throw error;
    }
  } catch (error) {
    await live.close();
    throw error;
  }
}

/** Bundles the bench's callables into the run's folder and names them in its configuration. */
async function addCodebase(
  folder: string,
  { mint, live }: { readonly mint: Pick<HandlerLatency, 'documents' | 'order'>; readonly live: string },
): Promise<void> {
  const source = join(folder, CODEBASE);
  await mkdir(source);
  const { engines, dependencies } = JSON.parse(
    await readFile(join(ROOT, 'functions', 'package.json'), 'utf8'),
  ) as { readonly engines: object; readonly dependencies: Readonly<Record<string, string>> };
  await build({
    entryPoints: [join(ROOT, 'bench/functions/emulated/callables.ts')],
    outfile: join(source, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external: Object.keys(dependencies).flatMap((name) => [name, `${name}/*`]),
    logLevel: 'warning',
  });
  const manifest = { name: CODEBASE, private: true, type: 'module', main: 'index.js', engines, dependencies };
  await writeFile(join(source, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(source, 'mint.json'), JSON.stringify(mint));
  await writeFile(join(source, '.env.local'), `GEMINI_LIVE_EMULATOR_HOST=${JSON.stringify(live)}\n`);
  const path = join(folder, 'firebase.json');
  const config = JSON.parse(await readFile(path, 'utf8')) as { readonly functions: readonly object[] };
  const runtime = 'nodejs24';
  const functions = [...config.functions, { codebase: CODEBASE, source: CODEBASE, runtime }];
  await writeFile(path, JSON.stringify({ ...config, functions }));
}
