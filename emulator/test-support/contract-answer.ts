import type { Answer, AnswerContext, UserTurn } from '../src/answer.ts';
import { echoAnswer } from '../src/echo-answer.ts';

/** What the emulator answers in the contract. The real service answers what it likes, and the cases allow for that. */
export function contractAnswer(turn: UserTurn, { setup, history }: AnswerContext): Answer {
  const [declared] = setup.tools?.flatMap((tool) => tool.functionDeclarations ?? []) ?? [];
  const [, word] = /only with the word (\w+)/.exec(setup.systemInstruction?.parts?.[0]?.text ?? '') ?? [];
  if (word !== undefined) return [{ text: word }];
  if (turn.cause === 'tool-response') return [{ text: 'It is sunny.' }];
  if (declared) return [{ toolCall: { name: declared.name, args: { city: 'Rome' } } }];
  if (turn.text?.endsWith('?'))
    return [{ text: history.find(({ role }) => role === 'user')?.text ?? 'Yes.' }];
  if (turn.text?.startsWith('Count'))
    return [{ text: 'one two three four five' }, { delayMs: 3_000 }, { text: 'six' }];
  return echoAnswer(turn);
}
