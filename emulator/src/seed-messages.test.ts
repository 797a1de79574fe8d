/**
 * What the getting-started pages of the Live API send, and what they read: each of their examples as the messages that
 * its SDK puts on the wire. Four pages on Firebase (Spanish, French, Vietnamese, Japanese) hold the same examples; one
 * on Vertex AI (Spanish) has its own, a bare WebSocket among them.
 */
import type { ServerMessage } from '@livegate/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { audioBytesOf, LiveClient, wordsOf } from '../test-support/live-client.ts';
import { quiet, speech } from '../test-support/speech.ts';
import type { LiveEmulator } from './live-emulator.ts';
import type { LiveEmulatorOptions } from './options.ts';
import { joinSamples, samplesToBase64 } from './pcm.ts';
import { startLiveEmulator } from './start.ts';

const DEVELOPER_MODELS = [
  'gemini-2.5-flash-native-audio-preview-12-2025',
  'gemini-2.5-flash-native-audio-preview-09-2025',
] as const;
const VERTEX_MODELS = [
  'gemini-live-2.5-flash-native-audio',
  'gemini-live-2.5-flash-preview-native-audio-09-2025',
  'gemini-live-2.5-flash',
  'gemini-live-2.5-flash-preview-native-audio',
] as const;
const AUDIO = { responseModalities: ['AUDIO'] };
/** What a microphone or a file gives: a sentence, and the quiet after it. */
const sentence = joinSamples([speech('question'), quiet(1)]);
const base64 = samplesToBase64;
const urlSafe = (samples: Int16Array): string =>
  samplesToBase64(samples).replaceAll('+', '-').replaceAll('/', '_');

let emulator: LiveEmulator | undefined;
const started = async (options: LiveEmulatorOptions = {}): Promise<LiveEmulator> => {
  emulator = await startLiveEmulator({ paceFactor: 1_000, turnCompleteDelay: 0, ...options });
  return emulator;
};
afterEach(() => emulator?.close());

/** A connection of one of the SDKs: its address, its credential, its name for a model. */
interface Way {
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly model: string;
}
const firebase = (id: string): Way => ({
  path: '/ws/google.firebase.vertexai.v1beta.GenerativeService/BidiGenerateContent?key=web-api-key',
  model: `projects/my-app/models/${id}`,
});
const firebaseVertex = (id: string, location = 'us-central1'): Way => ({
  path: `/ws/google.firebase.vertexai.v1beta.LlmBidiService/BidiGenerateContent/locations/${location}?key=web-api-key`,
  model: `projects/my-app/locations/${location}/publishers/google/models/${id}`,
});
const vertex = (id: string, version = 'v1beta1'): Way => ({
  path: `/ws/google.cloud.aiplatform.${version}.LlmBidiService/BidiGenerateContent`,
  headers: { authorization: 'Bearer ya29.of-nobody', 'content-type': 'application/json' },
  model: `projects/my-project/locations/us-central1/publishers/google/models/${id}`,
});

/** Sends the setup that `setup` gives for the way's model, and reads its answer. */
async function connected({ model, ...way }: Way, setup: object): Promise<LiveClient> {
  const client = new LiveClient(emulator ?? { host: '' }, way);
  await client.send({ setup: { model, ...setup } });
  const first = await client.next();
  expect(first ?? client.closed).toHaveProperty('setupComplete');
  return client;
}

/**
 * Reads a turn as the bare WebSocket example does, which is the strictest: it stops at a message without
 * `serverContent`, takes every part for audio, and the setup's answer for ASCII.
 */
async function readAsBareClient(client: LiveClient): Promise<readonly ServerMessage[]> {
  expect(JSON.stringify(client.received[0])).toMatch(/^[ -~]*$/);
  const messages = await client.turn();
  for (const message of messages) {
    expect(message).toHaveProperty('serverContent');
    for (const part of message.serverContent?.modelTurn?.parts ?? [])
      expect(part).toHaveProperty('inlineData.data');
  }
  return messages;
}

