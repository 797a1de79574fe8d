import { readFile } from 'node:fs/promises';
import type { LiveSessionDocument } from '@livegate/protocol';
import {
  connectLiveEmulator,
  getAI,
  getLiveGenerativeModel,
  type LiveSession,
  type LiveSessionEvents,
} from '@livegate/web';
import { deleteApp, type FirebaseApp, initializeApp } from 'firebase/app';
import { connectAuthEmulator, getAuth, signInWithEmailAndPassword } from 'firebase/auth';
import { connectFunctionsEmulator, getFunctions } from 'firebase/functions';
import { afterAll, describe, expect, test } from 'vitest';
import { SEEDED_POLICY } from '../../scripts/seed-documents.ts';
import { readWav } from '../../scripts/wav.ts';
import { signInAsNewUser, useAdminFirestore } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';

const RATE_HZ = 16_000;
const FRAME = RATE_HZ / 50;

/** A spoken sentence without the silence around it. */
async function sentence(name: string): Promise<Int16Array> {
  const { samples, rateHz } = readWav(await readFile(new URL(`../browser/assets/${name}`, import.meta.url)));
  expect(rateHz).toBe(RATE_HZ);
  const isLoud = (sample: number): boolean => Math.abs(sample) > 500;
  return samples.subarray(samples.findIndex(isLoud), samples.findLastIndex(isLoud) + 1);
}

/** A microphone that hears `track`, then silence, and sends what it hears in real time, 20 ms a frame. */
class Microphone {
  readonly #track: Int16Array;
  readonly #session: LiveSession;
  readonly #timer: NodeJS.Timeout;
  readonly #since = performance.now();
  #sent = 0;

  constructor(session: LiveSession, track: Int16Array) {
    this.#session = session;
    this.#track = track;
    this.#timer = setInterval(() => this.#send(), 10);
  }

