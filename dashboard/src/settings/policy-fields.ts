/**
 * Every field of a policy as the form shows it. Pure; a field of the document without an entry does not compile.
 * @module
 */
import {
  LIVE_MODELS,
  type LivePolicyDocument,
  liveModel,
  MODALITIES,
  NEVER_OPEN,
  SETUP_FIELDS,
  type SetupPath,
  shutdownWarning,
  VOICES,
} from '@livegate/protocol';
import type { Field, FieldGroup, Option } from './field.ts';
import { OPEN_MEANS, SETUP_WORDS, TOOL_WORDS } from './setup-words.ts';

type PolicyKey = Exclude<keyof LivePolicyDocument, 'v' | 'version'>;

const UNBOUND = { as: 'null', label: 'No bound' } as const;
const paths = Object.keys(SETUP_FIELDS) as readonly SetupPath[];

/** The models there are, as words to choose; past their shutdown at `nowMs` they say so. */
export function modelOptions(nowMs: number): readonly Option[] {
  return Object.keys(LIVE_MODELS).map((id) => {
    const { backends = [], status = 'stable', shutdown } = liveModel(id) ?? {};
    const isOver = shutdownWarning(id, nowMs) !== undefined;
    const ends = shutdown === undefined ? '' : `${isOver ? 'to be shut down since' : 'until'} ${shutdown}`;
    return { value: id, label: id, note: [backends.join(', '), status, ends].filter(Boolean).join(' · ') };
  });
}

const words = (table: Readonly<Record<string, string>>): readonly Option[] =>
  Object.entries(table).map(([value, note]) => ({ value, label: value, note }));

const settable = paths
  .filter((path) => path !== 'model' && path !== 'sessionResumption')
  .map(
    (path): Option => ({
      value: path,
      label: path,
      note: `${SETUP_WORDS[path]}${SETUP_FIELDS[path].backend === 'vertex' ? '; refused on the Developer API' : ''}`,
    }),
  );
const openable = paths
  .filter((path) => path !== 'sessionResumption')
  .map(
    (path): Option =>
      NEVER_OPEN.includes(path)
        ? { value: path, label: path, note: 'never open: it bounds what a token costs', disabled: true }
        : { value: path, label: path, note: OPEN_MEANS[path] ?? SETUP_WORDS[path] },
  );

const spend = (path: 'reportedPerDay' | 'meteredPerDay'): readonly Field[] => [
  {
    path: `${path}.tokens`,
    label: 'Tokens',
    help: 'Of a user in a UTC day.',
    control: { kind: 'number', unit: 'tokens' },
    none: { ...UNBOUND, initial: 1_000_000 },
  },
  {
    path: `${path}.usd`,
    label: 'US dollars',
    help: 'At list price, of a user in a UTC day.',
    control: { kind: 'number', unit: 'USD' },
    none: { ...UNBOUND, initial: 5 },
  },
];

