import { describe, expect, it } from 'vitest';
import {
  durationWords,
  modalitiesOf,
  modalityParts,
  momentText,
  secondsText,
  shortCount,
  tokensIn,
  usdText,
  utcText,
} from './format.ts';

const british = { locale: 'en-GB', timeZone: 'Europe/Berlin' };
const noon = Date.UTC(2026, 10, 21, 11, 3, 7);

describe('secondsText', () => {
  it('carries the unit and the separators of the locale', () => {
    expect(secondsText(1020, { locale: 'en-US' })).toBe('1,020 s');
    expect(secondsText(1020, { locale: 'de-DE' })).toBe('1.020 s');
  });

  it('rounds what a client measured to whole seconds', () => {
    expect(secondsText(12.6)).toBe('13 s');
  });
});

describe('durationWords', () => {
  it.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [125, '2 min 5 s'],
    [3600, '1 h'],
    [3780, '1 h 3 min'],
    [7199.9, '2 h'],
  ])('says %d s as "%s"', (seconds, words) => {
    expect(durationWords(seconds)).toBe(words);
  });
});

describe('modalityParts', () => {
  it('names each modality that occurred, the largest first', () => {
    expect(modalityParts({ TEXT: 20, AUDIO: 1234, VIDEO: 0 }, { locale: 'en-US' })).toEqual([
      'audio 1,234',
      'text 20',
    ]);
  });

  it('is empty where nothing was counted', () => {
    expect(modalityParts({})).toEqual([]);
  });

  it('keeps tokens that no detail named', () => {
    expect(modalitiesOf({ OTHER: 3 })).toEqual([['OTHER', 3]]);
    expect(tokensIn({ OTHER: 3, TEXT: 4 })).toBe(7);
  });
});

describe('shortCount', () => {
  it('shortens from a thousand on', () => {
    expect(shortCount(950, { locale: 'en-US' })).toBe('950');
    expect(shortCount(12_345, { locale: 'en-US' })).toBe('12.3K');
  });
});

describe('momentText', () => {
  it("writes today's moments as a time in the viewer's zone", () => {
    expect(momentText(noon, noon + 3_600_000, british)).toBe('12:03:07');
  });

  it('adds the date to moments of other days', () => {
    expect(momentText(noon, noon + 86_400_000, british)).toBe('21 Nov, 12:03');
  });

  it("goes by the viewer's midnight, not by UTC's", () => {
    const lateInBerlin = Date.UTC(2026, 10, 21, 23, 30);
    expect(momentText(lateInBerlin, Date.UTC(2026, 10, 22, 1), british)).toBe('00:30:00');
    expect(momentText(lateInBerlin, Date.UTC(2026, 10, 21, 22), british)).toBe('22 Nov, 00:30');
  });
});

describe('usdText', () => {
  it.each([
    [0, '$0.00'],
    [12_400_000, '$12.40'],
    [1_234_567_890, '$1,234.57'],
    [31_200, '$0.0312'],
    [150, '$0.00015'],
    [1, '$0.000001'],
  ])('writes %d millionths of a dollar as "%s"', (microUsd, text) => {
    expect(usdText(microUsd, { locale: 'en-US' })).toBe(text);
  });
});

describe('utcText', () => {
  it('names the zone', () => {
    expect(utcText(noon)).toBe('2026-11-21 11:03:07 UTC');
  });
});
