/** google-genai for Python, unchanged, over TLS: every flow of the contract. It knows no way without. */
import { type LiveEmulator, startLiveEmulator } from '@livegate/emulator';
import { encodeBase64 } from '@livegate/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPythonGenai, PYTHON_GENAI_VERSION, pythonLine } from '../../scripts/python-genai.ts';
import { contractAnswer, expectFlow, FLOW_NAMES, SCRIPT, spokenSentence } from './client-contract.ts';
import { ClientTable } from './support/client-table.ts';
import { type PythonPlayer, startPython } from './support/python-player.ts';

const python = await findPythonGenai();
const client = `google-genai ${PYTHON_GENAI_VERSION} (Python)`;
const table = new ClientTable(client);
if (python.kind === 'missing') console.warn(`\n${pythonLine(python)}\n`);
const title = python.kind === 'found' ? client : `${client}, SKIPPED: ${python.reason}`;

const VERTEX_PATH = 'ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent';
const RESOURCE = `projects/my-project/locations/us-central1/publishers/google/models/${SCRIPT.model}`;
const BY_URL = { baseUrl: (url: string) => url, model: SCRIPT.model } as const;
const WAYS = [
  { ...BY_URL, api: 'Developer API v1alpha', apiVersion: 'v1alpha', manner: 'key' },
  { ...BY_URL, api: 'Developer API v1beta', apiVersion: 'v1beta', manner: 'key' },
  { ...BY_URL, api: 'Vertex AI v1', apiVersion: 'v1', manner: 'project' },
  { ...BY_URL, api: 'Vertex AI v1beta1', apiVersion: 'v1beta1', manner: 'project' },
  { ...BY_URL, api: 'Vertex AI v1beta1, express', apiVersion: 'v1beta1', manner: 'express' },
  {
    api: 'Vertex AI v1, whole address',
    apiVersion: 'v1',
    manner: 'whole-address',
    // Nothing is added to it, and nothing to the model's name.
    baseUrl: (url: string) => `${url.replace('https', 'wss')}/${VERTEX_PATH}`,
    model: RESOURCE,
  },
] as const;

describe.skipIf(python.kind === 'missing')(title, () => {
  const pcm = spokenSentence().then((samples) => encodeBase64(new Uint8Array(samples.buffer)));

  describe.each(['binary', 'text'] as const)('with %s frames', (frames) => {
    let emulator: LiveEmulator;
    let player: PythonPlayer;
    beforeAll(async () => {
      emulator = await startLiveEmulator({
        tls: true,
        frames,
        answer: contractAnswer(() => emulator),
        turnCompleteDelay: 0,
        paceFactor: 100,
      });
      player = startPython(python.kind === 'found' ? python.path : '', emulator.caFile ?? '');
    });
    afterAll(async () => {
      await player?.close();
      await emulator?.close();
    });

    describe.each(WAYS)('$api', ({ api, apiVersion, manner, baseUrl, model }) => {
      const backend = manner === 'key' ? 'google-ai' : 'vertex-ai';
      // Vertex AI makes no tokens, and the SDK says so.
      const flows = FLOW_NAMES.filter((flow) => flow !== 'token' || backend === 'google-ai');
      it.each(flows)('holds the contract: %s', async (flow) => {
        const before = emulator.sessions().length;
        const report = await player.play({
          flow,
          manner,
          baseUrl: baseUrl(emulator.url),
          apiVersion,
          model,
          script: SCRIPT,
          pcm: await pcm,
        });
        const sessions = emulator.sessions().slice(before);
        for (const session of sessions) expect(session).toMatchObject({ apiVersion, backend });
        await expectFlow(flow, report, sessions);
        table.note(flow, { api, frames });
      });
    });
  });

  it('has its rows in emulator/docs/clients.md', async () => {
    const { ran, documented } = await table.finish();
    expect(documented).toBe(ran);
  });
});
