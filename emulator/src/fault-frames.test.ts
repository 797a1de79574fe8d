import { describe, expect, it } from 'vitest';
import { closeFrame, halfFrame, spoiled } from './fault-frames.ts';

describe('halfFrame', () => {
  it.each([
    [10, [0x82, 10]],
    [125, [0x82, 125]],
    [126, [0x82, 126, 0, 126]],
    [65_535, [0x82, 126, 0xff, 0xff]],
    [65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ])('announces all %i bytes and holds half of them', (length, header) => {
    const frame = halfFrame(new Uint8Array(length).fill(7), 'binary');
    expect([...frame.subarray(0, header.length)]).toEqual(header);
    expect(frame.length - header.length).toBe(Math.floor(length / 2));
  });

  it('says which of the two kinds it is', () => {
    expect([halfFrame(new Uint8Array(2), 'text')[0], halfFrame(new Uint8Array(2), 'binary')[0]]).toEqual([
      0x81, 0x82,
    ]);
  });
});

describe('closeFrame', () => {
  it('carries any code, and the reason in UTF-8', () => {
    expect([...closeFrame(2_999, 'é')]).toEqual([0x88, 4, 0x0b, 0xb7, 0xc3, 0xa9]);
  });
});

describe('spoiled', () => {
  const text = '{"serverContent":{"turnComplete":true}}';

  it.each([0, 0.5, 1])('leaves no valid JSON of a message of which a share of %f is kept', (keep) => {
    const [message] = spoiled(text, [{ kind: 'truncate', keep }]);
    expect(message?.kind).toBe('text');
    expect(() => JSON.parse(message && 'text' in message ? message.text : '{}')).toThrow(SyntaxError);
  });

  it('applies one fault after another', () => {
    const twice = spoiled(text, [{ kind: 'malform', how: 'unknown-message' }, { kind: 'duplicate' }]);
    expect(twice.map((each) => ('text' in each ? each.text === text : undefined))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(spoiled(text, [{ kind: 'lose' }, { kind: 'duplicate' }])).toEqual([]);
    expect(spoiled(text, [{ kind: 'duplicate' }, { kind: 'break-frame' }])).toEqual([{ kind: 'half', text }]);
  });
});
