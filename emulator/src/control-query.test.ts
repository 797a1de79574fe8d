import { NO_USAGE } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { findingOf, type LiveQuery } from './control-query.ts';
import type { JournalEntry, LiveSessionView } from './live-emulator.ts';

const session = (id: string, rest: Partial<LiveSessionView> = {}): LiveSessionView => ({
  id,
  state: 'listening',
  connected: true,
  openedAtMs: 0,
  backend: 'google-ai',
  door: 'direct',
  apiVersion: 'v1beta',
  method: 'BidiGenerateContent',
  turns: 0,
  interruptions: 0,
  usage: NO_USAGE,
  audioSeconds: 0,
  videoFrames: 0,
  contextTokens: 0,
  compressions: 0,
  ...rest,
});
const SESSIONS = [
  session('session-1', { model: 'm-1', turns: 2, state: 'answering' }),
  session('session-2', {
    model: 'm-2',
    connected: false,
    state: 'closed',
    closeCode: 1011,
    resumedFrom: 'session-1',
  }),
];
const noted = (seq: number) => ({ seq, atMs: 0, sessionId: 'session-1' });
const ENTRIES: readonly JournalEntry[] = [
  { ...noted(1), kind: 'open' },
  { ...noted(2), kind: 'out', bytes: 1, message: { serverContent: { turnComplete: true } } },
  {
    ...noted(3),
    kind: 'in',
    bytes: 1,
    message: { toolResponse: { functionResponses: [{ name: 'f', id: 'c-1' }] } },
  },
  { ...noted(4), sessionId: 'session-2', kind: 'close', code: 1011, reason: '', by: 'emulator' },
];
const find = (query: LiveQuery) => {
  const found = findingOf(query, { sessions: SESSIONS, entries: ENTRIES });
  return found && [found.sessions.map(({ id }) => id), found.entries.map(({ seq }) => seq)];
};

describe('findingOf', () => {
  it.each<[LiveQuery, LiveQuery]>([
    [{ sessions: { state: 'answering' } }, { sessions: { state: 'calling' } }],
    [{ sessions: { model: 'm-1' } }, { sessions: { model: 'm-3' } }],
    [{ sessions: { turns: 2 } }, { sessions: { turns: 3 } }],
    [{ sessions: { connected: false } }, { sessions: { connected: false, turns: 1 } }],
    [{ sessions: { closeCode: 1011 } }, { sessions: { closeCode: 1008 } }],
    [{ sessions: { resumedFrom: 'session-1' } }, { sessions: { resumedFrom: 'session-2' } }],
    [{ sessions: { id: 'session-2' } }, { sessions: { id: 'session-3' } }],
    [{ count: 2 }, { count: 3 }],
    [{ entry: { kind: 'close' } }, { entry: { kind: 'warning' } }],
    [{ entry: { since: 3 } }, { entry: { since: 4 } }],
    [{ entry: { sessionId: 'session-2' } }, { entry: { sessionId: 'session-3' } }],
    [{ entry: { has: 'serverContent.turnComplete' } }, { entry: { has: 'serverContent.interrupted' } }],
    [
      { entry: { has: 'toolResponse.functionResponses.id' } },
      { entry: { has: 'toolResponse.functionResponses.x' } },
    ],
    [{ entry: { has: 'code' } }, { entry: { has: 'constructor' } }],
    [
      { sessions: { turns: 2 }, entry: { kind: 'open' } },
      { sessions: { turns: 3 }, entry: { kind: 'open' } },
    ],
    [
      { sessions: { turns: 2 }, entry: { kind: 'open' } },
      { sessions: { turns: 2 }, entry: { kind: 'warning' } },
    ],
  ])('finds %j, not %j', (there, missing) => {
    expect([find(there) !== undefined, find(missing)]).toEqual([true, undefined]);
  });

  it('gives what fits and leaves out what was not asked for', () => {
    expect(find({ sessions: { connected: true } })).toEqual([['session-1'], []]);
    expect(find({ entry: { since: 2, sessionId: 'session-1' } })).toEqual([[], [3]]);
    expect(find({ count: 1, entry: { kind: 'open' }, sessions: {} })).toEqual([
      ['session-1', 'session-2'],
      [1],
    ]);
  });
});
