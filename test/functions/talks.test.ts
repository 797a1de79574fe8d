import { readFile } from 'node:fs/promises';
import { type LivePolicyDocument, OPEN_POLICY } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../scripts/memory/memory-firestore.ts';
import { type Clock, createClock, TalkingPage, type TalkOptions } from './support/talking-page.ts';
import { createWorld, type World } from './support/world.ts';

/** What a talk came to. */
interface Row {
  readonly talk: string;
  /** Seconds. */
  readonly spoken: number;
  readonly charged: number;
  readonly refused: number;
  readonly factor: number;
  /** What the factor may be. */
  readonly atMost: number;
}

/** A user's day: what its pages do, and what it may cost for each second spoken. */
interface Talk {
  readonly talk: string;
  /** The charge is at most this often the time spoken. */
  readonly atMost: number;
  readonly policy?: Partial<LivePolicyDocument>;
  play(pages: {
    readonly world: World;
    readonly clock: Clock;
    page(options?: TalkOptions): TalkingPage;
  }): Promise<void>;
}

const DROPS_IN_TWO_MINUTES = [20, 40, 60, 80, 100];
/** The third lease is of 600 s: it begins at 360 s and the fourth may be asked for at 930 s. */
const DROPS_IN_THE_LONG_LEASE = [420, 520, 620, 720, 820];
const LONG_TALK = 900;

const TALKS: readonly Talk[] = [
  {
    talk: 'ten 5-second talks, each as soon as it is let in',
    atMost: 24,
    async play({ page }) {
      const one = page();
      const again = async (left: number): Promise<void> =>
        left === 0 ? undefined : one.talk(5, {}, () => again(left - 1));
      await again(10);
    },
  },
  {
    talk: '5 drops in 2 minutes',
    atMost: 4.5,
    play: ({ page }) => page().talk(120, { drops: DROPS_IN_TWO_MINUTES }),
  },
  {
    talk: '5 drops in 2 minutes, held tokens refused',
    atMost: 6,
    play: ({ page }) => page({ heldWorks: false }).talk(120, { drops: DROPS_IN_TWO_MINUTES }),
  },
  {
    talk: '5 drops in a 600-second lease',
    atMost: 2.4,
    play: ({ page }) => page().talk(LONG_TALK, { drops: DROPS_IN_THE_LONG_LEASE }),
  },
  {
    talk: '5 drops in a 600-second lease, held tokens refused',
    atMost: 2.4,
    play: ({ page }) => page({ heldWorks: false }).talk(LONG_TALK, { drops: DROPS_IN_THE_LONG_LEASE }),
  },
  {
    talk: 'a reload in the middle of a minute',
    atMost: 3.5,
    play: ({ page }) => page().talk(60, { reloads: [30] }),
  },
  {
    talk: 'two tabs, a minute each, one session allowed',
    atMost: 2,
    async play({ page }) {
      await page().talk(60);
      await page().talk(60);
    },
  },
  {
    talk: 'two tabs, a minute each, two sessions allowed',
    atMost: 2,
    policy: { concurrentSessions: 2 },
    async play({ page }) {
      await page().talk(60);
      await page().talk(60);
    },
  },
  { talk: 'one 12-minute talk', atMost: 1.5, play: ({ page }) => page().talk(720) },
];

/** Plays a talk under the `open` policy, with room in the day. */
async function measured({ talk, atMost, policy = {}, play }: Talk): Promise<Row> {
  const firestore = createMemoryStore().open();
  const world = createWorld({
    firestore,
    policy: { ...OPEN_POLICY, minutesPerDay: 600, minutesPerMonth: null, ...policy, anonymous: true },
  });
  const clock = createClock(world);
  const pages: TalkingPage[] = [];
  await play({
    world,
    clock,
    page(options) {
      const page = new TalkingPage(world, clock, options);
      pages.push(page);
      return page;
    },
  });
  await clock.run();
  const spoken = pages.reduce((sum, page) => sum + page.spoken, 0);
  const charged = world.orders.reduce((sum, { expiresAt, at }) => sum + (expiresAt - at) / 1_000, 0);
  const refused = pages.reduce((sum, page) => sum + page.refused, 0);
  const quota = (await world.paths.quota(world.caller.uid).get()).data();
  expect(quota?.dayMs).toBe(charged * 1_000);
  return { talk, spoken, charged, refused, factor: Math.round((charged / spoken) * 100) / 100, atMost };
}

async function measuredRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const talk of TALKS) rows.push(await measured(talk));
  return rows;
}

const tableOf = (rows: readonly Row[]): string =>
  [
    '| Talk | Spoken, s | Charged, s | Refused | Factor | At most |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => `| ${Object.values(row).join(' | ')} |`),
  ].join('\n');

/** The cells of the first table under a heading. */
function tableUnder(text: string, heading: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => /^#+ /.test(line) && line.endsWith(` ${heading}`));
  const after = lines.slice(from + 1);
  const end = after.findIndex((line) => line.startsWith('#'));
  const rows = after.slice(0, end < 0 ? undefined : end).filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('a talk', () => {
  it('is charged no more than the stated multiple of what was spoken', async () => {
    const rows = await measuredRows();
    console.log(tableOf(rows));
    const over = rows.filter(({ factor, atMost }) => factor > atMost);
    expect(over).toEqual([]);
  });

  it('is charged what functions/README.md says', async () => {
    const readme = await readFile(new URL('../../functions/README.md', import.meta.url), 'utf8');
    const rows = await measuredRows();
    expect(tableUnder(readme, 'What a talk is charged')).toEqual(
      rows.map((row) => Object.values(row).map(String)),
    );
  });
});