const expectSpeech = (messages: readonly ServerMessage[]): void => {
  expect(audioBytesOf(messages)).toBeGreaterThan(5_000);
  for (const { serverContent } of messages)
    for (const { inlineData } of serverContent?.modelTurn?.parts ?? [])
      expect(inlineData?.mimeType).toMatch(/^audio\/pcm/);
};

describe('the four pages on Firebase: a talk in audio', () => {
  const ways = [
    ...DEVELOPER_MODELS.map((id) => ({ name: `GoogleAIBackend, ${id}`, way: firebase(id) })),
    ...VERTEX_MODELS.slice(0, 2).map((id) => ({ name: `VertexAIBackend, ${id}`, way: firebaseVertex(id) })),
  ];

  it.each(ways)(
    'Swift: one file of audio, then the answer up to the end of its turn ($name)',
    async ({ way }) => {
      await started();
      const client = await connected(way, { generationConfig: AUDIO });
      await client.send({ realtimeInput: { audio: { mimeType: 'audio/pcm', data: base64(sentence) } } });
      expectSpeech(await client.turn());
      client.close();
      expect((await client.closing()).code).toBe(1000);
    },
  );

  it.each(ways)('Web, Kotlin, Java: a conversation that the user can come into ($name)', async ({ way }) => {
    const running = await started({ turnCompleteDelay: 'playback', paceFactor: 4 });
    const client = await connected(way, { generationConfig: AUDIO });
    const speak = async (samples: Int16Array): Promise<void> => {
      for (let at = 0; at < samples.length; at += 2_048) {
        const data = base64(samples.slice(at, at + 2_048));
        await client.send({ realtimeInput: { audio: { mimeType: 'audio/pcm', data } } });
      }
    };
    await speak(sentence);
    await client.until(({ serverContent }) => serverContent?.modelTurn);
    await speak(speech('interruption'));
    const cut = await client.turn();
    expect(cut.some(({ serverContent }) => serverContent?.interrupted)).toBe(true);
    await speak(quiet(1));
    await client.until(({ serverContent }) => serverContent?.modelTurn);
    client.close();
    expect(await running.waitFor(() => running.sessions().find(({ connected }) => !connected))).toMatchObject(
      {
        closedBy: 'client',
        interruptions: 1,
      },
    );
  });

  it.each(ways)('Dart: a stream of media chunks, snake_case around camelCase ($name)', async ({ way }) => {
    await started();
    const client = await connected(way, { generation_config: { response_modalities: ['AUDIO'] } });
    for (let at = 0; at < sentence.length; at += 1_600) {
      const data = base64(sentence.slice(at, at + 1_600));
      await client.send({ realtime_input: { media_chunks: [{ mimeType: 'audio/pcm', data }] } });
    }
    expectSpeech(await client.turn());
  });

  it.each(ways)(
    'Unity: half a second of the microphone at a time, as it happens to fall ($name)',
    async ({ way }) => {
      await started();
      const client = await connected(way, { generationConfig: AUDIO });
      for (let at = 0; at < sentence.length; at += 8_137) {
        const data = base64(sentence.slice(at, at + 8_137));
        await client.send({ realtimeInput: { mediaChunks: [{ mimeType: 'audio/pcm', data }] } });
      }
      expectSpeech(await client.turn());
    },
  );

  it('Vertex AI: no model of theirs is served at `global`, beside a region', async () => {
    await started();
    for (const id of VERTEX_MODELS.slice(0, 2)) {
      const { model, path } = firebaseVertex(id, 'global');
      const client = new LiveClient(emulator ?? { host: '' }, { path });
      await client.send({ setup: { model, generationConfig: AUDIO } });
      expect((await client.closing()).code).toBe(1008);
      await connected(firebaseVertex(id), { generationConfig: AUDIO });
    }
  });

  it('a model of one backend is not found on the other', async () => {
    await started();
    for (const { model, path } of [firebase(VERTEX_MODELS[0]), firebaseVertex(DEVELOPER_MODELS[0])]) {
      const client = new LiveClient(emulator ?? { host: '' }, { path });
      await client.send({ setup: { model, generationConfig: AUDIO } });
      expect((await client.closing()).code).toBe(1008);
    }
  });

  it.each(ways)(
    'what they point to next: transcripts, a voice, text and pictures beside audio ($name)',
    async ({ way }) => {
      const running = await started();
      const client = await connected(way, {
        generationConfig: {
          ...AUDIO,
          speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Fenrir' } } },
        },
        inputAudioTranscription: {},
        outputAudioTranscription: {},
      });
      await client.send({ realtimeInput: { video: { mimeType: 'image/jpeg', data: 'AAAA' } } });
      await client.send({ realtimeInput: { audio: { mimeType: 'audio/pcm', data: base64(sentence) } } });
      const spoken = await client.turn();
      expect(spoken.some(({ serverContent }) => serverContent?.inputTranscription?.text)).toBe(true);
      expect(wordsOf(spoken)).not.toBe('');
      await client.send({
        clientContent: { turns: [{ role: 'user', parts: [{ text: 'hello' }] }], turnComplete: true },
      });
      expect(wordsOf(await client.turn())).toBe('hello');
      expect(running.sessions()[0]).toMatchObject({ videoFrames: 1, turns: 2 });
    },
  );

  it('what they point to next: functions and search, an update in mid-session, the end announced', async () => {
    const running = await started({
      answer: ({ cause }) =>
        cause === 'tool-response' ? [{ text: 'sunny' }] : [{ toolCall: { name: 'weather' } }],
    });
    const client = await connected(firebase(DEVELOPER_MODELS[0]), {
      generationConfig: AUDIO,
      tools: [{ functionDeclarations: [{ name: 'weather', behavior: 'BLOCKING' }] }, { googleSearch: {} }],
      sessionResumption: {},
    });
    await client.send({ contextUpdate: { systemInstruction: { parts: [{ text: 'be brief' }] } } });
    await client.send({
      clientContent: { turns: [{ role: 'user', parts: [{ text: 'and?' }] }], turnComplete: true },
    });
    const called = await client.until(({ toolCall }) => toolCall);
    const id = called.at(-1)?.toolCall?.functionCalls?.[0]?.id;
    await client.send({
      toolResponse: { functionResponses: [{ id, name: 'weather', response: { sky: 'blue' } }] },
    });
    expectSpeech(await client.turn());
    const { id: session } = running.sessions()[0] ?? { id: '' };
    expect(running.sessions()[0]?.setup?.systemInstruction).toEqual({ parts: [{ text: 'be brief' }] });
    running.goAway(session, 20);
    expect((await client.until(({ goAway }) => goAway)).at(-1)).toEqual({ goAway: { timeLeft: '0.02s' } });
    expect((await client.closing()).code).toBe(1011);
  });
});

