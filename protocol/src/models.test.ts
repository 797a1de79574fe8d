import { describe, expect, it } from 'vitest';
import { pcmRateOf } from './audio-format.ts';
import { SHUTDOWN_SOURCES } from './model-sources.ts';
import { LIVE_MODELS, liveModel, shutdownWarning } from './models.ts';

describe('liveModel', () => {
  it.each([
    'gemini-3.8-live',
    'models/gemini-3.8-live',
    'projects/p/locations/l/publishers/google/models/gemini-3.8-live',
  ])('finds %s', (name) => {
    expect(liveModel(name)).toBe(LIVE_MODELS['gemini-3.8-live']);
  });

  it('does not take an inherited name for a model', () => {
    expect(liveModel('constructor')).toBeUndefined();
  });

  it.each([
    'gemini-live-2.5-flash',
    'gemini-live-2.5-flash-preview-native-audio',
    'gemini-live-2.5-flash-preview-native-audio-09-2025',
    'gemini-live-2.5-flash-native-audio',
    'gemini-2.5-flash-native-audio-preview-09-2025',
    'gemini-2.5-flash-native-audio-preview-12-2025',
    'gemini-2.0-flash-live-preview-04-09',
  ])('knows %s, which getting-started pages name', (name) => {
    expect(liveModel(name)).toBeDefined();
  });

  it('names a successor that exists for every model with a shutdown date', () => {
    for (const name of Object.keys(LIVE_MODELS)) {
      const model = liveModel(name);
      if (model?.shutdown) expect(liveModel(model.successor ?? '')?.shutdown).toBeUndefined();
    }
  });
});

describe('SHUTDOWN_SOURCES', () => {
  it('says of every shutdown date, and of nothing else, where it was read', () => {
    const dated = Object.entries(LIVE_MODELS).filter(([, model]) => 'shutdown' in model);
    expect(Object.keys(SHUTDOWN_SOURCES).sort()).toEqual(dated.map(([id]) => id).sort());
    for (const { source } of Object.values(SHUTDOWN_SOURCES)) expect(source.length).toBeGreaterThan(20);
  });
});

describe('shutdownWarning', () => {
  it('begins on the day of the shutdown', () => {
    const day = Date.parse('2026-11-17T00:00:00Z');
    expect(shutdownWarning('gemini-3.1-flash-live-preview', day - 1)).toBeUndefined();
    expect(shutdownWarning('gemini-3.1-flash-live-preview', day)).toContain('gemini-3.8-live');
    expect(shutdownWarning('gemini-3.8-live', day)).toBeUndefined();
  });
});

describe('pcmRateOf', () => {
  it.each([
    ['audio/pcm;rate=24000', 24_000],
    ['audio/pcm; rate=16000', 16_000],
    ['audio/pcm', 16_000],
    ['audio/pcm;rate=abc', undefined],
    ['audio/pcm;rate=0', undefined],
    ['audio/ogg', undefined],
  ])('reads %s as %s Hz', (type, hz) => {
    expect(pcmRateOf(type, 16_000)).toBe(hz);
  });
});
