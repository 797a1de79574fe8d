/**
 * The default answer: what was said.
 * @module
 */
import { INPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import type { Answer, AnswerStep, UserTurn } from './answer.ts';

/**
 * Answers with what came: audio as it was, text as word tones with the text as transcript, function responses as
 * their JSON. There is no recogniser: the transcript of audio says only how long it was.
 */
export function echoAnswer(turn: UserTurn): Answer {
  const steps: AnswerStep[] = [];
  if (turn.audio) {
    steps.push({ transcript: speechPlaceholder(turn.audio) });
    steps.push({ audio: { samples: turn.audio, rateHz: INPUT_SAMPLE_RATE_HZ } });
  }
  if (turn.text) steps.push({ text: turn.text });
  for (const { name, response } of turn.functionResponses ?? []) {
    steps.push({ text: `${name}: ${JSON.stringify(response ?? {})}` });
  }
  return steps;
}

/** What stands for words nobody recognised: `(1.9 s of speech)`. Samples at 16 kHz. */
export function speechPlaceholder(audio: Int16Array): string {
  return `(${(audio.length / INPUT_SAMPLE_RATE_HZ).toFixed(1)} s of speech)`;
}
