import { describe, expect, it } from 'vitest';
import { operatorRows } from './operators.ts';

describe('operatorRows', () => {
  it('lists admins, viewers, and those whose role is on its way', () => {
    const pending = { b: { role: 'viewer', revoke: true }, c: { role: null, revoke: true } };
    expect(operatorRows({ admins: ['a'], viewers: ['b'], pending })).toEqual([
      { uid: 'a', role: 'admin', isPending: false },
      { uid: 'b', role: 'viewer', isPending: true },
      { uid: 'c', role: null, isPending: true },
    ]);
  });

  it('reads what somebody wrote by hand as far as it goes', () => {
    expect(operatorRows({ admins: 'a', viewers: [1, 'b'] })).toEqual([
      { uid: 'b', role: 'viewer', isPending: false },
    ]);
  });
});
