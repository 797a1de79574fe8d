import * as theirs from '@firebase/ai';
import * as ours from '@livegate/web';
import { ScriptedStage } from '@livegate/web/testing';
import { deleteApp, initializeApp } from 'firebase/app';
import { describe, expect, test } from 'vitest';

/** A builder of either module, for what both are asked to build. */
interface Builder {
  object(params: {
    properties: { [name: string]: ours.Schema };
    optionalProperties?: string[];
  }): ours.ObjectSchema;
  string(): ours.StringSchema;
  array(params: { items: ours.Schema }): ours.ArraySchema;
}
/** What either builder makes of it, as the declaration of a function. */
const declared = (builder: Builder): ours.Tool => ({
  functionDeclarations: [
    {
      name: 'weather',
      description: 'The weather of places.',
      parameters: builder.object({
        properties: { places: builder.array({ items: builder.string() }), unit: builder.string() },
        optionalProperties: ['unit'],
      }),
    },
  ],
});

/** The request for a token that a session makes. */
async function asked(ai: ours.AI, tools: ours.Tool[]): Promise<unknown> {
  const stage = new ScriptedStage();
  const model = ours.getLiveGenerativeModel(
    ai,
    {
      model: 'gemini-3.8-live',
      tools,
      generationConfig: { responseModalities: [theirs.ResponseModality.AUDIO] },
    },
    {
      tokenSource: stage.tokens.source,
      reporter: stage.tokens.reporter,
      clock: stage.clock,
      webSocket: stage.server.openSocket,
    },
  );
  const session = await model.connect();
  await session.close();
  const [request] = stage.tokens.requests;
  return { ...request, requestId: '' };
}

describe('objects of firebase/ai', () => {
  test.each([
    ['the Developer API', new theirs.GoogleAIBackend(), new ours.GoogleAIBackend()],
    ['Vertex AI', new theirs.VertexAIBackend('europe-west4'), new ours.VertexAIBackend('europe-west4')],
    ['the Agent Platform', new theirs.AgentPlatformBackend(), new ours.AgentPlatformBackend()],
  ])('open the same session as ours: AI service, backend of %s, schema', async (name, backend, own) => {
    const app = initializeApp({ apiKey: 'k', projectId: 'demo-livegate', appId: 'a' }, name);
    try {
      const wanted = await asked(ours.getAI(app, { backend: own }), [declared(ours.Schema)]);
      expect(wanted).toMatchObject({
        setup: { tools: [{ functionDeclarations: [{ parameters: { required: ['places'] } }] }] },
      });
      expect(await asked(theirs.getAI(app, { backend }), [declared(theirs.Schema)])).toEqual(wanted);
      expect(await asked(ours.getAI(app, { backend }), [declared(theirs.Schema)])).toEqual(wanted);
    } finally {
      await deleteApp(app);
    }
  });
});