describe('the page on Vertex AI', () => {
  it.each(['v1', 'v1beta1'])(
    'audio in, text out: what the SDK sends for a file of 16 kHz (%s)',
    async (version) => {
      await started();
      const client = await connected(vertex('gemini-live-2.5-flash', version), {
        generationConfig: { responseModalities: ['TEXT'] },
      });
      // The SDK writes the outer keys in snake_case, and base64 in its URL-safe form.
      await client.send({
        realtime_input: { audio: { data: urlSafe(sentence), mimeType: 'audio/pcm;rate=16000' } },
      });
      const messages = await client.turn();
      expect(wordsOf(messages)).toMatch(/^\(\d\.\d s of speech\)$/);
      expect(audioBytesOf(messages)).toBe(0);
    },
  );

  it('text in, audio out: a voice by name, and content whose turn is complete by default', async () => {
    await started();
    const client = await connected(vertex('gemini-live-2.5-flash'), {
      generationConfig: {
        ...AUDIO,
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Aoede' } } },
      },
    });
    const turns = [{ parts: [{ text: 'Are you there?' }], role: 'user' }];
    await client.send({ client_content: { turns, turnComplete: true } });
    const messages = await readAsBareClient(client);
    expectSpeech(messages);
    expect(messages.at(-1)?.serverContent?.turnComplete).toBe(true);
  });

  it('transcripts: of what is said for text, and of what is heard for speech', async () => {
    await started();
    const client = await connected(vertex('gemini-live-2.5-flash'), {
      generationConfig: AUDIO,
      inputAudioTranscription: {},
      outputAudioTranscription: {},
    });
    const turns = [{ role: 'user', parts: [{ text: 'Are you there?' }] }];
    await client.send({ client_content: { turns, turnComplete: true } });
    const typed = await readAsBareClient(client);
    expect(wordsOf(typed)).toBe('Are you there?');
    expect(typed.some(({ serverContent }) => serverContent?.inputTranscription)).toBe(false);
    await client.send({
      realtime_input: { audio: { data: urlSafe(sentence), mimeType: 'audio/pcm;rate=16000' } },
    });
    const spoken = await readAsBareClient(client);
    expect(spoken.some(({ serverContent }) => serverContent?.inputTranscription?.text)).toBe(true);
  });

  describe('the bare WebSocket', () => {
    const setup = (model: string) => ({
      setup: {
        model,
        generation_config: { response_modalities: ['AUDIO'] },
        input_audio_transcription: {},
        output_audio_transcription: {},
      },
    });
    const ID = 'gemini-2.0-flash-live-preview-04-09';
    const { path, headers = {}, model } = vertex(ID, 'v1');

    it('is set up, asks and is answered, in snake_case, with text frames in and binary frames out', async () => {
      const running = await started();
      const client = new LiveClient(running, { path, headers });
      await client.send(setup(model));
      expect(await client.next()).toHaveProperty('setupComplete');
      const turns = [{ role: 'user', parts: [{ text: 'Are you there?' }] }];
      await client.send({ client_content: { turns, turn_complete: true } });
      const messages = await readAsBareClient(client);
      expectSpeech(messages);
      expect(wordsOf(messages)).toBe('Are you there?');
      expect(client.frames.every((isBinary) => isBinary)).toBe(true);
    });

    it('names a model that is past its date: the emulator warns of it, the service would refuse it', async () => {
      const running = await started();
      const warned = new LiveClient(running, { path, headers });
      await warned.send(setup(model));
      expect(await warned.next()).toHaveProperty('setupComplete');
      expect(running.journal()).toContainEqual(
        expect.objectContaining({ kind: 'warning', text: expect.stringContaining('use gemini-3.8-live') }),
      );
      await running.close();
      const strict = new LiveClient(await started({ strictModels: true }), { path, headers });
      await strict.send(setup(model));
      expect((await strict.closing()).code).toBeGreaterThanOrEqual(1007);
    });

    it('names its model by the id alone, as printed: Vertex AI takes a resource name, and so it is refused', async () => {
      const client = new LiveClient(await started(), { path, headers });
      await client.send(setup(ID));
      expect(await client.closing()).toMatchObject({
        code: 1007,
        reason: expect.stringContaining('resource'),
      });
    });

    it('is refused without its bearer', async () => {
      const client = new LiveClient(await started(), { path });
      expect((await client.closing()).code).toBe(1008);
    });
  });

  it('native audio: affective dialog and proactive audio are taken, beside a model that has none', async () => {
    await started();
    const wishes = {
      generationConfig: { ...AUDIO, enableAffectiveDialog: true },
      proactivity: { proactiveAudio: true },
    };
    await connected(vertex('gemini-live-2.5-flash-preview-native-audio'), wishes);
    const { model, ...way } = vertex('gemini-live-2.5-flash');
    const client = new LiveClient(emulator ?? { host: '' }, way);
    await client.send({ setup: { model, ...wishes } });
    expect((await client.closing()).code).toBe(1007);
  });
});
