import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmulatorError } from './errors.ts';
import type { Fault, FaultRule } from './fault.ts';
import { FAULT_FIELDS, readFault, readFaultRule } from './fault-reader.ts';

const problem = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(EmulatorError);
    expect((error as EmulatorError).code).toBe('invalid-fault');
    return (error as EmulatorError).message;
  }
  return 'taken';
};

describe('readFault', () => {
  it.each<Fault>([
    { kind: 'lose' },
    { kind: 'duplicate', copies: 2 },
    { kind: 'reorder', withinMs: 10 },
    { kind: 'truncate', keep: 0.25 },
    { kind: 'malform', how: 'not-utf8' },
    { kind: 'break-frame' },
    { kind: 'stall', forMs: 5 },
    { kind: 'slow-reader' },
    { kind: 'shape', direction: 'in', bytesPerSecond: 1, burstBytes: 0, latencyMs: 1, jitterMs: 1, forMs: 1 },
    { kind: 'bursty-audio', holdMs: 1, rate: 0.5, forMs: 9 },
    { kind: 'drop' },
    { kind: 'close', code: 1006, reason: 'x' },
    { kind: 'go-away', timeLeftMs: 0 },
    { kind: 'expire-token', afterMs: 3 },
    { kind: 'invalidate-handles' },
  ])('takes $kind', (fault) => {
    expect(readFault(fault, 'fault')).toEqual(fault);
  });

  it.each([
    [undefined, 'fault must be an object'],
    [{}, 'fault.kind must be lose, '],
    [{ kind: 'explode' }, 'fault.kind must be lose, '],
    [{ kind: 'constructor' }, 'fault.kind must be'],
    [{ kind: 'refuse', status: 503 }, 'fault.kind must be'],
    [{ kind: 'close' }, 'fault.code must be a whole number, 1000 to 65535'],
    [{ kind: 'close', code: 1011.5 }, 'fault.code must be a whole number'],
    [{ kind: 'close', code: 1011, reason: 1 }, 'fault.reason must be text'],
    [{ kind: 'close', code: 1011, cod: 1 }, 'fault.cod must be left out'],
    [{ kind: 'lose', toString: 1 }, 'fault.toString must be left out'],
    [{ kind: 'stall', forMs: -1 }, 'fault.forMs must be a number, 0 to'],
    [{ kind: 'stall', forMs: Number.NaN }, 'fault.forMs must be a number'],
    [{ kind: 'shape', direction: 'out' }, 'fault must be a shape with'],
    [{ kind: 'malform', how: 'badly' }, 'fault.how must be not-json, '],
    [{ kind: 'bursty-audio' }, 'fault.holdMs must be a number'],
    [{ kind: 'truncate', keep: 1.5 }, 'fault.keep must be a number, 0 to 1'],
  ])('refuses %j and names the field', (fault, message) => {
    expect(problem(() => readFault(fault, 'fault'))).toContain(message);
  });
});

describe('readFaultRule', () => {
  it.each<FaultRule>([
    { fault: { kind: 'drop' } },
    { at: 'upgrade', fault: { kind: 'refuse', status: 429, body: 'x', retryAfterSeconds: 3 } },
    { at: 'upgrade', scope: { token: 'ab' }, fault: { kind: 'reset' } },
    { at: 'token-request', scope: { share: 0.5 }, fault: { kind: 'lose-answer' } },
    { at: { messageOut: 3, of: 'audio' }, times: 2, fault: { kind: 'lose' } },
    { at: { messageIn: 'each' }, fault: { kind: 'duplicate' } },
    { at: { turn: 1, audioMs: 300 }, scope: { session: 'session-1' }, fault: { kind: 'stall' } },
    { at: { audioMs: 10 }, scope: 'next-connection', fault: { kind: 'drop' } },
    { at: { afterMs: 10 }, fault: { kind: 'break-frame' } },
  ])('takes %j', (rule) => {
    expect(readFaultRule(rule, 'rule')).toEqual(rule);
  });

  it.each([
    [{}, 'rule.fault must be an object'],
    [{ fault: { kind: 'drop' }, when: 'now' }, 'rule.when must be left out'],
    [{ fault: { kind: 'drop' }, times: 0 }, 'rule.times must be a whole number, 1 to'],
    [{ fault: { kind: 'drop' }, at: 'noon' }, 'rule.at must be upgrade, '],
    [{ fault: { kind: 'drop' }, at: {} }, 'rule.at must be'],
    [{ fault: { kind: 'drop' }, at: { messageOut: 1, messageIn: 1 } }, 'rule.at must be'],
    [{ fault: { kind: 'drop' }, at: { messageOut: 0 } }, 'rule.at.messageOut must be a whole number, 1 to'],
    [{ fault: { kind: 'drop' }, at: { messageOut: 1, of: 'setup' } }, 'rule.at.of must be setupComplete, '],
    [{ fault: { kind: 'drop' }, at: 'upgrade' }, 'rule.fault.kind must be refuse, hang or reset'],
    [{ fault: { kind: 'lose-answer' }, at: 'upgrade' }, 'rule.fault.kind must be refuse, hang or reset'],
    [
      { fault: { kind: 'refuse', status: 200 }, at: 'upgrade' },
      'rule.fault.status must be a whole number, 400',
    ],
    [{ fault: { kind: 'truncate' }, at: { messageIn: 1 } }, 'rule.fault.kind must be one that can befall'],
    [{ fault: { kind: 'drop' }, scope: 'some' }, 'rule.scope must be every-connection, '],
    [{ fault: { kind: 'drop' }, scope: { session: 'a', token: 'b' } }, 'rule.scope must be'],
    [{ fault: { kind: 'drop' }, scope: { share: 2 } }, 'rule.scope.share must be a number, 0 to 1'],
    [
      { fault: { kind: 'reset' }, scope: { session: 'a' }, at: 'upgrade' },
      'rule.scope must be a scope that is known',
    ],
    [{ fault: { kind: 'reset' }, scope: { token: 'a' }, at: 'token-request' }, 'rule.scope must be a scope'],
  ])('refuses %j and names the field', (rule, message) => {
    expect(problem(() => readFaultRule(rule, 'rule'))).toContain(message);
  });
});

describe('readFaultRule and readFault', () => {
  it('refuse by name or take, whatever they are given', () => {
    const kind = fc.constantFrom(...Object.keys(FAULT_FIELDS));
    const fields = fc.dictionary(fc.constantFrom(...Object.values(FAULT_FIELDS).flat()), fc.anything(), {
      maxKeys: 3,
    });
    const fault = fc.tuple(kind, fields).map(([name, rest]) => ({ kind: name, ...rest }));
    const part = fc.anything();
    const rule = fc.record({ fault, scope: part, at: part, times: part }, { requiredKeys: ['fault'] });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fault, rule), (value) => {
        for (const read of [readFault, readFaultRule]) {
          const message = problem(() => read(value, 'value'));
          expect(message === 'taken' || message.startsWith('value')).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('docs/faults.md', () => {
  const page = readFileSync(new URL('../docs/faults.md', import.meta.url), 'utf8');

  it.each(Object.entries(FAULT_FIELDS))('has a row for %s that names its fields', (kind, fields) => {
    const row = page.split('\n').find((line) => new RegExp(`^\\| \`${kind}\` +\\|`).test(line));
    for (const field of fields) expect(row).toContain(`\`${field}\``);
    expect(row).toBeDefined();
  });
});
