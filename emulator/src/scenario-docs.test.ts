import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describedSchema, rowsOf, SCHEMA_FILE } from '../test-support/scenario-schema.ts';
import type { JsonSchema } from './scenario-check.ts';
import { loadScenario } from './scenario-load.ts';
import { readYaml } from './scenario-yaml.ts';

const page = readFileSync(new URL('../docs/scenarios.md', import.meta.url), 'utf8');
/** What the checker names where a field is unknown. */
const knownAt = async (scenario: object): Promise<readonly string[]> => {
  const refusal = await loadScenario(scenario as never).catch((error: Error) => error.message);
  const [, names = ''] = /unknown field; expected (.*)/.exec(String(refusal)) ?? [];
  return names.split(/, | or /);
};
/** What a schema says against a value, as far as the words go that ours is written in. */
const against = (schema: JsonSchema, value: unknown): readonly string[] => {
  const { type, enum: words, anyOf, properties = {}, required = [], items, minItems, minProperties } = schema;
  const isType = (name: unknown): boolean =>
    name === 'integer'
      ? Number.isInteger(value)
      : name === (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);
  if (type !== undefined && ![type].flat().some(isType)) return [`no ${type}`];
  if (words !== undefined && !(words as readonly unknown[]).includes(value)) return [`none of ${words}`];
  if (Array.isArray(anyOf) && !anyOf.some((each) => against(each as JsonSchema, value).length === 0))
    return ['none of several forms'];
  if (typeof value === 'number')
    return value < Number(schema.minimum ?? value) || value > Number(schema.maximum ?? value)
      ? ['bounds']
      : [];
  if (Array.isArray(value)) {
    if (value.length < Number(minItems ?? 0)) return ['too few'];
    return value.flatMap((each) => against((items ?? {}) as JsonSchema, each));
  }
  if (typeof value !== 'object' || value === null) return [];
  const keys = Object.keys(value);
  if (keys.length < Number(minProperties ?? 0) || keys.length > Number(schema.maxProperties ?? keys.length))
    return ['too many or few fields'];
  const missing = (required as readonly string[]).filter((key) => !keys.includes(key));
  return [
    ...missing,
    ...Object.entries(value).flatMap(([key, each]) => {
      const known = (properties as Readonly<Record<string, JsonSchema>>)[key];
      if (known) return against(known, each);
      return schema.additionalProperties === false ? [`unknown ${key}`] : [];
    }),
  ];
};

describe('docs/scenarios.md', () => {
  it('has YAML that loads', async () => {
    const fences = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml);
    expect(fences.length).toBeGreaterThan(0);
    for (const yaml of fences) await loadScenario(readYaml(yaml).value as never);
  });

  it('has a module that loads', async () => {
    const [, module = ''] = /^```ts\n([^`]*?defineScenario.*?)^```$/ms.exec(page) ?? [];
    const index = fileURLToPath(new URL('index.ts', import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), 'scenario-docs-'));
    try {
      writeFileSync(join(folder, 'module.ts'), module.replace('@livegate/emulator', index));
      expect((await loadScenario(join(folder, 'module.ts'))).rules).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each<readonly [string, object]>([
    ['of a scenario', { rules: [], '?': 1 }],
    ['of a rule', { rules: [{ answer: 'echo', '?': 1 }] }],
    ['of `when`', { rules: [{ answer: 'echo', when: { '?': 1 } }] }],
    ['a step', { rules: [{ answer: { '?': 1 } }] }],
  ])('lists every field %s', async (head, scenario) => {
    expect([...rowsOf(head).keys()].toSorted()).toEqual((await knownAt(scenario)).toSorted());
  });
});

describe('docs/scenario.schema.json', () => {
  const schema = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as JsonSchema;
  const examples = new URL('../examples/', import.meta.url);

  it('is what the tables of fields make (node emulator/test-support/write-docs.ts)', () => {
    expect(schema).toEqual(describedSchema());
    expect(JSON.stringify(schema)).not.toContain('"description":""');
  });

  it('takes every example, and all that the page shows', () => {
    const files = readdirSync(examples).filter((file) => file.endsWith('.yaml'));
    const texts = files.map((file) => readFileSync(new URL(file, examples), 'utf8'));
    const fences = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml);
    expect(files.length).toBeGreaterThan(2);
    for (const text of [...texts, ...fences]) expect(against(schema, readYaml(text).value)).toEqual([]);
  });

  it.each([
    [{}],
    [{ rules: {} }],
    [{ rules: [{}] }],
    [{ rules: [{ answer: 'ecco' }] }],
    [{ rules: [{ answer: [] }] }],
    [{ rules: [{ answer: [{ dely: 3 }] }] }],
    [{ rules: [{ answer: [{ text: 'a', delayMs: 3 }] }] }],
    [{ rules: [{ answer: { delayMs: -1 } }] }],
    [{ rules: [{ answer: { toolCall: { nam: 'f' } } }] }],
    [{ rules: [{ answer: 'echo', times: 0 }] }],
    [{ rules: [{ answer: 'echo', when: { txt: 'a' } }] }],
    [{ rules: [{ answer: 'echo', when: { text: { has: 'a' } } }] }],
    [{ rules: [{ answer: 'echo', when: { turn: 1.5 } }] }],
    [{ rules: [{ answer: 'echo', when: { cause: ['voice'] } }] }],
    [{ rules: [], extra: 1 }],
  ])('says that %j is none, as the checker does', async (scenario) => {
    expect(against(schema, scenario)).not.toEqual([]);
    await expect(loadScenario(scenario as never)).rejects.toThrow('problem');
  });
});
