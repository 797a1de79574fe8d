import { describe, expect, it } from 'vitest';
import type { FunctionCall, FunctionResponse } from './content-types.ts';
import { ManualClock } from './testing.ts';
import { type FunctionCallingHandler, type LiveTools, type ToolCallEvent, ToolDesk } from './tool-desk.ts';

function desk(handler: FunctionCallingHandler, answer?: (responses: FunctionResponse[]) => Promise<void>) {
  const answered: FunctionResponse[][] = [];
  const failed: [string, unknown][] = [];
  const tools = new ToolDesk({
    handler,
    answer: answer ?? (async (responses) => void answered.push(responses)),
    onCall: () => {},
    onFailed: (name, error) => failed.push([name, error]),
    now: () => 0,
    after: () => () => {},
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

  it('tells the model of a result that JSON cannot hold, and answers the others', async () => {
    const circle: { self?: object } = {};
    circle.self = circle;
    for (const response of [{ n: 10n }, circle, [1, 2], new Date(0), { toJSON: () => undefined }]) {
      const { tools, answered, failed } = desk(
        async ([each]) => ({ name: 'weather', response: each?.id === 'a' ? response : { sun: true } }),
        async (responses) => void answered.push(JSON.parse(JSON.stringify(responses))),
      );
      await tools.run([call('a'), call('b')]);
      expect(answered).toEqual([
        [
          { id: 'a', name: 'weather', response: { error: expect.any(String) } },
          { id: 'b', name: 'weather', response: { sun: true } },
        ],
      ]);
      expect(failed).toEqual([['weather', expect.any(TypeError)]]);
    }
  });

  it('tells the model of a handler that fails, whatever it throws', async () => {
    for (const thrown of [undefined, Object.create(null), Object.assign(new Error(), { message: 10n })]) {
      const { tools, answered, failed } = desk(() => Promise.reject(thrown));
      await tools.run([call('a')]);
      expect(answered).toEqual([[{ id: 'a', name: 'weather', response: { error: expect.any(String) } }]]);
      expect(failed).toEqual([['weather', thrown]]);
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

describe('ToolDesk with functions by name', () => {
  const own = (tools: LiveTools) => {
    const clock = new ManualClock();
    const answered: FunctionResponse[][] = [];
    const failed: string[] = [];
    const told: ToolCallEvent[] = [];
    const desk = new ToolDesk({
      tools,
      answer: async (responses) => void answered.push(responses),
      onCall: (event) => told.push(event),
      onFailed: (name) => failed.push(name),
      now: () => clock.now(),
      after: (ms, wake) => clock.after(ms, wake),
    });
    return { clock, answered, failed, told, desk };
  };
  const never = (): Promise<object> => new Promise(() => {});

  it('tells the model after the time limit that there is no answer, aborts, and answers no second time', async () => {
    let signal: AbortSignal | undefined;
    let finish: (result: object) => void = () => {};
    const { clock, answered, failed, desk } = own({
      weather: {
        run: (_args, call) => {
          signal = call.signal;
          return new Promise<object>((resolve) => {
            finish = resolve;
          });
        },
      },
    });
    const running = desk.run([call('a')]);
    await clock.advance(29_999);
    expect([answered, signal?.aborted]).toEqual([[], false]);
    await clock.advance(1);
    await running;
    finish({ sun: true });
    await clock.advance(0);
    expect(answered).toMatchObject([[{ id: 'a', name: 'weather', response: { error: expect.any(String) } }]]);
    expect([failed, signal?.aborted, clock.pending]).toEqual([['weather'], true, 0]);
  });

  it('aborts what the model cancels and does not wait for it, and answers the others', async () => {
    const signals: AbortSignal[] = [];
    const { answered, failed, desk } = own({
      weather: {
        run: ({ ...args }, { id, signal }) => {
          signals.push(signal);
          return id === 'a' ? never() : args;
        },
      },
    });
    const running = desk.run([call('a'), call('b')]);
    desk.cancel(['a', 'unknown']);
    await running;
    expect(answered).toEqual([[{ id: 'b', name: 'weather', response: {} }]]);
    expect([failed, signals[0]?.aborted]).toEqual([[], true]);
  });

  it('answers a function that does not block as soon as it is done, with its scheduling', async () => {
    let finish: (result: object) => void = () => {};
    const { clock, answered, desk } = own({
      weather: {
        run: () =>
          new Promise<object>((resolve) => {
            finish = resolve;
          }),
      },
      alarm: { scheduling: 'WHEN_IDLE', run: () => ({ set: true }) },
    });
    const running = desk.run([call('a'), call('b', 'alarm')]);
    await clock.advance(0);
    expect(answered).toEqual([
      [{ id: 'b', name: 'alarm', response: { set: true }, scheduling: 'WHEN_IDLE' }],
    ]);
    finish({ sun: true });
    await running;
    expect(answered[1]).toEqual([{ id: 'a', name: 'weather', response: { sun: true } }]);
  });

  it('runs a call once that comes twice, and answers it both times', async () => {
    let runs = 0;
    const { clock, answered, desk } = own({ weather: { run: () => ({ run: ++runs }) } });
    await desk.run([call('a')]);
    await clock.advance(0);
    await desk.run([call('a')]);
    expect(runs).toBe(1);
    expect(answered).toEqual(Array(2).fill([{ id: 'a', name: 'weather', response: { run: 1 } }]));
  });

  it('runs a call anew that comes again after it was cancelled', async () => {
    let runs = 0;
    const { answered, desk } = own({ weather: { run: () => (++runs === 1 ? never() : { run: runs }) } });
    const first = desk.run([call('a')]);
    desk.cancel(['a']);
    await first;
    await desk.run([call('a')]);
    expect(answered).toEqual([[{ id: 'a', name: 'weather', response: { run: 2 } }]]);
  });

  it('keeps the answers of a hundred calls, the newest', async () => {
    const runs: (string | undefined)[] = [];
    const { clock, desk } = own({ weather: { run: (_args, { id }) => ({ runs: runs.push(id) }) } });
    for (let index = 0; index <= 100; index++) await desk.run([call(`call-${index}`)]);
    await clock.advance(0);
    runs.splice(0);
    await desk.run([call('call-1'), call('call-0')]);
    expect(runs).toEqual(['call-0']);
  });

  it('leaves no timer behind a call that was answered or cancelled', async () => {
    const { clock, desk } = own({
      weather: { run: (_args, { id }) => (id === 'a' ? { sun: true } : never()) },
    });
    await desk.run([call('a')]);
    const waiting = desk.run([call('b')]);
    expect(clock.pending).toBe(1);
    desk.cancel(['b']);
    await waiting;
    expect(clock.pending).toBe(0);
  });

  it('tells that a call began and how it ended, after how long, and nothing of what it was about', async () => {
    const finish = Promise.withResolvers<object>();
    const { clock, told, desk } = own({
      weather: { run: () => finish.promise },
      light: { run: never },
      alarm: { run: never, timeoutMs: 50 },
    });
    const calls = [
      call('a'),
      call('b', 'light'),
      call('c', 'alarm'),
      { name: 'door', args: { code: 'secret' } },
    ];
    const running = desk.run(calls);
    await clock.advance(20);
    desk.cancel(['b']);
    await clock.advance(40);
    finish.resolve({ sun: 'secret' });
    await running;
    await desk.run([call('a')]);
    expect(told).toEqual([
      { id: 'a', name: 'weather', state: 'began', ms: 0 },
      { id: 'b', name: 'light', state: 'began', ms: 0 },
      { id: 'c', name: 'alarm', state: 'began', ms: 0 },
      { id: undefined, name: 'door', state: 'began', ms: 0 },
      { id: undefined, name: 'door', state: 'failed', ms: 0 },
      { id: 'b', name: 'light', state: 'cancelled', ms: 20 },
      { id: 'c', name: 'alarm', state: 'failed', ms: 50 },
      { id: 'a', name: 'weather', state: 'ended', ms: 60 },
    ]);
  });

  it('tells of a call that the end of the talk cut off', async () => {
    const { told, desk } = own({ weather: { run: never } });
    const running = desk.run([call('a')]);
    desk.close();
    await running;
    expect(told.map(({ state }) => state)).toEqual(['began', 'cancelled']);
  });

  it('says that there is no such function, inherited names among them', async () => {
    const { answered, desk } = own({});
    await desk.run([call('a', 'toString')]);
    expect(answered).toMatchObject([[{ response: { error: 'There is no function toString.' } }]]);
  });

  it('aborts everything when the talk is over', async () => {
    let signal: AbortSignal | undefined;
    const { answered, desk } = own({
      weather: {
        run: (_args, call) => {
          signal = call.signal;
          return never();
        },
      },
    });
    const running = desk.run([call('a')]);
    desk.close();
    await running;
    expect([signal?.aborted, answered]).toEqual([true, []]);
  });
});
