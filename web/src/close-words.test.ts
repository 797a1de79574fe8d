import { describe, expect, it } from 'vitest';
import { closeWords } from './close-words.ts';

describe('closeWords', () => {
  it.each([
    ['Token auth_tokens/3f2a-b_c is used up', 'Token … is used up'],
    ['Bad key AIzaSyA-1_x.', 'Bad key ….'],
    ['wss://h/ws?access_token=auth&v=1', 'wss://h/ws?…&v=1'],
    ['ws?key=abc failed', 'ws?… failed'],
    ['Invalid text "what she said" at turns[0]', 'Invalid text … at turns[0]'],
    ["Invalid text 'what she said", 'Invalid text …'],
    ['Text “what she said” refused', 'Text … refused'],
    [`Handle ${'aB3_'.repeat(10)}== expired`, 'Handle … expired'],
  ])('cuts out of %j what it quotes', (said, told) => {
    expect(closeWords(said)).toBe(told);
  });

  it.each([
    'models/gemini-2.5-flash-native-audio-preview-12-2025 is not found for BidiGenerateContent',
    "The service doesn't answer, it isn't there",
    'Ephemeral token has no uses left.',
    '',
  ])('leaves %j', (said) => {
    expect(closeWords(said)).toBe(said);
  });

  it('tells no more than a close frame holds', () => {
    expect(closeWords('a b '.repeat(200)).length).toBeLessThanOrEqual(123);
  });
});
