/** firebase/ai, unchanged, in Chromium against the emulator alone: every flow of the contract, and its own conversation. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AnswerHandler,
  type LiveEmulator,
  type LiveSessionView,
  startLiveEmulator,
} from '@livegate/emulator';
import { encodeBase64 } from '@livegate/protocol';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quiet } from '../../emulator/test-support/speech.ts';
import {
  contractAnswer,
  expectFlow,
  FLOW_NAMES,
  type FlowReport,
  SCRIPT,
  SENTENCE_WAV,
  spokenSentence,
} from '../conformance/client-contract.ts';
import { ClientTable, installedVersion } from '../conformance/support/client-table.ts';
import { launchChromium } from '../support/chromium.ts';
import { giveEar, heardBy } from './support/page-ear.ts';
import { readWav, resampled, type Sound, writeWav } from './support/sound.ts';

const client = `firebase/ai ${installedVersion('firebase')} (Chromium)`;
const table = new ClientTable(client);
const BACKENDS = [
  { backend: 'google-ai', api: 'Firebase, Developer API' },
  { backend: 'vertex-ai', api: 'Firebase, Vertex AI' },
] as const;
const FRAMES = ['binary', 'text'] as const;
/** Of `quiet`'s samples. */
const INPUT_RATE_HZ = 16_000;
const FULL_SCALE = 32_768;
const PAGE = '<!doctype html><title>Talk</title><script type="module" src="/page.js"></script>';
/** What the microphone hears, in s: each conversation takes as long to say and as long to hear. */
const SPOKEN_S = 1.5;
const LEAD_S = 1;
const MICROPHONE_S = 12;
const ROOM_LEVEL = 0.002;

