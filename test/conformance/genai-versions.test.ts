/** @google/genai, the newest 3.x and 2.x, unchanged, against the emulator alone: every flow of the contract. */
import { GoogleGenAI, type GoogleGenAIOptions } from '@google/genai';
import { type LiveEmulator, startLiveEmulator } from '@livegate/emulator';
import { GoogleGenAI as GoogleGenAI2 } from 'genai-v2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contractAnswer, expectFlow, FLOW_NAMES, SCRIPT } from './client-contract.ts';
import { ClientTable, installedVersion } from './support/client-table.ts';
import { type Genai, playGenaiFlow } from './support/genai-flows.ts';

const SDKS = { '@google/genai': GoogleGenAI, 'genai-v2': GoogleGenAI2 } as const;
const tables = Object.entries(SDKS).map(([folder, Sdk]) => {
  const client = `@google/genai ${installedVersion(folder)}`;
  return { client, Sdk, table: new ClientTable(client) };
});

/** How an app points the SDK at a service. */
interface Way {
  readonly api: string;
  readonly apiVersion: string;
  readonly backend: 'google-ai' | 'vertex-ai';
  readonly options: (apiKey: string, baseUrl: string) => GoogleGenAIOptions;
}

const bearer = { Authorization: `Bearer ${SCRIPT.key}` };
const authClient = { getRequestHeaders: async () => new Headers(bearer) } as never;

const WAYS: readonly Way[] = [
  ...['v1alpha', 'v1beta'].map(
    (apiVersion): Way => ({
      api: `Developer API ${apiVersion}`,
      apiVersion,
      backend: 'google-ai',
      options: (apiKey, baseUrl) => ({ apiKey, httpOptions: { baseUrl, apiVersion } }),
    }),
  ),
  ...['v1', 'v1beta1'].map(
    (apiVersion): Way => ({
      api: `Vertex AI ${apiVersion}`,
      apiVersion,
      backend: 'vertex-ai',
      options: (_, baseUrl) => ({
        vertexai: true,
        project: 'my-project',
        location: 'us-central1',
        googleAuthOptions: { authClient },
        httpOptions: { baseUrl, apiVersion },
      }),
    }),
  ),
  {
    api: 'Vertex AI v1beta1, express',
    apiVersion: 'v1beta1',
    backend: 'vertex-ai',
    options: (apiKey, baseUrl) => ({ vertexai: true, apiKey, httpOptions: { baseUrl } }),
  },
  {
    api: 'Vertex AI v1, whole address',
    apiVersion: 'v1',
    backend: 'vertex-ai',
    options: (_, baseUrl) => ({
      vertexai: true,
      httpOptions: {
        baseUrl: `${baseUrl}/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent`,
        headers: bearer,
      },
    }),
  },
];

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
    describe.each(WAYS)(`${client}, $api`, ({ api, apiVersion, backend, options }) => {
      // Vertex AI makes no tokens, and the SDK says so.
      const flows = FLOW_NAMES.filter((flow) => flow !== 'token' || backend === 'google-ai');
      it.each(flows)('holds the contract: %s', async (flow) => {
        const before = emulator.sessions().length;
        const newGenai = (apiKey: string) => new Sdk(options(apiKey, emulator.url)) as unknown as Genai;
        const report = await playGenaiFlow(flow, newGenai);
        const sessions = emulator.sessions().slice(before);
        for (const session of sessions) expect(session).toMatchObject({ apiVersion, backend });
        await expectFlow(flow, report, sessions);
        table.note(flow, { api, frames });
      });
    });
});

it.each(tables)('$client: the table in emulator/docs/clients.md says what ran', async ({ table }) => {
  const { ran, documented } = await table.finish();
  expect(documented).toBe(ran);
});
