import type { SessionState } from '@livegate/protocol';
import { STATE_MEANINGS } from '../session-figures.ts';

/** A session's state: a word, with a colour that says the same. */
export function StateBadge({ state, testId }: { readonly state: SessionState; readonly testId?: string }) {
  return (
    <span
      class={`badge ${Object.hasOwn(STATE_MEANINGS, state) ? state : ''}`}
      title={STATE_MEANINGS[state]}
      data-testid={testId}
    >
      {state}
    </span>
  );
}
