/** @google/genai, unchanged, with a token that the function minted, against the Live emulator. */
import { fileURLToPath } from 'node:url';
import { GoogleGenAI, type LiveServerMessage, Modality, type Session } from '@google/genai';
import { encodeBase64, type MintAnswer } from '@livegate/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWav } from '../browser/support/sound.ts';
import { callFunction, signInAnonymously } from '../support/clients.ts';
import { useStack } from '../support/stack.ts';

const sentence = fileURLToPath(new URL('../browser/assets/sentence-two.wav', import.meta.url));

/** A session of theirs, and what it was told. */
interface Talk {
  readonly session: Session;
  readonly minted: MintAnswer;
  readonly messages: readonly LiveServerMessage[];
  /** Resolves once a turn is complete. */
  turn(): Promise<void>;
}

async function connect(): Promise<Talk> {
  const { idToken } = await signInAnonymously();
  const { result: minted, error } = await callFunction<MintAnswer>('mintLiveToken', {
    data: {
      v: 1,
      op: 'start',
      requestId: crypto.randomUUID(),
      model: 'gemini-3.8-live',
      setup: { inputAudioTranscription: {}, outputAudioTranscription: {} },
    },
    idToken,
  });
  if (!minted) throw new Error(error?.message);
  const messages: LiveServerMessage[] = [];
  let turns = 0;
  let wake = (): void => {};
  const genai = new GoogleGenAI({
    apiKey: minted.socket.auth.value,
    httpOptions: { baseUrl: `http://${useStack().hosts.live}`, apiVersion: 'v1alpha' },
  });
  const session = await genai.live.connect({
    model: 'gemini-3.8-live',
    config: { responseModalities: [Modality.AUDIO], temperature: 2 },
    callbacks: {
      onmessage: (message) => {
        messages.push(message);
        if (message.serverContent?.turnComplete) {
          turns += 1;
          wake();
        }
      },
    },
  });
  let seen = 0;
  return {
    session,
    minted,
    messages,
    async turn() {
      seen += 1;
      while (turns < seen) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

const textOf = (
  messages: readonly LiveServerMessage[],
  side: 'inputTranscription' | 'outputTranscription',
): string => messages.map(({ serverContent }) => serverContent?.[side]?.text ?? '').join('');
const audioBytesOf = (messages: readonly LiveServerMessage[]): number =>
  messages
    .flatMap(({ serverContent }) => serverContent?.modelTurn?.parts ?? [])
    .reduce((sum, { inlineData }) => sum + Buffer.from(inlineData?.data ?? '', 'base64').length, 0);

describe('@google/genai with a minted token', () => {
  let talk: Talk;
  beforeEach(async () => {
    talk = await connect();
  });
  afterEach(() => talk.session.close());

  it('holds a turn of text, in the setup that the server locked', async () => {
    talk.session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'one two three' }] }] });
    await talk.turn();
    expect(textOf(talk.messages, 'outputTranscription')).toContain('one two three');
    expect(audioBytesOf(talk.messages)).toBeGreaterThan(0);
    expect(talk.messages.some(({ usageMetadata }) => (usageMetadata?.totalTokenCount ?? 0) > 0)).toBe(true);
    const mine = (await useStack().live.sessions()).at(-1);
    expect(mine).toMatchObject({ method: 'BidiGenerateContentConstrained', apiVersion: 'v1alpha' });
    // They asked for a temperature; the token says otherwise.
    expect(mine?.setup?.generationConfig?.temperature).toBeUndefined();
    expect(mine?.setup?.outputAudioTranscription).toEqual({});
  });

  it('holds a turn of audio: what is said comes back at 24 kHz', async () => {
    const { samples } = await readWav(sentence);
    const pcm = Int16Array.from(samples, (sample) => Math.round(sample * 32_767));
    const padded = new Int16Array(pcm.length + 16_000 * 1.5);
    padded.set(pcm);
    for (let at = 0; at < padded.length; at += 1_600) {
      const frame = padded.subarray(at, at + 1_600);
      const data = encodeBase64(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength));
      talk.session.sendRealtimeInput({ audio: { mimeType: 'audio/pcm;rate=16000', data } });
    }
    await talk.turn();
    const seconds = audioBytesOf(talk.messages) / 48_000;
    expect(seconds).toBeGreaterThan(2.5);
    expect(seconds).toBeLessThan(3.8);
    expect(textOf(talk.messages, 'inputTranscription')).not.toBe('');
  });
});
