import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { GoogleGenAI, type LiveConnectConfig, Modality } from '@google/genai';
import { decodeClientMessage, SETUP_FIELDS } from '@livegate/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Capture, startCapture } from './support/capture.ts';

/** Names that @google/genai reads off a config and never puts on the wire of a Live setup. */
const NOT_ON_THE_WIRE = ['httpOptions', 'abortSignal'];

/** The source of the converter that turns a Live config into a Developer API setup. */
function converterSource(): string {
  const entry = createRequire(import.meta.url).resolve('@google/genai');
  const source = readFileSync(entry, 'utf8');
  const from = source.search(/function liveConnectConfigToMldev(\$1)?\(/);
  return source.slice(from, source.indexOf('\nfunction ', from + 1));
}

/** Wire paths below `setup` that the converter writes. */
function writtenPaths(source: string): string[] {
  return [...source.matchAll(/setValueByPath\(parentObject, \[([^\]]*)\]/g)]
    .map(([, keys = '']) => [...keys.matchAll(/'([^']+)'/g)].map(([, key]) => key))
    .map(([root, ...path]) => (root === 'setup' ? path.join('.') : `${root}?`))
    .filter((path) => path !== 'generationConfig');
}

describe('SETUP_FIELDS', () => {
  let capture: Capture;
  beforeEach(async () => {
    capture = await startCapture();
  });
  afterEach(() => capture.close());

  it('has every path that the newest @google/genai writes into a setup', () => {
    const paths = writtenPaths(converterSource());
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !Object.hasOwn(SETUP_FIELDS, path))).toEqual([]);
  });

  it('goes red on a path it does not know', () => {
    const grown = `${converterSource()} setValueByPath(parentObject, ['setup', 'somethingNew'], x);`;
    expect(writtenPaths(grown).filter((path) => !Object.hasOwn(SETUP_FIELDS, path))).toEqual([
      'somethingNew',
    ]);
  });

  it('marks as Vertex-only exactly the fields that @google/genai refuses on the Developer API', () => {
    const refused = [
      ...converterSource().matchAll(/getValueByPath\(fromObject, \['(\w+)'\]\) !== undefined/g),
    ].map(([, name]) => name);
    const vertexOnly = Object.entries(SETUP_FIELDS).flatMap(([path, { backend }]) =>
      backend === 'vertex' ? [path] : [],
    );
    expect(refused).toEqual(['explicitVadSignal']);
    expect(vertexOnly.sort()).toEqual([...refused, 'toolConfig'].sort());
  });

  it('has a shape in the codec for every option of a Live config', async () => {
    const names = [...converterSource().matchAll(/getValueByPath\(fromObject, \[\s*'(\w+)',?\s*\]\)/g)].map(
      ([, name]) => name ?? '',
    );
    const config: LiveConnectConfig = {
      responseModalities: [Modality.AUDIO],
      temperature: 1,
      topP: 1,
      topK: 1,
      maxOutputTokens: 1,
      seed: 1,
      speechConfig: { languageCode: 'en-US' },
      thinkingConfig: { thinkingBudget: 1 },
      enableAffectiveDialog: true,
      systemInstruction: 'x',
      tools: [{ googleSearch: {} }],
      sessionResumption: {},
      inputAudioTranscription: {},
      outputAudioTranscription: {},
      realtimeInputConfig: {},
      contextWindowCompression: {},
      proactivity: {},
      avatarConfig: {},
      safetySettings: [],
      translationConfig: {},
      generationConfig: {},
      labels: {},
    };
    const unset = names.filter((name) => !Object.hasOwn(config, name) && !NOT_ON_THE_WIRE.includes(name));
    expect(unset.sort()).toEqual(['explicitVadSignal', 'mediaResolution']);

    const genai = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: capture.url } });
    const session = await genai.live.connect({
      model: 'm',
      config,
      callbacks: { onmessage: () => undefined },
    });
    session.close();
    expect(() => decodeClientMessage(capture.frames[0] ?? '')).not.toThrow();
  });
});
