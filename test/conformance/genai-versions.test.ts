/** @google/genai, the newest 3.x and 2.x, unchanged, against the emulator alone: every flow of the contract. */
import { GoogleGenAI } from '@google/genai';
import { type LiveEmulator, startLiveEmulator } from '@livegate/emulator';
import { GoogleGenAI as GoogleGenAI2 } from 'genai-v2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contractAnswer, expectFlow, FLOW_NAMES } from './client-contract.ts';
import { ClientTable, installedVersion } from './support/client-table.ts';
import { type Genai, playGenaiFlow } from './support/genai-flows.ts';

const SDKS = { '@google/genai': GoogleGenAI, 'genai-v2': GoogleGenAI2 } as const;
const tables = Object.entries(SDKS).map(([folder, Sdk]) => {
  const client = `@google/genai ${installedVersion(folder)}`;
  return { client, Sdk, table: new ClientTable(client) };
});

describe.each(['binary', 'text'] as const)('with %s frames', (frames) => {
  let emulator: LiveEmulator;
  beforeAll(async () => {
    // The SDK warns of tokens, which are experimental there.
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    emulator = await startLiveEmulator({
      frames,
      answer: contractAnswer(() => emulator),
      turnCompleteDelay: 0,
      paceFactor: 100,
    });
  });
  afterAll(() => emulator.close());

  for (const { client, Sdk, table } of tables)
    for (const apiVersion of ['v1alpha', 'v1beta'] as const)
      describe(`${client}, ${apiVersion}`, () => {
        it.each(FLOW_NAMES)('holds the contract: %s', async (flow) => {
          const before = emulator.sessions().length;
          const report = await playGenaiFlow(
            flow,
            (apiKey) =>
              new Sdk({ apiKey, httpOptions: { baseUrl: emulator.url, apiVersion } }) as unknown as Genai,
          );
          const sessions = emulator.sessions().slice(before);
          for (const session of sessions) expect(session.apiVersion).toBe(apiVersion);
          await expectFlow(flow, report, sessions);
          table.note(flow, { api: `Developer API ${apiVersion}`, frames });
        });
      });
});

it.each(tables)('$client: the table in emulator/docs/clients.md says what ran', async ({ table }) => {
  const { ran, documented } = await table.finish();
  expect(documented).toBe(ran);
});
