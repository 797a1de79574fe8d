import { beforeAll, describe, it } from 'vitest';
import { CHECKED_DOCUMENTS, OPERATION_CHECKS } from './support/rule-checks.ts';
import { type RulesWorld, startRulesWorld } from './support/rules-world.ts';

describe('firestore.rules, of the operators’ documents [threat:documents:operators]', () => {
  let world: RulesWorld;
  beforeAll(async () => {
    world = await startRulesWorld('rules-operations', { documents: CHECKED_DOCUMENTS });
    return () => world.stop();
  });

  it.each(OPERATION_CHECKS)('$name', ({ run }) => run(world));
});
