import { beforeAll, describe, it } from 'vitest';
import { CHECKED_DOCUMENTS, SESSION_CHECKS } from './support/rule-checks.ts';
import { type RulesWorld, startRulesWorld } from './support/rules-world.ts';

describe('firestore.rules, of sessions [threat:documents:stranger]', () => {
  let world: RulesWorld;
  beforeAll(async () => {
    world = await startRulesWorld('rules-sessions', { documents: CHECKED_DOCUMENTS });
    return () => world.stop();
  });

  it.each(SESSION_CHECKS)('$name', ({ run }) => run(world));
});
