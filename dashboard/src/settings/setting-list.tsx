import { COLLECTIONS } from '@livegate/protocol';
import { useState } from 'preact/hooks';
import { useOperator } from '../operator.ts';
import { settingPath } from '../places.ts';
import { useList } from '../use-watched.ts';
import { Actor } from '../views/actor.tsx';
import { Moment } from '../views/moment.tsx';
import { States } from '../views/states.tsx';
import { SETTINGS_PAGE, type SettingKind, settingsQuery } from './queries.ts';
import { KINDS } from './setting-kinds.ts';
import { FIGURE_NAMES, settingRow } from './setting-rows.ts';
import type { SettingChange } from './version-entries.ts';

interface SettingListProps {
  readonly kind: SettingKind;
  /** What was changed last, for admins; by the path of the document. */
  readonly changes: readonly SettingChange[];
  readonly nowMs: number;
}

const EMPTY = {
  policies: 'No policy: every mint is refused. Write one.',
  templates: 'No template: pages bring their own instruction, where their policy lets them.',
  prices: 'No price: every session is unpriced.',
} as const satisfies Readonly<Record<SettingKind, string>>;

const FIRST = {
  policies: { href: '/settings/policies/new?id=default', words: 'Write the policy default' },
  templates: { href: '/settings/templates/new', words: 'Write a template' },
  prices: { href: '/settings/prices/new', words: 'Write a price' },
} as const satisfies Readonly<Record<SettingKind, object>>;

/** The settings of a kind, a line each. */
export function SettingList({ kind, changes, nowMs }: SettingListProps) {
  const { db, role } = useOperator();
  const [most, setMost] = useState(SETTINGS_PAGE);
  const { title, noun } = KINDS[kind];
  const isAdmin = role === 'admin';
  const list = useList(
    `settings ${kind} ${most}`,
    () => settingsQuery(db, kind, most),
    (id, data) => settingRow(kind, id, { data, nowMs }),
  );
  return (
    <section class="card group" aria-labelledby={`${kind}-title`} data-testid={kind}>
      <div class="group-top">
        <h2 id={`${kind}-title`}>{title}</h2>
        {isAdmin && (
          <a class="button small" href={`/settings/${kind}/new`} data-testid={`new-${kind}`}>
            New {noun}…
          </a>
        )}
      </div>
      <States of={list} noun={title.toLowerCase()} testId={kind}>
        {({ rows }) =>
          rows.length === 0 ? (
            <div class="blank" data-testid={`${kind}-empty`}>
              <p class="blank-title">{EMPTY[kind]}</p>
              {isAdmin && (
                <p>
                  <a class="button primary" href={FIRST[kind].href}>
                    {FIRST[kind].words}
                  </a>
                </p>
              )}
            </div>
          ) : (
            <>
              <table class="sessions plain-rows">
                <caption class="unseen">{title}</caption>
                <thead>
                  <tr>
                    <th scope="col">{KINDS[kind].id}</th>
                    {FIGURE_NAMES[kind].map((name) => (
                      <th key={name} scope="col">
                        {name}
                      </th>
                    ))}
                    <th scope="col">Version</th>
                    {isAdmin && <th scope="col">Last change</th>}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => {
                    const change = changes.find(({ target }) => target === `${COLLECTIONS[kind]}/${row.id}`);
                    return (
                      <tr key={row.id} data-testid={`${kind}-${row.id}`}>
                        <td class="wrap">
                          <a href={settingPath(kind, row.id)}>{row.id}</a>
                          {row.unreadable !== null && (
                            <span class="badge revoked under">
                              unusable: {row.unreadable === '' ? 'it' : row.unreadable}
                            </span>
                          )}
                          {row.warnings > 0 && (
                            <span class="under">
                              {row.warnings === 1 ? '1 thing' : `${row.warnings} things`} to mind
                            </span>
                          )}
                        </td>
                        {row.figures.map((figure, place) => (
                          <td
                            key={FIGURE_NAMES[kind][place] ?? place}
                            data-label={FIGURE_NAMES[kind][place]}
                            class={kind === 'templates' ? 'wrap' : 'whole'}
                          >
                            {figure}
                          </td>
                        ))}
                        <td data-label="Version">{row.version === 0 ? 'by hand' : row.version}</td>
                        {isAdmin && (
                          <td data-label="Last change">
                            {change === undefined ? (
                              '—'
                            ) : (
                              <>
                                <Moment ms={change.at} nowMs={nowMs} />
                                <span class="under wrap">
                                  <Actor actor={change.actor} />
                                  {change.reason === '' ? '' : `: ${change.reason}`}
                                </span>
                              </>
                            )}
                          </td>
                        )}
                      </tr>
                    );
                  })}
                </tbody>
              </table>
              {rows.length >= most && (
                <p>
                  <button type="button" onClick={() => setMost(most + SETTINGS_PAGE)}>
                    Show more
                  </button>
                </p>
              )}
            </>
          )
        }
      </States>
    </section>
  );
}
