import { describe, expect, it } from 'vitest';
import {
  booksWords,
  costText,
  costWords,
  flagWords,
  partWords,
  stopWords,
  transcriptWords,
} from './session-words.ts';
import { BEGAN, leaseOf, sessionOf } from './testing.ts';

const english = { locale: 'en-US', timeZone: 'UTC' };

describe('booksWords', () => {
  const at = (nowMs: number, open = true) =>
    booksWords({ open, deadAt: BEGAN + 120_000 }, { nowMs, locale: 'en-GB', timeZone: 'UTC' });

  it('says when the books close, and nothing once they are closed', () => {
    expect(at(BEGAN)).toBe('When the books close, at about 12:07:00.');
    expect(at(BEGAN, false)).toBeNull();
  });

  it('says that something is wrong where they should long be closed', () => {
    expect(at(BEGAN + 12 * 60_000)).toContain('close, at about');
    expect(at(BEGAN + 12 * 60_000 + 1)).toContain('Look whether sweepLiveSessions runs');
  });
});

describe('costWords', () => {
  const priced = {
    microUsd: 12_300,
    pricedMicroUsd: 12_300,
    parts: { 'prompt.AUDIO': 12_300 },
    unpriced: [],
    asOf: '2026-11-01',
  };
  const unpriced = { ...priced, microUsd: null, unpriced: ['prompt.VIDEO', 'thoughts'] };

  it('says by which list a cost goes', () => {
    expect(costText(priced, english)).toBe('$0.0123');
    expect(costWords(priced, english)).toBe('By the list price of 2026-11-01; what Google bills may differ.');
  });

  it('calls a cost with an unknown part unpriced, and names the part', () => {
    expect(costText(unpriced, english)).toBe('unpriced');
    expect(costWords(unpriced, english)).toContain(
      'no price for: In, video; Thoughts. All else comes to $0.0123.',
    );
  });

  it('says that there is no list', () => {
    const none = { ...unpriced, pricedMicroUsd: 0, parts: {}, asOf: null };
    expect(costWords(none, english)).toContain(
      'No price list is known for this model. There is no price for',
    );
    expect(costWords(none, english)).not.toContain('All else');
  });

  it('costs nothing where nothing was used', () => {
    expect(costText({ microUsd: 0 }, english)).toBe('$0.00');
  });
});

describe('partWords', () => {
  it.each([
    ['prompt.AUDIO', 'In, audio'],
    ['cached.TEXT', 'In, from the cache, text'],
    ['toolUse.TEXT', 'In, from tools, text'],
    ['response.OTHER', 'Out, modality not named'],
    ['thoughts', 'Thoughts'],
    ['constructor.AUDIO', 'constructor, audio'],
  ])('calls %s "%s"', (part, words) => {
    expect(partWords(part)).toBe(words);
  });
});

describe('flagWords', () => {
  it('explains under-reporting with the figures it goes by', () => {
    const session = sessionOf({
      leases: {
        one: leaseOf(),
        two: leaseOf({ index: 1, op: 'renew', mintedAt: BEGAN + 390_000 }),
        three: leaseOf({ index: 2, op: 'remint', mintedAt: BEGAN + 900_000 }),
      },
      reported: { ...sessionOf().reported, seconds: 12 },
    });
    expect(flagWords('under-reported', session)).toContain('reported 12 s, but');
    expect(flagWords('under-reported', session)).toContain('6 min 30 s after');
  });

  it('shows a flag of a later version as it is', () => {
    expect(flagWords('<b>', sessionOf())).toBe('<b>: this page does not know this flag.');
  });
});

describe('stopWords', () => {
  it('says who stopped it, and an unknown reason as it is', () => {
    expect(stopWords(null)).toContain('nobody');
    expect(stopWords('blocked')).toBe('blocked: its user was blocked');
    expect(stopWords('something')).toBe('something');
  });
});

describe('transcriptWords', () => {
  const order = {
    role: 'admin',
    session: sessionOf({ open: false }),
    rule: { version: 1, keep: true, days: 7 },
    more: false,
  } as const;

  it.each([
    ['the policy keeps none', { ...order, rule: { version: 1, keep: false, days: 0 } }, 'default@1 keeps no'],
    [
      'the policy keeps none, for a viewer too',
      { ...order, role: 'viewer', rule: { version: 1, keep: false, days: 0 } },
      'default@1 keeps no',
    ],
    ['the viewer may not see it', { ...order, role: 'viewer' }, 'to admins only'],
    [
      'the policy is another by now',
      { ...order, rule: { version: 2, keep: false, days: 0 } },
      'as of version 2',
    ],
    [
      'the policy is another by now, to a viewer',
      { ...order, role: 'viewer', rule: { version: 2, keep: false, days: 0 } },
      'to admins only',
    ],
    ['the policy is gone', { ...order, rule: null }, 'cannot be looked at'],
    ['more can be loaded', { ...order, more: true }, 'that are loaded'],
    ['none is left', order, 'for 7 days. None is left'],
    [
      'none was told yet',
      { ...order, session: sessionOf(), rule: { version: 1, keep: true, days: 1 } },
      'for 1 day. Its page told none yet',
    ],
  ] as const)('says why no words stand there where %s', (_, given, words) => {
    expect(transcriptWords(given)).toContain(words);
  });
});
