import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerMessage } from '@livegate/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { LiveClient, wordsOf } from '../test-support/live-client.ts';
import { quiet, speech } from '../test-support/speech.ts';
import type { LiveEmulator } from './live-emulator.ts';
import { main } from './main.ts';
import type { LiveEmulatorOptions } from './options.ts';
import { joinSamples, readSamples, samplesToBase64 } from './pcm.ts';
import type { Scenario } from './scenario.ts';
import { startLiveEmulator } from './start.ts';

const running: LiveEmulator[] = [];
const start = async (options: LiveEmulatorOptions): Promise<LiveEmulator> => {
  const emulator = await startLiveEmulator({ paceFactor: 1_000, turnCompleteDelay: 0, ...options });
  running.push(emulator);
  return emulator;
};
afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});
const example = (name: string): string => fileURLToPath(new URL(`../examples/${name}.yaml`, import.meta.url));

const SETUP = {
  outputAudioTranscription: {},
  inputAudioTranscription: {},
  sessionResumption: {},
  tools: [{ functionDeclarations: [{ name: 'book_table', behavior: 'BLOCKING' }] }],
};
const say = (text: string) => ({
  clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true },
});
const speak = async (client: LiveClient, samples: Int16Array): Promise<void> => {
  for (let at = 0; at < samples.length; at += 1_600) {
    const data = samplesToBase64(samples.slice(at, at + 1_600));
    await client.send({ realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data } } });
  }
};
const answerTo = async (client: LiveClient, message: object): Promise<readonly ServerMessage[]> => {
  await client.send(message);
  return client.turn();
};
const audioOf = (messages: readonly ServerMessage[]): Int16Array =>
  joinSamples(
    messages.flatMap(({ serverContent }) =>
      (serverContent?.modelTurn?.parts ?? []).flatMap(({ inlineData }) =>
        inlineData === undefined ? [] : (readSamples(Buffer.from(inlineData.data, 'base64')) ?? []),
      ),
    ),
  );

describe('the scenario that docs/scenarios.md begins with', () => {
  it('is a talk: greeted, a tool asked, a long story heard, cut off', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scenario-talk-'));
    const page = readFileSync(new URL('../docs/scenarios.md', import.meta.url), 'utf8');
    const [, yaml = ''] = /^```yaml\n(.*?)^```$/ms.exec(page) ?? [];
    writeFileSync(join(folder, 'talk.yaml'), yaml);
    const emulator = await start({ scenario: join(folder, 'talk.yaml') });
    rmSync(folder, { recursive: true });
    const tools = [{ functionDeclarations: [{ name: 'get_weather', behavior: 'BLOCKING' }] }];
    const client = await LiveClient.ready(emulator, { ...SETUP, tools });
    const greeting = await client.turn();
    expect(wordsOf(greeting)).toBe('Hello. What can I do for you?');
    expect(audioOf(greeting).length / 24_000).toBeGreaterThan(1);

    await client.send(say('What about the weather?'));
    const call = (await client.until(({ toolCall }) => toolCall)).at(-1)?.toolCall?.functionCalls?.[0];
    expect(call).toMatchObject({ name: 'get_weather', args: { question: 'What about the weather?' } });
    const response = { sky: 'clear', degrees: 21 };
    const functionResponses = [{ id: call?.id, name: 'get_weather', response }];
    expect(wordsOf(await answerTo(client, { toolResponse: { functionResponses } }))).toBe('The sun is out.');

    await speak(client, joinSamples([...Array(3).fill(speech('question')), quiet(1.2)]));
    const heard = await client.turn();
    expect(wordsOf(heard)).toBe('I see.');
    expect(heard.flatMap(({ serverContent }) => serverContent?.inputTranscription?.text ?? [])).toEqual([
      'A long story.',
    ]);
    for (const text of ['three', 'four']) expect(wordsOf(await answerTo(client, say(text)))).toBe(text);
    await client.send(say('five'));
    expect((await client.closing()).code).toBe(1006);
    expect(emulator.sessions()[0]).toMatchObject({ closedBy: 'emulator' });
  });
});

