import { afterEach, expect, test, vi } from 'vitest';
import { callableReporter } from './callable-reporter.ts';
import { callableTokenSource, warmCallable } from './callables.ts';
import { scriptedAI } from './testing.ts';

const asked = vi.hoisted(() => [] as { name: string; options: unknown }[]);
vi.mock('firebase/functions', () => ({
  getFunctions: () => ({ _url: (name: string) => `https://functions.test/${name}` }),
  httpsCallable: (_: unknown, name: string, options: unknown) => {
    asked.push({ name, options });
    return async () => ({ data: {} });
  },
}));

afterEach(() => {
  asked.splice(0);
  vi.unstubAllGlobals();
});

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

test('a warm-up asks the function for nothing, spends no App Check token and throws nothing', async () => {
  const fetched: unknown[] = [];
  vi.stubGlobal('fetch', async (...request: unknown[]) => {
    fetched.push(request);
    throw new TypeError('Failed to fetch.');
  });
  await warmCallable(scriptedAI().app, { region: 'us-central1', limitedUseAppCheckTokens: true });
  const body = JSON.stringify({ data: { v: 1, op: 'warm-up' } });
  expect(fetched).toEqual([
    ['https://functions.test/mintLiveToken', expect.objectContaining({ method: 'POST', body })],
  ]);
  expect(asked).toEqual([]);
});