const FIELDS = {
  route: {
    label: 'Route',
    help: 'Direct: the browser talks to Gemini itself. The relay is not part of this version: a policy that wants it refuses every mint.',
    control: {
      kind: 'choice',
      options: [
        { value: 'direct', label: 'Direct' },
        { value: 'relay', label: 'Relay' },
      ],
    },
  },
  backends: {
    label: 'Backends',
    help: 'Services that may be asked for. Vertex AI goes through a relay, which this version does not have.',
    control: {
      kind: 'checks',
      options: [
        { value: 'google-ai', label: 'Gemini Developer API' },
        { value: 'vertex-ai', label: 'Vertex AI', note: 'refused in this version' },
      ],
    },
  },
  models: {
    label: 'Models',
    help: 'Models that may be asked for, without models/.',
    control: { kind: 'checks', options: [], more: 'Another model id' },
  },
  modalities: {
    label: 'Answers',
    help: 'What the model may answer in. A session has one; most models speak only.',
    control: { kind: 'checks', options: MODALITIES.map((value) => ({ value, label: value })) },
  },
  voices: {
    label: 'Voices',
    help: 'Voices that may be asked for.',
    control: { kind: 'checks', options: words(VOICES), any: 'Every voice', more: 'Another voice' },
  },
  tools: {
    label: 'Tools',
    help: 'Kinds of tools that a session may have, a template’s included.',
    control: { kind: 'checks', options: words(TOOL_WORDS), any: 'Every tool' },
  },
  templates: {
    label: 'Templates',
    help: 'Templates that a page may name.',
    control: { kind: 'checks', options: [], any: 'Every template', more: 'Id of a template' },
  },
  templateRequired: {
    label: 'Template required',
    help: 'A session without a template is refused.',
    control: { kind: 'flag', label: 'Refuse sessions without a template' },
  },
  settableFields: {
    label: 'Fields that a page may wish for',
    help: 'The server writes the wish into the token and locks it there. A wish for any other field is refused by name. It replaces what a template says.',
    control: { kind: 'checks', options: settable },
  },
  openFields: {
    label: 'Fields left open',
    help: 'Left out of the lock: the client sets them on its own socket and the server never sees them. Leave empty unless you must not.',
    control: { kind: 'checks', options: openable },
  },
  minutesPerDay: {
    label: 'Minutes a day',
    help: 'Leased minutes of a user in a UTC day. What is charged is how long tokens are valid, not how long somebody talked.',
    control: { kind: 'number', unit: 'min' },
    none: { ...UNBOUND, initial: 30 },
  },
  minutesPerMonth: {
    label: 'Minutes a month',
    help: 'The same in a UTC month.',
    control: { kind: 'number', unit: 'min' },
    none: { ...UNBOUND, initial: 300 },
  },
  sessionsPerMinute: {
    label: 'New sessions a minute',
    help: 'A bucket of so many starts, filled again over a minute.',
    control: { kind: 'number', unit: 'sessions' },
  },
  concurrentSessions: {
    label: 'Sessions at once',
    help: 'Sessions of a user with a live token.',
    control: { kind: 'number', unit: 'sessions' },
  },
  maxLiveTokens: {
    label: 'Live tokens at once',
    help: 'Tokens of a user that are valid at one instant: drops and reloads need some beside each session’s own.',
    control: { kind: 'number', unit: 'tokens' },
    none: { as: 'null', label: 'Six for each session at once', initial: 6 },
  },
  reportedPerDay: {
    label: 'Spend as pages report it',
    help: 'No further lease once it is reached. Advisory: a hostile page may report less. Each report costs a read and a write more.',
    control: { kind: 'parts', parts: spend('reportedPerDay') },
  },
  meteredPerDay: {
    label: 'Spend as the relay measures it',
    help: 'Without effect on the direct route.',
    control: { kind: 'parts', parts: spend('meteredPerDay') },
  },
  renewal: {
    label: 'Renewal',
    help: 'Resume: leases follow one another and the talk goes on. Single: one lease and no swap.',
    control: {
      kind: 'choice',
      options: [
        { value: 'resume', label: 'Resume' },
        { value: 'single', label: 'Single lease' },
      ],
    },
  },
  leaseSeconds: {
    label: 'Lease lengths',
    help: 'The first lease, the second, and from then on the last. Short ones overpay little for a short talk; long ones swap seldom. None is shorter than the one before.',
    control: { kind: 'numbers', unit: 's' },
  },
  singleLeaseSeconds: {
    label: 'Length of a single lease',
    help: 'Used where the renewal is a single lease.',
    control: { kind: 'number', unit: 's' },
  },
  anonymous: {
    label: 'Guests',
    help: 'Users who signed in anonymously. Anybody can make as many as they like.',
    control: { kind: 'flag', label: 'Let guests in' },
  },
  anonymousPool: {
    label: 'What guests share',
    help: 'Minutes that all guests of one origin (app and address) share in a UTC day.',
    control: {
      kind: 'parts',
      parts: [
        {
          path: 'anonymousPool.minutesPerDay',
          label: 'Minutes a day',
          help: 'Of all guests of one origin.',
          control: { kind: 'number', unit: 'min' },
        },
      ],
    },
    none: { as: 'null', label: 'No shared bound', initial: { minutesPerDay: 60 } },
  },
  transcripts: {
    label: 'Transcripts',
    help: 'Whether what was said is kept. Admins alone can read it.',
    control: {
      kind: 'parts',
      parts: [
        {
          path: 'transcripts.keep',
          label: 'Keeping',
          help: 'Pages are asked for transcripts and the functions store them.',
          control: { kind: 'flag', label: 'Keep what was said' },
        },
        {
          path: 'transcripts.days',
          label: 'For how long',
          help: 'Deleted so many days after it was told.',
          control: { kind: 'number', unit: 'days' },
        },
      ],
    },
  },
  reportEverySeconds: {
    label: 'Report every',
    help: 'How often a page tells its usage in mid-talk. Each report costs reads and writes.',
    control: { kind: 'number', unit: 's' },
  },
  sessionDays: {
    label: 'Keep sessions for',
    help: 'A session’s document, its figures and timeline are deleted so many days later.',
    control: { kind: 'number', unit: 'days' },
  },
  emulatorOnly: {
    label: 'Emulators only',
    help: 'Refused outside the emulators. For demonstrations.',
    control: { kind: 'flag', label: 'Refuse it outside the emulators' },
  },
} as const satisfies Readonly<Record<PolicyKey, Omit<Field, 'path'>>>;

const GROUPS = [
  ['who', 'What may be asked for', ['route', 'backends', 'models', 'modalities', 'voices', 'tools']],
  ['templates', 'Templates', ['templates', 'templateRequired']],
  ['page', 'What a page decides', ['settableFields', 'openFields']],
  [
    'quota',
    'Quota of a user',
    [
      'minutesPerDay',
      'minutesPerMonth',
      'sessionsPerMinute',
      'concurrentSessions',
      'maxLiveTokens',
      'reportedPerDay',
      'meteredPerDay',
    ],
  ],
  ['leases', 'Leases', ['renewal', 'leaseSeconds', 'singleLeaseSeconds']],
  ['guests', 'Guests', ['anonymous', 'anonymousPool']],
  ['kept', 'What is kept', ['transcripts', 'reportEverySeconds', 'sessionDays']],
  ['where', 'Where it works', ['emulatorOnly']],
] as const satisfies readonly (readonly [string, string, readonly PolicyKey[]])[];

/** A policy's fields in the order in which JSON and differences show them. */
export const POLICY_ORDER: readonly PolicyKey[] = GROUPS.flatMap(([, , keys]): readonly PolicyKey[] => keys);

/** The form of a policy. `templates` are ids that exist. */
export function policyGroups({
  nowMs,
  templates = [],
}: {
  readonly nowMs: number;
  readonly templates?: readonly string[];
}): readonly FieldGroup[] {
  const field = (path: PolicyKey): Field => {
    const known: Field = { path, ...FIELDS[path] };
    if (known.control.kind !== 'checks') return known;
    if (path === 'models') return { ...known, control: { ...known.control, options: modelOptions(nowMs) } };
    if (path !== 'templates') return known;
    const options = templates.map((id): Option => ({ value: id, label: id }));
    return { ...known, control: { ...known.control, options } };
  };
  return GROUPS.map(([id, title, keys]) => ({ id, title, fields: keys.map((key) => field(key)) }));
}
