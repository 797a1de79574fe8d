/** The contract against the real service, where `GEMINI_API_KEY` is set: see docs/conformance.md. */
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { liveContract } from '../test-support/contract.ts';
import { LiveClient } from '../test-support/live-client.ts';

const url = new URL(process.env.LIVEGATE_CONFORMANCE_URL ?? 'wss://generativelanguage.googleapis.com');
const key = process.env.GEMINI_API_KEY ?? '';
const model = process.env.LIVEGATE_CONFORMANCE_MODEL ?? 'gemini-3.8-live';
const version = process.env.LIVEGATE_CONFORMANCE_VERSION ?? 'v1beta';

describe('the real service', () => {
  if (key === '') {
    const why = 'skipped: GEMINI_API_KEY is not set';
    console.log(`The contract against the real service was ${why}.`);
    it.skip(`keeps the contract (${why})`, () => {});
    return;
  }
  it('is asked with the key, which no message of a failure shows', () => {
    expect(key).not.toMatch(/\s/);
  });
  liveContract(
    `the real service with ${model}, ${version}`,
    {
      kind: 'service',
      model: `models/${model}`,
      noModel: 'models/none',
      connect: async () =>
        new LiveClient(
          { host: url.host },
          {
            secure: url.protocol === 'wss:',
            path: `/ws/google.ai.generativelanguage.${version}.GenerativeService.BidiGenerateContent`,
            headers: { 'x-goog-api-key': key },
          },
        ),
      listens: wait,
    },
    90_000,
  );
});
