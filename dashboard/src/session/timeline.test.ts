import { describe, expect, it } from 'vitest';
import { BEGAN, leaseOf, lineOf, sessionOf } from './testing.ts';
import { timelineOf } from './timeline.ts';
import { toldLines } from './told-lines.ts';

const locale = { locale: 'en-GB', timeZone: 'UTC' };
const nowMs = BEGAN + 400_000;

/** A talk with a barge-in, a tool call, a drop and a renewal, that an operator ended. */
const session = sessionOf({
  state: 'revoked',
  stopReason: 'revoked',
  endedAt: BEGAN + 130_000,
  deadAt: BEGAN + 390_000,
  leases: {
    one: leaseOf(),
    two: leaseOf({
      index: 1,
      op: 'renew',
      connectionId: 'connection-1',
      mintedAt: BEGAN + 90_000,
      expiresAt: BEGAN + 390_000,
    }),
    three: leaseOf({ index: 2, op: 'remint', mintedAt: BEGAN + 131_000, state: 'refused' }),
  },
  connections: {
    'connection-0': {
      seq: 2,
      final: true,
      seconds: 92,
      totals: sessionOf().reported.totals,
      quality: { closeCode: 1000 },
    },
  },
  timeline: [
    lineOf('connected', 1, { detail: { leaseIndex: 0, connectMs: 210 } }),
    lineOf('tool-call', 5, { detail: { name: 'weather', ms: 1_250, outcome: 'answered' } }),
    lineOf('turn', 6, {
      detail: { answerMs: 420, usage: { prompt: { AUDIO: 1_200 }, response: { AUDIO: 50 } } },
    }),
    lineOf('interrupted', 9),
    lineOf('go-away', 80, { detail: { timeLeftMs: 8_000 } }),
    lineOf('closed', 92, { detail: { why: 'lease' } }),
    lineOf('swapped', 93, { connection: 1, detail: { stateRestored: false } }),
    lineOf('closed', 110, { connection: 1, detail: { why: 'drop', code: 1006 } }),
    lineOf('never-seen', 111, { connection: 1, detail: { some: '<b>' } }),
  ],
});
const list = timelineOf({ session, lines: toldLines(session), closedAt: BEGAN + 395_000, nowMs, ...locale });
const said = list.map(({ title, detail }) => (detail === null ? title : `${title} (${detail})`));

describe('timelineOf', () => {
  it('tells a talk from its first mint to the closing of its books, in order', () => {
    expect(said).toEqual([
      'Lease 1 minted (120 s, valid until 12:02:00)',
      'Set up (lease 1 · ready after 210 ms)',
      'Tool call: weather (answered after 1.3 s)',
      'Turn 1 (1,200 tokens in, 50 out · answered after 420 ms)',
      'Barge-in (the user came in while the model spoke)',
      'The service announced that it will close the connection (goAway, 8 s left)',
      'Lease 2 minted to renew (300 s, valid until 12:06:30)',
      'Left for the next lease (1000: a normal close)',
      'Took over as planned (the model began from a summary of texts instead of its own state)',
      'Dropped (1006: the connection broke, nobody said goodbye)',
      'never-seen ({"some":"<b>"})',
      'Ended by an operator (no further token)',
      'Lease 3 refused (the service gave no token; nothing is charged)',
      'The last token died',
      'Books closed (cost and flags are settled)',
    ]);
    expect(list.map(({ at }) => at)).toEqual([...list.map(({ at }) => at)].sort((a, b) => a - b));
  });

  it('says which connection each line is about, and who says so', () => {
    const of = (title: string) => list.find((each) => each.title.startsWith(title));
    expect(of('Dropped')).toMatchObject({ connection: 2, source: 'page', tone: 'bad', kind: 'service' });
    expect(of('Lease 2')).toMatchObject({ connection: 2, source: 'functions', kind: 'lease' });
    expect(of('Lease 3')).toMatchObject({ connection: null });
  });

  it('puts the death of a token that still lives at the end, as something to come', () => {
    const live = sessionOf();
    const [, last] = timelineOf({
      session: live,
      lines: [],
      closedAt: null,
      nowMs: BEGAN + 1_000,
      ...locale,
    });
    expect(last).toMatchObject({ title: 'The last token dies', detail: 'unless it is renewed', ahead: true });
  });

  it.each([
    ['blocked', { state: 'revoked', stopReason: 'blocked' }, 'Ended: its user was blocked'],
    ['ended by its page', { state: 'ended' }, 'Ended'],
    ['failed', { state: 'failed' }, 'Failed'],
  ] as const)('has words for the end of a session that was %s', (_, change, title) => {
    const over = sessionOf({ ...change, endedAt: BEGAN + 5 });
    const titles = timelineOf({ session: over, lines: [], closedAt: null, nowMs, ...locale });
    expect(titles.map((each) => each.title)).toContain(title);
  });

  it('tells an expiry once', () => {
    const expired = sessionOf({ state: 'expired', endedAt: BEGAN + 120_000, open: false });
    const titles = timelineOf({ session: expired, lines: [], closedAt: null, nowMs, ...locale });
    expect(titles.map(({ title, detail }) => [title, detail])).toEqual([
      ['Lease 1 minted', '120 s, valid until 12:02:00'],
      ['The last token died', 'without a goodbye: the session expired'],
    ]);
  });

  it('shortens what a page told at length in a form that nobody knows', () => {
    const long = sessionOf({ timeline: [lineOf('odd', 1, { detail: { text: 'x'.repeat(1_000) } })] });
    const entry = timelineOf({ session: long, lines: toldLines(long), closedAt: null, nowMs, ...locale })[1];
    expect(entry?.detail).toHaveLength(301);
  });
});
