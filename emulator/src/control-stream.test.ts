import { afterEach, describe, expect, it } from 'vitest';
import { LiveClient } from '../test-support/live-client.ts';
import type { LiveEvent } from './control-query.ts';
import { pourEvents } from './control-stream.ts';
import type { LiveEmulator } from './live-emulator.ts';
import { startLiveEmulator } from './start.ts';

const running: LiveEmulator[] = [];
afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});

/** Events poured into a reader that takes them, or lets so many bytes wait. */
const pour = async () => {
  const emulator = await startLiveEmulator({ turnCompleteDelay: 0 });
  running.push(emulator);
  const events: LiveEvent[] = [];
  const reader = { waitingBytes: 0, ended: false };
  const stop = pourEvents(
    emulator,
    {},
    {
      write: (event) => events.push(event),
      alive: () => {},
      get waitingBytes() {
        return reader.waitingBytes;
      },
      end: () => {
        reader.ended = true;
      },
    },
  );
  return { emulator, events, reader, stop };
};

describe('pourEvents', () => {
  it('ends the line of a reader that does not read, and says so; one that reads keeps its own', async () => {
    const { emulator, events, reader, stop } = await pour();
    await LiveClient.ready(emulator);
    reader.waitingBytes = 8 * 1_048_576;
    emulator.inject('session-1', { serverContent: { interrupted: true } });
    expect([events.some((event) => 'behind' in event), reader.ended]).toEqual([false, false]);
    reader.waitingBytes++;
    emulator.inject('session-1', { serverContent: { interrupted: true } });
    expect([events.at(-1), reader.ended]).toEqual([{ behind: true }, true]);
    const written = events.length;
    reader.waitingBytes = 0;
    emulator.inject('session-1', { serverContent: { interrupted: true } });
    expect(events).toHaveLength(written);
    stop();
  });
});
