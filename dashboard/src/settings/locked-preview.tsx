import type { Draft } from './draft.ts';
import { type LockedRow, lockedRows } from './locked-rows.ts';

const LOCK_WORDS = {
  locked: 'Locked into the token',
  vertex: 'Left out: the Developer API has no such field',
  client: 'Left to the client',
} as const satisfies Readonly<Record<LockedRow['lock'], string>>;

/** What a template puts into a token, path by path. */
export function LockedPreview({ draft }: { readonly draft: Draft }) {
  const { rows, empty } = lockedRows(draft);
  return (
    <section class="card group" aria-labelledby="locked-title" data-testid="locked">
      <h2 id="locked-title">What is locked into the token</h2>
      <table class="sessions plain-rows">
        <caption class="unseen">Paths of the setup, their values, and whether the page sees them.</caption>
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Value</th>
            <th scope="col">Lock</th>
            <th scope="col">Page</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, words, value, lock, isHidden }) => (
            <tr key={path}>
              <td class="wrap">
                <code>{path}</code>
                <span class="under">{words}</span>
              </td>
              <td data-label="Value" class="wrap mono">
                {value}
              </td>
              <td data-label="Lock">{LOCK_WORDS[lock]}</td>
              <td data-label="Page">{isHidden ? 'Does not see it' : 'Sees it'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted">
        {empty} more paths are locked to be empty. A policy’s settable fields may replace a value for one
        session, its open fields leave a path out of the lock; resumption is always the client’s own.
      </p>
    </section>
  );
}