describe('the example booking-a-table', () => {
  const upToCall = async (client: LiveClient, text: string) => {
    await client.send(say(text));
    const messages = await client.until(({ toolCall }) => toolCall);
    return messages.at(-1)?.toolCall?.functionCalls?.[0];
  };
  const respond = (id: string | undefined, response: object) => ({
    toolResponse: { functionResponses: [{ id, name: 'book_table', response }] },
  });

  it('books in speech: spoken question, tool call, spoken answer', async () => {
    const client = await LiveClient.ready(await start({ scenario: example('booking-a-table') }), SETUP);
    await speak(client, joinSamples([speech('question'), quiet(1)]));
    const asked = await client.turn();
    expect(wordsOf(asked)).toBe('For how many people, and at what time?');
    expect(audioOf(asked).length / 24_000).toBeGreaterThan(1.5);
    expect(asked.flatMap(({ serverContent }) => serverContent?.inputTranscription?.text ?? [])).toEqual([
      'I would like a table, please.',
    ]);
    const call = await upToCall(client, 'two, at seven');
    expect(call).toMatchObject({
      name: 'book_table',
      args: { request: 'two, at seven', people: 2, at: '19:00' },
    });
    const booked = await answerTo(client, respond(call?.id, { status: 'booked', table: 4 }));
    expect(wordsOf(booked)).toBe('Your table for two is booked at seven. See you then.');
    expect(audioOf(booked).length / 24_000).toBeGreaterThan(2);
  });

  it('offers another time where there is no table, and books then', async () => {
    const client = await LiveClient.ready(await start({ scenario: example('booking-a-table') }), SETUP);
    expect(wordsOf(await answerTo(client, say('hello')))).toContain('Would you like one?');
    expect(wordsOf(await answerTo(client, say('a table, please')))).toContain('how many');
    const first = await upToCall(client, 'two');
    expect(wordsOf(await answerTo(client, respond(first?.id, { status: 'full' })))).toContain('another time');
    expect(wordsOf(await answerTo(client, say('a table at eight')))).toContain('how many');
    const second = await upToCall(client, 'two');
    const answer = await answerTo(client, respond(second?.id, { error: 'no such restaurant' }));
    expect(wordsOf(answer)).toContain('did not work');
  });
});

describe('the example greeting', () => {
  it('speaks first, by the instruction, and differently to who comes back', async () => {
    const emulator = await start({ scenario: example('greeting') });
    const systemInstruction = { parts: [{ text: 'You are a pirate.' }] };
    const pirate = await LiveClient.ready(emulator, { ...SETUP, systemInstruction });
    expect(wordsOf(await pirate.turn())).toBe('Ahoy! What be your name?');
    const client = await LiveClient.ready(emulator, SETUP);
    expect(wordsOf(await client.turn())).toBe('Hello. What is your name?');
    expect(wordsOf(await answerTo(client, say('Ada')))).toBe('Nice to meet you, Ada.');
    const update = await client.until(({ sessionResumptionUpdate }) => sessionResumptionUpdate?.newHandle);
    const handle = update.at(-1)?.sessionResumptionUpdate?.newHandle;
    client.close();
    const back = await LiveClient.ready(emulator, { ...SETUP, sessionResumption: { handle } });
    expect(wordsOf(await back.turn())).toBe('Welcome back. Where were we?');
    expect(wordsOf(await answerTo(back, say('Ada')))).toBe('Ada');
  });

  it('says once that it sees a picture, in each conversation', async () => {
    const emulator = await start({ scenario: example('greeting') });
    const data = Buffer.from('not really a picture').toString('base64');
    for (const _ of [1, 2]) {
      const client = await LiveClient.ready(emulator, SETUP);
      await client.turn();
      const heard: string[] = [];
      for (const text of ['two words', 'two words']) {
        await client.send({ realtimeInput: { video: { mimeType: 'image/jpeg', data } } });
        heard.push(wordsOf(await answerTo(client, { realtimeInput: { text } })));
      }
      expect(heard).toEqual(['I can see that.', 'two words']);
    }
  });
});

