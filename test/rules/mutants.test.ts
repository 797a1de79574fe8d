import { beforeAll, describe, expect, it } from 'vitest';
import { CHECKED_DOCUMENTS, RULE_CHECKS } from './support/rule-checks.ts';
import { rulesMutants } from './support/rule-mutants.ts';
import { RULES, startRulesWorld } from './support/rules-world.ts';

/** Mutants that let the same people do the same things, and why. */
const EQUIVALENT: Readonly<Record<string, string>> = {};

const mutants = rulesMutants(RULES);

/** The first check that fails under these rules, if one does. */
async function killedBy(rules: string, project: string): Promise<string | undefined> {
  const world = await startRulesWorld(project, { documents: CHECKED_DOCUMENTS, rules });
  try {
    const results = await Promise.allSettled(RULE_CHECKS.map((check) => check.run(world)));
    return RULE_CHECKS.find((_, number) => results[number]?.status === 'rejected')?.name;
  } finally {
    await world.stop();
  }
}

describe('a condition of firestore.rules that is dropped, reversed or never met', () => {
  const survivors: string[] = [];
  beforeAll(async () => {
    for (const [number, { name, rules }] of mutants.entries())
      if ((await killedBy(rules, `rules-mutant-${number}`)) === undefined) survivors.push(name);
    const equivalent = Object.keys(EQUIVALENT).length;
    console.log(
      `${mutants.length} mutants: ${mutants.length - survivors.length} killed, ${equivalent} equivalent`,
    );
  }, 300_000);

  it('is seen by a check, or changes nothing', () => {
    expect(mutants.length).toBeGreaterThan(60);
    expect(survivors).toEqual(Object.keys(EQUIVALENT));
  });

  it('is one of rules that pass every check as they are', async () => {
    expect(await killedBy(RULES, 'rules-mutant-none')).toBeUndefined();
  });
});

describe('rulesMutants', () => {
  it('changes each operand by itself, and takes no comment for a condition', () => {
    const rules = `service cloud.firestore { match /databases/{d}/documents {
      function isA() { return a in ['b || c']; }
      match /x/{y} { allow get, list: if isA() || (z.size() == 0 && !w); } // allow read: if true;
    } }`;
    expect(rulesMutants(rules).map(({ name }) => name)).toEqual(
      [
        ['isA()', "a in ['b || c']"],
        ['/x/{y} get, list', 'isA() || (z.size() == 0 && !w)'],
        ['/x/{y} get, list', 'isA()'],
        ['/x/{y} get, list', 'z.size() == 0 && !w'],
        ['/x/{y} get, list', 'z.size() == 0'],
        ['/x/{y} get, list', '!w'],
      ].flatMap(([place, operand]) =>
        ['true', 'false', `!(${operand})`].map((change) => `${place}: ${operand} → ${change}`),
      ),
    );
    const [first] = rulesMutants(rules);
    expect(first?.rules).toBe(rules.replace("return a in ['b || c'];", 'return true;'));
  });
});
