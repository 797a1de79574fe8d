import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { binOf, runTool } from '../../scripts/tool.ts';

describe('the apps of the mirror', () => {
  test('compile against @livegate/web by changing what `firebase/ai` names', async () => {
    // Against firebase/ai itself they are compiled with all other tests.
    const project = fileURLToPath(new URL('apps/tsconfig.livegate.json', import.meta.url));
    expect(await runTool(binOf('typescript', 'tsc'), ['-p', project], { output: 'quiet' })).toBe(0);
  }, 60_000);
});
