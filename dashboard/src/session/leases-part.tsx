import type { LiveSessionDocument } from '@livegate/protocol';
import { secondsText } from '../format.ts';
import { leaseLines } from '../session-figures.ts';
import { Moment } from '../views/moment.tsx';
import { Figure, Head, Part, Scrolling } from './part.tsx';
import { leaseFate } from './session-lines.ts';
import { connectionIds } from './told-lines.ts';

const OPS: Readonly<Record<string, string>> = {
  start: 'start',
  renew: 'renewal',
  remint: 'after a drop',
};

interface LeasesPartProps {
  readonly session: LiveSessionDocument;
  readonly nowMs: number;
}

/** Every credential of the session, and for how long it was, or is, good. */
export function LeasesPart({ session, nowMs }: LeasesPartProps) {
  const lines = leaseLines(session);
  const connections = connectionIds(session);
  return (
    <Part id="leases" title={`Leases (${lines.length})`}>
      <Scrolling label="Leases">
        <table class="inner wide-table" aria-labelledby="leases" data-testid="leases">
          <thead>
            <tr>
              <th scope="col">Lease</th>
              <th scope="col">From</th>
              <th scope="col">Until</th>
              <Head>Length</Head>
              <Head>Connection</Head>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((lease) => (
              <tr key={lease.id} data-lease={lease.index + 1} data-op={lease.op}>
                <th scope="row" title={lease.id}>
                  {lease.index + 1} · {OPS[lease.op] ?? lease.op}
                </th>
                <td>
                  <Moment ms={lease.mintedAt} nowMs={nowMs} />
                </td>
                <td>
                  <Moment ms={lease.expiresAt} nowMs={nowMs} />
                </td>
                <Figure>{secondsText(lease.seconds)}</Figure>
                <Figure>
                  {lease.state === 'refused' ? '—' : connections.indexOf(lease.connectionId) + 1}
                </Figure>
                <td>
                  <span
                    class={lease.state !== 'refused' && lease.expiresAt > nowMs ? 'alive live' : undefined}
                  >
                    {leaseFate(lease, nowMs)}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
    </Part>
  );
}
