import type {
  LiveAuditDocument,
  LiveEventsDocument,
  LiveOpsDocument,
  LivePolicyDocument,
  LiveQuotaDocument,
  LiveSessionDocument,
  LiveStatsDocument,
  SessionState,
} from '@livegate/protocol';
import { readTimelineDetail } from '@livegate/protocol';
import { Timestamp } from 'firebase-admin/firestore';
import { describe, expect, it } from 'vitest';
import { type Documents, playSample } from './sample-play.ts';

const NOW = Date.parse('2026-11-20T15:20:00Z');
const DAY_MS = 86_400_000;
const play = (sessions: number, random = 'x', now = NOW) =>
  playSample({ sessions, days: 30, random, now }, { operator: 'the-admin' });

const month = await play(240);

function at<T>(documents: Documents, path: RegExp): readonly (T & { readonly path: string })[] {
  return Object.entries(documents)
    .filter(([each]) => path.test(each))
    .map(([each, data]) => ({ ...(data as T), path: each }));
}
const sessions = at<LiveSessionDocument>(month.after, /^liveSessions\/[^/]+$/);
const ops = at<LiveOpsDocument>(month.after, /\/ops$/);
const days = at<LiveStatsDocument>(month.after, /^liveStats\/[^/]+$/);

function sumOf<T>(list: readonly T[], figure: (each: T) => number): number {
  return list.reduce((sum, each) => sum + figure(each), 0);
}

