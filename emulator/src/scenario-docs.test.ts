import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadScenario } from './scenario-load.ts';
import { readYaml } from './scenario-yaml.ts';

const page = readFileSync(new URL('../docs/scenarios.md', import.meta.url), 'utf8');
/** What the checker names where a field is unknown. */
const knownAt = async (scenario: object): Promise<readonly string[]> => {
  const refusal = await loadScenario(scenario as never).catch((error: Error) => error.message);
  const [, names = ''] = /unknown field; expected (.*)/.exec(String(refusal)) ?? [];
  return names.split(/, | or /);
};
/** First cells of the table whose head begins so. */
const rowsOf = (head: string): readonly string[] => {
  const [, table = ''] = page.split(`\n| ${head}`);
  const [body = ''] = table.split('\n\n');
  return [...body.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
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
    expect(rowsOf(head).toSorted()).toEqual((await knownAt(scenario)).toSorted());
  });
});
