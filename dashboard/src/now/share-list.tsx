import type { ComponentChildren } from 'preact';
import { countText } from '../format.ts';

/** One line: what is counted, how many, and where its name leads. */
export interface CountedLine {
  readonly key: string;
  readonly label: ComponentChildren;
  readonly count: number;
}

interface ShareListProps {
  readonly title: string;
  readonly lines: readonly CountedLine[];
  /** Stands where there are none. */
  readonly none: string;
  readonly testId: string;
  readonly note?: ComponentChildren;
}

/** Names and their counts, with a bar each: as long, of the largest, as its count. */
export function ShareList({ title, lines, none, testId, note }: ShareListProps) {
  const largest = Math.max(1, ...lines.map(({ count }) => count));
  return (
    <section class="card padded" aria-labelledby={`${testId}-title`} data-testid={testId}>
      <h2 id={`${testId}-title`}>{title}</h2>
      {lines.length === 0 ? (
        <p class="muted">{none}</p>
      ) : (
        <ul class="shares">
          {lines.map(({ key, label, count }) => (
            <li key={key} data-name={key} data-count={count}>
              <span class="share-name">{label}</span>
              <span class="share-count">{countText(count)}</span>
              <span class="share-bar" aria-hidden="true">
                <span style={{ width: `${(count / largest) * 100}%` }} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {note !== undefined && <p class="muted note">{note}</p>}
    </section>
  );
}
