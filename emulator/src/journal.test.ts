import { describe, expect, it } from 'vitest';
import { Journal, scrub } from './journal.ts';

describe('scrub', () => {
  it('hides handles and replaces media by its length, and leaves the rest', () => {
    expect(
      scrub({
        setup: { model: 'models/m', sessionResumption: { handle: 'secret' } },
        realtimeInput: { audio: { mimeType: 'audio/pcm', data: 'AAECAwQ=' } },
        clientContent: {
          turns: [{ parts: [{ text: 'hi', inlineData: { mimeType: 'image/png', data: 'AAEC' } }] }],
        },
        toolResponse: { functionResponses: [{ response: { data: 'mine' } }] },
      }),
    ).toEqual({
      setup: { model: 'models/m', sessionResumption: { handle: '[hidden]' } },
      realtimeInput: { audio: { mimeType: 'audio/pcm', data: '[5 bytes]' } },
      clientContent: {
        turns: [{ parts: [{ text: 'hi', inlineData: { mimeType: 'image/png', data: '[3 bytes]' } }] }],
      },
      toolResponse: { functionResponses: [{ response: { data: 'mine' } }] },
    });
    expect(scrub({ sessionResumptionUpdate: { newHandle: 'secret', resumable: true } })).toEqual({
      sessionResumptionUpdate: { newHandle: '[hidden]', resumable: true },
    });
    expect(scrub({ sessionResumptionUpdate: { newHandle: '' } })).toEqual({
      sessionResumptionUpdate: { newHandle: '' },
    });
  });

  it('copies a key that objects have of their own like any other', () => {
    const args: unknown = JSON.parse('{"__proto__":{"polluted":true},"city":"Oslo"}');
    const copy = scrub({ args }) as { readonly args: object };
    expect(JSON.stringify(copy.args)).toBe('{"__proto__":{"polluted":true},"city":"Oslo"}');
    expect(Object.getPrototypeOf(copy.args)).toBe(Object.prototype);
  });
});

describe('Journal', () => {
  it('keeps the newest entries up to its limit', () => {
    const journal = new Journal(10);
    for (let index = 0; index < 100; index++) journal.note({ kind: 'open', sessionId: `s${index}` }, index);
    expect(journal.entries().map(({ atMs }) => atMs)).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
  });

  it('keeps the newest entries that memory bears, however long they are, and the newest of all', () => {
    const journal = new Journal(100, 10_000);
    const say = (characters: number, atMs: number) =>
      journal.note(
        {
          kind: 'in',
          sessionId: 'a',
          bytes: 1,
          message: { realtimeInput: { text: 'x'.repeat(characters) } },
        },
        atMs,
      );
    const kept = () => journal.entries().map(({ atMs }) => atMs);
    for (let index = 0; index < 20; index++) say(10, index);
    expect(kept()).toHaveLength(20);
    for (let index = 20; index < 30; index++) say(4_000, index);
    expect(kept()).toEqual([28, 29]);
    say(50_000, 30);
    expect(kept()).toEqual([30]);
    journal.clear();
    for (let index = 31; index < 51; index++) say(10, index);
    expect(kept()).toHaveLength(20);
  });

  it('tells frames apart that differ in size, type or in what comes with them', () => {
    const journal = new Journal(10);
    const audio = { mimeType: 'audio/pcm', data: 'AAAA' };
    const sent = [
      { audio },
      { audio: { ...audio, data: 'AAA=' } },
      { audio: { ...audio, data: 'AA==' } },
      { audio: { ...audio, mimeType: 'audio/pcm;rate=8000' } },
      { audio: { ...audio, displayName: 'mine' } },
      { audio, text: 'and this' },
      { audio },
    ];
    for (const realtimeInput of sent)
      journal.note({ kind: 'in', sessionId: 'a', bytes: 1, message: { realtimeInput } }, 1);
    expect(journal.entries().map((entry) => 'message' in entry && entry.message)).toEqual(
      sent.map((realtimeInput) => scrub({ realtimeInput })),
    );
  });

  it('gives the entries of one session', () => {
    const journal = new Journal(10);
    journal.note({ kind: 'open', sessionId: 'a' }, 1);
    journal.note({ kind: 'open', sessionId: 'b' }, 2);
    expect(journal.entries('b')).toEqual([{ kind: 'open', sessionId: 'b', atMs: 2, seq: 2 }]);
  });

  it('forgets what it held when cleared, and goes on counting', () => {
    const journal = new Journal(10);
    let woken = 0;
    journal.note({ kind: 'open', sessionId: 'a' }, 1);
    journal.listen(() => woken++);
    journal.clear();
    expect([journal.entries(), journal.lastSeq, woken]).toEqual([[], 1, 1]);
    journal.note({ kind: 'open', sessionId: 'b' }, 2);
    expect(journal.entries()).toMatchObject([{ seq: 2, sessionId: 'b' }]);
  });

  it('wakes listeners until they leave', () => {
    const journal = new Journal(10);
    let woken = 0;
    const leave = journal.listen(() => woken++);
    journal.note({ kind: 'open', sessionId: 'a' }, 1);
    leave();
    journal.note({ kind: 'open', sessionId: 'b' }, 2);
    expect(woken).toBe(1);
  });
});
