/**
 * What is allowed in a policy and may still not be meant. Pure.
 * @module
 */
import { liveModel, type SetupPath, shutdownWarning } from '@livegate/protocol';
import { type Draft, jsonAt, numberAt, textsAt } from './draft.ts';
import type { Warning } from './field.ts';
import { OPEN_MEANS, SETUP_WORDS } from './setup-words.ts';

/** Lengths in s past which a lease is remarked on. Ours. */
const SHORT_LEASE = 60;
const LONG_FIRST_LEASE = 300;
const LONG_LEASE = 1_800;
/** Longest that an audio session lasts without compression, in s. Source: Live API, "Session management", read 2026-11-21. */
const AUDIO_SESSION = 900;

/** What a policy is warned of. */
export function policyWarnings(
  draft: Draft,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
): readonly Warning[] {
  return [
    ...reach(draft, nowMs),
    ...pages(draft),
    ...quota(draft),
    ...leases(draft),
    ...guests(draft, id),
    ...kept(draft),
  ];
}

const at = (path: string, words: string | false | undefined): readonly Warning[] =>
  words === false || words === undefined ? [] : [{ path, words }];

function reach(draft: Draft, nowMs: number): readonly Warning[] {
  const models = textsAt(draft, 'models');
  return [
    ...at('route', draft.route === 'relay' && 'This version has no relay: every mint is refused.'),
    ...at(
      'backends',
      textsAt(draft, 'backends').includes('vertex-ai') &&
        'Vertex AI goes through a relay, which this version does not have: it is refused.',
    ),
    ...models.flatMap((id) => at('models', shutdownWarning(id, nowMs))),
    ...models
      .filter((id) => liveModel(id) === undefined)
      .map((id) => ({
        path: 'models',
        words: `${id.slice(0, 80)} is not known here: what it answers in is not checked, and it may be misspelt.`,
      })),
    ...at(
      'voices',
      Array.isArray(draft.voices) && draft.voices.length === 0 && 'No voice may be asked for by name.',
    ),
    ...at(
      'templates',
      Array.isArray(draft.templates) &&
        draft.templates.length === 0 &&
        draft.templateRequired === true &&
        'A template is required and none may be named: nobody gets in.',
    ),
    ...at(
      'emulatorOnly',
      draft.emulatorOnly === true && 'Outside the emulators every mint under this policy is refused.',
    ),
  ];
}

function pages(draft: Draft): readonly Warning[] {
  const open = textsAt(draft, 'openFields') as readonly SetupPath[];
  const settable = textsAt(draft, 'settableFields');
  const replaced = ['systemInstruction', 'tools'].filter((path) => settable.includes(path));
  return [
    ...open.map((path) => ({
      path: 'openFields',
      words: `${path}: ${OPEN_MEANS[path] ?? `the client decides ${SETUP_WORDS[path] ?? 'it'}, and the server never sees what.`}`,
    })),
    ...at(
      'settableFields',
      draft.templateRequired === true &&
        replaced.length > 0 &&
        `A template is required, yet a page may replace its ${replaced.map((path) => (path === 'tools' ? 'tools' : 'instruction')).join(' and ')}.`,
    ),
  ];
}

function quota(draft: Draft): readonly Warning[] {
  const day = numberAt(draft, 'minutesPerDay');
  const month = numberAt(draft, 'minutesPerMonth');
  return [
    ...at(
      'minutesPerDay',
      draft.minutesPerDay === null &&
        draft.minutesPerMonth === null &&
        'Neither a day nor a month is bounded: one user can talk around the clock.',
    ),
    ...(
      [
        'minutesPerDay',
        'minutesPerMonth',
        'sessionsPerMinute',
        'concurrentSessions',
        'maxLiveTokens',
      ] as const
    ).flatMap((path) => at(path, draft[path] === 0 && 'Nobody gets in with 0.')),
    ...at(
      'minutesPerMonth',
      day !== undefined && month !== undefined && month < day && 'The month ends before the day does.',
    ),
    ...at(
      'meteredPerDay',
      (numberAt(draft, 'meteredPerDay.tokens') !== undefined ||
        numberAt(draft, 'meteredPerDay.usd') !== undefined) &&
        draft.route === 'direct' &&
        'It has no effect on the direct route.',
    ),
  ];
}

function leases(draft: Draft): readonly Warning[] {
  const value = jsonAt(draft, 'leaseSeconds');
  const lengths = Array.isArray(value) ? value.filter((each) => typeof each === 'number') : [];
  const [first = 0] = lengths;
  const last = lengths.at(-1) ?? 0;
  const single = numberAt(draft, 'singleLeaseSeconds') ?? 0;
  const isSingle = draft.renewal === 'single';
  return [
    ...at(
      'leaseSeconds',
      !isSingle && first > LONG_FIRST_LEASE && `A talk of five seconds is charged ${first} s.`,
    ),
    ...at(
      'leaseSeconds',
      !isSingle &&
        first > 0 &&
        first < SHORT_LEASE &&
        'Renewals half-way through so short a lease are many: each is a mint.',
    ),
    ...at(
      'leaseSeconds',
      !isSingle &&
        last > LONG_LEASE &&
        'A token cannot be called back: a revoked or blocked user talks on until it ends.',
    ),
    ...at(
      'singleLeaseSeconds',
      isSingle &&
        single > AUDIO_SESSION &&
        'Spoken sessions end after 15 minutes unless the context is compressed: the rest is charged for nothing.',
    ),
  ];
}

function guests(draft: Draft, id: string): readonly Warning[] {
  return [
    ...at(
      'anonymousPool',
      draft.anonymous === true &&
        draft.anonymousPool === null &&
        'Anybody can be as many guests as they like: without a shared bound the quota of each bounds nothing.',
    ),
    ...at(
      'anonymousPool',
      draft.anonymous === false && draft.anonymousPool !== null && 'Guests are not let in: it has no effect.',
    ),
    ...at(
      'anonymous',
      id === 'anonymous' &&
        draft.anonymous === false &&
        'Guests get the policy of this id, and it refuses them.',
    ),
  ];
}

function kept(draft: Draft): readonly Warning[] {
  const isKept = jsonAt(draft, 'transcripts.keep') === true;
  const days = numberAt(draft, 'transcripts.days') ?? 0;
  const every = numberAt(draft, 'reportEverySeconds') ?? Number.POSITIVE_INFINITY;
  return [
    ...at(
      'transcripts',
      isKept && 'What people say is personal data: tell them that it is kept, why, and for how long.',
    ),
    ...at('transcripts', isKept && days === 0 && 'With 0 days it is deleted at once.'),
    ...at('transcripts', isKept && days > 30 && `Kept for ${days} days; keep no longer than you need it.`),
    ...at('transcripts', !isKept && days > 0 && 'Nothing is kept: the days have no effect.'),
    ...at('reportEverySeconds', every < SHORT_LEASE && 'Reports so frequent cost many reads and writes.'),
    ...at(
      'sessionDays',
      (numberAt(draft, 'sessionDays') ?? 0) > 365 &&
        'More than a year: sessions name users and what they did.',
    ),
  ];
}
