import type { AnswerContext, UserTurn } from '@livegate/emulator';
import { describe, expect, it } from 'vitest';
import { demoAnswer, SPOKEN_ANSWER } from './demo-answer.ts';
import { SEEDED_TEMPLATES } from './seed-documents.ts';

const SAID = Int16Array.from([1, 2, 3]);
const turn: UserTurn = { index: 0, cause: 'speech', audio: SAID, videoFrames: 0 };

const inSession = (template: keyof typeof SEEDED_TEMPLATES): AnswerContext => ({
  sessionId: 'a',
  setup: { ...SEEDED_TEMPLATES[template].setup, model: 'models/gemini-3.8-live' },
  modality: 'AUDIO',
  history: [],
  nowMs: 0,
});

describe('demoAnswer', () => {
  it('repeats what was said for the template that asks the model to', async () => {
    const answer = await (await demoAnswer())(turn, inSession('demo-echo'));
    expect(answer).toContainEqual({ audio: { samples: SAID, rateHz: 16_000 } });
  });

  it('speaks a recorded sentence otherwise: 3 to 5 s at 24 kHz, audible, with its words', async () => {
    const answer = await (await demoAnswer())(turn, inSession('demo-spoken'));
    expect(answer[0]).toEqual({ transcript: SPOKEN_ANSWER });
    const [audio] = answer.flatMap((step) => ('audio' in step ? [step.audio] : []));
    expect(audio?.rateHz).toBe(24_000);
    expect((audio?.samples.length ?? 0) / 24_000).toBeGreaterThan(3);
    expect((audio?.samples.length ?? 0) / 24_000).toBeLessThan(5);
    expect(Math.max(...(audio?.samples ?? []))).toBeGreaterThan(10_000);
  });
});
