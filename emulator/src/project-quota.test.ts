import { describe, expect, it } from 'vitest';
import { SessionBench, START_MS } from '../test-support/session-bench.ts';
import { ProjectQuota, projectOf } from './project-quota.ts';
import { keyPass } from './session-pass.ts';

const any = 'unlimited';
const concurrent = (most: number) => new ProjectQuota({ concurrentSessions: most, connectsPerMinute: any });
const aMinute = (most: number) => new ProjectQuota({ concurrentSessions: any, connectsPerMinute: most });
const open = (quota: ProjectQuota, key = 'mine', startMs = START_MS) =>
  SessionBench.ready({}, { quota, pass: keyPass(key), startMs });

describe('ProjectQuota', () => {
  it('refuses a session more than may be open at once: 1011, RESOURCE_EXHAUSTED', () => {
    const quota = concurrent(2);
    const [, second, third] = [open(quota), open(quota), open(quota)];
    expect(second.closed).toBeUndefined();
    expect(third.closed).toMatchObject({ code: 1011, condition: 'resource-exhausted' });
    expect(third.closed?.reason).toContain('RESOURCE_EXHAUSTED');
    expect(third.outline).toEqual([]);
  });

  it('gives a place back when a session ends, however it ends, and once', () => {
    for (const end of ['gone', 'refused', 'limit']) {
      const quota = concurrent(1);
      const first = open(quota);
      expect(open(quota).closed?.condition).toBe('resource-exhausted');
      if (end === 'gone') first.input({ kind: 'gone' }).input({ kind: 'gone' });
      if (end === 'refused') first.sendText('{');
      if (end === 'limit') first.advance(600_000);
      expect(open(quota).closed).toBeUndefined();
      expect(open(quota).closed?.condition).toBe('resource-exhausted');
    }
  });

  it('takes no place for a session that its credential does not let in', () => {
    const quota = concurrent(1);
    const pass = { ...keyPass('mine'), admit: () => 'token-used-up' as const };
    expect(SessionBench.ready({}, { quota, pass }).closed?.condition).toBe('token-used-up');
    expect(open(quota).closed).toBeUndefined();
  });

  it('counts each project for itself', () => {
    const quota = concurrent(1);
    expect([open(quota, 'mine'), open(quota, 'theirs')].map(({ closed }) => closed)).toEqual([
      undefined,
      undefined,
    ]);
    expect(open(quota, 'theirs').closed?.condition).toBe('resource-exhausted');
  });

  it('refuses a session more than may start in a minute, and lets it in once the minute is over', () => {
    const quota = aMinute(2);
    for (const atMs of [0, 30_000]) expect(open(quota, 'mine', START_MS + atMs).closed).toBeUndefined();
    expect(open(quota, 'mine', START_MS + 59_999).closed?.condition).toBe('resource-exhausted');
    expect(open(quota, 'mine', START_MS + 60_000).closed).toBeUndefined();
    expect(open(quota, 'mine', START_MS + 60_001).closed?.condition).toBe('resource-exhausted');
  });
});

describe('projectOf', () => {
  it('is the project in the name of the model, else that of the key, else one for all', () => {
    const model = 'projects/a/locations/us-central1/publishers/google/models/gemini-3.8-live';
    expect(projectOf({ owner: 'x', project: 'y' }, model, 'by-key')).toBe('project:a');
    expect(projectOf({ owner: 'x', project: 'y' }, 'models/m', 'by-key')).toBe('y');
    expect(projectOf({ owner: 'x' }, 'models/m', 'by-key')).toBe('x');
    expect(projectOf({ owner: 'x' }, 'models/m', 'one')).toBe(projectOf({ owner: 'z' }, 'models/m', 'one'));
  });
});
