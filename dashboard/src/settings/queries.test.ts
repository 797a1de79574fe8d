import { describe, expect, it } from 'vitest';
import { LATEST_CHANGES, SETTINGS_PAGE, SETTINGS_QUERIES, VERSIONS_LIMIT } from './queries.ts';
import { SETTING_KINDS } from './setting-kinds.ts';

/** Most documents that a view may read when it is opened. */
const MOST_READS = 60;

describe('the queries of the settings', () => {
  it('open each view with at most sixty reads', () => {
    const config = 1;
    const roles = 1;
    const list = SETTING_KINDS.length * SETTINGS_PAGE + LATEST_CHANGES + config + roles;
    const policy = 1 + VERSIONS_LIMIT + SETTINGS_PAGE;
    const template = 1 + VERSIONS_LIMIT + VERSIONS_LIMIT;
    expect(Math.max(list, policy, template)).toBeLessThanOrEqual(MOST_READS);
  });

  it('stand in the list with the bounds that they are built with', () => {
    const limits = Object.fromEntries(SETTINGS_QUERIES.map(({ id, limit }) => [id, limit]));
    expect(limits).toEqual({
      'dashboard/settings-policies': SETTINGS_PAGE,
      'dashboard/settings-templates': SETTINGS_PAGE,
      'dashboard/settings-prices': SETTINGS_PAGE,
      'dashboard/template-versions': VERSIONS_LIMIT,
      'dashboard/setting-changes': VERSIONS_LIMIT,
      'dashboard/latest-setting-changes': LATEST_CHANGES,
    });
  });
});
