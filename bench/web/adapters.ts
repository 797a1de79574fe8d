/**
 * What is measured side by side.
 * @module
 */

/** The modules, in the order of the first round; every second round goes the other way. */
export const ADAPTERS = ['firebase', 'genai', 'livegate'] as const;
/** One of {@link ADAPTERS}. */
export type Adapter = (typeof ADAPTERS)[number];

/** Their names in tables. */
export const ADAPTER_NAMES: Readonly<Record<Adapter, string>> = {
  firebase: 'firebase/ai',
  genai: '@google/genai + console-like audio',
  livegate: '@livegate/web',
};

/** The order of a round: as listed, then backwards, and so on, so that what drifts meets all alike. */
export function orderOf(round: number): readonly Adapter[] {
  return round % 2 === 0 ? ADAPTERS : ADAPTERS.toReversed();
}
