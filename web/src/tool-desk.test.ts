import { describe, expect, it } from 'vitest';
import type { FunctionCall, FunctionResponse } from './content-types.ts';
import { type FunctionCallingHandler, ToolDesk } from './tool-desk.ts';

function desk(handler: FunctionCallingHandler, answer?: (responses: FunctionResponse[]) => Promise<void>) {
  const answered: FunctionResponse[][] = [];
  const failed: [string, unknown][] = [];
  const tools = new ToolDesk({
    handler,
    answer: answer ?? (async (responses) => void answered.push(responses)),
    onFailed: (name, error) => failed.push([name, error]),
  });
  return { tools, answered, failed };
}
const call = (id: string, name = 'weather'): FunctionCall => ({ id, name, args: {} });

describe('ToolDesk', () => {
  it('answers every call of a message in one message, each under its own id', async () => {
    const seen: FunctionCall[][] = [];
    const { tools, answered } = desk(async (calls) => {
      seen.push(calls);
      return { name: calls[0]?.name ?? '', response: { of: calls[0]?.id } };
    });
    await tools.run([call('a'), call('b', 'time')]);
    expect(seen).toEqual([[call('a')], [call('b', 'time')]]);
    expect(answered).toEqual([
      [
        { id: 'a', name: 'weather', response: { of: 'a' } },
        { id: 'b', name: 'time', response: { of: 'b' } },
      ],
    ]);
  });

  it('leaves the id out where the call has none', async () => {
    const { tools, answered } = desk(async () => ({ id: 'x', name: 'y', response: {} }));
    await tools.run([{ name: 'weather', args: {} }]);
    expect(answered).toEqual([[{ id: 'x', name: 'weather', response: {} }]]);
  });

  it('tells the model of a handler that fails, and answers the others', async () => {
    const error = new Error('No such city.');
    const { tools, answered, failed } = desk(async ([each]) => {
      if (each?.id === 'a') throw error;
      return { name: 'weather', response: { sun: true } };
    });
    await tools.run([call('a'), call('b')]);
    expect(answered).toEqual([
      [
        { id: 'a', name: 'weather', response: { error: 'No such city.' } },
        { id: 'b', name: 'weather', response: { sun: true } },
      ],
    ]);
    expect(failed).toEqual([['weather', error]]);
  });

  it('tells the model of a handler that throws at once, or gives no response', async () => {
    for (const handler of [
      () => {
        throw new Error('Broken.');
      },
      async () => undefined as unknown as FunctionResponse,
      async () => ({ name: 'weather' }) as FunctionResponse,
    ]) {
      const { tools, answered, failed } = desk(handler);
      await tools.run([call('a')]);
      expect(answered[0]?.[0]).toMatchObject({ id: 'a', response: { error: expect.any(String) } });
      expect(failed).toHaveLength(1);
    }
  });

  it('answers no call that was cancelled while it ran, and the one beside it', async () => {
    const { tools, answered } = desk(async () => ({ name: 'weather', response: {} }));
    const running = tools.run([call('a'), call('b')]);
    tools.cancel(['a']);
    await running;
    expect(answered.flat().map(({ id }) => id)).toEqual(['b']);
  });

  it('answers nothing once it is closed', async () => {
    const { tools, answered } = desk(async () => ({ name: 'weather', response: {} }));
    const running = tools.run([call('a')]);
    tools.close();
    await running;
    expect(answered).toEqual([]);
  });

  it('reports an answer that could not be sent, and rejects nothing', async () => {
    const { tools, failed } = desk(
      async () => ({ name: 'weather', response: {} }),
      () => Promise.reject(new Error('Closed.')),
    );
    await tools.run([call('a')]);
    expect(failed).toEqual([['weather', new Error('Closed.')]]);
  });
});
