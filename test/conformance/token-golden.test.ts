import type { LivePolicyDocument, LiveTemplateDocument } from '@livegate/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokenBody } from '../../functions/src/upstream.ts';
import { createWorld, granted, type World } from '../functions/support/world.ts';

/** A template with a variable, a tool and a voice: all that is to be locked. */
const GUIDE: LiveTemplateDocument = {
  v: 1,
  version: 4,
  title: 'Guide',
  setup: {
    model: 'models/gemini-3.8-live',
    systemInstruction: { role: 'user', parts: [{ text: 'You guide {{visitor}}.' }] },
    tools: [{ functionDeclarations: [{ name: 'open_door', description: 'Opens a door.' }] }],
    generationConfig: {
      responseModalities: ['AUDIO'],
      maxOutputTokens: 512,
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
    },
    outputAudioTranscription: {},
    contextWindowCompression: { slidingWindow: {} },
  },
  variables: { visitor: { maxLength: 40 } },
};
const START = { template: { id: 'guide', variables: { visitor: 'Ada "the" Countess' } } };

describe('the body that a token is asked for with', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
    world.templates = { guide: GUIDE };
  });
  afterEach(() => world.close());

  /** The last body as it goes over the wire, its mask as a list so that a change can be read. */
  const body = (): string => {
    const order = world.orders.at(-1);
    if (!order) throw new Error('no token was asked for');
    const { fieldMask, ...rest } = tokenBody(order) as Readonly<Record<string, unknown>>;
    return `${JSON.stringify({ ...rest, fieldMask: String(fieldMask).split(',') }, null, 2)}\n`;
  };
  const start = async (policy: Partial<LivePolicyDocument>, more: object = {}) => {
    world.policy = { ...world.policy, ...policy };
    return granted(await world.start({ ...START, ...more }));
  };

  it('leaves nothing open but resumption', async () => {
    const lease = await start({ openFields: [] });
    expect(lease.openFields).toEqual(['sessionResumption']);
    await expect(body()).toMatchFileSnapshot('golden/nothing-open.json');
  });

  it('leaves listed fields open as well, and holds nothing of them', async () => {
    const lease = await start(
      { openFields: ['generationConfig.temperature', 'inputAudioTranscription'] },
      { setup: { generationConfig: { temperature: 0.9 }, inputAudioTranscription: {} } },
    );
    expect(lease.openFields).toEqual([
      'sessionResumption',
      'generationConfig.temperature',
      'inputAudioTranscription',
    ]);
    await expect(body()).toMatchFileSnapshot('golden/listed-open.json');
  });

  it('lets history be seeded after a resume that failed, and locks that too', async () => {
    const lease = await start({ openFields: [] });
    granted(await world.remint(lease.sessionId, { fresh: true }));
    await expect(body()).toMatchFileSnapshot('golden/history-seeded.json');
  });
});
