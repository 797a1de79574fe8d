import type { ClientMessage } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { type RecordingLine, readRecording, recordingText } from './recording.ts';
import { ReplayPlayer } from './replay-player.ts';

const SETUP: ClientMessage = { setup: { model: 'models/gemini-3.8-live' } };
const AUDIO: ClientMessage = { realtimeInput: { audio: { mimeType: 'audio/pcm', data: 'AAA=' } } };
const TEXT: ClientMessage = { clientContent: { turns: [], turnComplete: true } };

const recorded = (lines: readonly object[]) =>
  readRecording(
    [
      recordingText({ livegateRecording: 1, recordedAt: '2026-11-21T00:00:00Z' }),
      ...[{ atMs: 0, open: { path: '/ws' } }, ...lines].map((line) =>
        recordingText({ session: 1, ...line } as RecordingLine),
      ),
    ].join(''),
    'talk.jsonl',
  )[0] ?? { path: '', steps: [] };
const client = (atMs: number, message: object) => ({ atMs, from: 'client', message });
const server = (atMs: number, message: object) => ({ atMs, from: 'server', message });
const sent = (outputs: readonly object[]) =>
  outputs.map((output) => ('text' in output ? Object.keys(JSON.parse(String(output.text)))[0] : output));

describe('a replay', () => {
  const session = recorded([
    client(5, SETUP),
    server(25, { setupComplete: {} }),
    client(1_000, TEXT),
    server(1_300, { serverContent: { turnComplete: true } }),
    { atMs: 2_000, close: { code: 1011, reason: 'over', by: 'server' } },
  ]);

  it('answers after the time that the service took, counted from what was answered', () => {
    const player = new ReplayPlayer(session, { speed: 1, nowMs: 0 });
    expect(player.nextMs).toBeUndefined();
    expect(sent(player.take(SETUP, 100))).toEqual([]);
    expect(player.nextMs).toBe(120);
    expect(sent(player.pump(119))).toEqual([]);
    expect(sent(player.pump(120))).toEqual(['setupComplete']);
    expect(player.nextMs).toBeUndefined();
    player.take(TEXT, 50_000);
    expect(player.nextMs).toBe(50_300);
    expect(sent(player.pump(50_300))).toEqual(['serverContent']);
    expect(player.pump(51_000)).toEqual([{ kind: 'close', code: 1011, reason: 'over' }]);
  });

  it('plays faster where asked, and at once at speed 0', () => {
    const player = new ReplayPlayer(session, { speed: 10, nowMs: 0 });
    player.take(SETUP, 0);
    expect(player.nextMs).toBe(2);
    const atOnce = new ReplayPlayer(session, { speed: 0, nowMs: 0 });
    expect(sent(atOnce.take(SETUP, 0))).toEqual(['setupComplete']);
    expect(sent(atOnce.take(TEXT, 0))).toEqual([
      'serverContent',
      { kind: 'close', code: 1011, reason: 'over' },
    ]);
  });

  it('keeps what a client says early, and says at which line one says something else', () => {
    const player = new ReplayPlayer(session, { speed: 1, nowMs: 0 });
    player.take(SETUP, 0);
    player.take(TEXT, 1);
    expect(sent(player.pump(20))).toEqual(['setupComplete']);
    expect(sent(player.pump(320))).toEqual(['serverContent']);

    const other = new ReplayPlayer(session, { speed: 0, nowMs: 0 });
    other.take(SETUP, 0);
    expect(other.take({ toolResponse: { functionResponses: [] } }, 0)).toEqual([
      {
        kind: 'mismatch',
        problem: 'The recording has clientContent here (line 5); the client sent toolResponse.',
      },
    ]);
    expect(other.take(TEXT, 0)).toEqual([]);
  });

  it('waits for media of the client where some was recorded, and then for as long as it went on', () => {
    const spoken = recorded([
      client(0, SETUP),
      server(0, { setupComplete: {} }),
      client(500, AUDIO),
      client(1_500, AUDIO),
      server(2_000, { serverContent: { turnComplete: true } }),
    ]);
    const player = new ReplayPlayer(spoken, { speed: 1, nowMs: 0 });
    player.take(SETUP, 0);
    expect(player.nextMs).toBeUndefined();
    player.take(AUDIO, 10_000);
    player.take(AUDIO, 10_020);
    expect(player.nextMs).toBe(11_500);
    expect(sent(player.pump(11_500))).toEqual(['serverContent']);
  });
});

describe('a recording', () => {
  const HEAD = '{"livegateRecording":1,"recordedAt":"2026-11-21T00:00:00Z"}';
  const OPEN = '{"session":1,"atMs":0,"open":{"path":"/ws"}}';

  it('is read with or without an end of line at its end', () => {
    expect(readRecording(`${HEAD}\n${OPEN}`, 'a')).toHaveLength(1);
    expect(readRecording(`${HEAD}\n${OPEN}\n\n`, 'a')).toHaveLength(1);
  });

  it.each([
    ['', 'a.jsonl:1: expected a line of JSON'],
    ['{}', 'a.jsonl:1: expected {"livegateRecording":1, …}: this is no recording, or of another version'],
    [HEAD, 'a.jsonl:1: it holds no session'],
    [`${HEAD}\n${OPEN}\nnonsense`, 'a.jsonl:3: expected a line of JSON'],
    [`${HEAD}\n${OPEN}\n[]`, 'a.jsonl:3: expected an object'],
    [
      `${HEAD}\n${OPEN}\n{"session":2,"atMs":0,"from":"client","message":{}}`,
      'a.jsonl:3: session 2 was not opened before',
    ],
    [
      `${HEAD}\n${OPEN}\n{"session":1,"atMs":0,"from":"client","message":{"setup":{"modle":"m"}}}`,
      'a.jsonl:3: ',
    ],
    [
      `${HEAD}\n${OPEN}\n{"session":1,"atMs":0,"from":"nobody","message":{}}`,
      'a.jsonl:3: from: expected client or server',
    ],
    [`${HEAD}\n${OPEN}\n{"session":1,"atMs":0,"close":{}}`, 'a.jsonl:3: close: expected code, reason and by'],
  ])('that is none is refused by file and line: %j', (text, problem) => {
    expect(() => readRecording(text, 'a.jsonl')).toThrow(
      expect.objectContaining({ code: 'invalid-recording', message: expect.stringContaining(problem) }),
    );
  });
});
