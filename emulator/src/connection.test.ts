import type { Json, JsonObject } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { resumptionStore } from '../test-support/session-bench.ts';
import type { Answer, AnswerHandler } from './answer.ts';
import { type ManualClock, manualClock } from './clock.ts';
import { Connection } from './connection.ts';
import { EmulatorError } from './errors.ts';
import { Journal } from './journal.ts';
import { type LiveEmulatorOptions, settingsOf } from './options.ts';
import { LiveSession } from './session.ts';
import { keyPass } from './session-pass.ts';
import { loadVoiceDetector } from './voice-detector.ts';

const newDetector = await loadVoiceDetector();
const SETUP = '{"setup":{"model":"models/gemini-3.8-live"}}';
const SAY = '{"clientContent":{"turns":[{"parts":[{"text":"hi"}]}],"turnComplete":true}}';

const ringOf = (): JsonObject => {
  const ring: Record<string, Json> = {};
  ring.ring = ring;
  return ring;
};

const open = (answer: AnswerHandler, options: LiveEmulatorOptions = {}) => {
  const manual = manualClock();
  const pending = new Set<number>();
  let timers = 0;
  const clock: ManualClock = {
    ...manual,
    setTimeout(run, delayMs) {
      const id = ++timers;
      pending.add(id);
      const over = (): boolean => pending.delete(id);
      const cancel = manual.setTimeout(() => over() && run(), delayMs);
      return () => over() && cancel();
    },
  };
  const settings = settingsOf({ ...options, clock });
  const journal = new Journal(100);
  const wire: string[] = [];
  const logged: string[] = [];
  const connection = Connection.open({
    id: 'one',
    endpoint: { backend: 'google-ai', door: 'direct', apiVersion: 'v1beta', method: 'BidiGenerateContent' },
    tokenHash: undefined,
    session: new LiveSession({
      id: 'one',
      apiVersion: 'v1beta',
      backend: 'google-ai',
      door: 'direct',
      pass: keyPass('key'),
      settings,
      resumption: resumptionStore(),
      newDetector,
    }),
    wire: {
      send: (text) => wire.push(Object.keys(JSON.parse(text).serverContent ?? JSON.parse(text)).join()),
      close: (code, reason) => wire.push(`close ${code} ${reason}`),
      cut: () => wire.push('cut'),
    },
    clock,
    answer,
    journal,
    log: (level, text) => logged.push(`${level} ${text}`),
  });
  connection.receive(SETUP);
  return { clock, connection, journal, wire, logged, pending };
};
const tone: AnswerHandler = () => [{ audio: { samples: new Int16Array(24_000), rateHz: 24_000 } }];

describe('Connection', () => {
  it('keeps to the clock it is given', async () => {
    const { clock, connection, wire } = open(tone);
    connection.receive(SAY);
    expect(wire).toEqual(['setupComplete', ...Array(5).fill('modelTurn')]);
    await clock.advance(999);
    expect(wire.slice(6)).toEqual([...Array(5).fill('modelTurn'), 'generationComplete']);
    await clock.advance(1);
    expect(wire.at(-1)).toBe('turnComplete');
    expect(connection.view).toMatchObject({ state: 'listening', turns: 1, connected: true });
  });

  it('waits for a handler that takes its time', async () => {
    const { clock, connection, wire } = open(async () => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 500));
      return [];
    });
    connection.receive(SAY);
    await clock.advance(499);
    expect(wire).toEqual(['setupComplete']);
    await clock.advance(1);
    expect(wire.at(-1)).toBe('turnComplete');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('secret words');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret words'))],
  ] satisfies [string, AnswerHandler][])(
    'closes with 1011 when a handler %s, and logs no word of it',
    async (_, answer) => {
      const { clock, connection, wire, logged } = open(answer);
      connection.receive(SAY);
      await clock.advance(1);
      expect(wire.at(-1)).toBe('close 1011 Internal error encountered.');
      expect(connection.view).toMatchObject({
        state: 'closed',
        connected: false,
        closeCode: 1011,
        closedBy: 'emulator',
      });
      expect(logged.filter((line) => !line.startsWith('debug')).join()).not.toContain('secret words');
    },
  );

  it.each([
    ['at once', [{ audio: { samples: new Int16Array(9), rateHz: 0 } }]],
    ['later', [{ delayMs: 100 }, { toolCall: { name: 'f', args: ringOf() } }]],
  ] satisfies [string, Answer][])(
    'closes with 1011 on an answer that cannot be sent, found %s',
    async (_, answer) => {
      const { clock, connection, wire, logged, pending } = open(() => answer);
      connection.receive(SAY);
      await clock.advance(101);
      expect(wire.at(-1)).toBe('close 1011 Internal error encountered.');
      expect(connection.view).toMatchObject({ state: 'closed', connected: false, closeCode: 1011 });
      expect(logged.filter((line) => line.startsWith('error'))).toHaveLength(1);
      expect(pending.size).toBe(0);
      connection.receive(SAY);
      expect(wire.at(-1)).toContain('close 1011');
    },
  );

  it('stops answering when the client has gone', async () => {
    const { clock, connection, wire } = open(tone);
    connection.receive(SAY);
    connection.gone(1000, 'bye');
    const sent = wire.length;
    await clock.advance(5_000);
    expect(wire).toHaveLength(sent);
    expect(connection.view).toMatchObject({ closeCode: 1000, closeReason: 'bye', closedBy: 'client' });
  });

  it('tells a lost socket from one that was closed', () => {
    const { connection } = open(tone);
    connection.gone(1006, '');
    expect(connection.view.closedBy).toBe('lost');
  });

  it('drops a connection with a close frame or without, once', () => {
    const { connection, wire } = open(tone);
    expect(connection.drop(4_000, 'test')).toBe(true);
    expect(wire.at(-1)).toBe('close 4000 test');
    expect(connection.drop()).toBe(false);
    const other = open(tone);
    expect(other.connection.drop()).toBe(true);
    expect(other.wire.at(-1)).toBe('cut');
    expect(() => open(tone).connection.drop(1006)).toThrow(EmulatorError);
  });

  it('journals both ways, scrubbed', () => {
    const { connection, journal } = open(tone);
    connection.receive(SAY);
    connection.receive('{');
    expect(journal.entries().map(({ kind }) => kind)).toEqual([
      'open',
      'in',
      'out',
      'in',
      ...Array(5).fill('out'),
      'in-refused',
      'close',
    ]);
    expect(JSON.stringify(journal.entries())).toContain('[4800 bytes]');
  });

  it('leaves no timer behind', () => {
    const { connection, pending } = open(tone);
    connection.receive(SAY);
    expect(pending.size).toBe(1);
    connection.drop();
    expect(pending.size).toBe(0);
  });
});
