/**
 * Every field of a price as the form shows it. Pure.
 * @module
 */
import { MODALITIES } from '@livegate/protocol';
import type { Field, FieldGroup } from './field.ts';

const UNKNOWN = { as: 'absent', label: 'Unknown' } as const;
const perMillion = { kind: 'number', unit: 'USD / 1M tokens' } as const;

const side = (path: 'input' | 'output' | 'cached', help: string): readonly Field[] =>
  MODALITIES.map((modality) => ({
    path: `${path}.${modality}`,
    label: modality,
    help,
    control: perMillion,
    none: path === 'cached' ? { ...UNKNOWN, label: 'The prompt’s' } : UNKNOWN,
  }));

/** A price's fields in the order in which JSON and differences show them. */
export const PRICE_ORDER: readonly string[] = ['input', 'output', 'cached', 'thoughts', 'asOf', 'source'];

/** The form of a price. An empty figure is unknown, never free: a session that uses it is unpriced. */
export function priceGroups(): readonly FieldGroup[] {
  return [
    {
      id: 'input',
      title: 'To the model',
      fields: side('input', 'Prompt and tool-use tokens.'),
    },
    { id: 'output', title: 'From the model', fields: side('output', 'Answers.') },
    {
      id: 'cached',
      title: 'Cached part of the prompt',
      fields: side('cached', 'Where it costs less; empty: the price of the prompt.'),
    },
    {
      id: 'thoughts',
      title: 'Thoughts',
      fields: [
        { path: 'thoughts', label: 'Thoughts', help: 'Empty: unknown.', control: perMillion, none: UNKNOWN },
      ],
    },
    {
      id: 'source',
      title: 'Where the figures are from',
      fields: [
        {
          path: 'asOf',
          label: 'Read on',
          help: 'The day on which somebody read the figures, as 2026-11-21.',
          control: { kind: 'text', input: 'date' },
        },
        {
          path: 'source',
          label: 'Source',
          help: 'Where they stand: an address, and what is unsure about them.',
          control: { kind: 'text' },
        },
      ],
    },
  ];
}
