import { type AuditEntry, auditPath } from '../audit/audit-filter.ts';
import { Entry } from '../audit/entry.tsx';
import type { Listed, Watching } from '../use-watched.ts';
import { States } from '../views/states.tsx';

interface UserAuditProps {
  readonly uid: string;
  readonly entries: Watching<Listed<AuditEntry>>;
  readonly nowMs: number;
}

/** What operators did about a user; admins only. */
export function UserAudit({ uid, entries, nowMs }: UserAuditProps) {
  return (
    <section class="card list" aria-labelledby="user-audit" data-testid="user-audit-part">
      <h2 id="user-audit">Audit</h2>
      <States
        of={entries}
        noun="entries"
        testId="user-audit"
        isEmpty={({ docs }) => docs.length === 0}
        empty={{
          title: 'No operator did anything about them',
          text: 'Acts appear here the moment they are done.',
        }}
      >
        {({ rows }) => (
          <>
            <ol class="entries">
              {rows.map((entry) => (
                <Entry key={entry.id} entry={entry} nowMs={nowMs} />
              ))}
            </ol>
            <p class="card-foot">
              <a href={auditPath({ by: 'subject', value: uid })}>All entries about them</a>
            </p>
          </>
        )}
      </States>
    </section>
  );
}
