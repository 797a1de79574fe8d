import { LIST_PRICES, OPEN_POLICY } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { settingRow } from './setting-rows.ts';
import { fallbackWords, settingChange, versionEntries } from './version-entries.ts';

const nowMs = Date.parse('2026-11-10T00:00:00Z');

describe('settingRow', () => {
  it('tells the figures of each kind', () => {
    const policy = { ...OPEN_POLICY, version: 3, minutesPerMonth: null, models: ['gemini-3.8-live'] };
    expect(settingRow('policies', 'default', { data: policy, nowMs })).toEqual({
      id: 'default',
      version: 3,
      figures: ['30 min', 'no bound', '1 session', '1', 'refused'],
      unreadable: null,
      warnings: 0,
    });
    const price = { ...LIST_PRICES['gemini-3.8-live'], output: { TEXT: 4.5 } };
    expect(settingRow('prices', 'gemini-3.8-live', { data: price, nowMs }).figures).toEqual([
      '$0.75 / 1M',
      '$3.00 / 1M',
      '$4.50 / 1M',
      'unknown',
      '2026-11-21',
    ]);
  });

  it('names what the functions cannot read, and shows the rest', () => {
    const row = settingRow('policies', 'default', { data: { minutesPerDay: 5 }, nowMs });
    expect(row).toMatchObject({
      unreadable: 'route',
      version: 0,
      figures: ['5 min', '—', '—', '—', 'refused'],
    });
  });
});

describe('versionEntries', () => {
  const change = (version: number, more: object = {}) => {
    const after = version === 0 ? null : { v: 1, version, title: `T${version}` };
    const read = settingChange({
      at: version,
      actor: 'a',
      act: 'set-template',
      target: 't',
      reason: 'r',
      before: null,
      after,
      ...more,
    });
    if (read === undefined) throw new Error('no entry');
    return read;
  };

  it('puts who and why beside the version that they made', () => {
    const versions = [3, 2, 1].map((version) => ({ version, draft: { title: `T${version}` } }));
    const entries = versionEntries(versions, [change(3), change(1)]);
    expect(entries.map((each) => [each.version, each.change?.at ?? null])).toEqual([
      [3, 3],
      [2, null],
      [1, 1],
    ]);
  });

  it('is what the audit tells where no versions are kept, a deletion too', () => {
    expect(versionEntries([], [change(0), change(1)])).toMatchObject([
      { version: 0, draft: null },
      { version: 1, draft: { title: 'T1' } },
    ]);
  });

  it('leaves out what was too long for the audit, and what is no entry', () => {
    expect(change(1, { after: { omitted: 'too long' } }).after).toBeNull();
    expect(settingChange({ at: 'then' })).toBeUndefined();
  });
});

describe('fallbackWords', () => {
  it('says who is refused and who falls back', () => {
    expect(fallbackWords('default', true).join(' ')).toContain('everybody who has no other one');
    expect(fallbackWords('google.com', true)[0]).toContain('fall back to the policy default');
    expect(fallbackWords('google.com', false)[0]).toContain('no token any more');
    expect(fallbackWords('gold', true)).toHaveLength(1);
  });
});
