import { afterAll, beforeAll, describe } from 'vitest';
import { liveContract } from '../test-support/contract.ts';
import { contractAnswer } from '../test-support/contract-answer.ts';
import { LiveClient } from '../test-support/live-client.ts';
import type { LiveEmulator } from './live-emulator.ts';
import { startLiveEmulator } from './start.ts';

describe.each(['binary', 'text'] as const)('with %s frames', (frames) => {
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

  liveContract('the server over a socket', {
    kind: 'socket',
    model: 'models/gemini-3.8-live',
    connect: async () => new LiveClient(emulator),
    goAway: () => emulator.goAway(emulator.sessions().at(-1)?.id ?? '', 50),
  });
});
