import { describe, expect, it } from 'vitest';
import { GoogleError } from './google-error.ts';
import { readTokenRequest } from './token-request.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const read = (body: unknown) => readTokenRequest(body, NOW);
const refusal = (body: unknown): string => {
  try {
    read(body);
  } catch (error) {
    if (error instanceof GoogleError) {
      expect(error.statusCode).toBe(400);
      return error.message;
    }
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('readTokenRequest', () => {
  it('fills in what the service does: one use, 30 minutes, a minute to start, nothing locked', () => {
    expect(read({})).toEqual({
      uses: 1,
      expiresAtMs: NOW + 30 * 60_000,
      newSessionUntilMs: NOW + 60_000,
      lock: { paths: [], setup: {} },
    });
  });

  it('reads either casing alike', () => {
    const setup = { model: 'models/m', generationConfig: { topK: 4 } };
    const camel = read({
      uses: 3,
      expireTime: '2026-11-21T12:10:00Z',
      newSessionExpireTime: '2026-11-21T12:00:30.5Z',
      bidiGenerateContentSetup: setup,
      fieldMask: 'model,generationConfig.topK',
    });
    const snake = read({
      uses: '3',
      expire_time: '2026-11-21T13:10:00+01:00',
      new_session_expire_time: '2026-11-21T12:00:30.500000Z',
      bidi_generate_content_setup: { model: 'models/m', generation_config: { top_k: 4 } },
      field_mask: 'model,generation_config.top_k',
    });
    expect(snake).toEqual(camel);
    expect(camel).toEqual({
      uses: 3,
      expiresAtMs: NOW + 600_000,
      newSessionUntilMs: NOW + 30_500,
      lock: { paths: ['model', 'generationConfig.topK'], setup },
    });
  });

  it('locks everything where there are constraints and no mask', () => {
    const setup = { model: 'models/m' };
    expect(read({ bidiGenerateContentSetup: setup }).lock).toEqual({ paths: 'all', setup });
    expect(read({ bidiGenerateContentSetup: setup, fieldMask: '' }).lock.paths).toBe('all');
  });

  it('locks the masked fields to their absence where there are no constraints', () => {
    expect(read({ fieldMask: 'tools' }).lock).toEqual({ paths: ['tools'], setup: {} });
  });

  it('takes 0 uses for any number', () => {
    expect(read({ uses: 0 }).uses).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ['2026-11-21T12:00:00Z', '2026-11-21T12:00:00.001Z', 'lies in the past'],
    ['2026-11-22T08:00:00Z', '2026-11-22T07:59:59Z', 'lies 20 hours ahead'],
    ['2026-11-21 12:30:00Z', '2026-11-21T12:30:00Z', 'is no RFC 3339 time'],
    ['2026-11-21T12:30:00', '2026-11-21T12:30:00Z', 'has no zone'],
    ['2026-13-21T12:30:00Z', '2026-11-21T12:30:00Z', 'is no date'],
  ])('refuses a time that %s against %s: %s', (bad, good) => {
    for (const field of ['expireTime', 'newSessionExpireTime']) {
      expect(refusal({ [field]: bad })).toContain(field);
      expect(() => read({ [field]: good })).not.toThrow();
    }
    expect(refusal({ expireTime: 1_795_000_000 })).toContain('expireTime');
  });

  it.each([-1, 1.5, 'many', true])('refuses %s uses', (uses) => {
    expect(refusal({ uses })).toContain('uses');
  });

  it('refuses a mask that names no field of the service', () => {
    const setup = { model: 'models/m' };
    expect(refusal({ fieldMask: 'modle' })).toContain('modle');
    expect(refusal({ fieldMask: 'model,generationConfig.topJ' })).toContain('generationConfig.topJ');
    expect(refusal({ fieldMask: 'tools.0' })).toContain('tools.0');
    expect(refusal({ fieldMask: 'explicitVadSignal' })).toContain('explicitVadSignal');
    expect(refusal({ fieldMask: ['model'] })).toContain('fieldMask');
    for (const fieldMask of ['model', 'model,generationConfig', 'model, systemInstruction.parts'])
      expect(() => read({ bidiGenerateContentSetup: setup, fieldMask })).not.toThrow();
  });

  it('refuses a constraint outside the mask, naming it', () => {
    const constrained = (fieldMask: string, more: object = {}) => ({
      bidiGenerateContentSetup: { model: 'models/m', generationConfig: { topK: 1, temperature: 0 }, ...more },
      fieldMask,
    });
    expect(refusal(constrained('model,generationConfig.topK'))).toContain('generationConfig.temperature');
    expect(() => read(constrained('model,generationConfig.topK,generationConfig.temperature'))).not.toThrow();
    expect(() => read(constrained('model,generationConfig'))).not.toThrow();
    expect(refusal(constrained('model,generationConfig', { sessionResumption: {} }))).toContain(
      'sessionResumption',
    );
  });

  it('refuses what is no token request', () => {
    expect(refusal([])).toContain('object');
    expect(refusal({ lifetime: 5 })).toContain('lifetime');
    expect(refusal({ bidiGenerateContentSetup: { setup: { model: 'models/m' } } })).toContain('setup');
    expect(refusal({ bidiGenerateContentSetup: { model: 'models/m', labels: [] } })).toContain('labels');
    expect(refusal({ bidiGenerateContentSetup: { model: 'm', toolConfig: {} } })).toContain('toolConfig');
    expect(() => read({ bidiGenerateContentSetup: { model: 'models/m', labels: {} } })).not.toThrow();
  });
});
