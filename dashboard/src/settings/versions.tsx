import { COLLECTIONS } from '@livegate/protocol';
import { useState } from 'preact/hooks';
import { useOperator } from '../operator.ts';
import { userPath } from '../places.ts';
import { useList } from '../use-watched.ts';
import { Actor } from '../views/actor.tsx';
import { DiffView } from '../views/diff-view.tsx';
import { Moment } from '../views/moment.tsx';
import { States } from '../views/states.tsx';
import { type Draft, draftOf, versionOf } from './draft.ts';
import { changesQuery, type SettingKind, versionsQuery } from './queries.ts';
import { settingChange, type VersionEntry, versionEntries } from './version-entries.ts';

interface VersionsProps {
  readonly kind: SettingKind;
  readonly id: string;
  readonly current: Draft | null;
  readonly nowMs: number;
  /** Makes a draft of a version. */
  readonly onRestore: (draft: Draft, version: number) => void;
}

/** The last twenty versions of a setting: who, when and why, what differs from now, and a way back. */
export function Versions(props: VersionsProps) {
  const { role } = useOperator();
  const { kind } = props;
  return (
    <section class="card group" aria-labelledby="versions-title" data-testid="versions">
      <h2 id="versions-title">Versions</h2>
      {role === 'admin' ? (
        <AuditedVersions {...props} />
      ) : kind === 'templates' ? (
        <>
          <p class="muted">Who changed it and why stands in the audit, which only admins read.</p>
          <KeptVersions {...props} changes={[]} />
        </>
      ) : (
        <p class="muted" data-testid="versions-admins">
          What it was before stands in the audit, which only admins read.
        </p>
      )}
    </section>
  );
}

type Changes = readonly NonNullable<VersionEntry['change']>[];

function AuditedVersions(props: VersionsProps) {
  const { db } = useOperator();
  const { kind, id } = props;
  const target = `${COLLECTIONS[kind]}/${id}`;
  const changes = useList(
    `changes ${target}`,
    () => changesQuery(db, target),
    (_, data) => settingChange(data),
  );
  return (
    <States of={changes} noun="changes" testId="changes">
      {({ rows }) =>
        kind === 'templates' ? (
          <KeptVersions {...props} changes={rows} />
        ) : (
          <Entries {...props} entries={versionEntries([], rows)} />
        )
      }
    </States>
  );
}

function KeptVersions(props: VersionsProps & { readonly changes: Changes }) {
  const { db } = useOperator();
  const { id, changes } = props;
  const versions = useList(
    `versions ${id}`,
    () => versionsQuery(db, id),
    (_, data) => ({ version: versionOf(data), draft: draftOf(data) }),
  );
  return (
    <States of={versions} noun="versions" testId="kept-versions">
      {({ rows }) => <Entries {...props} entries={versionEntries(rows, changes)} />}
    </States>
  );
}

function Entries({ entries, ...props }: VersionsProps & { readonly entries: readonly VersionEntry[] }) {
  if (entries.length === 0)
    return <p class="muted">Nothing is told of earlier versions: it was written without the dashboard.</p>;
  return (
    <ol class="versions">
      {entries.map((entry, place) => (
        <Entry key={`${entry.version} ${entry.change?.at ?? place}`} entry={entry} {...props} />
      ))}
    </ol>
  );
}

function Entry({
  entry,
  current,
  nowMs,
  onRestore,
}: Omit<VersionsProps, 'kind' | 'id'> & { readonly entry: VersionEntry }) {
  const { role } = useOperator();
  const [isOpen, setOpen] = useState(false);
  const { version, draft, change } = entry;
  const isDeletion = change?.act === 'delete-policy';
  return (
    <li data-testid={`version-${version}`}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <strong>{isDeletion ? 'Deleted' : `Version ${version}`}</strong>
          {change !== null && (
            <>
              {' · '}
              <Moment ms={change.at} nowMs={nowMs} />
              {change.reason !== '' && <span class="wrap"> · {change.reason}</span>}
            </>
          )}
        </summary>
        {isOpen && (
          <div class="version">
            {change !== null && (
              <p class="under">
                By{' '}
                <a href={userPath(change.actor)}>
                  <Actor actor={change.actor} />
                </a>
              </p>
            )}
            {change !== null && (
              <>
                <h3>What this change did</h3>
                <DiffView before={change.before} after={change.after} testId="version-change" />
              </>
            )}
            {draft !== null && (
              <>
                <h3>From it to what stands there now</h3>
                <DiffView before={draft} after={current} testId="version-diff" />
                {role === 'admin' && (
                  <button
                    type="button"
                    data-testid="version-restore"
                    onClick={() => onRestore(draft, version)}
                  >
                    Make a draft of version {version}
                  </button>
                )}
              </>
            )}
          </div>
        )}
      </details>
    </li>
  );
}
