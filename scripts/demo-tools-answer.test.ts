import type { AnswerContext, UserTurn } from '@livegate/emulator';
import { describe, expect, it } from 'vitest';
import { demoAnswer } from './demo-answer.ts';
import { demoToolsAnswer } from './demo-tools-answer.ts';
import { SEEDED_TEMPLATES } from './seed-documents.ts';

const typed = (text: string): UserTurn => ({ index: 0, cause: 'client-content', text, videoFrames: 0 });
const spoken = (index: number): UserTurn => ({
  index,
  cause: 'speech',
  audio: new Int16Array(1),
  videoFrames: 0,
});
const result = (name: string, response: { readonly [key: string]: string }): UserTurn => ({
  index: 0,
  cause: 'tool-response',
  functionResponses: [{ id: '1', name, response }],
  videoFrames: 0,
});

describe('demoToolsAnswer', () => {
  it.each([
    ['What time is it in New York?', { name: 'get_time_in_zone', args: { zone: 'America/New_York' } }],
    ['The time in Mars/Olympus, please', { name: 'get_time_in_zone', args: { zone: 'Mars/Olympus' } }],
    ['Make it violet', { name: 'set_theme_colour', args: { colour: 'violet' } }],
    ['Another colour!', { name: 'set_theme_colour', args: { colour: 'green' } }],
  ])('calls a tool for "%s"', (text, toolCall) => {
    expect(demoToolsAnswer(typed(text))).toEqual([{ toolCall }]);
  });

  it('calls the one and the other in turns for speech, which nobody recognises', () => {
    const names = [0, 1].map((index) => JSON.stringify(demoToolsAnswer(spoken(index))));
    expect(names[0]).toContain('set_theme_colour');
    expect(names[1]).toContain('get_time_in_zone');
  });

  it.each([
    [result('set_theme_colour', { colour: 'rose' }), 'The page is rose now.'],
    [result('get_time_in_zone', { zone: 'Asia/Tokyo', time: '21:05' }), 'It is 21:05 in Asia/Tokyo.'],
    [result('get_time_in_zone', { error: 'Invalid time zone' }), 'That did not work.'],
  ])('says what came of it', (turn, text) => {
    expect(demoToolsAnswer(turn)).toEqual([{ text }]);
  });

  it('is what the demo answers where its template declares the tools', async () => {
    const context: AnswerContext = {
      sessionId: 'a',
      setup: { ...SEEDED_TEMPLATES['demo-tools'].setup, model: 'models/gemini-3.8-live' },
      modality: 'AUDIO',
      history: [],
      nowMs: 0,
    };
    expect(await (await demoAnswer())(typed('Make it rose'), context)).toEqual([
      { toolCall: { name: 'set_theme_colour', args: { colour: 'rose' } } },
    ]);
  });
});
