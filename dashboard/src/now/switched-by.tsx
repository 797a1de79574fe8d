import { auditPath, readAuditEntry } from '../audit/audit-filter.ts';
import { auditQuery } from '../audit/queries.ts';
import { useOperator } from '../operator.ts';
import { useList } from '../use-watched.ts';
import { Actor } from '../views/actor.tsx';
import { Moment } from '../views/moment.tsx';

const BY_SWITCH = { by: 'act', value: 'set-kill-switch' } as const;

/** Who switched the kill switch last, and when: one read of the audit. For admins. */
export function SwitchedBy({ nowMs }: { readonly nowMs: number }) {
  const { db } = useOperator();
  const { watched } = useList('switched-by', () => auditQuery(db, BY_SWITCH, { size: 1 }), readAuditEntry);
  if (watched.kind === 'loading') return <p class="muted note">Looking who switched it last…</p>;
  if (watched.kind === 'failed') return <p class="muted note">{watched.problem}</p>;
  const [last] = watched.value.rows;
  if (last === undefined) return <p class="muted note">Nobody has switched it yet.</p>;
  return (
    <p class="muted note" data-testid="switched-by">
      Switched last by <Actor actor={last.actor} />, <Moment ms={last.at} nowMs={nowMs} />
      {last.reason !== '' && <q class="wrap">{last.reason}</q>}.{' '}
      <a href={auditPath(BY_SWITCH)}>All of its changes</a>
    </p>
  );
}
