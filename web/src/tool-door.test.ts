import { describe, expect, it } from 'vitest';
import type { FunctionCall, FunctionResponse } from './content-types.ts';
import { ToolDesk } from './tool-desk.ts';
import { ToolDoor } from './tool-door.ts';

const call = (id: string, name = 'light'): FunctionCall => ({ id, name, args: {} });

/** A door whose desk arrives when it is let, or fails to so often. Time passes at once. */
function door({ failures = 0 }: { readonly failures?: number } = {}) {
  const answered: FunctionResponse[] = [];
  const ran: unknown[] = [];
  const failed: string[] = [];
  let tries = 0;
  const { promise: isThere, resolve: arrive } = Promise.withResolvers<void>();
  const desk = new ToolDoor(
    {
      handler: async ([each]) => {
        ran.push(each?.id);
        return { name: each?.name ?? '', response: { on: true } };
      },
      answer: async (responses) => void answered.push(...responses),
      onCall: () => {},
      onFailed: (name) => failed.push(name),
      now: () => 0,
      after: (ms, wake) => {
        if (ms < 30_000) queueMicrotask(wake);
        return () => {};
      },
    },
    async () => {
      if (tries++ < failures) throw new TypeError('Failed to fetch.');
      await isThere;
      return { ToolDesk };
    },
  );
  return { desk, answered, ran, failed, arrive, tries: () => tries };
}

describe('ToolDoor', () => {
  it('runs the calls that came before what runs them, each under its own id', async () => {
    const { desk, answered, arrive } = door();
    const both = [desk.run([call('a')]), desk.run([call('b')])];
    expect(answered).toEqual([]);
    arrive();
    await Promise.all(both);
    expect(answered).toEqual(['a', 'b'].map((id) => ({ id, name: 'light', response: { on: true } })));
  });

  it('runs no call that was taken back meanwhile', async () => {
    const { desk, answered, ran, arrive } = door();
    const running = desk.run([call('a'), call('b')]);
    desk.cancel(['a']);
    arrive();
    await running;
    expect(ran).toEqual(['b']);
    expect(answered.map(({ id }) => id)).toEqual(['b']);
  });

  it('tries again where it cannot be fetched', async () => {
    const { desk, answered, arrive } = door({ failures: 3 });
    arrive();
    await desk.run([call('a')]);
    expect(answered).toEqual([{ id: 'a', name: 'light', response: { on: true } }]);
  });

  it('answers with an error where that is in vain, and the next call tries anew', async () => {
    const { desk, answered, failed, arrive, tries } = door({ failures: 4 });
    arrive();
    await desk.run([call('a')]);
    expect(tries()).toBe(4);
    expect(failed).toEqual(['light']);
    expect(answered).toEqual([
      { id: 'a', name: 'light', response: { error: expect.stringContaining('load') } },
    ]);
    await desk.run([call('b')]);
    expect(answered[1]).toEqual({ id: 'b', name: 'light', response: { on: true } });
  });

  it('says nothing of calls that were taken back meanwhile where it cannot be fetched', async () => {
    const { desk, answered, failed, arrive } = door({ failures: 4 });
    arrive();
    const running = desk.run([call('a'), call('b')]);
    const alone = desk.run([call('c')]);
    desk.cancel(['a', 'c']);
    await Promise.all([running, alone]);
    expect(answered.map(({ id }) => id)).toEqual(['b']);
    expect(failed).toEqual(['light']);
  });

  it('answers nothing once it is closed', async () => {
    const { desk, answered, arrive } = door();
    const running = desk.run([call('a')]);
    desk.close();
    arrive();
    await running;
    expect(answered).toEqual([]);
  });
});
