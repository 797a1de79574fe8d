import { describe, expect, it } from 'vitest';
import { audioData } from '../test-support/fake-session.ts';
import { soundOfFrame } from './sound-of-frame.ts';

const part = (...samples: number[]) => ({ inlineData: audioData(samples) });
const content = (serverContent: object): string => JSON.stringify({ serverContent });

describe('soundOfFrame', () => {
  it('finds the pieces of a turn in order, at their rates', () => {
    const other = { inlineData: { ...audioData([7]), mimeType: 'audio/pcm;rate=16000' } };
    expect(soundOfFrame(content({ modelTurn: { parts: [part(1, -2), { text: 'hm' }, other] } }))).toEqual([
      { kind: 'play', samples: Int16Array.of(1, -2), rateHz: 24_000 },
      { kind: 'play', samples: Int16Array.of(7), rateHz: 16_000 },
    ]);
  });

  it('silences before it plays what comes with an interruption, and ends after it', () => {
    const text = content({ interrupted: true, modelTurn: { parts: [part(1)] }, turnComplete: true });
    expect(soundOfFrame(text).map(({ kind }) => kind)).toEqual(['interrupt', 'play', 'end']);
  });

  it.each([
    ['a complete turn', { serverContent: { turnComplete: true } }],
    ['a generation that is complete', { serverContent: { generationComplete: true } }],
    ['a call of tools', { toolCall: { functionCalls: [] } }],
  ])('ends a stretch of speech with %s', (_, message) => {
    expect(soundOfFrame(JSON.stringify(message))).toEqual([{ kind: 'end' }]);
  });

  it('reads either casing and either base64 form', () => {
    const data = '-_8';
    const text = JSON.stringify({
      server_content: {
        model_turn: { parts: [{ inline_data: { mime_type: 'audio/pcm', data } }] },
        turn_complete: true,
      },
    });
    expect(soundOfFrame(text)).toEqual([
      { kind: 'play', samples: Int16Array.of(-5), rateHz: 24_000 },
      { kind: 'end' },
    ]);
  });

  it.each([
    ['no base64', { mimeType: 'audio/pcm', data: '€€€€' }],
    ['half a sample', { mimeType: 'audio/pcm', data: 'AA==' }],
    ['no text', { mimeType: 'audio/pcm', data: 7 }],
    ['no sound', { mimeType: 'image/png', data: 'AAAA' }],
    ['a rate that makes no sense', { mimeType: 'audio/pcm;rate=1', data: 'AAAA' }],
  ])('leaves out a piece that is %s, and plays the one beside it', (_, inlineData) => {
    const text = content({ modelTurn: { parts: [{ inlineData }, null, part(3)] } });
    expect(soundOfFrame(text)).toEqual([{ kind: 'play', samples: Int16Array.of(3), rateHz: 24_000 }]);
  });

  it.each([
    '',
    '{',
    'null',
    '7',
    '[]',
    '{"serverContent":null}',
    '{"serverContent":{"modelTurn":{"parts":7}}}',
  ])('finds nothing in %s', (text) => {
    expect(soundOfFrame(text)).toEqual([]);
  });
});
