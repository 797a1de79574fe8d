/**
 * What a client of the Live API may rely on, whoever answers: the session machine in memory, the server over a socket,
 * or the real service. A case says where it cannot run, and why.
 * @module
 */
import type { ServerMessage } from '@livegate/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { messageOrderBreaches } from '../src/message-order.ts';
import { samplesToBase64 } from '../src/pcm.ts';
import { audioBytesOf, wordsOf } from './live-client.ts';
import { quiet, speech } from './speech.ts';

/** One connection, as the contract sees it. */
export interface Peer {
  /** Sends JSON, or text as it stands. */
  send(message: object | string): Promise<unknown>;
  /** The next message; `undefined` when the connection is over. */
  next(): Promise<ServerMessage | undefined>;
  /** All that came, read or not. */
  readonly received: readonly ServerMessage[];
  close(): void;
  readonly closed: { readonly code: number; readonly reason: string } | undefined;
}

/** Who answers. */
export type TargetKind = 'memory' | 'socket' | 'service';

/** How to reach it. */
export interface Target {
  readonly kind: TargetKind;
  connect(): Promise<Peer>;
  /** Model for the cases, with `models/`. */
  readonly model: string;
  /** A name of that form which no model has. */
  readonly noModel: string;
  /** Waits as long as that audio lasts, where the other side listens in real time. */
  readonly listens?: (ms: number) => Promise<unknown>;
  /** Announces the end of the newest connection, where that can be provoked. */
  readonly goAway?: () => void;
}

interface Case {
  readonly title: string;
  /** Target → why it is left out there. */
  readonly not?: { readonly [Kind in TargetKind]?: string };
  readonly run: (talk: Talk, target: Target) => Promise<void>;
}

/** Connections of one case, and what is said on them. */
class Talk {
  readonly #target: Target;
  readonly #peers: Peer[] = [];

  constructor(target: Target) {
    this.#target = target;
  }

  /** Connects and sends the first message. */
  async opened(first: object | string): Promise<Peer> {
    const peer = await this.#target.connect();
    this.#peers.push(peer);
    await peer.send(first);
    return peer;
  }

