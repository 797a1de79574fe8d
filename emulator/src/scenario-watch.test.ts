import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LiveClient, wordsOf } from '../test-support/live-client.ts';
import { EmulatorError } from './errors.ts';
import { startLiveEmulator } from './start.ts';

const folder = mkdtempSync(join(tmpdir(), 'scenario-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'scenario.yaml');
let changes = 0;
const write = (text: string): void => {
  writeFileSync(path, text);
  utimesSync(path, ++changes, changes);
};
const answering = (text: string): string => `rules:\n  - answer:\n      - text: ${text}\n`;
const say = async (client: LiveClient): Promise<string> => {
  const turns = [{ role: 'user', parts: [{ text: 'hi' }] }];
  await client.send({ clientContent: { turns, turnComplete: true } });
  return wordsOf(await client.turn());
};

describe('watchScenario', () => {
  it('answers by what the file says now, in talks under way too, and keeps what worked', async () => {
    const lines: string[] = [];
    write(answering('one'));
    const emulator = await startLiveEmulator({
      scenario: path,
      watchScenario: true,
      paceFactor: 1_000,
      turnCompleteDelay: 0,
      log: (level, text) => lines.push(`${level} ${text}`),
    });
    try {
      const client = await LiveClient.ready(emulator, { outputAudioTranscription: {} });
      expect([await say(client), await say(client)]).toEqual(['one', 'one']);
      write(answering('two'));
      expect([await say(client), await say(client)]).toEqual(['two', 'two']);
      write('rules:\n  - answer:\n      - txt: three\n');
      expect([await say(client), await say(client)]).toEqual(['two', 'two']);
      rmSync(path);
      expect(await say(client)).toBe('two');
      write(`${answering('three')}  - when: { sessionStart: any }\n    answer: [{ text: welcome }]\n`);
      expect(await say(client)).toBe('three');
      const greeted = await LiveClient.ready(emulator, { outputAudioTranscription: {} });
      expect(wordsOf(await greeted.turn())).toBe('welcome');
      expect(
        lines.filter((line) => /^error .*\n.*\nThe scenario stays as it was\.$/.test(line)),
      ).toHaveLength(2);
    } finally {
      await emulator.close();
    }
  });

  it('is left alone without it, and refused where no file is named', async () => {
    write(answering('one'));
    const emulator = await startLiveEmulator({ scenario: path, paceFactor: 1_000, turnCompleteDelay: 0 });
    const client = await LiveClient.ready(emulator, { outputAudioTranscription: {} });
    write(answering('two'));
    expect(await say(client)).toBe('one');
    await emulator.close();
    for (const options of [{}, { scenario: { rules: [] } }]) {
      const refused = startLiveEmulator({ watchScenario: true, ...options });
      await expect(refused).rejects.toThrow('watchScenario wants a scenario in a file.');
      await expect(refused).rejects.toBeInstanceOf(EmulatorError);
    }
  });
});
