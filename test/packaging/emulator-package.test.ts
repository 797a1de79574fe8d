import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npm, packPackage } from '../support/packages.ts';

const run = promisify(execFile);
/** Where the package is built: nothing that is published may say so. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');

/** A test of somebody else's, in TypeScript, as the README says. */
const CONSUMER = `
import { type AnswerHandler, connectLiveEmulator, EmulatorError, type LiveEmulator, manualClock, startLiveEmulator } from '@livegate/emulator';

const answer: AnswerHandler = (turn) => [{ text: 'You said ' + (turn.text ?? 'nothing') }];
export async function talk(): Promise<string> {
  await using stack = new AsyncDisposableStack();
  const emulator: LiveEmulator = stack.adopt(await startLiveEmulator({ answer, clock: manualClock() }), (each) => each.close());
  return emulator.url;
}
export async function turnsOf(id: string): Promise<number> {
  const remote = await connectLiveEmulator({ url: 'http://127.0.0.1:9910', controlToken: 'x'.repeat(43) });
  const { sessions } = await remote.waitFor({ sessions: { id, turns: 1 } });
  await remote.answerWith([{ audio: { samples: new Int16Array(2), rateHz: 24_000 } }], { instruction: 'Be kind.' });
  return sessions.length + (await remote.waitFor((all) => all.find((each) => each.id === id)?.turns));
}
export const code = (error: EmulatorError): string => error.code;
// @ts-expect-error There is no such option.
export const wrong = (): Promise<LiveEmulator> => startLiveEmulator({ anser: answer });
`;

/** One turn of text over a plain WebSocket, as any client has it. */
const TALK = `
const [, , base] = process.argv;
const socket = new WebSocket(base.replace('http', 'ws') + '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=k');
socket.binaryType = 'arraybuffer';
const said = [];
socket.onopen = () => socket.send(JSON.stringify({ setup: { model: 'models/gemini-3.8-live', outputAudioTranscription: {} } }));
socket.onmessage = ({ data }) => {
  const message = JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data));
  if (message.setupComplete) socket.send(JSON.stringify({ clientContent: { turns: [{ role: 'user', parts: [{ text: 'hello there' }] }], turnComplete: true } }));
  if (message.serverContent?.outputTranscription) said.push(message.serverContent.outputTranscription.text);
  if (message.serverContent?.turnComplete) { console.log(said.join('')); socket.close(); }
};
socket.onclose = ({ code, reason }) => { if (said.length === 0) { console.error(code, reason); process.exitCode = 1; } };
`;

const LIBRARY = `
import { connectLiveEmulator, startLiveEmulator } from '@livegate/emulator';
const emulator = await startLiveEmulator({ answerDelayMs: 1 });
const remote = await connectLiveEmulator(emulator);
const sessions = await remote.sessions();
const page = await Promise.all(['', 'page.js', 'page.css'].map(async (name) => (await fetch(emulator.url + '/livegate/' + name)).status));
const health = await fetch(emulator.url + '/livegate/health').then((response) => response.json());
await emulator.close();
console.log(JSON.stringify({ health, port: emulator.port > 0, sessions, page }));
`;

describe('the package @livegate/emulator, installed in an empty folder', () => {
  let folder: string;
  let tarball: string;
  let installed: string;
  const started: ChildProcess[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'livegate-emulator-'));
    tarball = await packPackage('emulator', folder);
    installed = join(folder, 'node_modules/@livegate/emulator');
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({
        private: true,
        type: 'module',
        dependencies: { '@livegate/emulator': `file:${tarball}` },
      }),
    );
    const quiet = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    await npm(['install', '--omit=optional', ...quiet], folder);
    await writeFile(join(folder, 'consumer.ts'), CONSUMER);
    await writeFile(join(folder, 'talk.mjs'), TALK);
    await writeFile(join(folder, 'library.mjs'), LIBRARY);
  }, 180_000);
  afterAll(async () => {
    for (const child of started) if (child.exitCode === null) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('starts by its command, prints its URL first, talks to a plain WebSocket and ends at SIGTERM', async () => {
    const command = join(folder, 'node_modules/.bin/livegate-emulator');
    const child = spawn(command, ['start', '--port', '0'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    });
    started.push(child);
    const lines = createInterface({ input: child.stdout });
    const [url] = (await once(lines, 'line')) as [string];
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { stdout } = await run(process.execPath, ['talk.mjs', url], { cwd: folder });
    expect(stdout).toContain('hello there');
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });

  it('is a library beside that', async () => {
    const { stdout } = await run(process.execPath, ['library.mjs'], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({
      health: { status: 'ok' },
      port: true,
      sessions: [],
      page: [200, 200, 200],
    });
  });

  it.each(['bundler', 'nodenext'] as const)('declares itself under %s', async (resolution) => {
    const options = {
      target: 'es2024',
      lib: ['es2024', 'esnext.disposable'],
      module: resolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution: resolution,
      strict: true,
      skipLibCheck: false,
      types: [],
      noEmit: true,
    };
    const file = join(folder, `tsconfig.${resolution}.json`);
    await writeFile(file, JSON.stringify({ compilerOptions: options, files: ['consumer.ts'] }));
    const said = await run(process.execPath, [tsc, '-p', file]).then(
      () => '',
      ({ stdout }: { readonly stdout: string }) => stdout,
    );
    expect(said).toBe('');
  });

  it('is built JavaScript, and names nothing that is not published', async () => {
    const files = await readdir(installed, { recursive: true });
    expect(files.filter((name) => /(?<!\.d)\.ts$/.test(name) && !name.startsWith('examples'))).toEqual([]);
    for (const name of files.filter((each) => /^dist.*\.(js|d\.ts|map)$/.test(each))) {
      const text = await readFile(join(installed, name), 'utf8');
      expect(text, name).not.toContain(root);
      if (!name.endsWith('.map')) expect(text, name).not.toMatch(/from\s*['"]@livegate\//);
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
    const problems = result.problems.filter(
      (problem) => !('resolutionKind' in problem) || !/^node10|node16-cjs$/.test(problem.resolutionKind),
    );
    expect(problems).toEqual([]);
  });
});
