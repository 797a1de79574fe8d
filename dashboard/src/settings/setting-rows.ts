/**
 * A setting in a line of a list. Pure.
 * @module
 */
import { isObject, type Json } from '@livegate/protocol';
import { countText, NONE, usdText } from '../format.ts';
import { type Draft, draftOf, jsonAt, numberAt, versionOf } from './draft.ts';
import type { SettingKind } from './queries.ts';
import { checkDraft } from './setting-kinds.ts';
import { warningsOf } from './warnings.ts';

/** A setting as a list shows it. */
export interface SettingRow {
  readonly id: string;
  readonly version: number;
  /** The figures that matter, in the order of {@link FIGURE_NAMES}. */
  readonly figures: readonly string[];
  /** Path of what the functions cannot read; `null` where they can. */
  readonly unreadable: string | null;
  readonly warnings: number;
}

/** What the figures of a kind are called. */
export const FIGURE_NAMES = {
  policies: ['A day', 'A month', 'At once', 'Models', 'Guests'],
  templates: ['Title', 'Model', 'Voice', 'Variables'],
  prices: ['Text in', 'Audio in', 'Text out', 'Audio out', 'Read on'],
} as const satisfies Readonly<Record<SettingKind, readonly string[]>>;

/** Reads a stored document for a list. */
export function settingRow(
  kind: SettingKind,
  id: string,
  { data, nowMs }: { readonly data: Readonly<Record<string, unknown>>; readonly nowMs: number },
): SettingRow {
  const draft = draftOf(data);
  const { problem } = checkDraft(kind, draft);
  return {
    id,
    version: versionOf(data),
    figures: FIGURES[kind](draft),
    unreadable: problem === null ? null : problem.path,
    warnings: problem === null ? warningsOf(kind, draft, { id, nowMs }).length : 0,
  };
}

const FIGURES = {
  policies: (draft) => [
    minutes(draft.minutesPerDay),
    minutes(draft.minutesPerMonth),
    count(draft, 'concurrentSessions', 'session'),
    Array.isArray(draft.models) ? countText(draft.models.length) : NONE,
    draft.anonymous === true ? 'let in' : 'refused',
  ],
  templates: (draft) => [
    textOf(draft.title),
    textOf(jsonAt(draft, 'setup.model')),
    textOf(jsonAt(draft, 'setup.generationConfig.speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName')),
    isObject(draft.variables) ? countText(Object.keys(draft.variables).length) : NONE,
  ],
  prices: (draft) => [
    ...['input.TEXT', 'input.AUDIO', 'output.TEXT', 'output.AUDIO'].map((path) => usd(numberAt(draft, path))),
    textOf(draft.asOf),
  ],
} as const satisfies Readonly<Record<SettingKind, (draft: Draft) => readonly string[]>>;

function minutes(value: Json | undefined): string {
  if (value === null) return 'no bound';
  return typeof value === 'number' ? `${countText(value)} min` : NONE;
}

function count(draft: Draft, path: string, noun: string): string {
  const value = numberAt(draft, path);
  return value === undefined ? NONE : plural(value, noun);
}

const plural = (value: number, noun: string): string =>
  `${countText(value)} ${noun}${value === 1 ? '' : 's'}`;
const textOf = (value: Json | undefined): string =>
  typeof value === 'string' && value !== '' ? value : NONE;
/** USD for a million tokens. */
const usd = (value: number | undefined): string =>
  value === undefined ? 'unknown' : `${usdText(value * 1_000_000)} / 1M`;