  /** All that was sent so far. */
  get sent(): Int16Array {
    const all = new Int16Array(this.#sent);
    all.set(this.#track.subarray(0, this.#sent));
    return all;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #send(): void {
    const due = ((performance.now() - this.#since) / 1_000) * RATE_HZ;
    for (; this.#sent + FRAME <= due; this.#sent += FRAME) {
      const frame = new Int16Array(FRAME);
      frame.set(this.#track.subarray(this.#sent, this.#sent + FRAME));
      const data = Buffer.from(frame.buffer).toString('base64');
      void this.#session.sendAudioRealtime({ mimeType: 'audio/pcm', data });
    }
  }
}

describe('a talk that crosses the end of its lease', () => {
  const firestore = useAdminFirestore();
  const apps: FirebaseApp[] = [];
  afterAll(() => Promise.all(apps.map(deleteApp)));

  /** Its policy, and the instruction that tells it from others. */
  const policyOf = (leaseSeconds: number): string => `leases-of-${leaseSeconds}-seconds`;

  /** A session of a user of its own, whose leases are `leaseSeconds` long. */
  async function connect(leaseSeconds: number): Promise<LiveSession> {
    const { projectId, hosts } = useStack();
    const policy = policyOf(leaseSeconds);
    await firestore()
      .doc(`livePolicies/${policy}`)
      .set({ ...SEEDED_POLICY, leaseSeconds: [leaseSeconds] });
    const { email, password } = await signInAsNewUser({ livegatePolicy: policy });
    const app = initializeApp({ apiKey: 'demo', projectId, appId: 'demo', authDomain: 'localhost' }, policy);
    apps.push(app);
    const auth = getAuth(app);
    connectAuthEmulator(auth, `http://${hosts.auth}`, { disableWarnings: true });
    await signInWithEmailAndPassword(auth, email, password);
    const [host = '', port] = hosts.functions.split(':');
    connectFunctionsEmulator(getFunctions(app, 'us-central1'), host, Number(port));
    const ai = getAI(app);
    connectLiveEmulator(ai, hosts.live);
    return getLiveGenerativeModel(ai, { model: 'gemini-3.8-live', systemInstruction: policy }).connect();
  }

  function collect<K extends keyof LiveSessionEvents>(session: LiveSession, type: K): LiveSessionEvents[K][] {
    const events: LiveSessionEvents[K][] = [];
    session.on(type, (event) => events.push(event));
    return events;
  }

  /** A session's connections as the Live emulator saw them, and the samples that came over each. */
  async function connectionsOf(leaseSeconds: number) {
    const { live } = useStack();
    const views = (await live.sessions()).filter(
      ({ setup }) => setup?.systemInstruction?.parts?.[0]?.text === policyOf(leaseSeconds),
    );
    return Promise.all(views.map(async (view) => ({ view, heard: await live.receivedAudio(view.id) })));
  }

  test.concurrent('in silence repeats the last 300 ms and nothing else', async () => {
    const session = await connect(12);
    const resumed = collect(session, 'resumed');
    const moved = new Promise<void>((resolve) => {
      session.on('resumed', () => setTimeout(resolve, 500));
    });
    const microphone = new Microphone(session, new Int16Array(0));
    await moved;
    microphone.stop();
    const [one, two] = await connectionsOf(12);
    await session.close();
    if (!one || !two) throw new Error('There was no swap.');
    expect(resumed).toEqual([{ stateRestored: true, resentMs: 300 }]);
    const arrived = one.heard.length + two.heard.length - 0.3 * RATE_HZ;
    expect(microphone.sent.length - arrived).toBeGreaterThanOrEqual(0);
    expect(microphone.sent.length - arrived).toBeLessThan(RATE_HZ / 4);
  });

  test.concurrent('goes on through the swap with nothing said lost, an unfinished utterance repeated whole', async () => {
    const [first, second] = [await sentence('sentence-two.wav'), await sentence('sentence-one.wav')];
    const spokenAt = 8 * RATE_HZ;
    const track = new Int16Array(spokenAt + second.length + first.length + RATE_HZ / 10);
    track.set(first, RATE_HZ / 2);
    track.set(second, spokenAt);
    track.set(first, spokenAt + second.length + RATE_HZ / 10);
    const utteranceSeconds = (track.length - spokenAt) / RATE_HZ;

    const session = await connect(20);
    const states = collect(session, 'state');
    const resumed = collect(session, 'resumed');
    const [cut, unsent] = [collect(session, 'cut'), collect(session, 'unsent')];
    const microphone = new Microphone(session, track);
    const turns = [0, 0];
    let turn = 0;
    let closedInSwap = false;
    session.on('state', () => {
      closedInSwap ||= session.isClosed;
    });
    for await (const message of session.receive()) {
      if (message.type !== 'serverContent') continue;
      for (const { inlineData } of message.modelTurn?.parts ?? [])
        if (inlineData)
          turns[turn] = (turns[turn] ?? 0) + Buffer.from(inlineData.data, 'base64').length / 48_000;
      if (message.turnComplete) turn++;
      if ((turns[1] ?? 0) >= utteranceSeconds) break;
    }
    microphone.stop();
    expect(closedInSwap).toBe(false);
    expect(session.isClosed).toBe(false);
    const connections = await connectionsOf(20);
    await session.close();

    const [one, two] = connections;
    if (!one || !two) throw new Error('There was no swap.');
    expect(connections).toHaveLength(2);
    expect(two.view.resumedFrom).toBe(one.view.id);
    expect(states.map(({ state }) => state)).toEqual(['swapping', 'open', 'closed']);
    expect(cut).toEqual([]);
    expect(unsent).toEqual([]);

    // What came over the two sockets is what was said: the first half, and from the utterance's start to the end.
    const { sent } = microphone;
    const swappedAt = one.heard.length;
    const repeated = ((resumed[0]?.resentMs ?? 0) * RATE_HZ) / 1_000;
    expect(resumed).toHaveLength(1);
    expect(resumed[0]?.stateRestored).toBe(true);
    expect(swappedAt).toBeGreaterThan(spokenAt);
    expect(swappedAt).toBeLessThan(track.length);
    expect(Buffer.compare(bytes(one.heard), bytes(sent.subarray(0, swappedAt)))).toBe(0);
    const again = swappedAt - repeated;
    const arrived = sent.subarray(again, again + two.heard.length);
    expect(Buffer.compare(bytes(two.heard), bytes(arrived))).toBe(0);
    expect(again + two.heard.length).toBeGreaterThanOrEqual(track.length);
    expect(sent.length - (again + two.heard.length)).toBeLessThan(RATE_HZ / 2);
    // The documented rule: from 300 ms before the first sound of it, to a frame.
    expect(again).toBeLessThanOrEqual(spokenAt);
    expect(spokenAt - again).toBeLessThanOrEqual(0.3 * RATE_HZ + FRAME);
    // The model heard it whole: its echo is as long as what was said.
    expect(turns[0]).toBeGreaterThan(first.length / RATE_HZ - 0.1);
    expect(turns[1]).toBeGreaterThanOrEqual(utteranceSeconds);

    const document = await books(session, ({ connections: all }) =>
      Object.values(all).every(({ final }) => final) ? Object.values(all).length === 2 : false,
    );
    expect(document.leased).toEqual({ seconds: 40, tokens: 2 });
    expect(document.reported.totals.turns).toBe(1);
  });

  /** The session's document, once it is as wanted. */
  async function books(
    session: LiveSession,
    isDone: (document: LiveSessionDocument) => boolean,
  ): Promise<LiveSessionDocument> {
    return new Promise((resolve) => {
      const stop = firestore()
        .doc(`liveSessions/${session.sessionId}`)
        .onSnapshot((snapshot) => {
          const document = snapshot.data() as LiveSessionDocument;
          if (!isDone(document)) return;
          stop();
          resolve(document);
        });
    });
  }
});

function bytes(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}
