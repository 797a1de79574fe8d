import { readdirSync, readFileSync } from 'node:fs';
import { CALLABLES_VERSION, OLDEST_CALLABLES_VERSION } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { createWorld, granted, type Outcome, type World } from './support/world.ts';

/** What a release's page sends, in order, and what it needs of each answer: the fields it reads and their types. */
interface Recording {
  readonly release: string;
  readonly callables: number;
  readonly calls: readonly {
    readonly name: 'mintLiveToken' | 'reportLiveUsage' | 'getLiveQuota';
    readonly data: object;
    /** The call was made when a renewal was due. */
    readonly atRenewAfter?: boolean;
    readonly answer: Readonly<Record<string, string>>;
  }[];
}

const folder = new URL('recorded/', import.meta.url);
const recordings = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recording,
);
const call = (world: World, name: string, data: object): Promise<Outcome<object>> => {
  if (name === 'mintLiveToken') return world.mint(data);
  return name === 'reportLiveUsage' ? world.report(data) : world.quota(data);
};

describe('requests of earlier releases', () => {
  it('are recorded for each version of the callables that is answered', () => {
    const versions = new Set(recordings.map(({ callables }) => callables));
    for (let version = OLDEST_CALLABLES_VERSION; version <= CALLABLES_VERSION; version++)
      expect(versions, `version ${version}`).toContain(version);
  });

  it.each(recordings)('of $release are answered with all that its page reads', async ({ calls }) => {
    const world = createWorld();
    try {
      let known: Record<string, unknown> = {};
      for (const { name, data, atRenewAfter, answer } of calls) {
        if (atRenewAfter) world.now = Number(known.renewAfter);
        const filled = JSON.stringify(data).replace(/\{(\w+)\}/g, (_, id: string) => String(known[id]));
        const got = granted(await call(world, name, JSON.parse(filled) as object)) as Record<string, unknown>;
        if (name === 'mintLiveToken') known = { ...known, ...got };
        const types = Object.keys(answer).map((field) => [field, typeof got[field]]);
        expect(Object.fromEntries(types), name).toEqual(answer);
      }
    } finally {
      await world.close();
    }
  });
});

describe('a page of another version', () => {
  it.each([
    ['too old', OLDEST_CALLABLES_VERSION - 1],
    ['newer than the functions', CALLABLES_VERSION + 1],
  ])('that is %s is told so, and one of the current version is not', async (_, v) => {
    const world = createWorld();
    try {
      expect(await world.start({ v })).toMatchObject({
        code: 'failed-precondition',
        details: { reason: 'client-outdated', field: 'v' },
      });
      expect(world.orders).toEqual([]);
      expect(granted(await world.start({ v: CALLABLES_VERSION })).clientMin).toBe(OLDEST_CALLABLES_VERSION);
    } finally {
      await world.close();
    }
  });
});
