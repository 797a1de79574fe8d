import type { UsageReport } from '@livegate/protocol';
import { NO_USAGE, readUsageReport } from '@livegate/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { INTERNALS } from './live-session.ts';
import { farewellBody } from './report-farewell.ts';
import { ScriptedStage } from './testing.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

async function stageOfPage() {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  const stage = new ScriptedStage();
  const sent: UsageReport[] = [];
  let warmed = 0;
  const farewell = {
    warm: async () => void warmed++,
    send: (report: UsageReport) => void sent.push(report),
  };
  const session = await stage.model({}, { farewell }).connect();
  const hide = (persisted: boolean): void =>
    void page.dispatchEvent(Object.assign(new Event('pagehide'), { persisted }));
  return { stage, session, sent, hide, warmed: () => warmed };
}

describe('a page that goes away', () => {
  test('reports what was used and measured, as the door wants it, and readies itself at each token', async () => {
    const { session, sent, hide, warmed } = await stageOfPage();
    session[INTERNALS].measure({ gaps: 1, gapMs: 30.4 });
    session[INTERNALS].measure({ gaps: 1, gapMs: 20, interruptions: 1 });
    expect(warmed()).toBe(1);
    hide(false);
    const report = readUsageReport(JSON.parse(JSON.stringify(sent[0])));
    expect(report).toMatchObject({
      final: true,
      seq: 1,
      quality: { connectMs: 0, gaps: 2, gapMs: 50, interruptions: 1 },
    });
    expect(report.events?.map(({ type }) => type)).toEqual(['connected', 'page-left']);
  });

  test('says that it may return, and that nothing is left to say after close()', async () => {
    const { session, sent, hide } = await stageOfPage();
    hide(true);
    expect(sent).toMatchObject([{ final: false }]);
    await session.close();
    hide(false);
    expect(sent).toHaveLength(1);
  });
});

describe('farewellBody', () => {
  const report: UsageReport = {
    v: 1,
    sessionId: 'session-0001',
    connectionId: 'connection-0001',
    seq: 1,
    final: true,
    seconds: 1,
    totals: NO_USAGE,
    events: [{ id: 'event-0001', at: 1, type: 'connected' }],
  };
  const turns = (text: string) => ({
    ...report,
    transcript: Array.from({ length: 10 }, (_, at) => ({
      id: `turn-000${at}`,
      at,
      role: 'user' as const,
      text,
    })),
  });

  test('has the callable’s wire form', () => {
    expect(JSON.parse(farewellBody(turns('hi')) ?? '')).toEqual({ data: turns('hi') });
  });

  test('leaves the transcript out where 16 kB, in bytes, would not hold it', () => {
    expect(JSON.parse(farewellBody(turns('é'.repeat(1_000))) ?? '')).toEqual({ data: report });
  });

  test('leaves turns and tools out before what happened to the connection, and that before the figures', () => {
    const lines = (type: string) =>
      Array.from({ length: 90 }, (_, at) => ({
        id: `event-${String(at).padStart(60, '0')}`,
        at,
        type,
        detail: { usage: { prompt: { AUDIO: 1_000_000, TEXT: 1_000_000 }, total: 2_000_000 } },
      }));
    const first = report.events ?? [];
    const full = { ...report, events: [...first, ...lines('turn'), ...lines('tool-call')] };
    expect(JSON.parse(farewellBody(full) ?? '')).toEqual({ data: report });
    const { events: _, ...bare } = report;
    expect(JSON.parse(farewellBody({ ...bare, events: lines('connected') }) ?? '')).toEqual({ data: bare });
  });
});
