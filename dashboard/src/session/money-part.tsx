import type { LiveSessionDocument } from '@livegate/protocol';
import { usdText } from '../format.ts';
import type { Watching } from '../use-watched.ts';
import { Moment } from '../views/moment.tsx';
import { States } from '../views/states.tsx';
import { Figure, Part } from './part.tsx';
import type { SessionBooks } from './session-reading.ts';
import { booksWords, costText, costWords, flagWords, partWords } from './session-words.ts';

interface MoneyPartProps {
  readonly session: LiveSessionDocument;
  /** `null` where there is no document; `'unreadable'` where it is of another version. */
  readonly books: Watching<SessionBooks | 'unreadable' | null>;
  readonly nowMs: number;
}

/** What the session cost and what is odd about it: written when its books close. */
export function MoneyPart({ session, books, nowMs }: MoneyPartProps) {
  return (
    <Part id="cost" title="Cost and flags">
      {session.open ? (
        <p data-testid="cost-words">{booksWords(session, { nowMs })}</p>
      ) : (
        <States of={books} noun="books" testId="books">
          {(value) => {
            if (value === null)
              return <p data-testid="cost-words">The books are closed, but what they said is gone.</p>;
            if (value === 'unreadable')
              return (
                <p data-testid="cost-words">
                  The books are of a version that this page does not know. Deploy the page again.
                </p>
              );
            return <Books books={value} session={session} nowMs={nowMs} />;
          }}
        </States>
      )}
    </Part>
  );
}

interface BooksProps {
  readonly books: SessionBooks;
  readonly session: LiveSessionDocument;
  readonly nowMs: number;
}

function Books({ books: { cost, flags, closedAt }, session, nowMs }: BooksProps) {
  const parts = Object.entries(cost.parts).sort(([, a], [, b]) => b - a);
  return (
    <>
      <p class="cost" data-testid="cost">
        {costText(cost)}
      </p>
      <p class="note" data-testid="cost-words">
        {costWords(cost)}
      </p>
      {(parts.length > 0 || cost.unpriced.length > 0) && (
        <table class="inner" aria-labelledby="cost" data-testid="cost-parts">
          <tbody>
            {parts.map(([part, microUsd]) => (
              <tr key={part} data-part={part}>
                <th scope="row">{partWords(part)}</th>
                <Figure>{usdText(microUsd)}</Figure>
              </tr>
            ))}
            {cost.unpriced.map((part) => (
              <tr key={part} data-part={part}>
                <th scope="row">{partWords(part)}</th>
                <Figure>unpriced</Figure>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h3>Flags</h3>
      {flags.length === 0 ? (
        <p data-testid="flags">None.</p>
      ) : (
        <ul class="flags" data-testid="flags">
          {flags.map((flag) => (
            <li key={flag}>
              <span class="pill">{flag}</span> {flagWords(flag, session)}
            </li>
          ))}
        </ul>
      )}
      <p class="muted note" data-testid="closed-at">
        Books closed <Moment ms={closedAt} nowMs={nowMs} />.
      </p>
    </>
  );
}
