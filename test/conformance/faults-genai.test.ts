/** What goes wrong on demand, as an app sees it that talks through @google/genai. */
import { GoogleGenAI, type LiveServerMessage, type Session } from '@google/genai';
import { type FaultRule, type LiveEmulator, startLiveEmulator } from '@livegate/emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let emulator: LiveEmulator;
beforeEach(async () => {
  emulator = await startLiveEmulator({ answer: () => [{ text: 'one two' }], turnCompleteDelay: 0 });
});
afterEach(() => emulator.close());

const genai = (): GoogleGenAI =>
  new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: emulator.url, apiVersion: 'v1alpha' } });

/** One talk and all that its callbacks were given. */
class Talk {
  readonly messages: LiveServerMessage[] = [];
  session: Session | undefined;
  readonly #closed = Promise.withResolvers<{ readonly code: number; readonly reason: string }>();
  readonly #done = Promise.withResolvers<void>();

  async start(): Promise<this> {
    this.session = await genai().live.connect({
      model: 'gemini-3.8-live',
      config: {},
      callbacks: {
        onmessage: (message) => {
          this.messages.push(message);
          if (message.serverContent?.turnComplete) this.#done.resolve();
        },
        onclose: ({ code, reason }) => this.#closed.resolve({ code, reason }),
      },
    });
    return this;
  }

  say(text: string): this {
    this.session?.sendClientContent({ turns: [{ role: 'user', parts: [{ text }] }] });
    return this;
  }

  get closing(): Promise<{ readonly code: number; readonly reason: string }> {
    return this.#closed.promise;
  }

  async turn(): Promise<number> {
    await this.#done.promise;
    return this.messages.filter(({ serverContent }) => serverContent?.modelTurn).length;
  }
}

const wholeTurn = async (): Promise<number> => (await new Talk().start()).say('hello').turn();
const next = (rule: Pick<FaultRule, 'at' | 'fault'>): string =>
  emulator.fault({ scope: 'next-connection', ...rule } as FaultRule);

describe('@google/genai under faults', () => {
  it('rejects a connect that is refused, and connects the next time', async () => {
    next({ at: 'upgrade', fault: { kind: 'refuse', status: 503 } });
    await expect(new Talk().start()).rejects.toThrow();
    expect(await wholeTurn()).toBeGreaterThan(0);
  });

  it('rejects a connect that is closed before setup, with code and reason', async () => {
    next({ at: 'open', fault: { kind: 'close', code: 1011, reason: 'Internal error encountered.' } });
    await expect(new Talk().start()).rejects.toThrow(/1011.*Internal error encountered/);
    expect(await wholeTurn()).toBeGreaterThan(0);
  });

  it.each([
    ['a close frame', { kind: 'close', code: 1008, reason: 'no more' }, { code: 1008, reason: 'no more' }],
    ['a cut', { kind: 'drop' }, { code: 1006, reason: '' }],
  ] as const)('tells an app of %s in the midst of an answer', async (_, fault, expected) => {
    next({ at: { audioMs: 1 }, fault });
    const talk = (await new Talk().start()).say('hello');
    expect(await talk.closing).toEqual(expected);
  });

  it('gives an app what it does not know, and all it does', async () => {
    const count = await wholeTurn();
    next({ at: { messageOut: 'each' }, fault: { kind: 'malform', how: 'unknown-field' } });
    expect(await wholeTurn()).toBe(count);
    next({ at: { messageOut: 1, of: 'audio' }, fault: { kind: 'duplicate' } });
    expect(await wholeTurn()).toBe(count + 1);
    next({ at: { messageOut: 1, of: 'audio' }, fault: { kind: 'lose' } });
    expect(await wholeTurn()).toBe(count - 1);
  });

  it('rejects with 429 where no more tokens are made, and with the lost answer of one that was', async () => {
    const create = () => genai().authTokens.create({ config: { uses: 1 } });
    next({ at: 'token-request', fault: { kind: 'refuse', status: 429, retryAfterSeconds: 5 } });
    await expect(create()).rejects.toMatchObject({ status: 429 });
    next({ at: 'token-request', fault: { kind: 'lose-answer' } });
    await expect(create()).rejects.toThrow('fetch failed');
    expect((await create()).name).toMatch(/^auth_tokens\//);
  });
});
