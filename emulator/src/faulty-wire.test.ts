import { encodeServerMessage, type ServerMessage } from '@livegate/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from './clock.ts';
import type { Fault, FaultRule } from './fault.ts';
import { FaultPolicy } from './fault-policy.ts';
import { type FaultTarget, FaultyWire } from './faulty-wire.ts';
import { seededRandom } from './seeded-random.ts';
import type { SocketWire } from './socket-wire.ts';

const SETUP_COMPLETE: ServerMessage = { setupComplete: {} };
const said = (text: string): ServerMessage => ({ serverContent: { modelTurn: { parts: [{ text }] } } });
const spoke = (ms: number): ServerMessage => ({
  serverContent: {
    modelTurn: {
      parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data: 'A'.repeat((ms * 48 * 4) / 3) } }],
    },
  },
});

/** A wire between a log of what reaches the client and a log of what reaches the connection. */
class Bench {
  readonly clock: ManualClock = manualClock(0);
  readonly out: string[] = [];
  readonly in: string[] = [];
  readonly noted: string[] = [];
  readonly wire: FaultyWire;
  readonly pending = new Set<() => void>();
  readonly policy = new FaultPolicy(1);
  isGone = false;

  constructor(...rules: readonly FaultRule[]) {
    for (const rule of rules) this.policy.add(rule);
    const say = (line: string) => this.out.push(`${this.clock.now()} ${line}`);
    const hear = (line: string) => this.in.push(`${this.clock.now()} ${line}`);
    const socket: SocketWire = {
      send: (text) => say(label(text)),
      sendBytes: (bytes) => say(`bytes ${bytes[0]}`),
      sendHalf: (text) => say(`half ${label(text)}`),
      close: (code, reason) => say(`close ${code} ${reason}`),
      closeWith: (code, reason) => say(`close ${code} ${reason}`),
      cut: () => say('cut'),
      setReading: (isReading) => hear(isReading ? 'reading' : 'paused'),
    };
    const target: FaultTarget = {
      receive: (text) => hear(text),
      gone: (code) => hear(`gone ${code}`),
      broken: (code, reason) => hear(`broken ${code} ${reason}`),
      goAway: (timeLeftMs) => Boolean(hear(`go away ${timeLeftMs}`)),
      end: (condition) => hear(`end ${condition}`),
    };
    this.wire = new FaultyWire({
      wire: socket,
      clock: {
        now: () => this.clock.now(),
        setTimeout: (run, delayMs) => {
          const cancel = this.clock.setTimeout(() => {
            this.pending.delete(cancel);
            run();
          }, delayMs);
          this.pending.add(cancel);
          return () => {
            this.pending.delete(cancel);
            cancel();
          };
        },
      },
      faults: this.policy.open({ sessionId: 'session-1', tokenHash: undefined }, 0),
      random: seededRandom(1),
      note: ({ kind }, rule) => this.noted.push(`${kind} ${rule ?? 'step'}`),
      expireToken: (afterMs) => hear(`expire ${afterMs}`),
      invalidateHandles: () => hear('invalidate'),
      onGone: () => {
        this.isGone = true;
      },
    });
    this.wire.open(target);
  }

  send(...messages: readonly ServerMessage[]): this {
    for (const message of messages) this.wire.send(encodeServerMessage(message), message);
    return this;
  }
}

/** The words of a message, or its start. */
function label(text: string): string {
  const [, words] = /"text":"(\w+)"/.exec(text) ?? [];
  return words ?? (text.includes('inlineData') ? 'audio' : text);
}

const A_B_C = [said('a'), said('b'), said('c')];
const onSecond = (fault: Fault): FaultRule => ({ at: { messageOut: 2 }, fault });

