import { describe, expect, test } from 'vitest';
import type { Heard } from './speech-gauge.ts';
import { KEPT_MS, PREROLL_MS, UNANSWERED_MS, UtteranceKeeper } from './utterance-keeper.ts';

/** Adds frames of 100 ms, named by when they were sent. */
class Talk {
  readonly keeper = new UtteranceKeeper();
  now = 0;

  add(ms: number, heard: Heard = 'quiet'): this {
    for (const end = this.now + ms; this.now < end; this.now += 100)
      this.keeper.addAudio(`@${this.now}`, 100, heard, this.now);
    return this;
  }

  again(after: 'swap' | 'drop'): readonly string[] {
    return this.keeper.again(after, this.now).wires;
  }
}

const frames = (from: number, to: number): string[] =>
  Array.from({ length: (to - from) / 100 }, (_, index) => `@${from + index * 100}`);

describe('UtteranceKeeper', () => {
  test('sends again only the last moment while nobody speaks', () => {
    const talk = new Talk().add(5_000);
    expect(talk.again('swap')).toEqual(frames(5_000 - PREROLL_MS, 5_000));
    expect(talk.again('drop')).toEqual(talk.again('swap'));
  });

  test('sends an unfinished utterance again from its beginning', () => {
    const talk = new Talk().add(2_000).add(3_000, 'speech');
    expect(talk.again('swap')).toEqual(frames(2_000 - PREROLL_MS + 100, 5_000));
  });

  test('keeps an utterance until its answer begins', () => {
    const talk = new Talk().add(1_000, 'speech').add(100, 'ended').add(1_000);
    expect(talk.keeper.unansweredUntil(talk.now)).toBe(1_000 + UNANSWERED_MS);
    expect(talk.again('swap')).toEqual(frames(0, 2_100));
    talk.keeper.answered();
    expect(talk.keeper.unansweredUntil(talk.now)).toBeUndefined();
    expect(talk.again('swap')).toEqual(frames(1_800, 2_100));
  });

  test('sends an answered utterance again after a drop, unless the resumable state holds it', () => {
    const talk = new Talk().add(1_000, 'speech').add(100, 'ended').add(400);
    talk.keeper.answered();
    expect(talk.again('drop')).toEqual(frames(0, 1_500));
    talk.keeper.resumable();
    expect(talk.again('drop')).toEqual(frames(1_200, 1_500));
  });

  test('does not let a resumable state stand for an utterance that has no answer yet', () => {
    const talk = new Talk().add(500, 'speech');
    talk.keeper.resumable();
    expect(talk.again('drop')).toEqual(frames(0, 500));
    talk.keeper.answered();
    expect(talk.again('drop')).toEqual(frames(0, 500));
  });

  test('takes speech without any answer for noise after ten seconds', () => {
    const talk = new Talk()
      .add(500, 'speech')
      .add(100, 'ended')
      .add(UNANSWERED_MS - 200);
    expect(talk.keeper.unansweredUntil(talk.now)).toBeDefined();
    talk.add(200);
    expect(talk.keeper.unansweredUntil(talk.now)).toBeUndefined();
    expect(talk.again('swap')).toHaveLength(PREROLL_MS / 100);
  });

  test('forgets a click, but not the utterance before it', () => {
    const click = new Talk().add(2_000).add(200, 'speech').add(100, 'dismissed');
    expect(click.keeper.unansweredUntil(click.now)).toBeUndefined();
    const talk = new Talk().add(500, 'speech').add(100, 'ended').add(100, 'speech').add(100, 'dismissed');
    expect(talk.again('swap')).toEqual(frames(0, 800));
  });

  test('keeps thirty seconds, the newest', () => {
    const talk = new Talk().add(KEPT_MS + 5_000, 'speech');
    expect(talk.again('swap')).toEqual(frames(5_000, KEPT_MS + 5_000));
  });

  test('keeps texts in their place among the audio and for as long as they have no answer', () => {
    const talk = new Talk().add(1_000);
    talk.keeper.addMessage('text');
    talk.add(UNANSWERED_MS * 2);
    expect(talk.keeper.unansweredUntil(talk.now)).toBe(Number.POSITIVE_INFINITY);
    expect(talk.again('swap')[0]).toBe('text');
    talk.keeper.answered();
    talk.keeper.resumable();
    expect(talk.again('drop')).not.toContain('text');
  });

  test('keeps content that asks for no answer until a resumable state holds it', () => {
    const talk = new Talk().add(1_000);
    talk.keeper.addContext('context');
    talk.add(1_000);
    expect(talk.keeper.unansweredUntil(talk.now)).toBeUndefined();
    expect(talk.again('swap')[0]).toBe('context');
    talk.keeper.resumable();
    expect(talk.again('swap')).not.toContain('context');
    expect(talk.again('drop')).not.toContain('context');
  });

  test('never sends an answered text again with the last moment of audio', () => {
    const talk = new Talk().add(100);
    talk.keeper.addMessage('text');
    talk.add(100);
    talk.keeper.answered();
    talk.keeper.resumable();
    expect(talk.again('swap')).toEqual(['@100']);
  });

  test('knows nothing of a text or of speech before clear()', () => {
    const talk = new Talk();
    talk.keeper.addMessage('text');
    talk.add(100, 'speech');
    talk.keeper.clear();
    expect(talk.keeper.unansweredUntil(talk.now)).toBeUndefined();
    talk.add(100, 'ended');
    expect(talk.keeper.unansweredUntil(talk.now + UNANSWERED_MS)).toBeUndefined();
  });
});
