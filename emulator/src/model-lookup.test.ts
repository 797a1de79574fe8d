import { LIVE_MODELS, type LiveModel } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { findModel, type LookupCircumstances } from './model-lookup.ts';
import { type LiveEmulatorOptions, settingsOf } from './options.ts';

type Door = Pick<LookupCircumstances, 'backend' | 'door' | 'location'>;

const DEVELOPER: Door = { backend: 'google-ai', door: 'direct' };
const VERTEX: Door = { backend: 'vertex-ai', door: 'direct' };
const FIREBASE: Door = { backend: 'google-ai', door: 'firebase' };
const FIREBASE_VERTEX: Door = { backend: 'vertex-ai', door: 'firebase', location: 'us-central1' };
const ON_VERTEX_ONLY = 'gemini-live-2.5-flash-native-audio';
const ON_DEVELOPER_ONLY = 'gemini-3.8-live-extended-thinking';

const nowMs = Date.UTC(2026, 10, 21);
const find = (name: string, door: Door, options: LiveEmulatorOptions = {}) => {
  const found = findModel(name, { ...settingsOf(options), ...door, nowMs });
  return 'condition' in found ? found.condition : 'found';
};
const at = (location: string, model = 'gemini-3.8-live', publisher = 'google'): string =>
  `projects/my-project/locations/${location}/publishers/${publisher}/models/${model}`;

describe('findModel', () => {
  it.each([
    [DEVELOPER, 'models/gemini-3.8-live', 'found'],
    [DEVELOPER, `models/${ON_DEVELOPER_ONLY}`, 'found'],
    [DEVELOPER, `models/${ON_VERTEX_ONLY}`, 'model-not-found'],
    [DEVELOPER, 'gemini-3.8-live', 'model-not-found'],
    [DEVELOPER, at('us-central1'), 'model-not-found'],
    [DEVELOPER, 'projects/my-project/models/gemini-3.8-live', 'model-not-found'],
    [FIREBASE, 'projects/my-project/models/gemini-3.8-live', 'found'],
    [FIREBASE, 'projects/my-project/models/gemini-9', 'model-not-found'],
    [FIREBASE, `projects/my-project/models/${ON_VERTEX_ONLY}`, 'model-not-found'],
    [FIREBASE, 'models/gemini-3.8-live', 'invalid-resource'],
    // What firebase/ai sends for a model that is asked for as models/….
    [FIREBASE, 'projects/my-project/models/models/gemini-3.8-live', 'invalid-resource'],
    [FIREBASE_VERTEX, at('us-central1'), 'found'],
    [FIREBASE_VERTEX, at('us-central1', ON_VERTEX_ONLY), 'found'],
    [FIREBASE_VERTEX, at('us-east1'), 'location-mismatch'],
    [FIREBASE_VERTEX, 'publishers/google/models/gemini-3.8-live', 'invalid-resource'],
    [VERTEX, at('us-central1'), 'found'],
    [VERTEX, 'publishers/google/models/gemini-3.8-live', 'found'],
    [VERTEX, 'models/gemini-3.8-live', 'invalid-resource'],
    [VERTEX, 'gemini-3.8-live', 'invalid-resource'],
    [VERTEX, at('us-central1/x'), 'invalid-resource'],
    [VERTEX, at('nowhere'), 'invalid-resource'],
    [VERTEX, at('us-central1', ON_VERTEX_ONLY), 'found'],
    [VERTEX, at('us-central1', ON_DEVELOPER_ONLY), 'publisher-model-not-found'],
    [VERTEX, at('us-central1', 'gemini-9'), 'publisher-model-not-found'],
    [VERTEX, at('us-central1', 'gemini-3.8-live', 'somebody'), 'publisher-model-not-found'],
    [VERTEX, at('us-east5'), 'publisher-model-not-found'],
    [VERTEX, at('global'), 'found'],
    [VERTEX, at('global', ON_VERTEX_ONLY), 'publisher-model-not-found'],
  ])('%o, %s: %s', (door, name, expected) => {
    expect(find(name, door)).toBe(expected);
  });

  it('holds the location of the name against that of the endpoint, and lets the global host take every region', () => {
    const region = { ...VERTEX, location: 'us-east1' };
    expect([find(at('us-east1'), region), find(at('us-west1'), region)]).toEqual([
      'found',
      'location-mismatch',
    ]);
    expect(find(at('us-west1'), { ...VERTEX, location: 'global' })).toBe('found');
    expect(find(at('us-west1'), { ...FIREBASE_VERTEX, location: 'global' })).toBe('location-mismatch');
    const own = { vertexLocation: 'us-east1' };
    expect([find(at('us-east1'), VERTEX, own), find(at('us-west1'), VERTEX, own)]).toEqual([
      'found',
      'location-mismatch',
    ]);
    expect(find(at('us-west1'), { ...VERTEX, location: 'us-west1' }, own)).toBe('found');
  });

  it('serves on each backend the models of that backend, past their date too unless strict', () => {
    for (const [id, model] of Object.entries<LiveModel>(LIVE_MODELS)) {
      const isPast = model.shutdown !== undefined && Date.parse(model.shutdown) <= nowMs;
      const [developer, vertex] = (['google-ai', 'vertex-ai'] as const).map((each) =>
        model.backends.includes(each),
      );
      expect([id, find(`models/${id}`, DEVELOPER)]).toEqual([id, developer ? 'found' : 'model-not-found']);
      expect([id, find(at('us-central1', id), VERTEX)]).toEqual([
        id,
        vertex ? 'found' : 'publisher-model-not-found',
      ]);
      if (vertex)
        expect([id, find(at('us-central1', id), VERTEX, { strictModels: true })]).toEqual([
          id,
          isPast ? 'not-a-live-model' : 'found',
        ]);
    }
  });
});
