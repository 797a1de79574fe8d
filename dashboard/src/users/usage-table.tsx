import { countText, durationWords, NONE } from '../format.ts';
import { costText, minutesText } from '../money.ts';
import { userPath } from '../places.ts';
import { Moment } from '../views/moment.tsx';
import { monthText, type UsageRow } from './usage-list.ts';

interface UsageTableProps {
  readonly rows: readonly UsageRow[];
  readonly nowMs: number;
  /** What a row is named by: its user, or its month. */
  readonly by: 'user' | 'month';
  readonly caption: string;
}

/** Sums of users or of months, a row each. */
export function UsageTable({ rows, nowMs, by, caption }: UsageTableProps) {
  return (
    <table class="ledger">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{by === 'user' ? 'User' : 'Month (UTC)'}</th>
          <th scope="col" class="figure">
            Sessions
          </th>
          <th scope="col" class="figure">
            Leased
          </th>
          <th scope="col" class="figure">
            Reported
          </th>
          <th scope="col" class="figure">
            Metered
          </th>
          <th scope="col" class="figure">
            Cost
          </th>
          <th scope="col" class="figure">
            Flagged
          </th>
          <th scope="col" class="figure">
            Failed
          </th>
          <th scope="col">Seen last</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.month} ${row.uid}`} data-testid="usage-row" data-uid={row.uid}>
            <th scope="row" class="name">
              {by === 'user' ? (
                <a class="clip mono" href={userPath(row.uid)} title={row.uid} data-testid="usage-uid">
                  {row.uid}
                </a>
              ) : (
                <span data-testid="usage-month">{monthText(row.month)}</span>
              )}
              {row.isSample && <span class="under">sample data</span>}
            </th>
            <td class="figure" data-label="Sessions" data-testid="usage-sessions">
              {countText(row.sessions)}
            </td>
            <Minutes name="Leased" seconds={row.leasedSeconds} testId="usage-leased" />
            <Minutes name="Reported" seconds={row.reportedSeconds} testId="usage-reported" />
            <Minutes name="Metered" seconds={row.meteredSeconds} testId="usage-metered" none />
            <td class="figure" data-label="Cost" data-testid="usage-cost">
              {costText(row)}
            </td>
            <td class="figure" data-label="Flagged" data-testid="usage-flagged">
              {countText(row.flagged)}
            </td>
            <td class="figure" data-label="Failed" data-testid="usage-failed">
              {countText(row.failed)}
            </td>
            <td class="nowrap" data-label="Seen last">
              <Moment ms={row.closedAt} nowMs={nowMs} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface MinutesProps {
  readonly name: string;
  readonly seconds: number;
  readonly testId: string;
  /** 0 means that nothing measured it. */
  readonly none?: boolean;
}

function Minutes({ name, seconds, testId, none = false }: MinutesProps) {
  return (
    <td
      class="figure"
      data-label={name}
      data-testid={testId}
      title={none && seconds === 0 ? 'The relay measured none of it' : durationWords(seconds)}
    >
      {none && seconds === 0 ? NONE : minutesText(seconds)}
    </td>
  );
}
