/**
 * What each Live model takes and gives: one table for functions, web and emulator. Source of every row: the
 * model and deprecation pages of ai.google.dev and docs.cloud.google.com and the price list of litellm 1.109.1,
 * read 2026-11-21. Shutdown dates are second-hand; the service itself decides. Where each was read stands in
 * `model-sources.ts`, which a page does not carry.
 * @module
 */
import { modelId } from './model-id.ts';

/** Where a model is served. */
export type LiveBackend = 'google-ai' | 'vertex-ai';

/** One model. */
export interface LiveModel {
  readonly backends: readonly LiveBackend[];
  readonly status: 'stable' | 'preview' | 'legacy' | 'shut';
  /** What it can answer in. */
  readonly modalities: readonly ('AUDIO' | 'TEXT')[];
  /** `thinkingConfig`: none at all, a level, or a budget in tokens. */
  readonly thinking: 'none' | 'level' | 'budget';
  /** `proactivity`: always on and not to be switched off, a choice, or unknown to the model. */
  readonly proactive: 'always' | 'optional' | 'none';
  readonly affective: boolean;
  /** What a function declaration without `behavior` means, and whether the other kind exists. */
  readonly functions: 'non-blocking' | 'blocking' | 'blocking-only';
  /** Context window and longest answer, in tokens. */
  readonly window: { readonly input: number; readonly output: number };
  /** First day (UTC) on which the service may refuse it. Its source: `SHUTDOWN_SOURCES`. */
  readonly shutdown?: string;
  /** The model to move to. */
  readonly successor?: string;
}

const current = {
  backends: ['google-ai', 'vertex-ai'],
  status: 'stable',
  modalities: ['AUDIO'],
  thinking: 'none',
  proactive: 'always',
  affective: false,
  functions: 'non-blocking',
  window: { input: 131_072, output: 65_536 },
} as const satisfies LiveModel;

const native25 = {
  backends: ['google-ai'],
  status: 'legacy',
  modalities: ['AUDIO'],
  thinking: 'budget',
  proactive: 'optional',
  affective: true,
  functions: 'blocking',
  window: { input: 131_072, output: 8_192 },
  shutdown: '2026-11-17',
  successor: 'gemini-3.8-live',
} as const satisfies LiveModel;

const vertex25 = {
  ...native25,
  backends: ['vertex-ai'],
  shutdown: '2026-12-13',
} as const satisfies LiveModel;

const halfCascade = {
  ...native25,
  status: 'shut',
  modalities: ['AUDIO', 'TEXT'],
  thinking: 'none',
  proactive: 'none',
  affective: false,
  shutdown: '2025-12-09',
} as const satisfies LiveModel;

const transcriber = {
  ...current,
  status: 'preview',
  proactive: 'none',
  modalities: ['TEXT'],
} as const satisfies LiveModel;

/** The model a page gets when it names none. */
export const DEFAULT_LIVE_MODEL = 'gemini-3.8-live';

/** Model id → what it is. Ids without `models/`. */
export const LIVE_MODELS = {
  'gemini-3.8-live': current,
  'gemini-3.8-live-extended-thinking': { ...current, backends: ['google-ai'] },
  'gemini-3.1-flash-live-preview': {
    ...current,
    backends: ['google-ai'],
    status: 'legacy',
    thinking: 'level',
    proactive: 'none',
    functions: 'blocking-only',
    shutdown: '2026-11-17',
    successor: 'gemini-3.8-live',
  },
  'gemini-2.5-flash-native-audio-latest': native25,
  'gemini-2.5-flash-native-audio-preview-12-2025': native25,
  'gemini-2.5-flash-native-audio-preview-09-2025': native25,
  'gemini-live-2.5-flash-native-audio': vertex25,
  'gemini-live-2.5-flash-preview-native-audio-09-2025': vertex25,
  'gemini-live-2.5-flash-preview-native-audio': vertex25,
  // Not native audio: Vertex AI's page of the Live API names affective dialog and proactive audio of that alone.
  'gemini-live-2.5-flash': {
    ...vertex25,
    modalities: ['AUDIO', 'TEXT'],
    proactive: 'none',
    affective: false,
  },
  'gemini-live-2.5-flash-preview': halfCascade,
  'gemini-2.0-flash-live-001': halfCascade,
  'gemini-2.0-flash-live-preview-04-09': { ...halfCascade, backends: ['vertex-ai'] },
  'gemini-3.5-live-translate-preview': { ...current, status: 'preview', proactive: 'none' },
  'gemini-3.5-transcribe-live': transcriber,
  'gemini-3.5-transcribe-live-preview': { ...transcriber, backends: ['vertex-ai'] },
} as const satisfies Readonly<Record<string, LiveModel>>;

/** Looks a model up by any of its names: `m`, `models/m`, `publishers/google/models/m`, a full resource name. */
export function liveModel(name: string): LiveModel | undefined {
  const id = modelId(name);
  return Object.hasOwn(LIVE_MODELS, id) ? LIVE_MODELS[id as keyof typeof LIVE_MODELS] : undefined;
}

/** A warning for a model past its shutdown date at `nowMs`, naming the one to move to; else `undefined`. */
export function shutdownWarning(name: string, nowMs: number): string | undefined {
  const model = liveModel(name);
  if (model?.shutdown === undefined || nowMs < Date.parse(`${model.shutdown}T00:00:00Z`)) return undefined;
  return `${modelId(name)} was to be shut down on ${model.shutdown}; use ${model.successor ?? DEFAULT_LIVE_MODEL}.`;
}
