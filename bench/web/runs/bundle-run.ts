/**
 * What a page that only talks fetches until it talks: each module bundled for production and minified by the same
 * bundler, Firebase's own packages beside it, the page really run, and every file that it asked for weighed.
 * @module
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { ROOT } from '../../../scripts/root.ts';
import { ADAPTERS, type Adapter } from '../adapters.ts';
import { voiceMessage } from '../answer.ts';
import type { ServedFile } from '../bench-server.ts';
import { BenchServer } from '../bench-server.ts';
import { chunksOf, tone } from '../sound/signals.ts';
import { pause, Stage } from '../stage.ts';
import { attempt, type Run } from './run.ts';

/** Shared with the rest of a Firebase app: fetched, and not weighed. */
const VENDORS = [
  'firebase/app',
  'firebase/auth',
  'firebase/functions',
  '@firebase/app',
  '@firebase/functions',
  '@firebase/component',
  '@firebase/logger',
  '@firebase/util',
];
/** What the page takes of each module, and nothing more. */
const TAKEN: Readonly<Record<Adapter, string>> = {
  firebase:
    "export { getAI, GoogleAIBackend, getLiveGenerativeModel, ResponseModality, startAudioConversation } from '@firebase/ai';",
  genai:
    "export { GoogleGenAI, Modality } from '@google/genai'; export { ConsoleAudio } from './console-audio.ts';",
  livegate:
    "export { connectLiveEmulator, getAI, GoogleAIBackend, getLiveGenerativeModel, ResponseModality, startAudioConversation } from '@livegate/web';",
};
const MODEL = "{ model: 'gemini-3.8-live', generationConfig: { responseModalities: ['AUDIO'] } }";
const APP = "initializeApp({ apiKey: 'key', projectId: 'demo-bench', appId: 'app' })";

/** The page around it: written out in the page itself, which is not weighed either. */
function scriptOf(adapter: Adapter, host: string): string {
  if (adapter === 'genai')
    return `import { GoogleGenAI, ConsoleAudio } from '/bundle/genai.js';
const audio = new ConsoleAudio();
const client = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: 'http://${host}/' } });
const session = await client.live.connect({ model: 'gemini-3.8-live', config: { responseModalities: ['AUDIO'] }, callbacks: { onmessage: ({ serverContent }) => serverContent?.modelTurn?.parts?.forEach(({ inlineData }) => audio.play(inlineData.data)) } });
await audio.open((data) => session.sendRealtimeInput({ audio: { mimeType: 'audio/pcm;rate=16000', data } }));`;
  if (adapter === 'firebase')
    return `import { initializeApp } from 'firebase/app';
import * as live from '/bundle/firebase.js';
const Original = WebSocket;
window.WebSocket = class extends Original { constructor() { super('ws://${host}/ws/firebase'); } };
const model = live.getLiveGenerativeModel(live.getAI(${APP}, { backend: new live.GoogleAIBackend() }), ${MODEL});
await live.startAudioConversation(await model.connect());`;
  return `import { initializeApp } from 'firebase/app';
import { connectAuthEmulator, initializeAuth, inMemoryPersistence, signInAnonymously } from 'firebase/auth';
import { connectFunctionsEmulator, getFunctions } from 'firebase/functions';
import * as live from '/bundle/livegate.js';
const app = ${APP};
const auth = initializeAuth(app, { persistence: inMemoryPersistence });
connectAuthEmulator(auth, 'http://${host}', { disableWarnings: true });
connectFunctionsEmulator(getFunctions(app), '127.0.0.1', ${host.split(':')[1]});
await signInAnonymously(auth);
const ai = live.getAI(app, { backend: new live.GoogleAIBackend() });
live.connectLiveEmulator(ai, '${host}');
const model = live.getLiveGenerativeModel(ai, ${MODEL});
await live.startAudioConversation(await model.connect());`;
}

