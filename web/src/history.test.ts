import { describe, expect, test } from 'vitest';
import { History, type Turn } from './history.ts';

const heard = (text: string) => ({ serverContent: { inputTranscription: { text } } });
const said = (text: string) => ({ serverContent: { outputTranscription: { text } } });
const end = { serverContent: { turnComplete: true } };

function history(): { history: History; turns: Turn[] } {
  const turns: Turn[] = [];
  return { history: new History({ onTurn: (turn) => turns.push(turn) }), turns };
}

describe('History', () => {
  test('joins pieces into turns, a turn ending where the other speaks or the turn is complete', () => {
    const { history: talk, turns } = history();
    talk.hear(heard('How a'));
    expect(talk.hear(heard('re you?'))).toEqual([{ role: 'user', text: 're you?', turn: 'How are you?' }]);
    talk.hear(said('Fi'));
    talk.hear(said('ne.'));
    talk.hear(end);
    talk.hear(said('More.'));
    expect(turns).toEqual([
      { role: 'user', text: 'How are you?' },
      { role: 'model', text: 'Fine.' },
    ]);
  });

  test('takes in texts of both sides, no thoughts and no sound', () => {
    const { history: talk } = history();
    talk.say({ realtimeInput: { text: 'typed' } });
    talk.hear({
      serverContent: {
        modelTurn: {
          parts: [
            { text: 'hm', thought: true },
            { inlineData: { mimeType: 'audio/pcm', data: 'AAA=' } },
            { text: 'answer' },
          ],
        },
      },
    });
    expect(talk.seed({})).toEqual({
      clientContent: {
        turns: [
          { role: 'user', parts: [{ text: 'typed' }] },
          { role: 'model', parts: [{ text: 'answer' }] },
        ],
        turnComplete: false,
      },
    });
  });

  test('ends a history that the setup waits for', () => {
    const { history: talk } = history();
    talk.say({ realtimeInput: { text: 'typed' } });
    const seed = talk.seed({ historyConfig: { initialHistoryInClientContent: true } });
    expect(seed).toMatchObject({ clientContent: { turnComplete: true } });
  });

  test('seeds nothing where nothing was said', () => {
    expect(history().history.seed({})).toBeUndefined();
  });

  test('is bounded, the oldest turn going first', () => {
    const { history: talk } = history();
    for (let turn = 0; turn < 150; turn++) {
      talk.hear(said(`turn ${turn}`));
      talk.hear(end);
    }
    const seed = JSON.stringify(talk.seed({}));
    expect(seed).not.toContain('turn 49"');
    expect(seed).toContain('turn 50"');
    talk.hear(said('x'.repeat(31_995)));
    talk.hear(end);
    expect(JSON.stringify(talk.seed({})).length).toBeLessThan(34_000);
  });
});
