/**
 * Where the shutdown date of each model was read. Apart from the table itself, so that a page does not carry it.
 * @module
 */
import type { LIVE_MODELS } from './models.ts';

type Dated = {
  [Id in keyof typeof LIVE_MODELS]: (typeof LIVE_MODELS)[Id] extends { readonly shutdown: string }
    ? Id
    : never;
}[keyof typeof LIVE_MODELS];

/** A date that a page of Google's names is `official`; one of another's list is `second-hand`; one that nobody names is `inferred`. */
export interface ShutdownSource {
  readonly kind: 'official' | 'second-hand' | 'inferred';
  readonly source: string;
}

const priceList = {
  kind: 'second-hand',
  source: 'the price list of litellm 1.109.1 (deprecation_date), read 2026-11-21',
} as const satisfies ShutdownSource;
const deprecations = {
  kind: 'official',
  source: 'https://ai.google.dev/gemini-api/docs/deprecations, read 2026-11-21',
} as const satisfies ShutdownSource;
const inferred = (from: Dated): ShutdownSource => ({
  kind: 'inferred',
  source: `no list names this id: the date of ${from}, of the same family`,
});

/** Model id → where its shutdown date comes from. Complete: a dated model without a row does not compile. */
export const SHUTDOWN_SOURCES = {
  'gemini-3.1-flash-live-preview': priceList,
  'gemini-2.5-flash-native-audio-latest': priceList,
  'gemini-2.5-flash-native-audio-preview-12-2025': priceList,
  'gemini-2.5-flash-native-audio-preview-09-2025': inferred('gemini-2.5-flash-native-audio-preview-12-2025'),
  'gemini-live-2.5-flash-native-audio': priceList,
  'gemini-live-2.5-flash-preview-native-audio-09-2025': inferred('gemini-live-2.5-flash-native-audio'),
  'gemini-live-2.5-flash-preview-native-audio': inferred('gemini-live-2.5-flash-native-audio'),
  'gemini-live-2.5-flash': inferred('gemini-live-2.5-flash-native-audio'),
  'gemini-live-2.5-flash-preview': deprecations,
  'gemini-2.0-flash-live-001': deprecations,
  'gemini-2.0-flash-live-preview-04-09': inferred('gemini-2.0-flash-live-001'),
} as const satisfies Readonly<Record<Dated, ShutdownSource>>;
