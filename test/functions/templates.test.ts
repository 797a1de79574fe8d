import type { LiveTemplateDocument } from '@livegate/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, granted, type World } from './support/world.ts';

const GUIDE: LiveTemplateDocument = {
  v: 1,
  version: 2,
  title: 'Guide',
  setup: {
    systemInstruction: { parts: [{ text: 'You guide {{visitor}}.' }] },
    tools: [{ googleSearch: {} }],
    generationConfig: { maxOutputTokens: 512 },
  },
  variables: { visitor: { maxLength: 10 } },
};
const instructionOf = (world: World): string | undefined =>
  world.orders.at(-1)?.constraints.systemInstruction?.parts?.[0]?.text;
const choice = (visitor: string) => ({ template: { id: 'guide', variables: { visitor } } });

describe('a template with variables', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
    world.templates = { guide: GUIDE };
  });
  afterEach(() => world.close());

  it('is locked into the token with its variables filled, and not shown to the page', async () => {
    const lease = granted(await world.start(choice('Ada')));
    expect(instructionOf(world)).toBe('You guide "Ada".');
    expect(world.orders[0]?.fieldMask.split(',')).toEqual(
      expect.arrayContaining(['systemInstruction', 'tools', 'generationConfig.maxOutputTokens']),
    );
    expect(JSON.stringify(lease)).not.toMatch(/You guide|googleSearch/);
    expect(lease.setup.generationConfig?.maxOutputTokens).toBe(512);
  });

  it('is filled the same at each renewal', async () => {
    const lease = granted(await world.start(choice('Ada')));
    world.now = lease.renewAfter;
    granted(await world.renew(lease.sessionId));
    expect(instructionOf(world)).toBe('You guide "Ada".');
    expect((await world.session(lease.sessionId)).template).toBe('guide@2');
  });

  it('refuses a value that is too long, and takes one that is not', async () => {
    expect(await world.start(choice('A'.repeat(11)))).toMatchObject({
      code: 'invalid-argument',
      details: { reason: 'invalid', field: 'template.variables.visitor' },
    });
    expect(world.orders).toEqual([]);
    granted(await world.start(choice('A'.repeat(10))));
  });

  it('may hold only tools that the policy allows', async () => {
    world.policy = { ...world.policy, tools: ['functionDeclarations'] };
    expect(await world.start(choice('Ada'))).toMatchObject({
      code: 'permission-denied',
      details: { reason: 'tool', field: 'tools' },
    });
    world.policy = { ...world.policy, tools: ['functionDeclarations', 'googleSearch'] };
    granted(await world.start(choice('Ada')));
  });
});
