/**
 * What every client that we did not write must be able to do with the emulator: the flows, what the model answers in
 * them, and what must have been seen on both sides. Clients in other languages report in the same form.
 * @module
 */
import { fileURLToPath } from 'node:url';
import type { AnswerHandler, LiveEmulator, LiveSessionView } from '@livegate/emulator';
import { expect } from 'vitest';
import { readWav } from '../browser/support/sound.ts';
import { likeness } from './support/likeness.ts';

/** The flows, by name, as the table of clients shows them. */
export const FLOWS = {
  'text-turn': 'turn of text',
  'audio-turn': 'turn of audio',
  transcripts: 'transcripts',
  'tool-call': 'tool call',
  resumption: 'resumption',
  'go-away': 'goAway',
  token: 'ephemeral token',
} as const;

/** The name of a flow. */
export type FlowName = keyof typeof FLOWS;

/** All of them, in the order of the table. */
export const FLOW_NAMES = Object.keys(FLOWS) as readonly FlowName[];

/** What a client saw of one flow, through its own interface. */
export interface FlowReport {
  /** Output transcription, whole. */
  readonly said?: string;
  /** Input transcription, whole. */
  readonly heard?: string;
  /** The answers' audio: base64 of 16-bit mono PCM at 24 kHz. */
  readonly audio?: string;
  /** The largest `totalTokenCount` it was told. */
  readonly tokens?: number;
  readonly calls?: readonly { readonly name: string; readonly args: unknown }[];
  /** What goAway said. */
  readonly timeLeft?: string;
  /** What it was told when a spent token was refused. */
  readonly refusal?: string;
}

/** What is said and meant in the flows. Clients in other languages are given it as JSON. */
export const SCRIPT = {
  model: 'gemini-3.8-live',
  key: 'any-key',
  text: 'one two three',
  weather: 'What is the weather in Oslo?',
  tool: {
    name: 'weather',
    description: 'The weather of a place.',
    parameters: { type: 'OBJECT', properties: { place: { type: 'STRING' } }, required: ['place'] },
  },
  toolResponse: { sky: 'clear' },
  name: 'My name is Ada.',
  recall: 'What did I say first?',
  leave: 'When do you leave?',
  heard: 'Please wait a moment, I would rather hear about the weather.',
  said: 'That is what you said.',
  /** A token locks the first; the client asks for the second, and for a temperature that it does not lock. */
  lockedInstruction: 'Answer in verse.',
  ownInstruction: 'Answer in prose.',
  ownTemperature: 1.5,
} as const;

/** How far ahead the emulator announces the end, in ms. */
const LEAVES_IN_MS = 7_500;

/** What the model does in the flows. */
export function contractAnswer(emulator: () => LiveEmulator): AnswerHandler {
  return ({ audio, text, functionResponses }, { sessionId, history }) => {
    if (functionResponses) return [{ text: `The sky is ${functionResponses[0]?.response?.sky}.` }];
    if (audio)
      return [
        { heard: SCRIPT.heard },
        { transcript: SCRIPT.said },
        { audio: { samples: audio, rateHz: 16_000 } },
      ];
    if (text === SCRIPT.weather) return [{ toolCall: { name: 'weather', args: { place: 'Oslo' } } }];
    if (text === SCRIPT.recall) {
      const first = history.find(({ role }) => role === 'user')?.text;
      return [{ text: first === undefined ? 'Nothing.' : `You said: ${first}` }];
    }
    if (text === SCRIPT.leave) emulator().goAway(sessionId, LEAVES_IN_MS);
    return [{ text: text ?? 'Nothing.' }];
  };
}

/** The sentence that is spoken, 16 kHz mono. */
export const SENTENCE_WAV = fileURLToPath(new URL('../browser/assets/sentence-two.wav', import.meta.url));

/** The sentence and the silence after it, as 16-bit PCM at 16 kHz. */
export async function spokenSentence(): Promise<Int16Array> {
  const { samples } = await readWav(SENTENCE_WAV);
  const pcm = new Int16Array(samples.length + 24_000);
  pcm.set(Int16Array.from(samples, (sample) => Math.round(sample * 32_767)));
  return pcm;
}

/**
 * Holds what a client saw, and what the emulator saw of it, against the contract. `sessions`: of this flow only.
 * `spoken`: what was said, 16 kHz, where it was not the sentence as it stands but what a microphone made of it.
 */
export async function expectFlow(
  flow: FlowName,
  report: FlowReport,
  sessions: readonly LiveSessionView[],
  { spoken }: { readonly spoken?: Float32Array } = {},
): Promise<void> {
  const [first, ...later] = sessions;
  expect(first).toBeDefined();
  const audioSeconds = Buffer.from(report.audio ?? '', 'base64').length / 48_000;
  switch (flow) {
    case 'text-turn':
      expect(report.said?.trim()).toBe(SCRIPT.text);
      expect(audioSeconds).toBeGreaterThan(0.3);
      // One client shows its app no usage.
      if (report.tokens !== undefined) expect(report.tokens).toBeGreaterThan(0);
      expect(first).toMatchObject({ model: SCRIPT.model, turns: 1 });
      break;
    case 'audio-turn': {
      const { samples } = await readWav(SENTENCE_WAV);
      const answer = Buffer.from(report.audio ?? '', 'base64');
      if (spoken) {
        // An ear beside a loudspeaker: it opens with the first sound, and a busy machine plays with gaps.
        expect(likeness(answer, spoken)).toBeGreaterThan(0.8);
        break;
      }
      expect(audioSeconds).toBeGreaterThan(2.5);
      expect(likeness(answer, samples)).toBeGreaterThan(0.97);
      expect(first?.audioSeconds).toBeCloseTo((samples.length + 24_000) / 16_000, 1);
      break;
    }
    case 'transcripts':
      expect(report.heard).toBe(SCRIPT.heard);
      expect(report.said).toBe(SCRIPT.said);
      break;
    case 'tool-call':
      expect(report.calls).toEqual([{ name: 'weather', args: { place: 'Oslo' } }]);
      expect(report.said?.trim()).toBe('The sky is clear.');
      break;
    case 'resumption':
      expect(report.said?.trim()).toBe(`You said: ${SCRIPT.name}`);
      expect(later.at(-1)?.resumedFrom).toBe(first?.id);
      break;
    case 'go-away':
      expect(report.timeLeft).toBe(`${LEAVES_IN_MS / 1_000}s`);
      break;
    case 'token': {
      expect(report.said?.trim()).toBe(SCRIPT.text);
      expect(first).toMatchObject({
        method: 'BidiGenerateContentConstrained',
        setup: {
          systemInstruction: { parts: [{ text: SCRIPT.lockedInstruction }] },
          generationConfig: { temperature: SCRIPT.ownTemperature },
        },
        tokenHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      });
      // One use: the same token again is refused, and the client is told so.
      expect(later.at(-1)).toMatchObject({ tokenHash: first?.tokenHash, closeCode: 1008, turns: 0 });
      expect(report.refusal).toMatch(/\S/);
      break;
    }
  }
}