let folder: string;
let server: Server;
let speech: readonly string[];
let browser: Browser;
const emulators: LiveEmulator[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'livegate-firebase-'));
  const microphone = join(folder, 'microphone.wav');
  await writeWav(microphone, await inARoom(await readWav(SENTENCE_WAV)));
  const pcm = await spokenSentence();
  speech = Array.from({ length: Math.floor(pcm.length / 1_600) }, (_, at) =>
    encodeBase64(new Uint8Array(pcm.buffer, at * 3_200, 3_200)),
  );
  const page = fileURLToPath(new URL('support/firebase-in-page.ts', import.meta.url));
  const built = await build({ entryPoints: [page], bundle: true, format: 'esm', write: false });
  const script = built.outputFiles[0]?.text ?? '';
  server = createServer(({ url = '/' }, response) => {
    const [type, body] = url.endsWith('.js') ? ['text/javascript', script] : ['text/html', PAGE];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  browser = await launchChromium({ fakeMicrophoneWav: microphone });
});
afterAll(async () => {
  await browser?.close();
  await new Promise((closed) => server.close(closed));
  for (const emulator of emulators) await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** The beginning of a sentence in a quiet room: what the browser takes for noise it learns from what comes before. */
async function inARoom({ samples, rateHz }: Sound): Promise<Sound> {
  const noise = quiet((MICROPHONE_S * rateHz) / INPUT_RATE_HZ, (ROOM_LEVEL / 2) * FULL_SCALE);
  const heard = Float32Array.from(noise, (sample) => sample / FULL_SCALE);
  const said = samples.subarray(0, SPOKEN_S * rateHz);
  for (const [at, sample] of said.entries()) heard[LEAD_S * rateHz + at] = sample * 0.5;
  return { samples: heard, rateHz };
}

async function openPage(): Promise<Page> {
  const context = await browser.newContext();
  await context.grantPermissions(['microphone']);
  const page = await context.newPage();
  await giveEar(page, { processing: 'as-asked' });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => typeof window.livegatePlayFlow === 'function');
  return page;
}

async function start(
  frames: 'binary' | 'text',
  answer: (emulator: () => LiveEmulator) => AnswerHandler,
  options: { readonly turnCompleteDelay?: number; readonly paceFactor?: number } = {},
): Promise<LiveEmulator> {
  const emulator: LiveEmulator = await startLiveEmulator({
    frames,
    answer: answer(() => emulator),
    ...options,
  });
  emulators.push(emulator);
  return emulator;
}

const originOf = ({ host }: LiveEmulator): string => `ws://${host}`;
const pcmOf = (sound: Sound): string => {
  const { samples } = resampled(sound, 24_000);
  const pcm = Int16Array.from(samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32_767);
  return Buffer.from(pcm.buffer).toString('base64');
};

/** Talks by microphone and loudspeaker until it is over; gives what was called and what was heard. */
async function converse(
  emulator: LiveEmulator,
  backend: 'google-ai' | 'vertex-ai',
  // The turn is complete when a client must have played it.
  isOver = (session: LiveSessionView): boolean => session.turns > 0,
): Promise<{ readonly report: FlowReport; readonly session: LiveSessionView }> {
  const page = await openPage();
  await page.evaluate((order) => window.livegateConverse(order), {
    backend,
    origin: originOf(emulator),
    script: SCRIPT,
  });
  const id = emulator.sessions().at(-1)?.id;
  const session = await emulator.waitFor(
    () => emulator.sessions().find((each) => each.id === id && isOver(each)),
    20_000,
  );
  const { speaker } = await heardBy(page);
  const calls = await page.evaluate(() => window.livegateCalls);
  await page.evaluate(() => window.livegateStop());
  await emulator.waitFor(() => emulator.sessions().find((each) => each.id === id && !each.connected));
  await page.context().close();
  return { report: { calls, audio: pcmOf(speaker) }, session };
}

describe.each(FRAMES)('firebase/ai in Chromium, %s frames', (frames) => {
  let quick: LiveEmulator;
  let talking: LiveEmulator;
  let page: Page;
  /** What the detector cut out of what the microphone sent. */
  const heard: Float32Array[] = [];
  beforeAll(async () => {
    quick = await start(frames, contractAnswer, { turnCompleteDelay: 0, paceFactor: 100 });
    talking = await start(frames, (emulator) => {
      const answer = contractAnswer(emulator);
      return (turn, context) => {
        heard.push(Float32Array.from(turn.audio ?? [], (sample) => sample / 32_768));
        return answer(turn, context);
      };
    });
    page = await openPage();
  });
  afterAll(() => page?.context().close());

  describe.each(BACKENDS)('$api', ({ backend, api }) => {
    const flows = FLOW_NAMES.filter((flow) => flow !== 'token' && flow !== 'audio-turn');
    it.each(flows)('holds the contract: %s', async (flow) => {
      const before = quick.sessions().length;
      const order = { flow, backend, origin: originOf(quick), script: SCRIPT, speech };
      const report = await page.evaluate((asked) => window.livegatePlayFlow(asked), order);
      const sessions = quick.sessions().slice(before);
      for (const session of sessions) expect(session).toMatchObject({ backend, door: 'firebase' });
      await expectFlow(flow, report, sessions);
      table.note(flow, { api, frames });
    });

    it('holds the contract: audio-turn, by its own startAudioConversation', async () => {
      const { report, session } = await converse(talking, backend);
      expect(session).toMatchObject({ backend, door: 'firebase', interruptions: 0 });
      const [said = new Float32Array(0)] = heard.splice(0);
      expect(said.length / 16_000).toBeGreaterThan(SPOKEN_S - 0.3);
      expect(said.length / 16_000).toBeLessThan(SPOKEN_S + 1);
      await expectFlow('audio-turn', report, [session], { spoken: said });
      table.note('audio-turn', { api, frames });
    });
  });
});

it('calls a function inside startAudioConversation, and says what it gave', async () => {
  const emulator = await start(
    'binary',
    () =>
      ({ functionResponses }) =>
        functionResponses
          ? [{ text: `The sky is ${functionResponses[0]?.response?.sky}.` }]
          : [{ toolCall: { name: 'weather', args: { place: 'Oslo' } } }],
  );
  const said = (sessionId: string): string =>
    emulator
      .journal(sessionId)
      .flatMap((entry) =>
        entry.kind === 'out' && 'serverContent' in entry.message ? entry.message.serverContent : [],
      )
      .map(({ outputTranscription }) => outputTranscription?.text ?? '')
      .join('')
      .trim();
  // Whether the turn that calls is the one that goes on with what was given, is the model's to choose.
  const { report } = await converse(emulator, 'google-ai', ({ id }) => said(id) === 'The sky is clear.');
  expect(report.calls).toEqual([{ name: 'weather', args: { place: 'Oslo' } }]);
});

it('the table in emulator/docs/clients.md says what ran', async () => {
  const { ran, documented } = await table.finish();
  expect(documented).toBe(ran);
});
