import { describe, expect, it } from 'vitest';
import { pictureOf } from './picture-layout.ts';
import { BEGAN, leaseOf, lineOf, sessionOf } from './testing.ts';
import { toldLines } from './told-lines.ts';

const connected = { detail: { leaseIndex: 0 } };
const session = sessionOf({
  state: 'ended',
  endedAt: BEGAN + 150_000,
  deadAt: BEGAN + 200_000,
  leases: {
    one: leaseOf({ expiresAt: BEGAN + 100_000 }),
    two: leaseOf({
      index: 1,
      op: 'renew',
      connectionId: 'connection-1',
      mintedAt: BEGAN + 90_000,
      expiresAt: BEGAN + 200_000,
    }),
    three: leaseOf({ index: 2, op: 'renew', mintedAt: BEGAN + 150_000, state: 'refused' }),
  },
  timeline: [
    lineOf('connected', 0, connected),
    lineOf('tool-call', 20, { detail: { name: 'weather', ms: 10_000, outcome: 'failed' } }),
    lineOf('interrupted', 50),
    lineOf('turn', 60),
    lineOf('closed', 70, { detail: { why: 'drop', code: 1006 } }),
    lineOf('connected', 72, connected),
    lineOf('closed', 95, { detail: { why: 'lease' } }),
    lineOf('connected', 96, { connection: 1, detail: { leaseIndex: 1 } }),
  ],
});
const of = (given = session, nowMs = BEGAN + 900_000) =>
  pictureOf({ session: given, lines: toldLines(given), nowMs });
const lane = (name: string, given = session, nowMs?: number) =>
  of(given, nowMs).lanes.find((each) => each.name === name);

describe('pictureOf', () => {
  it('spans from the first mint to the death of the last token', () => {
    expect(of()).toMatchObject({ from: BEGAN, to: BEGAN + 200_000, now: null });
    expect(of(sessionOf(), BEGAN + 60_000).now).toBe(0.5);
  });

  it('lays leases that overlap in rows of their own, and leaves out one that was refused', () => {
    expect(lane('Leases')?.bars).toMatchObject([
      { row: 0, from: 0, to: 0.5 },
      { row: 1, from: 0.45, to: 1 },
    ]);
  });

  it('shows each socket from its set-up to its close, one that came back under its token twice', () => {
    expect(lane('Connections')?.bars).toMatchObject([
      { label: 'Connection 1', from: 0, to: 0.35, openEnd: false },
      { label: 'Connection 1', from: 0.36, to: 0.475, openEnd: false },
      { label: 'Connection 2', from: 0.48, to: 0.75, openEnd: true },
    ]);
  });

  it('lets a connection that is open go on until now', () => {
    const live = sessionOf({ timeline: [lineOf('connected', 0, connected)] });
    expect(lane('Connections', live, BEGAN + 60_000)?.bars).toMatchObject([{ to: 0.5, openEnd: true }]);
  });

  it('marks turns, barge-ins, drops and closes, and gives a tool call its length', () => {
    expect(lane('Turns')?.marks).toMatchObject([{ at: 0.3 }]);
    expect(lane('Barge-ins')?.marks).toMatchObject([{ at: 0.25 }]);
    expect(lane('Drops and closes')?.marks).toMatchObject([
      { at: 0.35, tone: 'bad' },
      { at: 0.475, tone: 'plain' },
    ]);
    expect(lane('Tool calls')?.bars).toMatchObject([{ from: 0.05, to: 0.1, tone: 'bad' }]);
  });

  it('leaves out lanes of what never happened', () => {
    expect(of(sessionOf()).lanes.map(({ name }) => name)).toEqual(['Leases']);
  });

  it('is not stretched by a line from a clock that is wrong', () => {
    const wrong = sessionOf({ timeline: [lineOf('turn', 9_000_000)] });
    expect(of(wrong).to).toBe(BEGAN + 120_000);
    expect(lane('Turns', wrong)?.marks).toMatchObject([{ at: 1 }]);
  });

  it.each([1, 45, 200, 3_600, 200_000])('has a few ticks on an axis of %i s', (seconds) => {
    const { ticks } = of(sessionOf({ leases: { one: leaseOf({ expiresAt: BEGAN + seconds * 1_000 }) } }));
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks.every(({ at }) => at >= 0 && at <= 1)).toBe(true);
  });
});