  /** A connection whose setup is done. */
  async ready(setup: object = {}): Promise<Peer> {
    const peer = await this.opened({ setup: { model: this.#target.model, ...setup } });
    const first = await peer.next();
    expect(first, JSON.stringify(peer.closed)).toHaveProperty('setupComplete');
    return peer;
  }

  end(): void {
    for (const peer of this.#peers) peer.close();
    for (const { received } of this.#peers) expectSessionOrder(received);
  }
}

const said = (text: string, turnComplete = true) => ({
  clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete },
});
const pcm = (samples: Int16Array) => ({ mimeType: 'audio/pcm;rate=16000', data: samplesToBase64(samples) });

/** Reads up to the first message that fits, that one included. */
async function until(
  peer: Peer,
  fits: (message: ServerMessage) => unknown,
): Promise<readonly ServerMessage[]> {
  const read: ServerMessage[] = [];
  for (;;) {
    const message = await peer.next();
    if (message === undefined) throw new Error(`Closed: ${JSON.stringify(peer.closed)}`);
    read.push(message);
    if (fits(message)) return read;
  }
}
const turn = (peer: Peer) => until(peer, ({ serverContent }) => serverContent?.turnComplete);

/** Reads to the end of the connection. */
async function closing(peer: Peer): Promise<{ readonly code: number; readonly reason: string }> {
  while ((await peer.next()) !== undefined);
  return peer.closed ?? { code: 0, reason: '' };
}

/** Where in a turn the first and the last message of a kind stands. */
const places = (messages: readonly ServerMessage[], fits: (message: ServerMessage) => unknown) =>
  messages.flatMap((message, index) => (fits(message) ? [index] : []));

/** Holds a turn against the documented order. */
function expectOrder(messages: readonly ServerMessage[]): void {
  const generated = places(messages, ({ serverContent }) => serverContent?.generationComplete);
  const interrupted = places(messages, ({ serverContent }) => serverContent?.interrupted);
  const completed = places(messages, ({ serverContent }) => serverContent?.turnComplete);
  const content = places(messages, ({ serverContent }) => serverContent?.modelTurn);
  const transcripts = places(messages, ({ serverContent }) => serverContent?.outputTranscription);
  expect(completed).toEqual([messages.length - 1]);
  expect(generated.length + interrupted.length).toBe(1);
  const [end = -1] = [...generated, ...interrupted];
  for (const index of [...content, ...transcripts]) expect(index).toBeLessThanOrEqual(end);
  expect(messages.flatMap(({ setupComplete }) => setupComplete ?? [])).toEqual([]);
}

/** Holds all that a connection was sent against the documented order. */
function expectSessionOrder(messages: readonly ServerMessage[]): void {
  expect(messageOrderBreaches(messages).map(({ at, rule }) => [rule, messages[at]])).toEqual([]);
}

async function speak(peer: Peer, target: Target, samples: Int16Array): Promise<void> {
  for (let at = 0; at < samples.length; at += 1_600) {
    await peer.send({ realtimeInput: { audio: pcm(samples.slice(at, at + 1_600)) } });
    await target.listens?.(100);
  }
}

const AUDIO = { generationConfig: { responseModalities: ['AUDIO'] } };
const unpublished = { service: 'the code and text are not published' } as const;

const CASES: readonly Case[] = [
  {
    title: 'greets with setupComplete, before anything else, once',
    async run(talk) {
      const peer = await talk.ready(AUDIO);
      await peer.send(said('Say yes.'));
      expect((await turn(peer)).some(({ setupComplete }) => setupComplete)).toBe(false);
    },
  },
  {
    title: 'answers a turn of text: audio, generationComplete, turnComplete, in that order',
    async run(talk) {
      const peer = await talk.ready(AUDIO);
      await peer.send(said('Say hello to me.'));
      const messages = await turn(peer);
      expectOrder(messages);
      expect(audioBytesOf(messages)).toBeGreaterThan(4_800);
      expect(audioBytesOf(messages) % 2).toBe(0);
      for (const { serverContent } of messages)
        for (const { inlineData } of serverContent?.modelTurn?.parts ?? [])
          if (inlineData) expect(inlineData.mimeType).toBe('audio/pcm;rate=24000');
    },
  },
  {
    title: 'counts the whole context with each turn again',
    async run(talk) {
      const peer = await talk.ready(AUDIO);
      const counts: number[] = [];
      for (const text of ['Say hello to me.', 'Say goodbye to me.']) {
        await peer.send(said(text));
        const used = (await turn(peer)).findLast(({ usageMetadata }) => usageMetadata)?.usageMetadata;
        expect(used?.responseTokenCount).toBeGreaterThan(0);
        counts.push(used?.promptTokenCount ?? Number.NaN);
      }
      expect(counts[1]).toBeGreaterThan(counts[0] ?? 0);
    },
  },
  {
    title: 'waits for turnComplete before it answers content',
    async run(talk) {
      const peer = await talk.ready({ ...AUDIO, outputAudioTranscription: {} });
      await peer.send(said('My favourite colour is teal.', false));
      await peer.send(said('Which colour is that?'));
      const messages = await turn(peer);
      expectOrder(messages);
      expect(messages.some(({ serverContent }) => serverContent?.interrupted)).toBe(false);
      expect(wordsOf(messages)).not.toBe('');
    },
  },
  {
    title: 'transcribes what it says, where asked, and only there',
    async run(talk) {
      const asked = await talk.ready({ ...AUDIO, outputAudioTranscription: {} });
      await asked.send(said('Say hello to me.'));
      expect(wordsOf(await turn(asked)).toLowerCase()).toContain('hello');
    },
  },
  {
    title: 'leaves transcripts out where nobody asked',
    not: { service: 'current models were seen to send them unasked' },
    async run(talk) {
      const peer = await talk.ready(AUDIO);
      await peer.send(said('Say hello to me.'));
      expect(wordsOf(await turn(peer))).toBe('');
    },
  },
  {
    title: 'finds where speech begins and ends, transcribes and answers it',
    async run(talk, target) {
      const peer = await talk.ready({ ...AUDIO, inputAudioTranscription: {} });
      await speak(peer, target, speech('question'));
      await speak(peer, target, quiet(1.5));
      const messages = await turn(peer);
      expectOrder(messages);
      expect(audioBytesOf(messages)).toBeGreaterThan(4_800);
      expect(
        messages.map(({ serverContent }) => serverContent?.inputTranscription?.text ?? '').join(''),
      ).not.toBe('');
    },
  },
  {
    title: 'takes marks instead of finding speech, where told',
    async run(talk, target) {
      const detection = { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } };
      const peer = await talk.ready({ ...AUDIO, ...detection });
      await peer.send({ realtimeInput: { activityStart: {} } });
      await speak(peer, target, speech('question'));
      await peer.send({ realtimeInput: { activityEnd: {} } });
      expectOrder(await turn(peer));
    },
  },
  {
    title: 'answers text in real time',
    async run(talk) {
      const peer = await talk.ready(AUDIO);
      await peer.send({ realtimeInput: { text: 'Say hello to me.' } });
      expect(audioBytesOf(await turn(peer))).toBeGreaterThan(4_800);
    },
  },
  {
    title: 'stops for what comes in: interrupted, turnComplete, and no generationComplete',
    async run(talk) {
      const peer = await talk.ready(AUDIO);
      await peer.send(said('Count slowly from one to one hundred.'));
      await until(peer, ({ serverContent }) => serverContent?.modelTurn);
      await peer.send(said('Say hello to me.'));
      const messages = await turn(peer);
      expect(messages.some(({ serverContent }) => serverContent?.interrupted)).toBe(true);
      expectOrder(messages);
      expectOrder(await turn(peer));
    },
  },
  {
    title: 'calls a function and goes on with its response',
    async run(talk) {
      const weather = {
        name: 'weatherOf',
        description: 'Tells the weather of a city. Always use it when asked about weather.',
        parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] },
        behavior: 'BLOCKING',
      };
      const peer = await talk.ready({ ...AUDIO, tools: [{ functionDeclarations: [weather] }] });
      await peer.send(said('What is the weather in Rome? Use the function.'));
      const [call] = (await until(peer, ({ toolCall }) => toolCall)).flatMap(
        ({ toolCall }) => toolCall?.functionCalls ?? [],
      );
      expect(call).toMatchObject({ name: 'weatherOf', args: { city: expect.stringMatching(/rom/i) } });
      expect(call?.id).toEqual(expect.stringMatching(/./));
      const functionResponses = [{ id: call?.id, name: 'weatherOf', response: { output: 'sunny' } }];
      await peer.send({ toolResponse: { functionResponses } });
      expect(audioBytesOf(await turn(peer))).toBeGreaterThan(4_800);
    },
  },
  {
    title: 'resumes with a handle and knows what was said',
    async run(talk) {
      const resumable = { ...AUDIO, outputAudioTranscription: {} };
      const first = await talk.ready({ ...resumable, sessionResumption: {} });
      await first.send(said('My favourite colour is teal. Say yes.'));
      await turn(first);
      const updates = await until(first, ({ sessionResumptionUpdate }) => sessionResumptionUpdate?.resumable);
      const handle = updates.at(-1)?.sessionResumptionUpdate?.newHandle;
      expect(handle).toEqual(expect.stringMatching(/./));
      first.close();
      const second = await talk.ready({ ...resumable, sessionResumption: { handle } });
      await second.send(said('What is my favourite colour?'));
      expect(wordsOf(await turn(second)).toLowerCase()).toContain('teal');
      const fresh = await talk.ready(resumable);
      await fresh.send(said('What is my favourite colour?'));
      expect(wordsOf(await turn(fresh)).toLowerCase()).not.toContain('teal');
    },
  },
  {
    title: 'refuses a handle that it never made',
    async run(talk, { model }) {
      const peer = await talk.opened({
        setup: { model, ...AUDIO, sessionResumption: { handle: 'never-made' } },
      });
      expect([1007, 1008]).toContain((await closing(peer)).code);
    },
  },
  {
    title: 'takes what was said before as history, without an answer, where told',
    async run(talk) {
      const history = { historyConfig: { initialHistoryInClientContent: true } };
      const peer = await talk.ready({ ...AUDIO, outputAudioTranscription: {}, ...history });
      const turns = [
        { role: 'user', parts: [{ text: 'My favourite colour is teal.' }] },
        { role: 'model', parts: [{ text: 'I will remember.' }] },
      ];
      await peer.send({ clientContent: { turns, turnComplete: true } });
      await peer.send(said('What is my favourite colour?'));
      const messages = await turn(peer);
      expectOrder(messages);
      expect(wordsOf(messages).toLowerCase()).toContain('teal');
    },
  },
  {
    title: 'follows its instruction, and another that comes in mid-session',
    async run(talk) {
      const only = (word: string) => ({
        parts: [{ text: `Whatever you are asked, answer only with the word ${word}.` }],
      });
      const peer = await talk.ready({
        ...AUDIO,
        outputAudioTranscription: {},
        systemInstruction: only('banana'),
      });
      await peer.send(said('Say something.'));
      expect(wordsOf(await turn(peer)).toLowerCase()).toContain('banana');
      await peer.send({ contextUpdate: { systemInstruction: only('cherry') } });
      await peer.send(said('Say something.'));
      expect(wordsOf(await turn(peer)).toLowerCase()).toContain('cherry');
    },
  },
  {
    title: 'lets a function run beside the talk, where told, and tells its result later',
    async run(talk) {
      const declaration = {
        name: 'weatherOf',
        description: 'Tells the weather of a city. Always use it when asked about weather.',
        parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] },
        behavior: 'NON_BLOCKING',
      };
      const peer = await talk.ready({ ...AUDIO, tools: [{ functionDeclarations: [declaration] }] });
      await peer.send(said('What is the weather in Rome? Use the function.'));
      const [call] = (await until(peer, ({ toolCall }) => toolCall)).flatMap(
        ({ toolCall }) => toolCall?.functionCalls ?? [],
      );
      await turn(peer);
      const response = {
        id: call?.id,
        name: 'weatherOf',
        response: { output: 'sunny' },
        scheduling: 'WHEN_IDLE',
      };
      await peer.send({ toolResponse: { functionResponses: [response] } });
      expect(audioBytesOf(await turn(peer))).toBeGreaterThan(4_800);
    },
  },
  {
    title: 'takes snake_case at every level, and answers in camelCase',
    async run(talk, { model }) {
      const peer = await talk.opened({
        setup: {
          model,
          generation_config: { response_modalities: ['AUDIO'] },
          output_audio_transcription: {},
        },
      });
      expect(await peer.next()).toHaveProperty('setupComplete');
      await peer.send({
        client_content: {
          turns: [{ role: 'user', parts: [{ text: 'Say hello to me.' }] }],
          turn_complete: true,
        },
      });
      const messages = await turn(peer);
      expectOrder(messages);
      expect(JSON.stringify(messages)).not.toContain('_transcription"');
    },
  },
  {
    title: 'takes base64 in its URL-safe form, padded or not',
    async run(talk) {
      const peer = await talk.ready(AUDIO);
      const samples = new Int16Array(160).fill(-1_041);
      const standard = samplesToBase64(samples);
      const urlSafe = standard.replaceAll('+', '-').replaceAll('/', '_');
      expect(urlSafe).not.toBe(standard);
      for (const data of [urlSafe, urlSafe.replace(/=+$/, '')])
        await peer.send({ realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data } } });
      await peer.send(said('Say hello to me.'));
      expectOrder(await turn(peer));
    },
  },
  {
    title: 'closes with 1007 on a frame that is not JSON',
    async run(talk) {
      expect((await closing(await talk.opened('{'))).code).toBe(1007);
    },
  },
  {
    title: 'closes with 1007 on a field that the wire does not have',
    async run(talk, { model }) {
      const peer = await talk.opened({ setup: { model, ...AUDIO, noSuchField: 1 } });
      expect((await closing(peer)).code).toBe(1007);
    },
  },
  {
    title: 'closes where the first message is no setup',
    async run(talk) {
      expect([1007, 1008]).toContain((await closing(await talk.opened(said('hello')))).code);
    },
  },
  {
    title: 'closes with 1007 on a second setup',
    not: unpublished,
    async run(talk, { model }) {
      const peer = await talk.ready(AUDIO);
      await peer.send({ setup: { model } });
      expect((await closing(peer)).code).toBe(1007);
    },
  },
  {
    title: 'closes with 1008 on a model that does not exist, in 123 bytes at most',
    async run(talk, { noModel }) {
      const { code, reason } = await closing(await talk.opened({ setup: { model: noModel, ...AUDIO } }));
      expect(code).toBe(1008);
      expect(reason).toContain('not found');
      expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
    },
  },
  {
    title: 'closes with 1007 on text asked of a model that speaks only',
    async run(talk, { model }) {
      const generationConfig = { responseModalities: ['TEXT'] };
      expect((await closing(await talk.opened({ setup: { model, generationConfig } }))).code).toBe(1007);
    },
  },
  {
    title: 'closes with 1007 on audio of an odd number of bytes',
    not: { service: 'reported of Vertex AI only (adk-python#4587)' },
    async run(talk) {
      const peer = await talk.ready(AUDIO);
      await peer.send({ realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data: 'AAAA' } } });
      expect((await closing(peer)).code).toBe(1007);
    },
  },
  {
    title: 'announces its end, and ends',
    not: { service: 'its end comes after minutes, and cannot be provoked' },
    async run(talk, target) {
      const peer = await talk.ready(AUDIO);
      target.goAway?.();
      const told = await until(peer, ({ goAway }) => goAway);
      expect(told.at(-1)?.goAway?.timeLeft).toMatch(/^\d+(\.\d+)?s$/);
      expect((await closing(peer)).code).toBe(1011);
    },
  },
];

/** Runs the contract against a target; a case that cannot run there stands among the skipped, with its reason. */
export function liveContract(name: string, target: Target, timeoutMs = 10_000): void {
  describe(`the contract of the Live API, ${name}`, () => {
    let talk = new Talk(target);
    afterEach(() => {
      talk.end();
      talk = new Talk(target);
    });
    for (const { title, not = {}, run } of CASES) {
      const why = not[target.kind];
      if (why === undefined) it(title, () => run(talk, target), timeoutMs);
      else it.skip(`${title} (not here: ${why})`, () => {});
    }
  });
}
