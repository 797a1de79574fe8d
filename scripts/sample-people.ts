/**
 * The people of the sample: who they are, how they signed in, how much they talk and when. All of them are made up.
 * @module
 */
import { SAMPLE_UID_PREFIX } from '../functions/src/sample-users.ts';
import type { SampleLanguage } from './sample-dialogues.ts';
import type { Dice } from './sample-dice.ts';

/** When somebody talks. */
export type SampleHours = 'office' | 'evening' | 'school';

/** Somebody in the sample. */
export interface SamplePerson {
  readonly uid: string;
  /** `null` of a guest. */
  readonly name: string | null;
  readonly email: string | null;
  readonly provider: 'password' | 'google.com' | 'anonymous';
  /** The claim `livegatePolicy`; absent: the policy `default`. */
  readonly tier?: 'plus' | 'school';
  /** When an operator gave them that policy, as a share of the month; absent: before it. */
  readonly tierFrom?: number;
  /** How much of the talking is theirs; 0 of whom the plan gives talks of their own. */
  readonly weight: number;
  readonly language: SampleLanguage;
  readonly hours: SampleHours;
  /** Their page tells less than it used. */
  readonly underReports?: true;
  /** Days before now on which an operator blocks them. */
  readonly blockedDaysAgo?: number;
}

// biome-ignore format: a list of words
const FIRST = [
  'Mira', 'Jonas', 'Adela', 'Tomás', 'Ines', 'Karl', 'Noor', 'Felix', 'Lucía', 'Emil', 'Greta', 'Hugo', 'Amara', 'Paul',
  'Selma', 'Mateo', 'Clara', 'Ivo', 'Nadia', 'Oskar', 'Elena', 'Bruno', 'Yara', 'Anton', 'Sofía', 'Leon', 'Maren',
  'Diego', 'Tilda', 'Rafael', 'Wanda', 'Jakob', 'Carmen', 'Theo', 'Lotte', 'Iván', 'Edith', 'Samir', 'Olga', 'Nils',
  'Pilar', 'Arne', 'Vera', 'Marco', 'Hanna', 'Simón', 'Rosa', 'Kaspar',
] as const;
// biome-ignore format: a list of words
const LAST = [
  'Holm', 'Brandt', 'Rivas', 'Falk', 'Ortega', 'Lindner', 'Haddad', 'Weiss', 'Campos', 'Sander', 'Vogt', 'Molina',
  'Okoye', 'Reiter', 'Berg', 'Serrano', 'Winter', 'Kovac', 'Rahman', 'Dahl', 'Ferrer', 'Stein', 'Mansour', 'Keller',
  'Vidal', 'Busch', 'Thiel', 'Navarro', 'Ekholm', 'Prado', 'Nowak', 'Arendt',
] as const;

/** Places of paying users who became that in the month, and when. */
const UPGRADED: ReadonlyMap<number, number> = new Map([
  [15, 0.31],
  [19, 0.58],
  [31, 0.9],
]);

/** Guests, and those who signed in. */
const GUESTS = 12;
const MEMBERS = 48;
/** Places in the list of members, so that each oddity is there whatever the dice say. */
const UNDER_REPORTER = 3;
const EAGER = 17;
const BLOCKED: ReadonlyMap<number, number> = new Map([
  [9, 11],
  [21, 4],
]);

/** Everybody. A few talk a lot, most a little. */
export function samplePeople(dice: Dice): readonly SamplePerson[] {
  const members = Array.from({ length: MEMBERS }, (_, place): SamplePerson => {
    const first = FIRST[place % FIRST.length] ?? '';
    const last = LAST[(place * 5) % LAST.length] ?? '';
    const handle = plain(`${first}.${last}`);
    const tier = tierAt(place);
    const blockedDaysAgo = BLOCKED.get(place);
    const tierFrom = UPGRADED.get(place);
    return {
      uid: `${SAMPLE_UID_PREFIX}${handle.replace('.', '-')}`,
      name: `${first} ${last}`,
      email: `${handle}@${tier === 'school' ? 'school.example' : dice.oneOf(['example.com', 'example.org', 'mail.example'])}`,
      provider: dice.happens(0.45) ? 'google.com' : 'password',
      ...(tier ? { tier } : {}),
      ...(tierFrom === undefined ? {} : { tierFrom }),
      weight: place === EAGER ? 0 : weightAt(place),
      language: dice.weighted([
        ['en', 5],
        ['de', 3],
        ['es', 2],
      ]),
      hours: tier === 'school' ? 'school' : dice.oneOf(['office', 'office', 'evening']),
      ...(place === UNDER_REPORTER ? { underReports: true as const } : {}),
      ...(blockedDaysAgo === undefined ? {} : { blockedDaysAgo }),
    };
  });
  const guests = Array.from(
    { length: GUESTS },
    (_, place): SamplePerson => ({
      uid: `${SAMPLE_UID_PREFIX}guest-${String(place + 1).padStart(2, '0')}`,
      name: null,
      email: null,
      provider: 'anonymous',
      weight: 0.35,
      language: dice.oneOf(['en', 'de', 'es']),
      hours: 'evening',
    }),
  );
  return [...members, ...guests];
}

/** The under-reporter pays for `plus`: there talks are long enough to tell. */
function tierAt(place: number): SamplePerson['tier'] {
  if (place % 4 === 3) return 'plus';
  return place % 5 === 2 ? 'school' : undefined;
}

/** A few heavy talkers, then fewer and fewer. */
function weightAt(place: number): number {
  return 6 / (1 + place * 0.35) + 0.4;
}

/** Without accents, in small letters. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
