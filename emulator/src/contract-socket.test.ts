import { decodeServerMessage } from '@livegate/protocol';
import { afterAll, beforeAll, describe } from 'vitest';
import { liveContract, type Peer } from '../test-support/contract.ts';
import { contractAnswer } from '../test-support/contract-answer.ts';
import { LiveClient, type LiveClientOptions } from '../test-support/live-client.ts';
import type { LiveEmulator } from './live-emulator.ts';
import { startLiveEmulator } from './start.ts';

interface Address extends LiveClientOptions {
  readonly name: string;
  readonly frames: 'binary' | 'text';
  readonly model: string;
  /** A model of no backend, in the form that the address takes. */
  readonly noModel: string;
}

const ON_VERTEX = 'projects/p/locations/us-central1/publishers/google/models';
const ADDRESSES: readonly Address[] = [
  {
    name: 'the Developer API, binary frames',
    frames: 'binary',
    model: 'models/gemini-3.8-live',
    noModel: 'models/none',
  },
  {
    name: 'the Developer API, text frames',
    frames: 'text',
    model: 'models/gemini-3.8-live',
    noModel: 'models/none',
  },
  {
    name: 'Vertex AI',
    frames: 'binary',
    path: '/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent',
    headers: { authorization: 'Bearer of-nobody' },
    model: `${ON_VERTEX}/gemini-3.8-live`,
    noModel: `${ON_VERTEX}/none`,
  },
  {
    name: 'Firebase AI Logic, Developer API',
    frames: 'binary',
    path: '/ws/google.firebase.vertexai.v1beta.GenerativeService/BidiGenerateContent?key=any',
    model: 'projects/p/models/gemini-3.8-live',
    noModel: 'projects/p/models/none',
  },
  {
    name: 'Firebase AI Logic, Vertex AI',
    frames: 'binary',
    path: '/ws/google.firebase.vertexai.v1beta.LlmBidiService/BidiGenerateContent/locations/us-central1?key=any',
    model: `${ON_VERTEX}/gemini-3.8-live`,
    noModel: `${ON_VERTEX}/none`,
  },
];

/** A client that reads usage under either service's names. */
class DecodingClient extends LiveClient implements Peer {
  override async next() {
    const message = await super.next();
    return message && decodeServerMessage(JSON.stringify(message));
  }
}

describe.each(ADDRESSES)('$name', ({ name, frames, model, noModel, ...options }) => {
  let emulator: LiveEmulator;
  beforeAll(async () => {
    emulator = await startLiveEmulator({
      frames,
      answer: contractAnswer,
      paceFactor: 1_000,
      turnCompleteDelay: 0,
    });
  });
  afterAll(() => emulator.close());

  liveContract(`the server over a socket, ${name}`, {
    kind: 'socket',
    model,
    noModel,
    connect: async () => new DecodingClient(emulator, options),
    goAway: () => emulator.goAway(emulator.sessions().at(-1)?.id ?? '', 50),
  });
});
