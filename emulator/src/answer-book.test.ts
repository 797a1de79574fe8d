import { describe, expect, it } from 'vitest';
import type { AnswerContext } from './answer.ts';
import { AnswerBook } from './answer-book.ts';

const TURN = { index: 0, cause: 'realtime-text', videoFrames: 0 } as const;
const say = (text: string) => [{ text }] as const;

const open = () => {
  const book = new AnswerBook(() => say('handler'));
  const ask = (sessionId = 'session-1', instruction?: string) => {
    const setup = {
      model: 'models/m',
      ...(instruction !== undefined && { systemInstruction: { parts: [{ text: instruction }] } }),
    };
    const context: AnswerContext = { sessionId, setup, modality: 'AUDIO', history: [], nowMs: 0 };
    return book.answer(TURN, context);
  };
  return { book, ask };
};

describe('AnswerBook', () => {
  it('leaves to the handler what nothing was laid down for', () => {
    const { book, ask } = open();
    book.lay(say('laid'), { sessionId: 'session-1' });
    expect([ask('session-1'), ask('session-2')]).toEqual([say('laid'), say('handler')]);
  });

  it.each([false, true])('gives the narrowest that fits, whichever was laid down first: %s', (isReversed) => {
    const { book, ask } = open();
    const laid = [
      ['both', { sessionId: 'session-1', instruction: 'be kind' }],
      ['session', { sessionId: 'session-1' }],
      ['instruction', { instruction: 'be kind' }],
      ['all', {}],
    ] as const;
    for (const [words, scope] of isReversed ? laid.toReversed() : laid) book.lay(say(words), scope);
    expect(ask('session-1', 'be kind')).toEqual(say('both'));
    expect(ask('session-1', 'be rude')).toEqual(say('session'));
    expect(ask('session-2', 'be kind')).toEqual(say('instruction'));
    expect(ask('session-2')).toEqual(say('all'));
  });

  it('gives an answer as often as it was told, then the handler speaks again', () => {
    const { book, ask } = open();
    book.lay(say('twice'), { times: 2 });
    expect([ask(), ask(), ask()]).toEqual([say('twice'), say('twice'), say('handler')]);
    expect(book.laid).toEqual([]);
  });

  it('replaces the answer for the same target, and takes it back', () => {
    const { book, ask } = open();
    book.lay(say('old'), { instruction: 'a' });
    book.lay(say('new'), { instruction: 'a' });
    expect(ask('session-1', 'a')).toEqual(say('new'));
    book.lay(undefined, { instruction: 'a' });
    expect(ask('session-1', 'a')).toEqual(say('handler'));
    book.lay(say('all'));
    book.clear();
    expect(ask()).toEqual(say('handler'));
  });
});
