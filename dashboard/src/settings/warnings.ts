/**
 * What is allowed and may still not be meant. Each stands at the field it is about; none keeps anybody from saving.
 * Pure.
 * @module
 */
import type { Draft } from './draft.ts';
import type { Warning } from './field.ts';
import { policyWarnings } from './policy-warnings.ts';
import { priceWarnings } from './price-warnings.ts';
import type { SettingKind } from './queries.ts';
import { templateWarnings } from './template-warnings.ts';

/** What a draft is warned of. `id` is the setting's own, `nowMs` the day. */
export function warningsOf(
  kind: SettingKind,
  draft: Draft,
  about: { readonly id: string; readonly nowMs: number },
): readonly Warning[] {
  switch (kind) {
    case 'policies':
      return policyWarnings(draft, about);
    case 'templates':
      return templateWarnings(draft, about);
    case 'prices':
      return priceWarnings(draft, about);
  }
}
