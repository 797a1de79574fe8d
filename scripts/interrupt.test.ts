import { afterEach, describe, expect, it } from 'vitest';
import { type Interrupt, onInterrupt } from './interrupt.ts';

describe('onInterrupt', () => {
  let interrupt: Interrupt | undefined;
  afterEach(() => interrupt?.forget());

  function listening(): {
    readonly done: string[];
    press(atMs: number, signal?: 'SIGINT' | 'SIGTERM'): void;
  } {
    const done: string[] = [];
    let nowMs = 0;
    interrupt = onInterrupt(
      { first: () => void done.push('first'), second: () => void done.push('second') },
      { now: () => nowMs },
    );
    return {
      done,
      press(atMs, signal = 'SIGINT') {
        nowMs = atMs;
        process.emit(signal);
      },
    };
  }

  it('ends in order at the first press, at once at the second', async () => {
    const { done, press } = listening();
    press(1_000);
    await interrupt?.requested;
    press(3_000);
    expect(done).toEqual(['first', 'second']);
  });

  it('takes copies of one press for one', () => {
    const { done, press } = listening();
    press(1_000);
    press(1_020);
    press(1_300, 'SIGTERM');
    expect(done).toEqual(['first']);
  });

  it('hears nothing once forgotten', () => {
    const { done, press } = listening();
    interrupt?.forget();
    process.once('SIGINT', () => undefined);
    press(1_000);
    expect(done).toEqual([]);
  });
});
