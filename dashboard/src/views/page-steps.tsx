import { countText } from '../format.ts';
import type { Paged } from '../use-pages.ts';

interface PageStepsProps<T> {
  readonly paged: Paged<T>;
  /** What is listed, for the label: `users`. */
  readonly noun: string;
}

/** The ways to the pages before and after; nothing where there is one page only. */
export function PageSteps<T>({ paged: { page, back, onward }, noun }: PageStepsProps<T>) {
  if (back === undefined && onward === undefined) return null;
  return (
    <nav class="page-steps" aria-label={`Pages of ${noun}`}>
      <button type="button" disabled={back === undefined} data-testid="page-back" onClick={back}>
        Back
      </button>
      <span role="status" data-testid="page-number">
        Page {countText(page)}
      </span>
      <button type="button" disabled={onward === undefined} data-testid="page-onward" onClick={onward}>
        Onward
      </button>
    </nav>
  );
}
