import { describe, expect, it } from 'vitest';
import { isLocation, isServedAt, locationOfHost, VERTEX_REGIONS } from './vertex-locations.ts';

const RULES = { vertexRegions: VERTEX_REGIONS, globalModels: 'gemini-3' } as const;
const NEW = 'gemini-3.8-live';
const OLD = 'gemini-live-2.5-flash-native-audio';

describe('isLocation', () => {
  it('tells what can name a location from what cannot', () => {
    for (const text of ['global', 'us', 'eu', ...VERTEX_REGIONS])
      expect([text, isLocation(text)]).toEqual([text, true]);
    for (const text of ['', 'moon', 'us-central', 'US-central1', 'us-central1-a', 'europe_west1', 'global1'])
      expect([text, isLocation(text)]).toEqual([text, false]);
  });
});

describe('isServedAt', () => {
  it.each([
    [NEW, 'us-central1', true],
    [OLD, 'us-central1', true],
    [OLD, 'us-east5', false],
    [OLD, 'mars-north1', false],
    [NEW, 'global', true],
    [OLD, 'global', false],
    [NEW, 'eu', true],
    [OLD, 'eu', false],
  ])('%s at %s: %s', (model, location, expected) => {
    expect(isServedAt(model, location, RULES)).toBe(expected);
  });

  it('follows the options', () => {
    expect(isServedAt(OLD, 'global', { ...RULES, globalModels: 'every' })).toBe(true);
    expect(isServedAt(NEW, 'global', { ...RULES, globalModels: 'none' })).toBe(false);
    expect(isServedAt(OLD, 'us-east5', { ...RULES, vertexRegions: ['us-east5'] })).toBe(true);
    expect(isServedAt(OLD, 'us-central1', { ...RULES, vertexRegions: ['us-east5'] })).toBe(false);
  });
});

describe('locationOfHost', () => {
  it.each([
    ['us-central1-aiplatform.googleapis.com', 'us-central1'],
    ['europe-west4-aiplatform.googleapis.com:443', 'europe-west4'],
    ['aiplatform.googleapis.com', 'global'],
    ['aiplatform.eu.rep.googleapis.com', 'eu'],
    ['127.0.0.1:9910', undefined],
    ['generativelanguage.googleapis.com', undefined],
    ['us-central1-aiplatform.googleapis.com.example.org', undefined],
    [undefined, undefined],
  ])('%s stands for %s', (host, location) => {
    expect(locationOfHost(host)).toBe(location);
  });
});
