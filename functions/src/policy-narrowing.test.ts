import { describe, expect, it } from 'vitest';
import { narrowPolicy, type PolicyNarrowing } from './policy-narrowing.ts';
import { policyWith } from './testing.ts';

const POLICY = policyWith({ voices: ['Kore', 'Puck'], minutesPerMonth: null, maxLiveTokens: 6 });

describe('narrowPolicy', () => {
  it.each<[PolicyNarrowing, PolicyNarrowing]>([
    [{ minutesPerDay: 5 }, { minutesPerDay: 5 }],
    [{ minutesPerDay: 500 }, { minutesPerDay: 60 }],
    [{ minutesPerDay: null }, { minutesPerDay: 60 }],
    [{ minutesPerMonth: 100 }, { minutesPerMonth: 100 }],
    [{ minutesPerDay: Number.NaN }, { minutesPerDay: 0 }],
    [{ minutesPerMonth: -1 }, { minutesPerMonth: 0 }],
    [{ concurrentSessions: 0 }, { concurrentSessions: 0 }],
    [{ concurrentSessions: 9 }, { concurrentSessions: 1 }],
    [{ models: ['gemini-3.8-live', 'another'] }, { models: ['gemini-3.8-live'] }],
    [{ voices: ['Puck', 'Zephyr'] }, { voices: ['Puck'] }],
    [{ voices: 'any' }, { voices: ['Kore', 'Puck'] }],
    [{ tools: ['googleSearch'] }, { tools: ['googleSearch'] }],
    [{ templateRequired: true }, { templateRequired: true }],
    [{ templateRequired: false }, { templateRequired: false }],
    [{ renewal: 'single' }, { renewal: 'single' }],
    [{ reportedPerDay: { tokens: 9, usd: null } }, { reportedPerDay: { tokens: 9, usd: null } }],
  ])('%o makes it %o', (asked, then) => {
    expect(narrowPolicy(POLICY, asked)).toEqual({ ...POLICY, ...then });
  });

  it('widens nothing by a field that is not to be narrowed', () => {
    const asked = { anonymous: true, emulatorOnly: false, route: 'direct', leaseSeconds: [36_000] };
    expect(narrowPolicy(policyWith({ emulatorOnly: true }), asked as PolicyNarrowing)).toEqual(
      policyWith({ emulatorOnly: true }),
    );
  });
});
