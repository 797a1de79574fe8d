import type { LiveSetup } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { type BenchOptions, SessionBench, START_MS } from '../test-support/session-bench.ts';

const MINUTE = 60_000;
/** Long enough not to come first. */
const connectionLimitMs = 60 * MINUTE;
const frame = { realtimeInput: { video: { mimeType: 'image/jpeg', data: 'AAAA' } } };
const ready = (setup: Partial<LiveSetup> = {}, options: BenchOptions = {}) =>
  SessionBench.ready(setup, { connectionLimitMs, ...options });
const goAways = (bench: SessionBench) =>
  bench.sent.flatMap(({ atMs, message }) => (message.goAway ? [[atMs, message.goAway.timeLeft]] : []));

describe('the life of a session', () => {
  it('is 15 min without video, announced 60 s before', () => {
    const bench = ready().advance(15 * MINUTE - 1);
    expect(bench.closed).toBeUndefined();
    expect(goAways(bench)).toEqual([[14 * MINUTE, '60s']]);
    expect(bench.advance(1).closed).toEqual({
      kind: 'close',
      condition: 'session-limit',
      code: 1000,
      reason: '',
    });
  });

  it('is 2 min from the first video frame on', () => {
    const bench = ready()
      .advance(5 * MINUTE)
      .send(frame)
      .advance(30_000)
      .send(frame);
    bench.advance(90_000 - 1);
    expect(bench.closed).toBeUndefined();
    expect(goAways(bench)).toEqual([[6 * MINUTE, '60s']]);
    expect(bench.advance(1).closed?.condition).toBe('session-limit');
    const late = ready()
      .advance(14 * MINUTE)
      .send(frame);
    expect(late.advance(MINUTE - 1).closed).toBeUndefined();
    expect(late.advance(1).closed?.condition).toBe('session-limit');
  });

  it('has no end where the context is compressed', () => {
    const bench = ready({ contextWindowCompression: {} })
      .send(frame)
      .advance(30 * MINUTE);
    expect(bench.closed).toBeUndefined();
    expect(goAways(bench)).toEqual([]);
  });

  it('is as long as the options say, and ends with their code', () => {
    const options = { sessionLimitMs: 10_000, videoSessionLimitMs: 5_000, overLimitCloseCode: 1011 };
    expect(ready({}, options).advance(9_999).closed).toBeUndefined();
    expect(ready({}, options).advance(10_000).closed?.code).toBe(1011);
    expect(ready({}, options).send(frame).advance(4_999).closed).toBeUndefined();
    expect(ready({}, options).send(frame).advance(5_000).closed?.code).toBe(1011);
  });

  it('does not outlast the connection', () => {
    const bench = SessionBench.ready().advance(10 * MINUTE);
    expect(bench.closed?.condition).toBe('connection-limit');
    expect(SessionBench.ready({}, { sessionLimitMs: 9 * MINUTE }).advance(9 * MINUTE).closed?.condition).toBe(
      'session-limit',
    );
  });
});

describe('the life of a session over its resumptions', () => {
  /** Talks 9 min, is away 30 min, and resumes. */
  const resumed = (options: BenchOptions = {}, setup: Partial<LiveSetup> = {}, before?: object) => {
    const first = ready({ sessionResumption: {} }, options).advance(9 * MINUTE);
    if (before) first.sendText(JSON.stringify(before)).advance(30_000);
    first.say('go').advance(10_000).input({ kind: 'gone' });
    return ready(
      { ...setup, sessionResumption: { handle: first.handle ?? '' } },
      { ...options, resumption: first.resumption, startMs: START_MS + 39 * MINUTE },
    );
  };
  const rest = 15 * MINUTE - 9 * MINUTE;

  it('counts the time that it was connected, up to the handle', () => {
    const bench = resumed({ answer: () => [] });
    expect(bench.advance(rest - 1).closed).toBeUndefined();
    expect(bench.advance(1).closed?.condition).toBe('session-limit');
  });

  it('begins anew with each connection where told so', () => {
    const bench = resumed({ answer: () => [], sessionLimitCounts: 'connection' });
    expect(bench.advance(15 * MINUTE - 1).closed).toBeUndefined();
    expect(bench.advance(1).closed?.condition).toBe('session-limit');
  });

  it('remembers that video came', () => {
    const bench = resumed({ answer: () => [] }, {}, frame);
    expect(bench.advance(1.5 * MINUTE - 1).closed).toBeUndefined();
    expect(bench.advance(1).closed?.condition).toBe('session-limit');
    const anew = resumed({ answer: () => [], sessionLimitCounts: 'connection' }, {}, frame);
    expect(anew.advance(3 * MINUTE).closed).toBeUndefined();
  });

  it('has no end any more once a resumption asks for compression', () => {
    const bench = resumed({ answer: () => [] }, { contextWindowCompression: {} });
    expect(bench.advance(20 * MINUTE).closed).toBeUndefined();
  });
});
