/**
 * The plan of the sample: who talks when, for how long and what goes wrong; who is refused; what operators do. Pure:
 * the same order gives the same plan. Times in epoch ms.
 * @module
 */

import { createDice, type Dice } from './sample-dice.ts';
import { type SamplePerson, samplePeople } from './sample-people.ts';
import {
  MAIN_MODEL,
  PICTURELESS_MODEL,
  PLANNED_SETTINGS,
  type PlannedAct,
  SHUT_MODEL,
  UNPRICED_MODEL,
} from './sample-settings.ts';
import { SEEDED_TEMPLATES } from './seed-documents.ts';

/** What is to be made. */
export interface SampleOrder {
  /** About so many: a few more or fewer are refused or granted than planned. */
  readonly sessions: number;
  /** UTC days, today's among them. */
  readonly days: number;
  /** The same text, order and `now` make the same sample. */
  readonly random: string;
  readonly now: number;
}

/**
 * What is odd about a talk: the service refuses its first token, or does not say; an operator ends it; the page
 * vanishes without a word, or is left; the line drops, and comes back.
 */
export type SampleOddity = 'refused' | 'unknown' | 'revoked' | 'vanishes' | 'left' | 'drops' | 'lost';

/** A talk. */
export interface PlannedTalk {
  readonly person: SamplePerson;
  readonly at: number;
  readonly model: string;
  readonly template: string | null;
  readonly minutes: number;
  readonly odd: SampleOddity | null;
  /** The camera is on. */
  readonly camera: boolean;
}

/** A call that is to be refused. */
export interface PlannedTry {
  readonly person: SamplePerson;
  readonly at: number;
  readonly request: object;
}

/** Something an operator does. */
export interface PlannedOrder {
  readonly at: number;
  readonly callable:
    | PlannedAct['callable']
    | 'setKillSwitch'
    | 'blockLiveUser'
    | 'setLiveTier'
    | 'raiseLiveQuota';
  readonly request: object;
}

