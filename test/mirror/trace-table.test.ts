import { describe, expect, test } from 'vitest';
import { differences, tableOf, tableUnder } from './trace-table.ts';

describe('differences', () => {
  test('are the steps that two traces answer differently', () => {
    const theirs = [
      ['a', '1'],
      ['b', '2'],
    ] as const;
    expect(differences('app', theirs, theirs)).toEqual([]);
    expect(
      differences('app', theirs, [
        ['a', '1'],
        ['b', '3'],
      ]),
    ).toEqual([{ app: 'app', step: 'b', theirs: '2', ours: '3' }]);
  });

  test('are steps that only one trace has, and another order', () => {
    expect(differences('app', [['a', '1']], [])).toEqual([
      { app: 'app', step: 'a', theirs: '1', ours: 'not reached' },
    ]);
    const [order] = differences(
      'app',
      [
        ['a', '1'],
        ['b', '2'],
      ],
      [
        ['b', '2'],
        ['a', '1'],
      ],
    );
    expect(order).toMatchObject({ step: 'the order of the steps', theirs: 'a, b', ours: 'b, a' });
  });
});

describe('tableUnder', () => {
  test('reads what tableOf writes, and refuses a document without it', () => {
    const rows = [{ app: 'x', step: 's()', theirs: 'a, b', ours: 'c' }];
    expect(tableUnder(`# D\n\n## H\n\ntext\n\n${tableOf(rows)}\n\n## Z\n`, 'H')).toEqual(rows);
    expect(() => tableUnder('# D\n\n## H\n', 'H')).toThrow('No table under H.');
  });
});