describe('the example flaky-network', () => {
  it('says all there is to say over a bad line, then fails, and again when it is resumed', async () => {
    const begun = Date.now();
    const emulator = await start({ scenario: example('flaky-network') });
    const client = await LiveClient.ready(emulator, SETUP);
    const said: string[] = [];
    for (const text of ['one', 'two', 'three']) said.push(wordsOf(await answerTo(client, say(text))));
    expect(said.slice(0, 2)).toEqual(['This answer comes late.', 'Wait for it. Here it is.']);
    expect(said[2]?.match(/twice/g)).toHaveLength(2);
    expect(said[2]).not.toContain('lost');
    expect(Date.now() - begun).toBeGreaterThan(1_500);

    await client.send(say('four'));
    expect(await client.closing()).toEqual({ code: 1011, reason: 'Internal error encountered.' });
    const update = client.received.findLast(
      ({ sessionResumptionUpdate }) => sessionResumptionUpdate?.newHandle,
    );
    const handle = update?.sessionResumptionUpdate?.newHandle;
    const back = await LiveClient.ready(emulator, { ...SETUP, sessionResumption: { handle } });
    await back.send(say('four, again'));
    expect((await back.closing()).code).toBe(1011);
    const faults = emulator.journal().filter(({ kind }) => kind === 'fault');
    expect(faults).toHaveLength(6);
  });
});

describe('faults of a scenario', () => {
  it('befall connections and tokens before any talk, and then no more', async () => {
    const emulator = await start({
      scenario: {
        rules: [{ answer: { text: 'hi' } }],
        faults: [
          { at: 'upgrade', times: 1, fault: { kind: 'refuse', status: 503 } },
          { at: 'token-request', times: 1, fault: { kind: 'refuse', status: 429, retryAfterSeconds: 2 } },
        ],
      },
    });
    await expect(LiveClient.ready(emulator, SETUP)).rejects.toThrow('503');
    expect(wordsOf(await answerTo(await LiveClient.ready(emulator, SETUP), say('hello')))).toBe('hi');
    const mint = async () => {
      const headers = { 'x-goog-api-key': 'k' };
      return (await fetch(`${emulator.url}/v1beta/auth_tokens`, { method: 'POST', body: '{}', headers }))
        .status;
    };
    expect([await mint(), await mint()]).toEqual([429, 200]);
  });
});

describe('startLiveEmulator with a scenario', () => {
  const scenario: Scenario = { rules: [{ when: { turn: 2 }, answer: { text: 'second' } }] };

  it('takes the scenario itself, and echoes where no rule is met', async () => {
    const client = await LiveClient.ready(await start({ scenario }), SETUP);
    expect(wordsOf(await answerTo(client, say('one')))).toBe('one');
    expect(wordsOf(await answerTo(client, say('two')))).toBe('second');
  });

  it('starts nothing where the scenario is wrong, or where an answer is given too', async () => {
    await expect(start({ scenario: 'nowhere.yaml' })).rejects.toMatchObject({ code: 'invalid-scenario' });
    await expect(start({ scenario, answer: () => [] })).rejects.toMatchObject({
      code: 'invalid-option',
      message: 'scenario and answer both decide what is answered; give one.',
    });
  });

  it('greets before what was laid down for the user is said', async () => {
    const emulator = await start({ scenario: example('greeting') });
    emulator.answerWith([{ text: 'laid down' }], { times: 1 });
    const client = await LiveClient.ready(emulator, SETUP);
    expect(wordsOf(await client.turn())).toBe('Hello. What is your name?');
    expect(wordsOf(await answerTo(client, say('Ada')))).toBe('laid down');
  });

  it('says nothing first where it is told not to ask', async () => {
    const emulator = await start({ scenario: example('greeting'), askAtStart: false });
    const client = await LiveClient.ready(emulator, SETUP);
    expect(wordsOf(await answerTo(client, say('Ada')))).toBe('Nice to meet you, Ada.');
  });
});

describe('livegate-emulator start --scenario', () => {
  const run = async (file: string) => {
    const out: string[] = [];
    const err: string[] = [];
    const code = await main(['start', '--port', '0', '--scenario', file], {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      env: {},
      untilInterrupted: Promise.resolve('SIGTERM'),
    });
    return { code, out: out.join(''), err: err.join('') };
  };

  it('starts with a scenario, and says what is wrong with another instead', async () => {
    expect(await run(example('flaky-network'))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^http/),
    });
    expect(await run('nowhere.yaml')).toEqual({
      code: 1,
      out: '',
      err: 'There is 1 problem in the scenario nowhere.yaml:\nnowhere.yaml: there is no such file\n',
    });
  });
});