describe('FaultyWire', () => {
  it('passes everything on as it comes where nothing is to go wrong', () => {
    const bench = new Bench().send(...A_B_C);
    bench.wire.receive('hello');
    bench.wire.close(1011, 'over');
    bench.wire.gone(1011, 'over');
    expect([bench.out, bench.in]).toEqual([
      ['0 a', '0 b', '0 c', '0 close 1011 over'],
      ['0 hello', '0 gone 1011'],
    ]);
    expect([bench.noted, bench.isGone, bench.pending.size]).toEqual([[], true, 0]);
  });

  it.each<[string, Fault, readonly string[]]>([
    ['loses', { kind: 'lose' }, ['a', 'c']],
    ['repeats', { kind: 'duplicate' }, ['a', 'b', 'b', 'c']],
    ['repeats as often as told', { kind: 'duplicate', copies: 2 }, ['a', 'b', 'b', 'b', 'c']],
    ['swaps with the next', { kind: 'reorder' }, ['a', 'c', 'b']],
    ['replaces', { kind: 'malform', how: 'not-json' }, ['a', 'This is not JSON.', 'c']],
    ['spoils', { kind: 'malform', how: 'not-utf8' }, ['a', 'bytes 255', 'c']],
    [
      'puts a stranger before',
      { kind: 'malform', how: 'unknown-message' },
      ['a', '{"livegateUnknown":{}}', 'b', 'c'],
    ],
    ['cuts short', { kind: 'truncate', keep: 0.25 }, ['a', '{"serverConten', 'c']],
    ['breaks in its frame', { kind: 'break-frame' }, ['a', 'half b']],
    ['cuts before', { kind: 'drop' }, ['a', 'cut']],
    ['closes before', { kind: 'close', code: 1011, reason: 'no' }, ['a', 'close 1011 no']],
    ['closes with what no frame carries', { kind: 'close', code: 1006 }, ['a', 'cut']],
    ['closes with what no library sends', { kind: 'close', code: 999_9 }, ['a', 'close 9999 ']],
  ])('%s the second message and leaves the others alone', (_, fault, expected) => {
    const bench = new Bench(onSecond(fault)).send(...A_B_C);
    expect(bench.out).toEqual(expected.map((line) => `0 ${line}`));
    expect(bench.noted).toEqual([`${fault.kind} fault-1`]);
  });

  it('adds a field to each payload of a message', () => {
    const bench = new Bench(onSecond({ kind: 'malform', how: 'unknown-field' }));
    bench.send(SETUP_COMPLETE, SETUP_COMPLETE);
    expect(bench.out).toEqual(['0 {"setupComplete":{}}', '0 {"setupComplete":{"livegateUnknown":true}}']);
  });

  it('swaps pair by pair where each message is out of order, and waits for no one too long', async () => {
    const bench = new Bench({ at: { messageOut: 'each' }, fault: { kind: 'reorder', withinMs: 300 } });
    bench.send(...A_B_C);
    await bench.clock.advance(1_000);
    expect(bench.out).toEqual(['0 b', '0 a', '300 c']);
  });

  it('sends what waits for its turn before the close', () => {
    const bench = new Bench(onSecond({ kind: 'reorder' })).send(said('a'), said('b'));
    bench.wire.close(1011, 'x');
    expect(bench.out).toEqual(['0 a', '0 b', '0 close 1011 x']);
  });

  it('lets a fault of an answer befall the message after it', () => {
    const bench = new Bench().send(said('a'));
    bench.wire.letHappen({ kind: 'lose' });
    bench.send(said('b'), said('c'));
    expect([bench.out, bench.noted]).toEqual([['0 a', '0 c'], ['lose step']]);
  });

  it('forgets what waits for the next message when the faults are cleared', () => {
    const bench = new Bench();
    bench.wire.letHappen({ kind: 'lose' });
    bench.wire.release();
    bench.send(said('a'));
    expect(bench.out).toEqual(['0 a']);
  });

  it('repeats, loses and swaps what comes in', () => {
    const bench = new Bench(
      { at: { messageIn: 1 }, fault: { kind: 'lose' } },
      { at: { messageIn: 2 }, fault: { kind: 'duplicate' } },
      { at: { messageIn: 3 }, fault: { kind: 'reorder' } },
    );
    for (const text of ['one', 'two', 'three', 'four']) bench.wire.receive(text);
    expect(bench.in).toEqual(['0 two', '0 two', '0 four', '0 three']);
  });

  it('stalls before setup for so long, and then goes on', async () => {
    const bench = new Bench({ at: 'open', fault: { kind: 'stall', forMs: 500 } }).send(SETUP_COMPLETE);
    await bench.clock.advance(499);
    expect(bench.out).toEqual([]);
    await bench.clock.advance(1);
    bench.send(said('a'));
    expect(bench.out).toEqual(['500 {"setupComplete":{}}', '500 a']);
  });

  it('stalls for ever after setup, and lets it all go when the faults are cleared', async () => {
    const bench = new Bench({ at: 'setup-complete', fault: { kind: 'stall' } });
    bench.send(SETUP_COMPLETE, said('a'));
    await bench.clock.advance(1e9);
    expect(bench.out).toEqual(['0 {"setupComplete":{}}']);
    bench.wire.release();
    bench.send(said('b'));
    expect(bench.out.slice(1)).toEqual(['1000000000 a', '1000000000 b']);
  });

  it('reads nothing from a slow reader’s socket until its time is over, and takes what came in order', async () => {
    const bench = new Bench({ fault: { kind: 'slow-reader', forMs: 200 } });
    bench.wire.receive('already on its way');
    expect(bench.in).toEqual(['0 paused']);
    await bench.clock.advance(200);
    expect(bench.in.slice(1).toSorted()).toEqual(['200 already on its way', '200 reading']);
    bench.wire.receive('more');
    expect(bench.in.at(-1)).toBe('200 more');
  });

  it('reads no further while more than 1 MiB waits to be taken', async () => {
    const bench = new Bench({ fault: { kind: 'shape', direction: 'in', latencyMs: 100 } });
    bench.wire.receive('x'.repeat(1_048_576));
    expect(bench.in).toEqual([]);
    bench.wire.receive('y');
    expect(bench.in).toEqual(['0 paused']);
    await bench.clock.advance(100);
    expect(bench.in.at(-1)).toBe('100 reading');
  });

  it('shapes both ways, each by its own bucket', async () => {
    const bench = new Bench({ fault: { kind: 'shape', bytesPerSecond: 1_000, latencyMs: 10 } });
    const text = encodeServerMessage(said('a'));
    bench.send(said('a'), said('b'));
    bench.wire.receive('x'.repeat(500));
    await bench.clock.advance(5_000);
    expect(bench.out).toEqual([`${text.length + 10} a`, `${text.length * 2 + 10} b`]);
    expect(bench.in).toEqual([`510 ${'x'.repeat(500)}`]);
  });

  it('holds audio back in bursts from its moment on', async () => {
    const bench = new Bench({
      at: 'setup-complete',
      fault: { kind: 'bursty-audio', holdMs: 500, rate: 0.5 },
    });
    bench.send(SETUP_COMPLETE, said('a'), ...Array(4).fill(spoke(200)), said('b'));
    await bench.clock.advance(5_000);
    expect(bench.out.slice(1)).toEqual([
      '0 a',
      '500 audio',
      '1000 audio',
      '1500 audio',
      '2000 audio',
      '2000 b',
    ]);
  });

  it('befalls an answer after so much of its audio', () => {
    const bench = new Bench({ at: { turn: 2, audioMs: 200 }, fault: { kind: 'drop' } });
    for (const index of [4, 5]) {
      bench.wire.beginTurn(index);
      bench.wire.beginTurn(index);
      bench.send(spoke(100), said('a'), spoke(100), spoke(100));
    }
    expect(bench.out.map((line) => line.slice(2))).toEqual([
      'audio',
      'a',
      'audio',
      'audio',
      'audio',
      'a',
      'audio',
      'cut',
    ]);
  });

  it('befalls a connection so long after it opened', async () => {
    const bench = new Bench({ at: { afterMs: 700 }, fault: { kind: 'close', code: 4_000 } });
    await bench.clock.advance(699);
    expect(bench.out).toEqual([]);
    await bench.clock.advance(1);
    expect([bench.out, bench.in]).toEqual([['700 close 4000 '], ['700 broken 4000 ']]);
    bench.send(said('late'));
    bench.wire.receive('late');
    expect([bench.out.length, bench.in.length]).toEqual([1, 1]);
  });

  it('asks for what it cannot do itself', () => {
    const bench = new Bench(
      { fault: { kind: 'go-away', timeLeftMs: 5 } },
      { fault: { kind: 'expire-token', afterMs: 7 } },
      { fault: { kind: 'invalidate-handles' } },
    );
    expect(bench.in).toEqual(['0 go away 5', '0 expire 7', '0 invalidate']);
  });

  it('takes a rule while it is open, from then on', () => {
    const bench = new Bench().send(said('a'));
    bench.wire.bind(bench.policy.add({ at: { messageOut: 1 }, fault: { kind: 'duplicate' } }));
    bench.send(said('b'), said('c'));
    bench.wire.bind(bench.policy.add({ at: 'now', fault: { kind: 'drop' } }));
    expect(bench.out).toEqual(['0 a', '0 b', '0 b', '0 c', '0 cut']);
  });

  it('goes by no rule any more once the faults are cleared', () => {
    const bench = new Bench(
      { scope: 'next-connection', at: { messageOut: 2 }, fault: { kind: 'lose' } },
      { at: { afterMs: 100 }, fault: { kind: 'drop' } },
    );
    bench.send(said('a'));
    bench.wire.release();
    bench.send(said('b'));
    expect([bench.out, bench.pending.size]).toEqual([['0 a', '0 b'], 0]);
  });

  it('keeps the close behind what is held, and reads on meanwhile', async () => {
    const bench = new Bench({ fault: { kind: 'shape', latencyMs: 50 } }, { fault: { kind: 'slow-reader' } });
    bench.send(said('a'));
    bench.wire.close(1008, 'no');
    expect(bench.in).toEqual(['0 paused', '0 reading']);
    await bench.clock.advance(50);
    expect(bench.out).toEqual(['50 a', '50 close 1008 no']);
  });

  it('takes what came before the socket went, in its time, and then leaves no timer', async () => {
    const bench = new Bench({ fault: { kind: 'shape', latencyMs: 50 } });
    bench.send(said('never'));
    bench.wire.receive('last words');
    bench.wire.gone(1000, '');
    expect([bench.in, bench.pending.size, bench.isGone]).toEqual([[], 1, false]);
    await bench.clock.advance(50);
    expect([bench.in, bench.out]).toEqual([['50 last words', '50 gone 1000'], []]);
    expect([bench.pending.size, bench.isGone]).toEqual([0, true]);
  });

  it('gives a client up that 64 MiB wait for', () => {
    const bench = new Bench({ fault: { kind: 'stall' } });
    const long = said('a'.repeat(1_048_576));
    for (let nth = 0; nth < 63; nth++) bench.send(long);
    expect(bench.out).toEqual([]);
    bench.send(long, long);
    expect([bench.out, bench.in]).toEqual([['0 cut'], ['0 broken 1006 ']]);
    expect(bench.noted.at(-1)).toBe('drop held-too-much');
  });

  const LINE_FAULT: fc.Arbitrary<Fault> = fc.oneof(
    fc.record({ kind: fc.constant('stall' as const), forMs: fc.nat(900) }),
    fc.record({ kind: fc.constant('slow-reader' as const), forMs: fc.nat(900) }),
    fc.record({
      kind: fc.constant('shape' as const),
      direction: fc.constantFrom('in' as const, 'out' as const, 'both' as const),
      bytesPerSecond: fc.integer({ min: 50, max: 100_000 }),
      latencyMs: fc.nat(300),
      jitterMs: fc.nat(300),
      forMs: fc.nat(900),
    }),
    fc.record({ kind: fc.constant('bursty-audio' as const), holdMs: fc.integer({ min: 1, max: 700 }) }),
  );
  const OTHER_FAULT = fc.constantFrom<Fault>(
    { kind: 'lose' },
    { kind: 'duplicate' },
    { kind: 'reorder' },
    { kind: 'truncate' },
    { kind: 'malform', how: 'not-utf8' },
    { kind: 'break-frame' },
    { kind: 'drop' },
    { kind: 'close', code: 1006 },
    { kind: 'close', code: 1011 },
    { kind: 'go-away' },
    { kind: 'expire-token' },
  );
  const MOMENT = fc.oneof(
    fc.constantFrom('open' as const, 'setup-complete' as const),
    fc.record({ messageOut: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ turn: fc.constant('each' as const), audioMs: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ afterMs: fc.nat(2_000) }),
  );
  const ACT = fc.constantFrom('send', 'speak', 'receive', 'turn', 'wait');
  const play = async (
    bench: Bench,
    acts: readonly string[],
  ): Promise<readonly [sent: number, came: number]> => {
    const count: [number, number] = [0, 0];
    for (const [nth, act] of acts.entries()) {
      if (act === 'send') bench.send(said(`n${count[0]++}n`));
      else if (act === 'speak') bench.send(spoke(100));
      else if (act === 'receive') bench.wire.receive(`n${count[1]++}n`);
      else if (act === 'turn') bench.wire.beginTurn(nth);
      else await bench.clock.advance(150);
    }
    return count;
  };
  const numbersIn = (lines: readonly string[]): number[] =>
    lines.flatMap((line) => [...(/ n(\d+)n$/.exec(line)?.slice(1) ?? [])].map(Number));

  it('loses nothing and keeps order on a line that is only slow, both ways', async () => {
    const rules = fc.array(fc.record({ at: MOMENT, fault: LINE_FAULT }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(rules, fc.array(ACT, { maxLength: 40 }), async (given, acts) => {
        const bench = new Bench(...given);
        const [sent, came] = await play(bench.send(SETUP_COMPLETE), acts);
        await bench.clock.advance(1e6);
        expect(numbersIn(bench.out)).toEqual([...Array(sent).keys()]);
        expect(numbersIn(bench.in)).toEqual([...Array(came).keys()]);
        bench.wire.gone(1000, '');
        expect([bench.pending.size, bench.isGone]).toEqual([0, true]);
      }),
      { numRuns: 200 },
    );
  });

  it('ends once and leaves nothing behind, whatever befalls it', async () => {
    const rules = fc.array(fc.record({ at: MOMENT, fault: fc.oneof(LINE_FAULT, OTHER_FAULT) }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(rules, fc.array(ACT, { maxLength: 40 }), async (given, acts) => {
        const bench = new Bench(...given);
        await play(bench.send(SETUP_COMPLETE), acts);
        bench.wire.close(1001, 'bye');
        bench.wire.release();
        expect(bench.out.filter((line) => /^[\d.]+ (close|cut|half)/.test(line))).toHaveLength(1);
        expect(bench.out.at(-1)).toMatch(/^[\d.]+ (close|cut|half)/);
        bench.wire.gone(1006, '');
        expect([bench.pending.size, bench.isGone]).toEqual([0, true]);
      }),
      {
        numRuns: 200,
        // Half a frame goes out while a message is held for the next.
        examples: [
          [
            [
              { at: 'open', fault: { kind: 'reorder' } },
              { at: 'setup-complete', fault: { kind: 'break-frame' } },
            ],
            ['send'],
          ],
        ],
      },
    );
  });
});
