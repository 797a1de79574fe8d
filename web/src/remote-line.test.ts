import { describe, expect, it } from 'vitest';
import { RemoteLine } from './remote-line.ts';

/** A line, and what it told its worker. */
function talk(next: () => number) {
  const told: unknown[] = [];
  const line = new RemoteLine({
    line: 1,
    frameSamples: 160,
    next,
    post: (command) => told.push('serial' in command ? [command.kind, command.serial] : command.kind),
    events: { frame: () => {}, sent: () => {}, unsent: () => {}, stopped: () => {}, failed: () => {} },
  });
  told.length = 0;
  return { line, told };
}

/** Numbers that rise, of all lines. */
function numbers(): () => number {
  let last = 0;
  return () => ++last;
}

describe('RemoteLine', () => {
  it('is not turned from its next socket by the end of the one before', () => {
    const { line, told } = talk(numbers());
    line.sendTo(7);
    line.sendTo(8);
    line.hearWorker({ kind: 'attached', line: 1, serial: 1 });
    line.hearWorker({ kind: 'detached', line: 1, serial: 1 });
    line.hearWorker({ kind: 'attached', line: 1, serial: 2 });
    expect(told).toEqual([['attach', 1], 'detach', ['attach', 2], ['go', 2]]);
  });

  it('takes another socket once it hears that its own is gone, and gives no word for one it left', () => {
    const { line, told } = talk(numbers());
    line.sendTo(7);
    line.hearWorker({ kind: 'detached', line: 1, serial: 1 });
    line.hearWorker({ kind: 'attached', line: 1, serial: 1 });
    line.sendTo(7);
    expect(told).toEqual([
      ['attach', 1],
      ['attach', 2],
    ]);
  });

  it('leaves sound to the page that only the line of an earlier conversation was to play', () => {
    const next = numbers();
    const before = talk(next);
    before.line.hear(7);
    const { line, told } = talk(next);
    line.hear(7);
    expect([line.isHeard(undefined), line.isHeard(1), line.isHeard(2), line.isHeard(2)]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(told).toEqual([
      ['hear', 2],
      ['heard', 2],
    ]);
  });
});
