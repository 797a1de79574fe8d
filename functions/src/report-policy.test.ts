import { type LiveSessionDocument, NO_USAGE, type UsageReport } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { batchOf, judgeReport, stopNotice } from './report-policy.ts';
import { continuedSession, openedSession } from './session-document.ts';
import { policyWith } from './testing.ts';

const lease = (index: number, connectionId: string) => ({
  index,
  op: 'start' as const,
  connectionId,
  mintedAt: index * 100_000,
  expiresAt: index * 100_000 + 120_000,
  state: 'reserved' as const,
});
const purgeAt = { toMillis: () => 30 * 86_400_000 };
const opened = openedSession(
  {
    uid: 'alice',
    sessionId: 'session-1',
    chosen: { id: 'default', policy: policyWith() },
    request: { v: 1, op: 'start', requestId: 'request-1', model: 'gemini-3.8-live' },
    template: null,
    purgeAt,
  },
  'lease-0',
  lease(0, 'connection-0'),
);
const report = (connectionId: string, more: Partial<UsageReport> = {}): UsageReport => ({
  v: 1,
  sessionId: 'session-1',
  connectionId,
  seq: 1,
  final: false,
  seconds: 1,
  totals: NO_USAGE,
  ...more,
});
const after = (session: LiveSessionDocument, each: UsageReport, now = 1): LiveSessionDocument => ({
  ...session,
  ...judgeReport(each, session, { uid: 'alice', now })?.change,
});

describe('judgeReport', () => {
  const swapped = continuedSession(opened, 'lease-1', lease(1, 'connection-1'));

  it('ends a session with its newest connection, and not with the one it swapped away from', () => {
    expect(after(swapped, report('connection-0', { final: true }))).toMatchObject({
      state: 'active',
      endedAt: null,
    });
    expect(after(swapped, report('connection-1', { final: true }), 7)).toMatchObject({
      state: 'ended',
      endedAt: 7,
    });
  });

  it('leaves an ended session ended when an older connection is heard of late', () => {
    const ended = after(swapped, report('connection-1', { final: true }), 7);
    expect(after(ended, report('connection-0', { final: true }), 9)).toMatchObject({
      state: 'ended',
      endedAt: 7,
    });
  });

  it('takes a session that asks for another token for a talking one again', () => {
    const ended = after(opened, report('connection-0', { final: true }), 7);
    const again = continuedSession(ended, 'lease-1', lease(1, 'connection-1'));
    expect(again).toMatchObject({ state: 'active', endedAt: null });
  });

  it('takes the owner’s report, and denies one whose session document names somebody else [threat:report:stranger]', () => {
    const told = report('connection-0');
    expect(judgeReport(told, opened, { uid: 'alice', now: 1 })).not.toBeNull();
    expect(() => judgeReport(told, opened, { uid: 'bob', now: 1 })).toThrow('No session of this user');
  });

  it('takes no report of a session that never began', () => {
    const told = report('connection-0');
    expect(judgeReport(told, opened, { uid: 'alice', now: 1 })).not.toBeNull();
    const failed = { ...opened, state: 'failed' } as const;
    expect(() => judgeReport(told, failed, { uid: 'alice', now: 1 })).toThrow('never began');
  });

  it('changes nothing of the charge, whatever is said [threat:report:charge]', () => {
    const { leased, deadAt } = after(opened, report('connection-0', { final: true, seconds: 90_000 }));
    expect({ leased, deadAt }).toEqual({ leased: opened.leased, deadAt: opened.deadAt });
  });
});

describe('the timeline of a report', () => {
  const event = (id: string) => ({ id, at: 1, type: 'turn' });

  it('stands in the session, each line once, and nowhere where the user was erased', () => {
    const first = after(opened, report('connection-0', { events: [event('line-001')] }));
    const events = [event('line-001'), event('line-002')];
    const second = after(first, report('connection-0', { seq: 2, events }));
    expect(second.timeline.map(({ id }) => id)).toEqual(['line-001', 'line-002']);
    const erased = { ...first, erased: true, timeline: [] } as const;
    expect(after(erased, report('connection-0', { seq: 2, events })).timeline).toEqual([]);
  });
});

describe('batchOf', () => {
  const event = (id: string) => ({ id, at: 1, type: 'turn' });
  const turn = (id: string) => ({ id, at: 1, role: 'user' as const, text: 'said' });
  const early = { toMillis: () => 86_400_000 };

  it('is none where a report tells nothing, or nothing that is kept', () => {
    expect(batchOf(report('c'), { events: [], purgeAt, transcriptPurgeAt: null })).toBeNull();
    const spoken = report('c', { transcript: [turn('line-001')] });
    expect(batchOf(spoken, { events: [], purgeAt, transcriptPurgeAt: null })).toBeNull();
    expect(
      batchOf(spoken, { events: [], purgeAt, transcriptPurgeAt: early })?.document.transcript,
    ).toHaveLength(1);
  });

  it('stands in the place of the batch whose lines are sent again', () => {
    const first = report('c', { seq: 1, transcript: [turn('line-001')] });
    const again = report('c', { seq: 2, transcript: [turn('line-001')], events: [event('line-002')] });
    const later = report('c', { seq: 3, events: [event('line-003')] });
    const [a, b, c] = [first, again, later].map(
      (each) => batchOf(each, { events: each.events ?? [], purgeAt, transcriptPurgeAt: early })?.id,
    );
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });

  it('goes when what was said in it must go, and else with its session', () => {
    const events = [event('line-002')];
    const said = { transcript: [turn('line-001')] };
    expect(batchOf(report('c', said), { events, purgeAt, transcriptPurgeAt: early })?.document.purgeAt).toBe(
      early,
    );
    expect(batchOf(report('c', said), { events, purgeAt, transcriptPurgeAt: null })?.document.purgeAt).toBe(
      purgeAt,
    );
  });
});

describe('stopNotice', () => {
  const going = { session: { state: 'active', stopReason: null }, killSwitch: false } as const;
  const revoked = (stopReason: string) => ({
    session: { state: 'revoked', stopReason } as const,
    killSwitch: false,
  });
  it.each([
    [going, undefined],
    [revoked('revoked'), { reason: 'revoked' }],
    [revoked('blocked'), { reason: 'blocked' }],
    [{ ...going, killSwitch: true }, { reason: 'kill-switch' }],
  ] as const)('says of %o: %o', (is, notice) => {
    expect(stopNotice(is)).toEqual(notice);
  });
});
