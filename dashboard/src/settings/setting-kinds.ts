/**
 * Policies, templates and prices: what is the same of them, and where they differ. Pure.
 * @module
 */
import {
  documentId,
  LIST_PRICES,
  OPEN_POLICY,
  ProtocolError,
  readPolicyDraft,
  readPriceDraft,
  readTemplateDraft,
} from '@livegate/protocol';
import { type Draft, draftOf } from './draft.ts';
import { POLICY_ORDER } from './policy-fields.ts';
import { PRICE_ORDER } from './price-fields.ts';
import type { SettingKind } from './queries.ts';
import { TEMPLATE_ORDER } from './template-fields.ts';

interface KindWords {
  readonly title: string;
  readonly noun: string;
  /** What its id is called. */
  readonly id: string;
  /** Keys in the order in which JSON shows them. */
  readonly order: readonly string[];
}

/** Words of each kind. */
export const KINDS = {
  policies: { title: 'Policies', noun: 'policy', id: 'Id', order: POLICY_ORDER },
  templates: { title: 'Templates', noun: 'template', id: 'Id', order: TEMPLATE_ORDER },
  prices: { title: 'Prices', noun: 'price', id: 'Model', order: PRICE_ORDER },
} as const satisfies Readonly<Record<SettingKind, KindWords>>;

/** The kinds, in the order of the page. */
export const SETTING_KINDS = Object.keys(KINDS) as readonly SettingKind[];

/** The kind that an address names; `undefined` for none. */
export function settingKind(text: string | undefined): SettingKind | undefined {
  return SETTING_KINDS.find((kind) => kind === text);
}

/** Why something is not what the functions take. */
export interface DraftProblem {
  /** As the functions name it in `details.field`. */
  readonly path: string;
  readonly words: string;
}

/** A draft as the functions would store it, without `v` and `version`, or what they would refuse in it. */
export type Checked =
  | { readonly written: Draft; readonly problem: null }
  | { readonly written: null; readonly problem: DraftProblem };

const READERS = {
  policies: readPolicyDraft,
  templates: readTemplateDraft,
  prices: readPriceDraft,
} as const satisfies Readonly<Record<SettingKind, (value: unknown, version: number) => object>>;

/** Reads a draft with the functions' own reader. */
export function checkDraft(kind: SettingKind, draft: Draft): Checked {
  try {
    const written = draftOf({ ...READERS[kind](draft, 1) });
    const isResumed =
      kind === 'templates' &&
      (written.setup as { sessionResumption?: unknown }).sessionResumption !== undefined;
    if (!isResumed) return { written, problem: null };
    const words = 'Resumption belongs to a connection, not to a template.';
    return { written: null, problem: { path: 'setup.sessionResumption', words } };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { written: null, problem: { path: error.path, words: wanted(error) } };
  }
}

/** The reader's sentence without the path, which stands beside the field. */
function wanted({ message }: ProtocolError): string {
  const [, what] = /expected (.*)\.$/.exec(message) ?? [];
  return what === undefined ? message : `Expected ${what}.`;
}

/** What is wrong with the id of a new setting; `undefined` where nothing is. */
export function idProblem(kind: SettingKind, id: string): string | undefined {
  if (id === '') return kind === 'prices' ? 'Name the model.' : 'Give it an id.';
  if (id === 'new') return '“new” is the address of this page; take another id.';
  if (kind === 'templates')
    return /^[A-Za-z0-9_-]{1,64}$/.test(id) ? undefined : 'Expected 1 to 64 of A-Z a-z 0-9 _ -.';
  try {
    documentId(id, 'id', 'reject');
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return wanted(error);
    throw error;
  }
}

/** What a new setting begins with. A policy begins as `open`, a known model's price at its list price. */
export function blankDraft(
  kind: SettingKind,
  { id = '', today }: { readonly id?: string; readonly today: string },
): Draft {
  switch (kind) {
    case 'policies':
      return draftOf(OPEN_POLICY);
    case 'templates':
      return {
        title: '',
        setup: {
          generationConfig: { responseModalities: ['AUDIO'] },
          inputAudioTranscription: {},
          outputAudioTranscription: {},
          systemInstruction: { parts: [{ text: '' }] },
        },
        variables: {},
      };
    case 'prices': {
      const listed = Object.hasOwn(LIST_PRICES, id) ? LIST_PRICES[id] : undefined;
      return listed === undefined
        ? { input: {}, output: {}, asOf: today, source: '' }
        : draftOf({ ...listed });
    }
  }
}