/** The whole plan, each list in the order of its times. */
export interface SamplePlan {
  /** Midnight, UTC, of the first day. */
  readonly from: number;
  readonly people: readonly SamplePerson[];
  readonly talks: readonly PlannedTalk[];
  readonly tries: readonly PlannedTry[];
  readonly orders: readonly PlannedOrder[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Talks that go on now, where there are talks enough. */
const LIVE_TALKS = 8;
/** Before anybody talks there is this much time, for the first settings. */
const FIRST_TALK_MS = 10 * MINUTE_MS;
/** The hour without mints, as a share of the month. */
const SWITCHED_OFF_AT = 0.45;

/** Places in the order of talks, as shares of their number, at which each oddity is there whatever the dice say. */
const PLACED: readonly (readonly [number, SampleOddity | 'under-reported'])[] = [
  [0.12, 'refused'],
  [0.22, 'revoked'],
  [0.33, 'unknown'],
  [0.38, 'under-reported'],
  [0.47, 'refused'],
  [0.5, 'vanishes'],
  [0.55, 'drops'],
  [0.64, 'revoked'],
  [0.72, 'under-reported'],
  [0.81, 'refused'],
];

/** Plans. */
export function planSample(order: SampleOrder): SamplePlan {
  const { days, now, random } = order;
  const dice = createDice(`${random}/plan`);
  const people = samplePeople(dice);
  const from = midnight(now) - (days - 1) * DAY_MS;
  const talks = plannedTalks(order, { dice, people, from });
  // Not before the settings of the first minutes stand, however short the time is.
  const at = (share: number): number => Math.max(from + FIRST_TALK_MS, from + share * (now - from));
  const offAt = Math.max(from + FIRST_TALK_MS, Math.floor(at(SWITCHED_OFF_AT) / HOUR_MS) * HOUR_MS);
  const blocks = people.flatMap((person) =>
    person.blockedDaysAgo === undefined ? [] : [{ person, at: now - person.blockedDaysAgo * DAY_MS }],
  );
  const tries = plannedTries(order, { dice, people, from, talks, offAt, blocks });
  const orders: PlannedOrder[] = [
    ...PLANNED_SETTINGS.map(({ callable, request, at: share }, place) => ({
      callable,
      request,
      at: share === 0 ? from + (place + 1) * MINUTE_MS : at(share),
    })),
    switched(true, offAt, 'Answers came twice: looking into it'),
    switched(false, offAt + HOUR_MS, 'It was our page; mended'),
    ...blocks
      .filter((block) => block.at > from)
      .map((block, place) =>
        blocking(block.person, { at: block.at, blocked: true, reason: BLOCK_REASONS[place % 2] ?? '' }),
      ),
    ...people.flatMap(({ uid, tier, tierFrom }): readonly PlannedOrder[] =>
      tierFrom === undefined
        ? []
        : [{ at: at(tierFrom), callable: 'setLiveTier', request: { uid, tier, reason: 'Paid by invoice' } }],
    ),
    ...raises(order, { people, talks }),
    ...mistaken(people).flatMap((person) => [
      blocking(person, { at: at(0.7), blocked: true, reason: 'Many talks from one account' }),
      blocking(person, { at: at(0.71), blocked: false, reason: 'A class with one login; sorted out' }),
    ]),
  ];
  return {
    from,
    people,
    talks,
    tries: tries.filter(({ at: tryAt }) => tryAt < now).sort(byTime),
    orders: orders.filter(({ at: orderAt }) => orderAt < now).sort(byTime),
  };
}

const BLOCK_REASONS = ['Reads out other people’s order numbers', 'Sells the account, asked twice to stop'];

/** Minutes on top: for the eager pupil, once, and for somebody today. */
function raises(
  { now }: SampleOrder,
  { people, talks }: { readonly people: readonly SamplePerson[]; readonly talks: readonly PlannedTalk[] },
): readonly PlannedOrder[] {
  const pupil = eagerPupil(people);
  const last = talks.filter(({ person }) => person === pupil).at(-1);
  const today = people.find(
    ({ tier, tierFrom, underReports }) => tier === 'plus' && !tierFrom && !underReports,
  );
  const raise = (uid: string, at: number, reason: string): PlannedOrder => ({
    at,
    callable: 'raiseLiveQuota',
    request: { uid, minutes: 30, reason },
  });
  return [
    ...(last ? [raise(pupil.uid, last.at + 65 * MINUTE_MS, 'Exam tomorrow, says the teacher')] : []),
    ...(today
      ? [raise(today.uid, Math.max(midnight(now) + 1, now - 40 * MINUTE_MS), 'A long case of theirs')]
      : []),
  ];
}

/** Somebody who is blocked by mistake. */
function mistaken(people: readonly SamplePerson[]): readonly SamplePerson[] {
  return people
    .filter(({ tier, blockedDaysAgo }) => tier === 'school' && blockedDaysAgo === undefined)
    .slice(1, 2);
}

function plannedTalks(
  { sessions, days, now }: SampleOrder,
  {
    dice,
    people,
    from,
  }: { readonly dice: Dice; readonly people: readonly SamplePerson[]; readonly from: number },
): readonly PlannedTalk[] {
  const live = Math.min(LIVE_TALKS, Math.ceil(sessions / 8));
  const moments = Array.from({ length: days }, (_, day) => {
    const begins = from + day * DAY_MS;
    const isPart = Math.min(1, (now - begins) / DAY_MS);
    return { begins, weight: (0.45 + day / days) * (isWeekend(begins) ? 0.45 : 1) * isPart } as const;
  });
  const eager = eagerTalks(dice, { sessions, days, people, from });
  const past = Array.from({ length: Math.max(0, sessions - live - eager.length) }, () => {
    const begins = dice.weighted(moments.map(({ begins: each, weight }) => [each, weight] as const));
    const person = somebody(dice, people, begins);
    return { person, at: timeOf(dice, person, { begins, from, now }) };
  }).sort(byTime);
  const busyUntil = new Map<string, number>();
  const talks = past.map(({ person: first, at }, place): PlannedTalk => {
    const placed = PLACED.find(([share]) => Math.floor(share * sessions) === place)?.[1];
    const person =
      placed === 'under-reported' ? underReporter(people) : freeAt(dice, { first, at, people, busyUntil });
    const odd = placed === 'under-reported' ? null : (placed ?? oddityOf(dice));
    const minutes = placed ? dice.between(9, 14) : minutesOf(dice, person);
    busyUntil.set(person.uid, at + (minutes + 2) * MINUTE_MS);
    return { person, at, odd, minutes, ...talkOf(dice, person) };
  });
  return [...talks, ...eager, ...liveTalks(dice, { people, live, now })].sort(byTime);
}

/** A pupil who on some days uses up the minutes of the day in two talks. */
function eagerTalks(
  dice: Dice,
  {
    sessions,
    days,
    people,
    from,
  }: Pick<SampleOrder, 'sessions' | 'days'> & {
    readonly people: readonly SamplePerson[];
    readonly from: number;
  },
): readonly PlannedTalk[] {
  const person = eagerPupil(people);
  const times = Array.from({ length: days - 1 }, (_, day) => from + day * DAY_MS)
    .filter((begins) => !isWeekend(begins))
    .filter((_, place) => place % 3 === 1)
    .slice(0, Math.floor(sessions / 60))
    .flatMap((begins) => [begins + 8.2 * HOUR_MS, begins + 8.6 * HOUR_MS]);
  return times.map((at) => ({ person, at, odd: null, minutes: dice.between(5, 9), ...talkOf(dice, person) }));
}

/** Talks that go on now. Each holds a token that lives for minutes to come: it was just renewed, or just began. */
function liveTalks(
  dice: Dice,
  {
    people,
    live,
    now,
  }: { readonly people: readonly SamplePerson[]; readonly live: number; readonly now: number },
): readonly PlannedTalk[] {
  const open = people.filter(
    ({ blockedDaysAgo, underReports, weight }) => blockedDaysAgo === undefined && !underReports && weight > 0,
  );
  return Array.from({ length: live }, (_, place): PlannedTalk => {
    const person = open[(place * 7 + 1) % open.length] as SamplePerson;
    const ago =
      person.tier === 'school' ? dice.between(20, 200) : place % 4 === 3 ? 12 : dice.between(380, 620);
    return { person, at: now - ago * 1_000, odd: null, minutes: 45, ...talkOf(dice, person) };
  });
}

function plannedTries(
  { days, now }: SampleOrder,
  {
    dice,
    people,
    from,
    talks,
    offAt,
    blocks,
  }: {
    readonly dice: Dice;
    readonly people: readonly SamplePerson[];
    readonly from: number;
    readonly talks: readonly PlannedTalk[];
    readonly offAt: number;
    readonly blocks: readonly { readonly person: SamplePerson; readonly at: number }[];
  },
): readonly PlannedTry[] {
  const tries: PlannedTry[] = [];
  const anyone = people.filter(
    ({ tier, blockedDaysAgo }) => tier !== 'school' && blockedDaysAgo === undefined,
  );
  for (let day = 0; day < days; day++) {
    const begins = from + day * DAY_MS;
    const soon = (): number => timeIn(dice, { begins, from, now });
    for (const { person, at } of blocks)
      for (let left = dice.whole(0, 3); left > 0; left--) {
        const again = soon();
        if (again > at) tries.push({ person, at: again, request: { model: MAIN_MODEL } });
      }
    for (let left = dice.whole(1, 3); left > 0; left--)
      tries.push({ person: dice.oneOf(anyone), at: soon(), request: { model: SHUT_MODEL } });
    for (let left = dice.whole(1, 2); left > 0; left--)
      tries.push({ person: dice.oneOf(anyone), at: soon(), request: { model: MAIN_MODEL, setup: WISH } });
  }
  const pupil = eagerPupil(people);
  for (const { person, at, model } of talks)
    if (person === pupil)
      for (const minutes of [47, 49, 58])
        tries.push({
          person,
          at: at + minutes * MINUTE_MS,
          request: { model, template: { id: 'tutor' } },
        });
  // Whoever talks asks once more: pupils have one talk at a time, paying users one new talk a minute.
  for (const { person, at, template, model, odd } of talks) {
    if (
      person.tier === undefined ||
      person.tierFrom ||
      odd === 'refused' ||
      at > now - MINUTE_MS ||
      !dice.happens(0.3)
    )
      continue;
    const request = { model, ...(template === null ? {} : { template: { id: template } }) };
    for (let left = dice.whole(1, 3); left > 0; left--)
      tries.push({ person, at: at + dice.between(4, 40) * 1_000, request });
  }
  for (let left = dice.whole(9, 16); left > 0; left--)
    tries.push({
      person: dice.oneOf(anyone),
      at: offAt + dice.between(2, 58) * MINUTE_MS,
      request: { model: MAIN_MODEL },
    });
  return tries;
}

/** A wish that no policy of the sample grants. */
const WISH = { contextWindowCompression: { triggerTokens: '100000', slidingWindow: {} } };

function switched(on: boolean, at: number, reason: string): PlannedOrder {
  return { at, callable: 'setKillSwitch', request: { on, reason } };
}

function blocking(
  { uid }: SamplePerson,
  { at, blocked, reason }: { readonly at: number; readonly blocked: boolean; readonly reason: string },
): PlannedOrder {
  return { at, callable: 'blockLiveUser', request: { uid, blocked, reason } };
}

function talkOf(dice: Dice, { tier }: SamplePerson): Pick<PlannedTalk, 'model' | 'template' | 'camera'> {
  if (tier === 'school') return { model: MAIN_MODEL, template: 'tutor', camera: dice.happens(0.15) };
  const model = dice.weighted([
    [MAIN_MODEL, 14],
    ['gemini-3.8-live-extended-thinking', 4],
    ['gemini-2.5-flash-native-audio-latest', 3],
    [UNPRICED_MODEL, 2],
    [PICTURELESS_MODEL, 1],
  ]);
  const [first = null, second = null] = Object.keys(SEEDED_TEMPLATES);
  const template = dice.weighted<string | null>([
    ['support', tier === 'plus' ? 9 : 5],
    ['tutor', 3],
    [null, 4],
    [first, 2],
    [second, 1],
  ]);
  const isSeen = model === PICTURELESS_MODEL || (template !== 'support' && dice.happens(0.12));
  return { model, template, camera: isSeen };
}

function oddityOf(dice: Dice): SampleOddity | null {
  return dice.weighted<SampleOddity | null>([
    [null, 78],
    ['drops', 9],
    ['left', 5],
    ['vanishes', 3.5],
    ['lost', 2],
    ['refused', 1],
    ['revoked', 1],
    ['unknown', 0.5],
  ]);
}

function minutesOf(dice: Dice, { tier, provider }: SamplePerson): number {
  const minutes = dice.weighted([
    [dice.between(0.3, 2), 32],
    [dice.between(2, 7), 42],
    [dice.between(7, 18), 21],
    [dice.between(18, 32), 5],
  ]);
  if (tier === 'school') return Math.min(minutes, 9);
  return provider === 'anonymous' ? Math.min(minutes, 4) : minutes;
}

function somebody(dice: Dice, people: readonly SamplePerson[], begins: number): SamplePerson {
  return dice.weighted(people.map((person) => [person, person.weight * presence(person, begins)] as const));
}

/** How much of somebody's talking falls on this day. */
function presence({ hours }: SamplePerson, begins: number): number {
  if (!isWeekend(begins)) return 1;
  return { office: 0.2, school: 0.03, evening: 1.6 }[hours];
}

/** Nobody else is given a talk of theirs. */
function eagerPupil(people: readonly SamplePerson[]): SamplePerson {
  return people.find(({ weight }) => weight === 0) as SamplePerson;
}

function underReporter(people: readonly SamplePerson[]): SamplePerson {
  return people.find(({ underReports }) => underReports) as SamplePerson;
}

/** The first choice, or another who is not talking at that time. */
function freeAt(
  dice: Dice,
  {
    first,
    at,
    people,
    busyUntil,
  }: {
    readonly first: SamplePerson;
    readonly at: number;
    readonly people: readonly SamplePerson[];
    readonly busyUntil: ReadonlyMap<string, number>;
  },
): SamplePerson {
  let person = first;
  for (let left = 6; left > 0 && at < (busyUntil.get(person.uid) ?? 0); left--)
    person = somebody(dice, people, at);
  return person;
}

const HOURS: Readonly<Record<SamplePerson['hours'], readonly (readonly [number, number])[]>> = {
  office: [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17].map((hour) => [hour, hour === 12 ? 2 : 4]),
  school: [7, 8, 9, 10, 11, 12, 13].map((hour) => [hour, 3]),
  evening: [16, 17, 18, 19, 20, 21, 22].map((hour) => [hour, hour > 18 ? 4 : 2]),
};

interface DayBounds {
  readonly begins: number;
  readonly from: number;
  readonly now: number;
}

/** A time of somebody's day; of a day that goes on, one that has passed. */
function timeOf(dice: Dice, { hours }: SamplePerson, bounds: DayBounds): number {
  const { begins, from, now } = bounds;
  const at = begins + dice.weighted(HOURS[hours]) * HOUR_MS + dice.fraction() * HOUR_MS;
  return at >= from + FIRST_TALK_MS && at < now - HOUR_MS / 2 ? at : timeIn(dice, bounds);
}

/** Any time of a day that has passed. */
function timeIn(dice: Dice, { begins, from, now }: DayBounds): number {
  const least = Math.max(begins, from + FIRST_TALK_MS);
  return dice.between(least, Math.max(least, Math.min(begins + DAY_MS, now - MINUTE_MS)));
}

function isWeekend(begins: number): boolean {
  return [0, 6].includes(new Date(begins).getUTCDay());
}

function midnight(now: number): number {
  return Math.floor(now / DAY_MS) * DAY_MS;
}

function byTime(a: { readonly at: number }, b: { readonly at: number }): number {
  return a.at - b.at;
}
