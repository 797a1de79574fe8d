import { durationWords } from '../format.ts';
import { sessionPath, userPath } from '../places.ts';
import { livenessOf } from '../session-figures.ts';
import { Moment } from '../views/moment.tsx';
import { StateBadge } from '../views/state-badge.tsx';
import { type LiveRow, leaseNumber } from './live-rows.ts';

/** The sessions that go on, as they begin, renew and end. On a narrow screen each row is a card. */
export function LiveTable({ rows, nowMs }: { readonly rows: readonly LiveRow[]; readonly nowMs: number }) {
  return (
    <table class="ledger" data-testid="live-table">
      <caption class="unseen">Live sessions, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Began</th>
          <th scope="col">State</th>
          <th scope="col">User</th>
          <th scope="col">Model</th>
          <th scope="col">Policy</th>
          <th scope="col">Lease</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <LiveLine key={row.session.id} row={row} nowMs={nowMs} />
        ))}
      </tbody>
    </table>
  );
}

function LiveLine({ row, nowMs }: { readonly row: LiveRow; readonly nowMs: number }) {
  const { session, goneAt } = row;
  const { id, document } = session;
  const liveness = livenessOf(document, nowMs);
  const leftSeconds = Math.max(0, (document.deadAt - nowMs) / 1_000);
  return (
    <tr
      class={goneAt === null ? undefined : 'gone'}
      data-testid="session-row"
      data-session-id={id}
      data-state={goneAt === null ? document.state : 'over'}
    >
      <th scope="row" class="name">
        <a href={sessionPath(id)}>
          <Moment ms={document.createdAt} nowMs={nowMs} />
        </a>
      </th>
      <td data-label="State">
        {goneAt === null ? <StateBadge state={document.state} /> : <span class="badge">just ended</span>}
      </td>
      <td data-label="User">
        <a class="clip mono" href={userPath(document.uid)} title={document.uid}>
          {document.uid}
        </a>
      </td>
      <td data-label="Model" class="wrap">
        <span class="clip" title={document.model}>
          {document.model}
        </span>
        {document.template !== null && (
          <span class="under clip" title={document.template}>
            {document.template}
          </span>
        )}
      </td>
      <td data-label="Policy">
        <span class="clip" title={document.policy}>
          {document.policyId}
        </span>
      </td>
      <td data-label="Lease">
        <span data-testid="live-lease" data-lease={leaseNumber(session)}>
          {leaseNumber(session)}
        </span>
        {goneAt === null && (
          <span class="under">
            {liveness === 'live' ? (
              <>
                ends <Moment ms={document.deadAt} nowMs={nowMs} />, in {durationWords(leftSeconds)}
              </>
            ) : (
              'over; its books close soon'
            )}
          </span>
        )}
      </td>
    </tr>
  );
}
