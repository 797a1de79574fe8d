import { describe, expect, it } from 'vitest';
import { decodeClientMessage } from './codec.ts';
import { isDeeperThan, MOST_DEPTH } from './depth.ts';
import { ProtocolError } from './errors.ts';

const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('isDeeperThan', () => {
  it.each([objects, lists])('counts objects and lists alike', (nested) => {
    expect(isDeeperThan(JSON.parse(nested(3)), 3)).toBe(false);
    expect(isDeeperThan(JSON.parse(nested(4)), 3)).toBe(true);
    expect(isDeeperThan(JSON.parse(nested(1_000_000)), 3)).toBe(true);
  });

  it('finds the deep one among many, and takes what is no object for flat', () => {
    expect(isDeeperThan([1, { a: [] }, [[[]]]], 3)).toBe(true);
    expect(isDeeperThan([1, { a: [] }, [[]]], 3)).toBe(false);
    for (const flat of [null, undefined, 'a', 1]) expect(isDeeperThan(flat, 0)).toBe(false);
  });
});

describe('decodeClientMessage', () => {
  const response = (depth: number): string =>
    `{"toolResponse":{"functionResponses":[{"id":"1","name":"f","response":${objects(depth)}}]}}`;
  const AROUND = 4;

  it('reads a message that is nested as deep as may be, and refuses the next level and the millionth', () => {
    expect(decodeClientMessage(response(MOST_DEPTH - AROUND))).toHaveProperty('toolResponse');
    for (const depth of [MOST_DEPTH - AROUND + 1, 1_000_000])
      expect(() => decodeClientMessage(response(depth))).toThrow(
        expect.objectContaining({ code: 'invalid-field', message: expect.stringContaining(`${MOST_DEPTH}`) }),
      );
    expect(() => decodeClientMessage(`{"unknown":${lists(1_000_000)}}`)).toThrow(ProtocolError);
  });
});
