import {
  type GenerativeContentBlob,
  GoogleAIBackend,
  getAI,
  getLiveGenerativeModel,
  ResponseModality,
} from '@firebase/ai';
import {
  ActivityHandling,
  Behavior,
  FunctionResponseScheduling,
  GoogleGenAI,
  Modality,
  StartSensitivity,
  Type,
} from '@google/genai';
import { type ClientKind, decodeClientMessage, encodeClientMessage } from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase/app';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Capture, startCapture } from './support/capture.ts';

const PCM = Buffer.from(
  Int16Array.from({ length: 320 }, (_, index) => Math.round(9_000 * Math.sin(index / 3))).buffer,
).toString('base64');
const TOOLS = [
  {
    functionDeclarations: [
      {
        name: 'get_time',
        description: 'Tells the time in a zone.',
        parameters: { type: Type.OBJECT, properties: { time_zone: { type: Type.STRING } } },
        behavior: Behavior.NON_BLOCKING,
      },
    ],
  },
  { googleSearch: {} },
];

/** Every frame decodes, and what is encoded again says the same, field for field. */
function expectLossless(frames: readonly string[]): void {
  for (const frame of frames)
    expect(JSON.parse(encodeClientMessage(decodeClientMessage(frame)))).toEqual(JSON.parse(frame));
}

const kindsOf = (frames: readonly string[]): ClientKind[] =>
  frames.map((frame) => Object.keys(decodeClientMessage(frame))[0] as ClientKind);

describe('decodeClientMessage', () => {
  let capture: Capture;
  afterEach(async () => {
    vi.unstubAllGlobals();
    await capture.close();
  });

  it('reads every frame that @google/genai sends, losing nothing', async () => {
    capture = await startCapture();
    const genai = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: capture.url } });
    const session = await genai.live.connect({
      model: 'gemini-3.8-live',
      config: {
        responseModalities: [Modality.AUDIO],
        temperature: 0.5,
        topK: 20,
        topP: 0.9,
        seed: 7,
        maxOutputTokens: 500,
        speechConfig: { languageCode: 'en-US', voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
        thinkingConfig: { includeThoughts: true, thinkingBudget: -1 },
        enableAffectiveDialog: true,
        systemInstruction: 'Be brief.',
        tools: TOOLS,
        sessionResumption: { handle: 'handle' },
        inputAudioTranscription: {},
        outputAudioTranscription: { languageCodes: ['en-US'] },
        realtimeInputConfig: {
          activityHandling: ActivityHandling.NO_INTERRUPTION,
          automaticActivityDetection: {
            startOfSpeechSensitivity: StartSensitivity.START_SENSITIVITY_LOW,
            prefixPaddingMs: 20,
            silenceDurationMs: 300,
          },
        },
        contextWindowCompression: { triggerTokens: '25600', slidingWindow: { targetTokens: '12800' } },
        proactivity: { proactiveAudio: true },
      },
      callbacks: { onmessage: () => undefined },
    });
    session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'hello' }] }] });
    session.sendClientContent({ turnComplete: true });
    session.sendRealtimeInput({ audio: { mimeType: 'audio/pcm;rate=16000', data: PCM } });
    session.sendRealtimeInput({ video: { mimeType: 'image/jpeg', data: PCM } });
    session.sendRealtimeInput({ text: 'hello' });
    session.sendRealtimeInput({ activityStart: {} });
    session.sendRealtimeInput({ activityEnd: {} });
    session.sendRealtimeInput({ audioStreamEnd: true });
    session.sendRealtimeInput({ media: { mimeType: 'audio/pcm', data: PCM } });
    session.sendToolResponse({
      functionResponses: [
        {
          id: '1',
          name: 'get_time',
          response: { output: { time_zone: 'UTC' } },
          scheduling: FunctionResponseScheduling.SILENT,
        },
      ],
    });
    await capture.until(11);
    session.close();

    const [setup, ...rest] = capture.frames;
    const int64sAsNumbers = (setup ?? '').replace('"25600"', '25600').replace('"12800"', '12800');
    expect(JSON.parse(encodeClientMessage(decodeClientMessage(setup ?? '')))).toEqual(
      JSON.parse(int64sAsNumbers),
    );
    expectLossless(rest);
    expect(kindsOf(capture.frames)).toEqual([
      'setup',
      'clientContent',
      'clientContent',
      ...Array<ClientKind>(7).fill('realtimeInput'),
      'toolResponse',
    ]);
  });

  it('reads every frame that firebase/ai sends, losing nothing', async () => {
    capture = await startCapture();
    const real = globalThis.WebSocket;
    vi.stubGlobal(
      'WebSocket',
      class extends real {
        constructor(url: string) {
          super(url.replace(/^wss:\/\/[^/]+/, `ws://${capture.host}`));
        }
      },
    );
    const app = initializeApp({ apiKey: 'key', projectId: 'demo-livegate', appId: 'app' }, 'capture');
    const model = getLiveGenerativeModel(getAI(app, { backend: new GoogleAIBackend() }), {
      model: 'gemini-3.8-live',
      systemInstruction: 'Be brief.',
      tools: [{ functionDeclarations: [{ name: 'get_time', description: 'Tells the time.' }] }],
      toolConfig: {},
      generationConfig: {
        responseModalities: [ResponseModality.AUDIO],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
        inputAudioTranscription: {},
        outputAudioTranscription: {},
        contextWindowCompression: { triggerTokens: 25_600, slidingWindow: { targetTokens: 12_800 } },
        temperature: 0.5,
        presencePenalty: 0.1,
      },
    });
    const session = await model.connect({ handle: 'handle' });
    const blob: GenerativeContentBlob = { mimeType: 'audio/pcm', data: PCM };
    await session.send('hello');
    await session.send([{ text: 'look' }, { inlineData: { mimeType: 'image/png', data: PCM } }], false);
    await session.sendTextRealtime('hello');
    await session.sendAudioRealtime(blob);
    await session.sendVideoRealtime({ mimeType: 'image/jpeg', data: PCM });
    await session.sendMediaChunks([blob, blob]);
    await session.sendFunctionResponses([{ id: '1', name: 'get_time', response: { time_zone: 'UTC' } }]);
    await capture.until(9);
    await session.close();
    await deleteApp(app);

    expectLossless(capture.frames);
    expect(kindsOf(capture.frames)).toEqual([
      'setup',
      'clientContent',
      'clientContent',
      ...Array<ClientKind>(5).fill('realtimeInput'),
      'toolResponse',
    ]);
  });
});
