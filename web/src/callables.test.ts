import { afterEach, expect, test, vi } from 'vitest';
import { callableReporter } from './callable-reporter.ts';
import { callableTokenSource } from './callables.ts';
import { scriptedAI } from './testing.ts';

const asked = vi.hoisted(() => [] as { name: string; options: unknown }[]);
vi.mock('firebase/functions', () => ({
  getFunctions: () => ({}),
  httpsCallable: (_: unknown, name: string, options: unknown) => {
    asked.push({ name, options });
    return async () => ({ data: {} });
  },
}));

afterEach(() => void asked.splice(0));

test.each([true, false])(
  'every mint and report asks for a limited-use App Check token: %s',
  async (limited) => {
    const options = { region: 'us-central1', limitedUseAppCheckTokens: limited };
    const source = callableTokenSource(scriptedAI().app, options);
    await source({ v: 1, op: 'start', requestId: 'r', model: 'm' });
    await source({ v: 1, op: 'renew', requestId: 'r', sessionId: 's' });
    await callableReporter(scriptedAI().app, options)({} as never);
    expect(asked.map(({ name }) => name)).toEqual(['mintLiveToken', 'mintLiveToken', 'reportLiveUsage']);
    for (const each of asked) expect(each.options).toMatchObject({ limitedUseAppCheckTokens: limited });
  },
);
