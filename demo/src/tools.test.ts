import { describe, expect, it } from 'vitest';
import { colourIn, timeIn } from './tools.ts';

describe('the page’s tools', () => {
  it('take a colour that the page has, however it is written', () => {
    expect(colourIn({ colour: 'Green' })).toBe('green');
  });

  it.each([{}, { colour: 7 }, { colour: 'plaid' }, { colour: 'constructor' }])('refuse %o', (args) => {
    expect(() => colourIn(args)).toThrow(/colour/);
  });

  it('tell the time of a zone, and that a zone does not exist', () => {
    const noon = new Date('2026-11-21T12:05:00Z');
    expect(timeIn('Asia/Tokyo', noon)).toEqual({ zone: 'Asia/Tokyo', time: 'Saturday 21:05' });
    expect(() => timeIn('Mars/Olympus', noon)).toThrow(RangeError);
  });
});
