/**
 * Every path of a setup that a token can lock. A token's mask is this list less what is left open, so a path
 * that is missing here would be open to any client: a test compares the list with the newest @google/genai.
 * @module
 */

/** Which service knows the field. A mask naming a field the service does not know is refused with 400. */
export type SetupFieldBackend = 'both' | 'vertex';

interface SetupField {
  readonly backend: SetupFieldBackend;
  /** Left open on every token, because the client must be able to write it. */
  readonly alwaysOpen?: true;
}

const both = { backend: 'both' } as const;

/**
 * Wire path → who knows it. A path covers all below it. Source: the converters `liveConnectConfigToMldev` of
 * @google/genai 3.1.0 and the v1beta proto, read 2026-11-21.
 */
export const SETUP_FIELDS = {
  model: both,
  'generationConfig.candidateCount': both,
  'generationConfig.enableAffectiveDialog': both,
  'generationConfig.frequencyPenalty': both,
  'generationConfig.maxOutputTokens': both,
  'generationConfig.mediaResolution': both,
  'generationConfig.presencePenalty': both,
  'generationConfig.responseModalities': both,
  'generationConfig.seed': both,
  'generationConfig.speechConfig': both,
  'generationConfig.temperature': both,
  'generationConfig.thinkingConfig': both,
  'generationConfig.topK': both,
  'generationConfig.topP': both,
  'generationConfig.translationConfig': both,
  avatarConfig: both,
  contextWindowCompression: both,
  historyConfig: both,
  inputAudioTranscription: both,
  labels: both,
  outputAudioTranscription: both,
  proactivity: both,
  realtimeInputConfig: both,
  safetySettings: both,
  /** The resumption handle is the client's own: a locked one could never resume. */
  sessionResumption: { backend: 'both', alwaysOpen: true },
  systemInstruction: both,
  tools: both,
  explicitVadSignal: { backend: 'vertex' },
  toolConfig: { backend: 'vertex' },
} as const satisfies Readonly<Record<string, SetupField>>;

/** A path of {@link SETUP_FIELDS}. */
export type SetupPath = keyof typeof SETUP_FIELDS;

/** True for a path of {@link SETUP_FIELDS}. */
export function isSetupPath(path: string): path is SetupPath {
  return Object.hasOwn(SETUP_FIELDS, path);
}

/**
 * What is never left open, since it bounds the cost of a token: model, kind and length of an answer, compression of the
 * context; and turn coverage, which is in the last.
 */
export const NEVER_OPEN: readonly SetupPath[] = [
  'model',
  'generationConfig.responseModalities',
  'generationConfig.maxOutputTokens',
  'contextWindowCompression',
  'realtimeInputConfig',
];

/** The mask of a Developer API token: every path the service knows, less the open ones, sorted. */
export function lockedPaths(open: readonly SetupPath[]): readonly SetupPath[] {
  return (Object.keys(SETUP_FIELDS) as SetupPath[])
    .filter((path) => {
      const field: SetupField = SETUP_FIELDS[path];
      return field.backend === 'both' && !field.alwaysOpen && !open.includes(path);
    })
    .sort();
}

/** The paths of {@link SETUP_FIELDS} at which `setup` holds something. */
export function pathsIn(setup: object): readonly SetupPath[] {
  return (Object.keys(SETUP_FIELDS) as SetupPath[]).filter((path) => valueAt(setup, path) !== undefined);
}

/** The value at a path, or `undefined`. */
export function valueAt(setup: object, path: string): unknown {
  let value: unknown = setup;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

/** A copy of `setup` that holds only the given paths. */
export function pick<T extends object>(setup: T, paths: readonly string[]): Partial<T> {
  const picked: Record<string, unknown> = {};
  for (const path of paths) {
    const value = valueAt(setup, path);
    if (value !== undefined) put(picked, path, value);
  }
  return picked as Partial<T>;
}

/** One setup out of two: at each given path the value of `over` (absent there = absent), elsewhere `base`'s. */
export function override<T extends object>(base: T, over: object, paths: readonly string[]): T {
  const merged = structured(base) as Record<string, unknown>;
  for (const path of paths) put(merged, path, valueAt(over, path));
  return merged as T;
}

function put(target: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop();
  if (last === undefined) return;
  let at = target;
  for (const key of keys) {
    const next = at[key];
    if (typeof next !== 'object' || next === null) {
      if (value === undefined) return;
      at[key] = {};
    }
    at = at[key] as Record<string, unknown>;
  }
  if (value === undefined) delete at[last];
  else at[last] = value;
}

function structured<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
