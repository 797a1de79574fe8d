import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MintAnswer } from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { type CollectionReference, type Firestore, getFirestore } from 'firebase-admin/firestore';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../functions/src/logs.ts';
import { ROOT } from '../../scripts/root.ts';
import { binOf } from '../../scripts/tool.ts';
import { useStack } from '../support/stack.ts';
import { type Canaries, canariesIn, everyForm, makeCanaries } from './support/canaries.ts';
import type { PlayResult } from './support/redaction-play.ts';
import { POLICY } from './support/world.ts';

/** A play: what it answered, what it printed, and what it left in Firestore. */
interface Played {
  readonly canaries: Canaries;
  readonly result: PlayResult;
  readonly printed: string;
  /** Path → fields. */
  readonly documents: Readonly<Record<string, unknown>>;
}

const PLAY = fileURLToPath(new URL('support/redaction-play.ts', import.meta.url));

async function play(...plant: readonly string[]): Promise<Played> {
  const canaries = makeCanaries();
  const projectId = `demo-redaction-${randomUUID().slice(0, 8)}`;
  const folder = await mkdtemp(join(tmpdir(), 'livegate-redaction-'));
  process.env.FIRESTORE_EMULATOR_HOST = useStack().hosts.firestore;
  process.env.METADATA_SERVER_DETECTION = 'none';
  const app = initializeApp({ projectId }, randomUUID());
  try {
    const db = getFirestore(app);
    const settings = { ...POLICY, leaseSeconds: [30], anonymous: false, voices: 'any' };
    await db.doc('livePolicies/default').set({ ...settings, transcripts: { keep: false, days: 0 } });
    await db.doc('livePolicies/keeping').set({ ...settings, transcripts: { keep: true, days: 7 } });
    const [canariesFile, resultFile] = [join(folder, 'canaries.json'), join(folder, 'result.json')];
    await writeFile(canariesFile, JSON.stringify(canaries));
    const printed = await output([PLAY, canariesFile, resultFile, ...plant], {
      FUNCTIONS_EMULATOR: 'true',
      GCLOUD_PROJECT: projectId,
      FIREBASE_CONFIG: JSON.stringify({ projectId }),
      GEMINI_API_KEY: canaries.key.plain,
    });
    const result = JSON.parse(
      await readFile(resultFile, 'utf8').catch(() => Promise.reject(new Error(printed))),
    ) as PlayResult;
    return { canaries, result, printed, documents: await dump(db) };
  } finally {
    await deleteApp(app);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Everything a Node process prints. */
function output(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.once('error', reject);
    child.once('close', () => resolve(Buffer.concat(said).toString()));
  });
}

/** Every document there is, its ids included, whatever its collection is called. */
async function dump(db: Firestore): Promise<Readonly<Record<string, unknown>>> {
  const documents: Record<string, unknown> = {};
  const walk = async (collections: readonly CollectionReference[]): Promise<void> => {
    for (const collection of collections) {
      for (const reference of await collection.listDocuments()) {
        documents[reference.path] = (await reference.get()).data();
        await walk(await reference.listCollections());
      }
    }
  };
  await walk(await db.listCollections());
  return documents;
}

