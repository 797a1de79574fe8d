/**
 * What the Live emulator answers in the demo: a recorded sentence, what was said where the template asks the
 * model to repeat it, or a call of the page's tools where it declares them.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { type AnswerHandler, echoAnswer } from '@livegate/emulator';
import { demoToolsAnswer, hasDemoTools } from './demo-tools-answer.ts';
import { readWav } from './wav.ts';

/** The words of the recording. */
export const SPOKEN_ANSWER = 'You are hearing a recorded answer. The whole path works.';

/** What a template says that wants an echo. */
const ECHO = /\brepeat what the user says\b/i;
const RECORDING = new URL('assets/spoken-answer.wav', import.meta.url);

/** Reads the recording and makes the handler. */
export async function demoAnswer(): Promise<AnswerHandler> {
  const audio = readWav(await readFile(RECORDING));
  return (turn, context) => {
    if (hasDemoTools(context)) return demoToolsAnswer(turn);
    const instruction = context.setup.systemInstruction?.parts?.map(({ text = '' }) => text).join(' ') ?? '';
    return ECHO.test(instruction) ? echoAnswer(turn) : [{ transcript: SPOKEN_ANSWER }, { audio }];
  };
}