// Plays of a whole month: beside other tests they take their time.
describe('playSample', { timeout: 60_000 }, () => {
  it('makes the same documents of the same order, and others of another seed', async () => {
    const once = await play(60);
    expect(await play(60)).toEqual(once);
    expect(Object.keys((await play(60, 'y')).after)).not.toEqual(Object.keys(once.after));
  });

  it('makes about as many sessions as it was asked for, on every day of the month, more at its end', () => {
    expect(Math.abs(sessions.length - 240)).toBeLessThan(30);
    expect(days.map(({ day }) => day)).toContain('2026-10-22');
    expect(days.length).toBe(30);
    const half = NOW - 15 * DAY_MS;
    const late = sessions.filter(({ createdAt }) => createdAt > half).length;
    expect(late).toBeGreaterThan(sessions.length * 0.55);
  });

  it('has every state and the flag, unpriced costs, transcripts, and users of every tier', () => {
    const states: readonly SessionState[] = ['reserved', 'active', 'ended', 'expired', 'revoked', 'failed'];
    expect(new Set(sessions.map(({ state }) => state))).toEqual(new Set(states));
    expect(ops.some(({ flags }) => flags.includes('under-reported'))).toBe(true);
    expect(ops.some(({ cost }) => cost.microUsd === null)).toBe(true);
    expect(new Set(sessions.map(({ policyId }) => policyId))).toEqual(new Set(['default', 'plus', 'school']));
    for (const id of ['support', 'tutor', 'demo-spoken', null])
      expect(sessions.map(({ templateId }) => templateId)).toContain(id);
    const told = at<LiveEventsDocument>(month.after, /\/events\//);
    expect(told.some(({ transcript }) => transcript.length > 0)).toBe(true);
    const mints = new Set(sessions.flatMap(({ leases }) => Object.values(leases).map(({ op }) => op)));
    expect(mints).toEqual(new Set(['start', 'renew', 'remint']));
  });

  it('is refused on every day, for every reason there is to show', () => {
    for (const { day, refusals } of days) expect(Object.keys(refusals).length, day).toBeGreaterThanOrEqual(2);
    const reasons = new Set(days.flatMap(({ refusals }) => Object.keys(refusals)));
    for (const reason of ['blocked', 'concurrency', 'kill-switch', 'minutes-day', 'model', 'rate'])
      expect(reasons).toContain(reason);
  });

  it('tells timelines that the page of a session can read', () => {
    const more = at<LiveEventsDocument>(month.after, /\/events\//);
    const lines = [...sessions.map(({ timeline }) => timeline), ...more.map(({ events }) => events)].flat();
    for (const { type, detail } of lines)
      expect(readTimelineDetail(type, detail), JSON.stringify(detail)).toMatchObject({ type });
    expect(new Set(lines.map(({ type }) => type))).toEqual(
      new Set([
        'connected',
        'swapped',
        'resumed',
        'turn',
        'interrupted',
        'tool-call',
        'go-away',
        'cut',
        'closed',
        'page-left',
      ]),
    );
  });

  it('lets nobody have more than their policy gives', () => {
    const policyOf = ({ policyId }: LiveSessionDocument) =>
      month.after[`livePolicies/${policyId}`] as unknown as LivePolicyDocument;
    const charged = new Map<string, number>();
    for (const session of sessions) {
      for (const { mintedAt, expiresAt, state } of Object.values(session.leases)) {
        if (state === 'refused') continue;
        const key = `${session.uid} ${new Date(mintedAt).toISOString().slice(0, 10)}`;
        charged.set(key, (charged.get(key) ?? 0) + expiresAt - mintedAt);
        expect(charged.get(key), key).toBeLessThanOrEqual((policyOf(session).minutesPerDay ?? 0) * 60_000);
        const alive = sessions.filter(
          (other) => other.uid === session.uid && other.createdAt <= mintedAt && aliveAt(other, mintedAt),
        );
        expect(alive.length).toBeLessThanOrEqual(policyOf(session).concurrentSessions);
      }
    }
  });

  it('shows every act that operators have but erasures and roles', () => {
    const acts = new Set(at<LiveAuditDocument>(month.after, /^liveAudit\//).map(({ act }) => act));
    expect([...acts].sort()).toEqual([
      'block-user',
      'raise-quota',
      'revoke-session',
      'set-kill-switch',
      'set-limits',
      'set-policy',
      'set-price',
      'set-template',
      'set-tier',
      'unblock-user',
    ]);
    const raised = at<LiveQuotaDocument>(month.after, /^liveQuotas\//).filter(({ raise }) => raise);
    expect(raised.map(({ raise }) => raise?.day)).toContain('2026-11-20');
  });

  it('lies in the past, in whole milliseconds, all but the tokens that live on', () => {
    const from = NOW - 30 * DAY_MS;
    for (const { createdAt, endedAt, timeline } of sessions)
      for (const time of [createdAt, endedAt ?? createdAt, ...timeline.map((line) => line.at)]) {
        expect(time).toBeGreaterThan(from);
        expect(time).toBeLessThanOrEqual(NOW);
      }
    const tokens = sessions.flatMap(({ leases }) => Object.values(leases));
    for (const { mintedAt, expiresAt } of tokens)
      expect([mintedAt, expiresAt].every(Number.isInteger), 'whole milliseconds').toBe(true);
    for (const { closedAt } of ops) expect(closedAt).toBeLessThanOrEqual(NOW);
    for (const entry of at<{ at: number; actor: string }>(month.after, /^liveAudit\/sample-/)) {
      expect(entry.at).toBeLessThanOrEqual(NOW);
      expect(entry.actor).toBe('the-admin');
    }
  });

  it('has eight talks that go on, whose tokens live for a minute and more', () => {
    const live = sessions.filter(({ open, deadAt }) => open && deadAt > NOW + 60_000);
    expect(live.length).toBeGreaterThanOrEqual(7);
    expect(at<{ day: string }>(month.after, /\/caps\//).some(({ day }) => day === '2026-11-20')).toBe(true);
  });

  it('marks what is made up, and has no token and no time to live that is none', () => {
    for (const each of [...sessions, ...ops, ...days]) expect(each.sample, each.path).toBe(true);
    const shards = Object.keys(month.after).filter((path) => path.includes('/shards/'));
    expect(new Set(shards.map((path) => path.split('/').at(-1)))).toEqual(new Set(['sample-0']));
    for (const { purgeAt } of [...sessions, ...ops]) expect(purgeAt).toBeInstanceOf(Timestamp);
    for (const { uid } of sessions) expect(uid).toMatch(/^sample-/);
    expect(JSON.stringify(month.after)).not.toContain('auth_tokens');
  });

  it('adds up: each day is the sum of its sessions whose books are closed', () => {
    for (const { day, all, byModel } of days) {
      const ofDay = ops.filter((each) => each.day === day);
      expect(all.sessions, day).toBe(ofDay.length);
      expect(all.microUsd).toBe(sumOf(ofDay, ({ cost }) => cost.pricedMicroUsd));
      expect(sumOf(Object.values(byModel), (each) => each.sessions)).toBe(ofDay.length);
    }
    expect(ops.length).toBe(sessions.filter(({ open }) => !open).length);
  });

  it.each(['2026-11-20T00:00:30Z', '2026-11-20T00:30:00Z', '2026-11-20T23:59:59Z'])(
    'can be made at %s as well',
    async (time) => {
      const { after } = await play(40, 'x', Date.parse(time));
      expect(at(after, /^liveSessions\/[^/]+$/).length).toBeGreaterThan(30);
    },
  );

  it('can be small and short', async () => {
    const order = { sessions: 1, days: 1, random: 'x', now: NOW };
    const { after } = await playSample(order, { operator: 'the-admin' });
    expect(at(after, /^liveSessions\/[^/]+$/).length).toBeGreaterThanOrEqual(1);
    const atMidnight = { ...order, sessions: 20, now: Date.parse('2026-11-20T00:00:30Z') };
    await expect(playSample(atMidnight, { operator: 'the-admin' })).resolves.toBeDefined();
    const soonAfter = { ...order, sessions: 20, now: Date.parse('2026-11-20T00:12:00Z') };
    await expect(playSample(soonAfter, { operator: 'the-admin' })).resolves.toBeDefined();
  });
});

function aliveAt({ leases }: LiveSessionDocument, time: number): boolean {
  return Object.values(leases).some(
    ({ mintedAt, expiresAt, state }) => state !== 'refused' && mintedAt <= time && expiresAt > time,
  );
}
