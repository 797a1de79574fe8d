import { readUsageReport, type UsageReport } from '@livegate/protocol';
import { describe, expect, test } from 'vitest';
import { ScriptedStage } from './testing.ts';

const usage = (audio: number) => ({
  promptTokenCount: audio,
  responseTokenCount: 10,
  totalTokenCount: audio + 10,
  promptTokensDetails: [{ modality: 'AUDIO', tokenCount: audio }],
  responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 10 }],
});
const turnEnd = { serverContent: { turnComplete: true } };

async function open(leaseSeconds = 600) {
  const stage = new ScriptedStage({ leaseSeconds });
  const session = await stage.connect();
  return { stage, session, reports: stage.tokens.reports };
}

describe('usage', () => {
  test('is summed over turns, riding on content or alone, and told to the app [W1]', async () => {
    const { stage, session } = await open();
    const told: unknown[] = [];
    session.on('usage', (event) => told.push(event.session.prompt));
    stage.server.last.say({ ...turnEnd, usageMetadata: usage(100) });
    stage.server.last.say({ usageMetadata: usage(150) });
    expect(told).toEqual([{ AUDIO: 100 }, { AUDIO: 250 }]);
  });

  test('that cannot be read is left out with a warning, and its frame is yielded all the same', async () => {
    const { stage, session } = await open();
    const told: unknown[] = [];
    session.on('usage', (event) => told.push(event.session.prompt));
    session.on('warning', ({ message }) => told.push(message));
    const messages = session.receive();
    stage.server.last.say({ ...turnEnd, usageMetadata: { promptTokenCount: 'many' } as never });
    stage.server.last.say({ usageMetadata: usage(100) });
    expect((await messages.next()).value).toMatchObject({ turnComplete: true });
    expect(told).toEqual([expect.stringContaining('usage'), { AUDIO: 100 }]);
  });

  test('is reported at the end, finally and once, as the callable’s door wants it', async () => {
    const { stage, session, reports } = await open();
    stage.server.last.say({ ...turnEnd, usageMetadata: usage(100) });
    await stage.clock.advance(30_000);
    await session.close();
    await session.close();
    expect(reports).toHaveLength(1);
    const report = readUsageReport(JSON.parse(JSON.stringify(reports[0])));
    expect(report).toMatchObject({
      sessionId: 'session-0001',
      connectionId: 'connection-0001',
      seq: 1,
      final: true,
      seconds: 30,
      totals: { turns: 1, prompt: { AUDIO: 100 }, response: { AUDIO: 10 }, total: 110 },
    });
    expect(report.events?.map(({ type }) => type)).toEqual(['connected', 'turn', 'closed']);
  });

  test('is reported in between only when a turn ended and the time has passed', async () => {
    const { stage, reports } = await open();
    await stage.clock.advance(119_000);
    stage.server.last.say({ ...turnEnd, usageMetadata: usage(1) });
    await stage.clock.advance(2_000);
    expect(reports).toHaveLength(0);
    stage.server.last.say({ ...turnEnd, usageMetadata: usage(2) });
    await stage.clock.advance(1_000);
    expect(reports).toMatchObject([{ seq: 1, final: false, totals: { turns: 2, prompt: { AUDIO: 3 } } }]);
    stage.server.last.say({ ...turnEnd, usageMetadata: usage(3) });
    await stage.clock.advance(1_000);
    expect(reports).toHaveLength(1);
  });

  test('has a book for each connection, closed at the swap, and one sum for the session', async () => {
    const { stage, session, reports } = await open(60);
    const sums: unknown[] = [];
    session.on('usage', ({ session: all, connection }) =>
      sums.push([all.prompt.AUDIO, connection.prompt.AUDIO]),
    );
    stage.server.last.say({ sessionResumptionUpdate: { newHandle: 'h', resumable: true } });
    stage.server.last.say({ usageMetadata: usage(100) });
    await stage.clock.advance(30_000);
    stage.server.last.say({ usageMetadata: usage(7) });
    await session.close();
    expect(sums).toEqual([
      [100, 100],
      [107, 7],
    ]);
    const figures = reports.map(({ connectionId, seq, final, totals }: UsageReport) => [
      connectionId,
      seq,
      final,
      totals.prompt.AUDIO,
    ]);
    expect(figures).toEqual([
      ['connection-0001', 1, true, 100],
      ['connection-0002', 1, true, 7],
    ]);
  });

  test('goes on in one book where a token opens a second connection, which ends nothing', async () => {
    const { stage, session, reports } = await open();
    stage.server.last.say({ sessionResumptionUpdate: { newHandle: 'h', resumable: true } });
    stage.server.last.say({ usageMetadata: usage(100) });
    stage.server.last.end(1011);
    await stage.clock.advance(1_000);
    stage.server.last.say({ usageMetadata: usage(7) });
    await session.close();
    const figures = reports.map(({ connectionId, seq, final, totals }) => [
      connectionId,
      seq,
      final,
      totals.prompt.AUDIO,
    ]);
    expect(figures).toEqual([['connection-0001', 1, true, 107]]);
  });

  test('is not called final while a session comes back', async () => {
    const { stage, session, reports } = await open();
    stage.server.welcomes.push('open-only', 'open-only');
    stage.server.last.end(1006);
    await stage.clock.advance(1_000);
    expect(stage.tokens.requests.map(({ op }) => op)).toEqual(['start', 'remint']);
    expect(reports).toEqual([]);
    stage.server.last.say({ setupComplete: {} });
    await stage.clock.advance(0);
    expect(reports).toMatchObject([{ connectionId: 'connection-0001', final: true }]);
    await session.close();
    expect(reports).toHaveLength(2);
  });

  test('is reported again where the last report was not taken', async () => {
    const stage = new ScriptedStage();
    const tried: UsageReport[] = [];
    const reporter = async (report: UsageReport) => {
      tried.push(report);
      if (tried.length < 3) throw new Error('offline');
      return { v: 1, status: 'ok', serverTime: 0 } as const;
    };
    const session = await stage.model({}, { reporter }).connect();
    await session.close();
    await stage.clock.advance(60_000);
    expect(tried.map(({ seq, final }) => [seq, final])).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
    expect(stage.clock.pending).toBe(0);
  });

  test('comes with what was said only where the policy keeps transcripts', async () => {
    for (const transcripts of [true, false]) {
      const { stage, session, reports } = await (async () => {
        const made = new ScriptedStage();
        made.tokens.answer = { report: { everySeconds: 120, transcripts } };
        return { stage: made, session: await made.connect(), reports: made.tokens.reports };
      })();
      stage.server.last.say({ serverContent: { inputTranscription: { text: 'hello ' } } });
      stage.server.last.say({ serverContent: { inputTranscription: { text: 'you' } } });
      stage.server.last.say({ serverContent: { outputTranscription: { text: 'hi' }, turnComplete: true } });
      await session.close();
      expect(reports[0]?.transcript?.map(({ role, text }) => [role, text])).toEqual(
        transcripts
          ? [
              ['user', 'hello you'],
              ['model', 'hi'],
            ]
          : undefined,
      );
      expect(JSON.stringify(reports[0]).includes('hello')).toBe(transcripts);
    }
  });
});
