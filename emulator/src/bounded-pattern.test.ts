import { describe, expect, it } from 'vitest';
import { LiveClient, wordsOf } from '../test-support/live-client.ts';
import { boundedPattern } from './bounded-pattern.ts';
import { startLiveEmulator } from './start.ts';

const ENDLESS = '^(a+)+$';
const hard = `${'a'.repeat(60)}!`;

describe('boundedPattern', () => {
  it('tells what fits, as often as it is asked, and keeps no text', () => {
    const greets = boundedPattern('hello+|good (?:day|night)', 'iu');
    expect(['HELLOO', 'say good night', 'bye', 'hello'].map(greets)).toEqual([true, true, false, true]);
    expect(['yes', 'no'].map(boundedPattern('yes', 'u'))).toEqual([true, false]);
    expect(() => boundedPattern('(', 'u')).toThrow(SyntaxError);
  });

  it('gives up a look that takes for ever, names the pattern and no text, and goes on', () => {
    const endless = boundedPattern(ENDLESS, 'u');
    expect(() => endless(hard)).toThrow(
      expect.objectContaining({
        code: 'invalid-scenario',
        message: expect.stringMatching(/\^\(a\+\)\+\$ took longer than 1000 ms on a text of 61 characters/),
      }),
    );
    expect(() => endless(hard)).not.toThrow(
      expect.objectContaining({ message: expect.stringContaining(hard) }),
    );
    expect(endless('aaa')).toBe(true);
  });
});

describe('a scenario with such a pattern', () => {
  it('ends the session that met it, tells the log what to mend, and answers the next', async () => {
    const log: string[] = [];
    const emulator = await startLiveEmulator({
      scenario: { rules: [{ when: { text: { matches: ENDLESS } }, answer: { text: 'all a' } }] },
      log: (level, line) => log.push(`${level} ${line}`),
      turnCompleteDelay: 0,
    });
    const say = async (text: string): Promise<LiveClient> => {
      const client = await LiveClient.ready(emulator, { outputAudioTranscription: {} });
      return client.send({
        clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true },
      });
    };
    expect((await (await say(hard)).closing()).code).toBe(1011);
    expect(wordsOf(await (await say('aaa')).turn())).toBe('all a');
    expect(log.join('\n')).toMatch(
      /error session-1 the answer handler failed: The pattern .* repeat nothing/,
    );
    expect(log.join('\n')).not.toContain(hard);
    await emulator.close();
  });
});
