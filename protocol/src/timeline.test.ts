import { describe, expect, it } from 'vitest';
import { asDetail, type TimelineDetails, turnUsage } from './timeline.ts';
import { readTimelineDetail, TIMELINE_TYPES } from './timeline-codec.ts';
import { NO_USAGE } from './usage.ts';

/** One full detail of each type. */
const FULL: { readonly [T in keyof TimelineDetails]: Required<TimelineDetails[T]> } = {
  connected: { leaseIndex: 2, connectMs: 310 },
  swapped: { stateRestored: true, reload: false },
  resumed: { stateRestored: false, reload: true },
  turn: {
    answerMs: 420,
    interrupted: true,
    cut: false,
    usage: {
      prompt: { TEXT: 300, AUDIO: 1_200 },
      response: { AUDIO: 250 },
      toolUse: { TEXT: 4 },
      cached: { OTHER: 9 },
      thoughts: 12,
      total: 1_750,
    },
  },
  interrupted: {},
  'tool-call': { name: 'find_order', ms: 1_200, outcome: 'answered' },
  'go-away': { timeLeftMs: 10_000 },
  cut: { by: 'goAway' },
  closed: { why: 'stopped', code: 1000, reason: 'revoked' },
  'page-hidden': {},
  'page-left': {},
};

describe('a line of the timeline', () => {
  it.each(Object.entries(FULL))('of type %s reads as it was told', (type, detail) => {
    const sent: unknown = JSON.parse(JSON.stringify(detail));
    expect(readTimelineDetail(type, sent)).toEqual({ type, detail });
  });

  it('has a type of the table', () => {
    expect([...TIMELINE_TYPES].sort()).toEqual(Object.keys(FULL).sort());
    for (const type of ['said', '', '__proto__', 'constructor', 'toString'])
      expect(readTimelineDetail(type, {}), type).toBeUndefined();
  });

  it('needs no detail where none of it is required, and what is required where it is', () => {
    for (const type of ['turn', 'interrupted', 'page-left'])
      expect(readTimelineDetail(type, undefined)).toEqual({ type, detail: {} });
    for (const type of ['connected', 'swapped', 'tool-call', 'go-away', 'cut', 'closed'])
      expect(readTimelineDetail(type, undefined), type).toBeUndefined();
  });

  it.each([
    ['turn', { answerMs: -1 }],
    ['turn', { answerMs: 1e300 }],
    ['turn', { answerMs: '12' }],
    ['turn', { usage: { prompt: { AUDIO: 1.5 } } }],
    ['turn', { usage: [] }],
    ['turn', 'late'],
    ['turn', []],
    ['tool-call', { ...FULL['tool-call'], name: 'n'.repeat(65) }],
    ['tool-call', { ...FULL['tool-call'], outcome: 'ended' }],
    ['closed', { why: '<b>', code: 1000 }],
    ['closed', { why: 'app', code: 70_000 }],
    ['connected', { leaseIndex: Number.NaN }],
  ])('of type %s whose detail is %j is not read', (type, detail) => {
    expect(readTimelineDetail(type, detail)).toBeUndefined();
  });

  it('loses the fields that nobody knows', () => {
    const detail: unknown = JSON.parse(
      '{"answerMs":4,"words":"hello","usage":{"total":3,"__proto__":{"x":1}}}',
    );
    expect(readTimelineDetail('turn', detail)).toEqual({
      type: 'turn',
      detail: { answerMs: 4, usage: { total: 3 } },
    });
  });

  it('carries no figure that is nothing', () => {
    expect(turnUsage({ ...NO_USAGE, turns: 3 })).toBeUndefined();
    expect(turnUsage({ ...NO_USAGE, prompt: { AUDIO: 2 }, total: 2 })).toEqual({
      prompt: { AUDIO: 2 },
      total: 2,
    });
    expect(asDetail<'interrupted'>({})).toBeUndefined();
  });
});