/** `bundle`, and `bundle-later` two seconds on: bytes, minified and gzipped. */
export const runBundle: Run = async (options) => {
  const { book, webFolder, tell } = options;
  const files = await bundles(webFolder);
  const server = await BenchServer.start(files);
  const stage = await Stage.open(server, tone(1_000, 5, 44_100));
  try {
    for (const adapter of ADAPTERS)
      await attempt(`bundle, ${adapter}`, stage, options, async () => {
        const map = Object.fromEntries(VENDORS.map((name, index) => [name, `/vendor/${index}.js`]));
        const head = `<!doctype html><title>${adapter}</title><script type="importmap">${JSON.stringify({ imports: map })}</script>`;
        files.set(`/bundle-${adapter}`, {
          type: 'text/html',
          body: `${head}<script type="module">${scriptOf(adapter, server.host)}</script>`,
        });
        server.forget();
        const connected = server.nextLine(adapter);
        await stage.openBare(`/bundle-${adapter}`);
        const line = await connected;
        await line.firstAudio(0);
        // A conversation runs once both sides were heard.
        const [chunk] = chunksOf(tone(440, 0.5, 24_000), 500);
        line.say(voiceMessage(chunk ?? ''));
        await pause(700);
        const running = weigh(server.asked, files);
        await pause(2_000);
        const later = weigh(server.asked, files);
        tell(`${adapter}: ${later.map(({ path, bytes }) => `${path.slice(8)} ${bytes}`).join(', ')}`);
        const sum = (weights: typeof later): number => weights.reduce((total, { bytes }) => total + bytes, 0);
        book.add('bundle', adapter, sum(running));
        book.add('bundle-later', adapter, sum(later));
      });
  } finally {
    await stage.close();
    await server.close();
  }
};

/** What the module's own files among these weigh. Throws where one was asked for in vain. */
function weigh(asked: readonly string[], files: ReadonlyMap<string, ServedFile>) {
  const own = [...new Set(asked)].filter((path) => path.startsWith('/bundle/'));
  return own.map((path) => {
    const file = files.get(path);
    if (!file) throw new Error(`${path} was asked for and is not there.`);
    return { path, bytes: gzipSync(file.body, { level: 9 }).length };
  });
}

/** Builds what the pages need into memory. */
async function bundles(webFolder: string): Promise<Map<string, ServedFile>> {
  const files = new Map<string, ServedFile>();
  const folder = join(webFolder, 'vendor-entries');
  await mkdir(folder, { recursive: true });
  for (const [index, name] of VENDORS.entries())
    await writeFile(join(folder, `${index}.js`), `export * from '${name}';`);
  const shared = {
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    splitting: true,
    nodePaths: [join(ROOT, 'node_modules')],
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  } satisfies BuildOptions;
  const take = (
    outputs: readonly { readonly path: string; readonly contents: Uint8Array }[],
    prefix: string,
    from: string,
  ) => {
    for (const { path, contents } of outputs)
      files.set(`${prefix}${path.slice(from.length)}`, { type: 'text/javascript', body: contents });
  };
  const vendors = await build({
    ...shared,
    entryPoints: VENDORS.map((_, index) => join(folder, `${index}.js`)),
    outdir: join(folder, 'out'),
  });
  take(vendors.outputFiles, '/vendor', join(folder, 'out'));
  for (const name of await readdir(webFolder))
    if (name.endsWith('.js'))
      files.set(`/bundle/${name}`, { type: 'text/javascript', body: await readFile(join(webFolder, name)) });
  for (const adapter of ADAPTERS) {
    const entry = join(folder, `${adapter}.ts`);
    const audio = fileURLToPath(new URL('../page/console-audio.ts', import.meta.url));
    await writeFile(entry, TAKEN[adapter].replace('./console-audio.ts', audio));
    const { outputFiles } = await build({
      ...shared,
      entryPoints: [entry],
      outdir: join(folder, 'bundle'),
      external: VENDORS,
      alias: { '@livegate/web': join(webFolder, 'index.js') },
    });
    take(outputFiles, '/bundle', join(folder, 'bundle'));
  }
  return files;
}
