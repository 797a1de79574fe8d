/**
 * What is allowed in a price and may still not be meant. Pure.
 * @module
 */
import { isObject, liveModel } from '@livegate/protocol';
import { type Draft, jsonAt } from './draft.ts';
import type { Warning } from './field.ts';

const DAY_MS = 86_400_000;
/** Days after which list prices want another look. Ours. */
const STALE_DAYS = 90;

/** What a price is warned of. `id` is the model's. */
export function priceWarnings(
  draft: Draft,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
): readonly Warning[] {
  const known = liveModel(id);
  const answered = known?.modalities ?? ['AUDIO'];
  const missing = [
    ...['TEXT', 'AUDIO'].map((each) => `input.${each}`),
    ...answered.map((each) => `output.${each}`),
  ].filter((path) => jsonAt(draft, path) === undefined);
  const free = [...Object.entries(isObject(draft.input) ? draft.input : {})].filter(([, each]) => each === 0);
  return [
    ...(id !== '' && known === undefined
      ? [{ path: 'id', words: `${id.slice(0, 80)} is not a model that is known here; it may be misspelt.` }]
      : []),
    ...missing.map((path) => ({ path, words: 'Unknown: sessions that use it are unpriced.' })),
    ...free.map(([modality]) => ({
      path: `input.${modality}`,
      words: '0 is free; leave it empty where it is unknown.',
    })),
    ...(draft.thoughts === undefined && known?.thinking !== 'none'
      ? [{ path: 'thoughts', words: 'Unknown: sessions that think are unpriced.' }]
      : []),
    ...asOfWarnings(draft.asOf, nowMs),
    ...(draft.source === '' ? [{ path: 'source', words: 'Nobody can check figures without a source.' }] : []),
  ];
}

function asOfWarnings(asOf: unknown, nowMs: number): readonly Warning[] {
  const readMs = typeof asOf === 'string' ? Date.parse(`${asOf}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(readMs)) return [];
  const days = Math.floor((nowMs - readMs) / DAY_MS);
  if (days > STALE_DAYS)
    return [{ path: 'asOf', words: `Read ${days} days ago; look whether it is still so.` }];
  return days < 0 ? [{ path: 'asOf', words: 'The day is yet to come.' }] : [];
}
