import { describe, expect, it } from 'vitest';
import { functionTools } from '../test-support/functions.ts';
import { SessionBench } from '../test-support/session-bench.ts';
import { calledFunction } from './function-behavior.ts';

const MODELS = {
  'gemini-3.8-live': 'non-blocking',
  'gemini-2.5-flash-native-audio-latest': 'blocking',
  'gemini-3.1-flash-live-preview': 'blocking',
} as const;
const setup = (model: string, behavior: string | undefined) => ({
  model: `models/${model}`,
  tools: functionTools({ f: behavior }),
});
const byModel = { defaultBehavior: 'by-model' } as const;

describe('calledFunction', () => {
  it.each(Object.entries(MODELS))('of %s without a behavior is %s', (model, expected) => {
    expect(calledFunction('f', setup(model, undefined), byModel).behavior).toBe(expected);
    expect(calledFunction('f', setup(model, 'UNSPECIFIED'), byModel).behavior).toBe(expected);
  });

  it('follows its behavior, but on a model that knows blocking functions only', () => {
    for (const model of Object.keys(MODELS)) {
      expect(calledFunction('f', setup(model, 'BLOCKING'), byModel).behavior).toBe('blocking');
      expect(calledFunction('f', setup(model, 'NON_BLOCKING'), byModel).behavior).toBe(
        model.startsWith('gemini-3.1') ? 'blocking' : 'non-blocking',
      );
    }
  });

  it('follows another default where one is chosen', () => {
    const [current, native] = ['gemini-3.8-live', 'gemini-2.5-flash-native-audio-latest'];
    const chosen = (model: string, defaultBehavior: 'blocking' | 'non-blocking') =>
      calledFunction('f', setup(model, undefined), { defaultBehavior }).behavior;
    expect(chosen(current, 'blocking')).toBe('blocking');
    expect(chosen(native, 'non-blocking')).toBe('non-blocking');
    expect(chosen('gemini-3.1-flash-live-preview', 'non-blocking')).toBe('blocking');
  });

  it('tells whether anything declares it', () => {
    expect(calledFunction('f', setup('gemini-3.8-live', 'BLOCKING'), byModel).isDeclared).toBe(true);
    expect(calledFunction('g', setup('gemini-3.8-live', 'BLOCKING'), byModel).isDeclared).toBe(false);
  });
});

describe('a setup', () => {
  const begun = (model: string, behavior: string, unsupportedBehavior: 'ignored' | 'refused') =>
    SessionBench.ready(setup(model, behavior), { unsupportedBehavior });
  const old = 'gemini-3.1-flash-live-preview';

  it('with NON_BLOCKING on a model that knows blocking functions only is warned of, or refused where told to', () => {
    const warned = begun(old, 'NON_BLOCKING', 'ignored');
    expect(warned.outline).toEqual(['setupComplete']);
    expect(warned.warnings).toContain('This model knows blocking functions only: NON_BLOCKING is ignored.');
    expect(begun(old, 'NON_BLOCKING', 'refused').closed).toMatchObject({ condition: 'invalid-setup' });
    expect(begun(old, 'BLOCKING', 'refused').closed).toBeUndefined();
    expect(begun('gemini-3.8-live', 'NON_BLOCKING', 'refused').closed).toBeUndefined();
  });

  it('with a behavior nobody knows is refused', () => {
    expect(begun('gemini-3.8-live', 'SOMETIMES', 'ignored').closed).toMatchObject({
      code: 1007,
      condition: 'invalid-setup',
    });
  });
});
