import { LIST_PRICES, OPEN_POLICY } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { type Draft, draftOf, withJson } from './draft.ts';
import type { SettingKind } from './queries.ts';
import { warningsOf } from './warnings.ts';

const nowMs = Date.parse('2026-11-10T12:00:00Z');
const open = draftOf({ ...OPEN_POLICY, models: ['gemini-3.8-live'] });
const intro: Draft = {
  title: 'Intro',
  setup: {
    model: 'models/gemini-3.8-live',
    generationConfig: { responseModalities: ['AUDIO'] },
    contextWindowCompression: { slidingWindow: {} },
    systemInstruction: { parts: [{ text: 'Greet them.' }] },
  },
  variables: {},
};
const listed = draftOf({ ...LIST_PRICES['gemini-3.8-live'], asOf: '2026-11-01' });
const at = (kind: SettingKind, draft: Draft, id = 'some', when = nowMs) =>
  warningsOf(kind, draft, { id, nowMs: when }).map(({ path }) => path);

describe('warningsOf', () => {
  it('says nothing of what is plain', () => {
    expect(at('policies', open)).toEqual([]);
    expect(at('templates', intro)).toEqual([]);
    expect(at('prices', listed, 'gemini-3.8-live')).toEqual([]);
  });

  it.each([
    ['route', 'relay', 'route'],
    ['backends', ['google-ai', 'vertex-ai'], 'backends'],
    ['models', ['gemini-3.8-liv'], 'models'],
    ['models', ['gemini-2.0-flash-live-001'], 'models'],
    ['openFields', ['labels'], 'openFields'],
    ['minutesPerDay', 0, 'minutesPerDay'],
    ['minutesPerMonth', 10, 'minutesPerMonth'],
    ['meteredPerDay', { tokens: 1, usd: null }, 'meteredPerDay'],
    ['leaseSeconds', [900], 'leaseSeconds'],
    ['leaseSeconds', [20, 120], 'leaseSeconds'],
    ['leaseSeconds', [120, 7_200], 'leaseSeconds'],
    ['anonymous', true, 'anonymousPool'],
    ['anonymousPool', { minutesPerDay: 1 }, 'anonymousPool'],
    ['transcripts', { keep: false, days: 3 }, 'transcripts'],
    ['reportEverySeconds', 10, 'reportEverySeconds'],
    ['sessionDays', 400, 'sessionDays'],
    ['emulatorOnly', true, 'emulatorOnly'],
    ['templateRequired', true, 'settableFields'],
  ])('warns of a policy whose %s is %j', (key, value, path) => {
    expect(at('policies', withJson(open, key, value))).toEqual([path]);
  });

  it('warns of a model on the day it is shut down, not on the day before', () => {
    const draft = withJson(open, 'models', ['gemini-3.1-flash-live-preview']);
    expect(at('policies', draft, 'some', Date.parse('2026-11-16T23:59:00Z'))).toEqual([]);
    expect(at('policies', draft, 'some', Date.parse('2026-11-17T00:00:00Z'))).toEqual(['models']);
  });

  it('warns of kept transcripts, more so of long ones', () => {
    const keep = (days: number) => at('policies', withJson(open, 'transcripts', { keep: true, days }));
    expect([keep(7).length, keep(31).length, keep(0).length]).toEqual([1, 2, 2]);
  });

  it('warns of a policy named anonymous that lets no guests in', () => {
    expect(at('policies', open, 'anonymous')).toEqual(['anonymous']);
  });

  it.each([
    ['setup.model', 'models/gemini-3.8-liv', 'setup.model'],
    ['setup.generationConfig.responseModalities', ['TEXT'], 'setup.generationConfig.responseModalities'],
    [
      'setup.generationConfig.responseModalities',
      ['AUDIO', 'AUDIO'],
      'setup.generationConfig.responseModalities',
    ],
    ['setup.generationConfig.enableAffectiveDialog', true, 'setup.generationConfig.enableAffectiveDialog'],
    ['setup.toolConfig', {}, 'setup.toolConfig'],
    ['setup.systemInstruction', { parts: [{ text: ' ' }] }, 'setup.systemInstruction'],
    ['setup.contextWindowCompression', undefined, 'setup.contextWindowCompression.triggerTokens'],
    ['variables', { name: { maxLength: 5 } }, 'variables'],
  ])('warns of a template whose %s is %j', (path, value, where) => {
    expect(at('templates', withJson(intro, path, value))).toEqual([where]);
  });

  it('warns of a voice that does not exist', () => {
    const voice = 'setup.generationConfig.speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName';
    expect(at('templates', withJson(intro, voice, 'Puck'))).toEqual([]);
    expect(at('templates', withJson(intro, voice, 'puck'))).toEqual([voice]);
  });

  it('warns of prices that are 91 days old, not of 90', () => {
    const asOf = (day: string) => at('prices', withJson(listed, 'asOf', day), 'gemini-3.8-live');
    expect(asOf('2026-08-12')).toEqual([]);
    expect(asOf('2026-08-11')).toEqual(['asOf']);
    expect(asOf('2026-11-12')).toEqual(['asOf']);
  });

  it('warns of figures that are unknown or free, and of an unknown model', () => {
    const price = withJson(withJson(listed, 'output.AUDIO', undefined), 'input.TEXT', 0);
    expect(at('prices', price, 'else')).toEqual(['id', 'output.AUDIO', 'input.TEXT']);
  });
});
