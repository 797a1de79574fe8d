/**
 * `npm run seed`: sample sessions in a project of the emulators, and away with them.
 * @module
 */
import { parseArgs } from 'node:util';
import { onEmulators } from './operate-project.ts';
import { step } from './progress.mjs';
import type { SeedTarget } from './seed.ts';
import { removeSample, SAMPLE_DEFAULTS, seedSample } from './seed-sample.ts';
import { PROJECT_ID } from './stack-config.ts';

/** What `npm run seed` was asked for. */
export interface SeedChoice {
  readonly project: string;
  readonly sessions: number;
  readonly days: number;
  readonly seed: string;
  readonly remove: boolean;
}

/** Bounds of what may be asked for. Ours. */
const MOST_SESSIONS = 5_000;
const MOST_DAYS = 60;

/** Runs it; the exit code. Rejects with an `Error` that says what helps. */
export async function run(args: readonly string[]): Promise<number> {
  const choice = readSeedChoice(args);
  const target = seedTarget(choice.project, process.env);
  if (choice.remove) {
    const { sessions, users, kept } = await step('Taking the sample away', () => removeSample(target));
    console.log(
      sessions + users === 0
        ? `There is no sample in ${target.projectId}.`
        : `${sessions} sample sessions and ${users} accounts are gone from ${target.projectId}; days were added up anew.`,
    );
    if (kept.length > 0) console.log(`Somebody edited these since, so they stay: ${kept.join(', ')}.`);
    return 0;
  }
  const { sessions, users } = await step('Making up sessions', () => seedSample(target, choice));
  console.log(
    `${sessions} sample sessions of ${choice.days} days and ${users} accounts are in ${target.projectId}, all marked as samples.\n` +
      'Take them away with:  npm run seed -- --remove',
  );
  return 0;
}

/** Reads the options. Throws, in a sentence for the person at the keyboard, on what cannot be. */
export function readSeedChoice(args: readonly string[]): SeedChoice {
  const { values } = parseArgs({
    args: [...args],
    options: {
      project: { type: 'string', default: PROJECT_ID },
      sessions: { type: 'string' },
      days: { type: 'string' },
      random: { type: 'string', default: SAMPLE_DEFAULTS.seed },
      remove: { type: 'boolean', default: false },
    },
  });
  const { project, sessions, days, random, remove } = values;
  if (project === '') throw new Error('Name the project: --project <id>.');
  return {
    project,
    sessions: numberOf('sessions', sessions, { usual: SAMPLE_DEFAULTS.sessions, most: MOST_SESSIONS }),
    days: numberOf('days', days, { usual: SAMPLE_DEFAULTS.days, most: MOST_DAYS }),
    seed: random,
    remove,
  };
}

/** The emulators that the environment names. Throws where it names none: sample data are for emulators only. */
export function seedTarget(projectId: string, env: Readonly<Record<string, string | undefined>>): SeedTarget {
  const { FIRESTORE_EMULATOR_HOST: firestore, FIREBASE_AUTH_EMULATOR_HOST: auth } = env;
  const named = {
    ...(firestore ? { FIRESTORE_EMULATOR_HOST: firestore } : {}),
    ...(auth ? { FIREBASE_AUTH_EMULATOR_HOST: auth } : {}),
  };
  if (onEmulators(named) && firestore && auth) return { projectId, hosts: { auth, firestore } };
  throw new Error(
    'Sample data are for the emulators only, and none are named. Run "npm start", copy the line it prints that begins ' +
      'with "export FIRESTORE_EMULATOR_HOST=", and run this again in that shell.',
  );
}

function numberOf(
  name: string,
  given: string | undefined,
  { usual, most }: { readonly usual: number; readonly most: number },
): number {
  if (given === undefined) return usual;
  const value = Number(given);
  if (!(Number.isInteger(value) && value >= 1 && value <= most))
    throw new Error(`--${name} takes a whole number from 1 to ${most}, not "${given}".`);
  return value;
}
