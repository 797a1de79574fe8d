import { describe, expect, it } from 'vitest';
import { readConfig, readPolicy, readTemplate } from './policy-document.ts';
import { Refusal } from './refusal.ts';
import { policyWith } from './testing.ts';

const complaint = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof Refusal) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'read';
};

describe('readPolicy', () => {
  it.each(Object.keys(policyWith()))('lets nobody in where %s is missing, and reads a whole one', (field) => {
    const { [field]: _, ...rest } = { ...policyWith() } as Record<string, unknown>;
    expect(complaint(() => readPolicy('default', rest))).toBe(
      `failed-precondition: livePolicies/default is no usable document: look at ${field}.`,
    );
    expect(complaint(() => readPolicy('default', policyWith()))).toBe('read');
  });

  it.each([
    ['concurrentSessions', '5'],
    ['concurrentSessions', -1],
    ['minutesPerDay', Number.NaN],
    ['minutesPerDay', 'none'],
    ['leaseSeconds', []],
    ['leaseSeconds', [120, 0]],
    ['settableFields', ['generationConfig.temprature']],
    ['openFields', 'tools'],
    ['voices', 'all'],
    ['transcripts', { keep: 'no', days: 1 }],
    ['route', 'tunnel'],
  ])('lets nobody in where %s is %j [threat:wallet:policy-broken]', (field, value) => {
    expect(complaint(() => readPolicy('p', { ...policyWith(), [field]: value }))).toContain(field);
  });

  it('takes no bound for no bound, and no document for no policy', () => {
    expect(readPolicy('p', policyWith({ minutesPerDay: null }))?.minutesPerDay).toBeNull();
    expect(readPolicy('p', undefined)).toBeNull();
  });
});

describe('readTemplate', () => {
  const template = { v: 1, version: 2, title: 'T', setup: { generationConfig: { temperature: 1 } } };

  it('reads a setup in either casing, and refuses a field that the wire does not have', () => {
    expect(readTemplate('t', { ...template, setup: { generation_config: { top_k: 3 } } })?.setup).toEqual({
      generationConfig: { topK: 3 },
    });
    expect(
      complaint(() => readTemplate('t', { ...template, setup: { generationConfig: { temprature: 1 } } })),
    ).toContain('setup.generationConfig.temprature');
  });

  it('wants a version', () => {
    expect(complaint(() => readTemplate('t', template))).toBe('read');
    expect(complaint(() => readTemplate('t', { ...template, version: undefined }))).toContain('version');
  });
});

describe('readConfig', () => {
  it('takes a switch for off only where it plainly is [threat:wallet:kill-switch-broken]', () => {
    expect(readConfig({ v: 1, killSwitch: false })?.killSwitch).toBe(false);
    expect(readConfig({ v: 1, killSwitch: true })?.killSwitch).toBe(true);
    expect(readConfig({ v: 1, killSwitch: 'no' })?.killSwitch).toBe(true);
    expect(readConfig({ v: 1 })?.killSwitch).toBe(true);
    expect(readConfig(undefined)).toBeNull();
  });
});
