import { afterEach, describe, expect, it } from 'vitest';
import { LiveClient } from '../test-support/live-client.ts';
import type { AnswerContext } from './answer.ts';
import type { LiveEmulator } from './live-emulator.ts';
import { startLiveEmulator } from './start.ts';

const MODEL = 'models/gemini-3.8-live';
const METHOD = 'google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained';
const LOCKED = { parts: [{ text: 'Answer in Norwegian.' }] };

let emulator: LiveEmulator | undefined;
afterEach(() => emulator?.close());

/** The instruction that a turn is answered under, after an update under a token that locks it. */
async function instructionAfterUpdate(lockCoversContextUpdate: boolean): Promise<string | undefined> {
  let asked: AnswerContext | undefined;
  emulator = await startLiveEmulator({
    lockCoversContextUpdate,
    answer: (_, context) => {
      asked = context;
      return [];
    },
  });
  const response = await fetch(`${emulator.url}/v1alpha/auth_tokens`, {
    method: 'POST',
    headers: { 'x-goog-api-key': 'any' },
    body: JSON.stringify({
      bidiGenerateContentSetup: { model: MODEL, systemInstruction: LOCKED },
      fieldMask: 'model,systemInstruction',
    }),
  });
  const { name } = (await response.json()) as { name: string };
  const path = `/ws/${METHOD}?access_token=${name}`;
  const client = await LiveClient.ready(emulator, {}, { path });
  await client.send({ contextUpdate: { systemInstruction: { parts: [{ text: 'Be rude.' }] } } });
  await client.send({ clientContent: { turns: [{ parts: [{ text: 'hi' }] }], turnComplete: true } });
  await client.turn();
  client.close();
  return asked?.setup.systemInstruction?.parts?.[0]?.text;
}

describe('contextUpdate under a token that locks the instruction', () => {
  it('changes nothing where the lock covers updates', async () => {
    expect(await instructionAfterUpdate(true)).toBe('Answer in Norwegian.');
  });

  it('changes it where the lock does not', async () => {
    expect(await instructionAfterUpdate(false)).toBe('Be rude.');
  });
});
