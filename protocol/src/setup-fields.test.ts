import { describe, expect, it } from 'vitest';
import { lockedPaths, override, pathsIn, pick, SETUP_FIELDS } from './setup-fields.ts';

describe('lockedPaths', () => {
  it('locks every Developer API path but the resumption handle', () => {
    const locked = lockedPaths([]);
    expect(locked).not.toContain('sessionResumption');
    expect(locked).not.toContain('explicitVadSignal');
    expect(locked).toContain('systemInstruction');
    expect(locked.length).toBe(
      Object.values(SETUP_FIELDS).filter(({ backend }) => backend === 'both').length - 1,
    );
  });

  it('leaves out exactly the open path', () => {
    const open = 'generationConfig.temperature';
    expect(lockedPaths([]).filter((path) => !lockedPaths([open]).includes(path))).toEqual([open]);
  });
});

describe('override', () => {
  const client = {
    model: 'models/b',
    generationConfig: { temperature: 2, topK: 1 },
    tools: [{ googleSearch: {} }],
  };

  it("takes the token's value on every given path, absence included", () => {
    const token = { model: 'models/a', generationConfig: { temperature: 0.5 } };
    expect(override(client, token, ['model', 'generationConfig.temperature', 'tools'])).toEqual({
      model: 'models/a',
      generationConfig: { temperature: 0.5, topK: 1 },
    });
  });

  it('leaves its arguments as they were', () => {
    const before = JSON.stringify(client);
    override(client, {}, ['model', 'generationConfig.topK']);
    expect(JSON.stringify(client)).toBe(before);
  });
});

describe('pick and pathsIn', () => {
  it('find the same fields', () => {
    const setup = { model: 'm', generationConfig: { topK: 1 }, inputAudioTranscription: {} };
    expect(pathsIn(setup)).toEqual(['model', 'generationConfig.topK', 'inputAudioTranscription']);
    expect(pick(setup, ['generationConfig.topK', 'tools'])).toEqual({ generationConfig: { topK: 1 } });
  });
});
