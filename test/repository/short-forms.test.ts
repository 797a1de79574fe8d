import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { SHORT_FORMS } from '../../scripts/short-forms.ts';

describe('what the summary of a run calls short', () => {
  it('is as many cases of a fuzzed client as there are', async () => {
    const source = await readFile(new URL('../../emulator/src/fuzz.test.ts', import.meta.url), 'utf8');
    const [, long, short] = /LIVEGATE_LONG \? ([\d_]+) : ([\d_]+)/.exec(source) ?? [];
    const amount = (text = '') => Number(text.replaceAll('_', ''));
    expect(SHORT_FORMS['cases of a fuzzed client']).toMatchObject({
      short: amount(short),
      long: amount(long),
    });
  });
});