describe('a key, a token, a handle and what people said', () => {
  let played: Played;
  beforeAll(async () => {
    played = await play();
  });
  const callsBy = (uid: string) =>
    played.result.calls.filter(({ name }) => name.endsWith(` by ${uid}`)).map(({ answer }) => answer);

  it('were all there', () => {
    const { canaries, result, documents } = played;
    const { key, token } = canaries;
    // The service saw the key, and sent every canary back in both forms.
    expect(result.keysSeen.length).toBeGreaterThan(8);
    expect(new Set(result.keysSeen)).toEqual(new Set([key.plain]));
    expect(result.bodiesSent.filter((body) => body.includes(everyForm(canaries))).length).toBe(7);
    expect(result.thrown).toBeGreaterThan(6);
    // The page got the token.
    const answers = callsBy('silent') as MintAnswer[];
    expect(answers[0]?.socket.auth.value).toBe(token.plain);
    // The handler got the handle: it kept the wish beside it, and refuses one of the wrong kind by its name.
    for (const uid of ['silent', 'encoded']) {
      const [{ sessionId }] = callsBy(uid) as [MintAnswer];
      expect(documents[`liveSessions/${sessionId}`]).toMatchObject({
        asked: { setup: { generationConfig: { temperature: 0.5 } } },
      });
    }
    expect(result.calls.find(({ name }) => name.endsWith(' by misplaced'))?.error).toMatchObject({
      details: { field: 'setup.sessionResumption.handle' },
    });
    // The report held the words: where they are kept, they stand.
    const kept = Object.entries(documents).filter(
      ([, fields]) => canariesIn(JSON.stringify(fields), canaries).length > 0,
    );
    expect(kept.map(([path]) => path)).toEqual([
      expect.stringMatching(/^liveSessions\/\w+\/events\/[\w-]+$/),
    ]);
    expect(JSON.stringify(kept)).toContain(canaries.transcript.plain);
    expect(JSON.stringify(kept)).toContain(canaries.transcript.base64);
    // The log spoke of each kind of failure.
    for (const event of [
      'lease-granted',
      'mint-refused',
      'upstream-refused',
      'upstream-unknown',
      'usage-reported',
      'unexpected',
    ])
      expect(played.printed).toContain(event);
  });

  it('stand in no log line, nor in anything else that is printed [threat:redaction:logs]', () => {
    expect(canariesIn(played.printed, played.canaries)).toEqual([]);
  });

  it('stand in no document, but for the words in the timeline of who keeps them [threat:redaction:documents]', () => {
    const found = Object.entries(played.documents).flatMap(([path, fields]) =>
      canariesIn(JSON.stringify([path, fields]), played.canaries).map((name) => ({ path, name })),
    );
    expect(Object.keys(played.documents).length).toBeGreaterThan(20);
    expect(found).toEqual([
      { path: expect.stringMatching(/^liveSessions\/\w+\/events\/[\w-]+$/), name: 'transcript' },
    ]);
    const owner = found[0]?.path.split('/').slice(0, 2).join('/') ?? '';
    expect(played.documents[owner]).toMatchObject({ uid: 'kept' });
  });

  it('stand in no URL [threat:redaction:urls]', () => {
    const { urls, calls } = played.result;
    const dialled = calls.flatMap(({ answer }) => (answer as Partial<MintAnswer>)?.socket?.url ?? []);
    expect(urls.length).toBeGreaterThan(10);
    expect(dialled.length).toBeGreaterThan(3);
    expect([...urls, ...dialled].flatMap((url) => canariesIn(url, played.canaries))).toEqual([]);
  });

  it('stand in no answer, but for the token in its place [threat:redaction:answers]', () => {
    const { calls } = played.result;
    const told = calls.map(({ answer, error }) => {
      const { socket, ...rest } = (answer ?? {}) as Partial<MintAnswer>;
      return JSON.stringify([error, rest, socket?.url, socket?.auth.kind]);
    });
    // What the page itself sent as a name comes back to it in the reason: it knows that already.
    const others = told.filter((_, number) => !/ by (unknown|templated)$/.test(calls[number]?.name ?? ''));
    expect(others.length).toBeGreaterThan(20);
    expect(others.flatMap((text) => canariesIn(text, played.canaries))).toEqual([]);
  });

  it('stand in no file of the dashboard, built where they are known', async () => {
    const outDir = await mkdtemp(join(tmpdir(), 'livegate-dashboard-'));
    try {
      const env = { GEMINI_API_KEY: played.canaries.key.plain, VITE_TOKEN: played.canaries.token.plain };
      await output(
        [binOf('vite'), 'build', join(ROOT, 'dashboard'), '--outDir', outDir, '--emptyOutDir'],
        env,
      );
      const files = (await readdir(outDir, { recursive: true, withFileTypes: true })).filter((each) =>
        each.isFile(),
      );
      const texts = await Promise.all(
        files.map((each) => readFile(join(each.parentPath, each.name), 'utf8')),
      );
      expect(texts.some((text) => text.includes('<html'))).toBe(true);
      expect(texts.flatMap((text) => canariesIn(text, played.canaries))).toEqual([]);
    } finally {
      await rm(outDir, { recursive: true, force: true });
    }
  });
});

describe('a canary that gets out', () => {
  it('is seen where it is printed', async () => {
    const { printed, canaries } = await play('plant');
    expect(canariesIn(printed, canaries)).toEqual(['token']);
  });

  it('is seen in a line of the log, whole, in base64 and inside of it', () => {
    const canaries = makeCanaries();
    const lines: unknown[] = [];
    const log = createLog((...line) => lines.push(line));
    const { key, handle, transcript } = canaries;
    log.leaseGranted({
      uid: key.plain,
      sessionId: handle.base64,
      leaseId: Buffer.from(`"said":"${transcript.plain}"`).toString('base64'),
      index: 0,
      seconds: 1,
      op: 'start',
      policy: 'default',
    });
    expect(canariesIn(JSON.stringify(lines), canaries)).toEqual(['key', 'handle', 'transcript']);
  });

  it('is seen in an id and in a field of a document', () => {
    const canaries = makeCanaries();
    const { handle, transcript } = canaries;
    expect(canariesIn(JSON.stringify(['a/b', { c: [transcript.plain] }]), canaries)).toEqual(['transcript']);
    expect(canariesIn(JSON.stringify([`a/${handle.plain}`, {}]), canaries)).toEqual(['handle']);
    expect(canariesIn(JSON.stringify(['a/b', { c: ['else'] }]), canaries)).toEqual([]);
  });
});
