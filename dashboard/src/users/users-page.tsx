import { useId } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { countText } from '../format.ts';
import { useNow } from '../hooks.ts';
import { useOperator } from '../operator.ts';
import { usePages } from '../use-pages.ts';
import { Notice } from '../views/notice.tsx';
import { PageSteps } from '../views/page-steps.tsx';
import { States } from '../views/states.tsx';
import { FindUser } from './find-user.tsx';
import { USAGE_PAGE, usageQuery } from './queries.ts';
import { monthsBack, monthText, readUsage, readUsageList, USAGE_SORTS, usageListPath } from './usage-list.ts';
import { UsageTable } from './usage-table.tsx';

/** Months that can be chosen: as long as the sums are kept. */
const MONTHS = 13;

/** The users of a month by what they used, and a way to any user. */
export function UsersPage() {
  const { db } = useOperator();
  const { query, route } = useLocation();
  const now = useNow(60_000);
  const list = readUsageList(query, now);
  const { month, sort } = list;
  const paged = usePages(`users ${month} ${sort.id}`, (after) => usageQuery(db, list, { after }), {
    size: USAGE_PAGE,
    read: readUsage,
  });
  const months = monthsBack(now, MONTHS);
  const monthId = useId();
  const sortId = useId();
  return (
    <main id="main" class="view">
      <h1>Users</h1>
      <div class="choices">
        <div class="choice">
          <label for={monthId}>Month (UTC)</label>
          <select
            id={monthId}
            value={month}
            data-testid="users-month"
            onChange={(event) => route(usageListPath({ month: event.currentTarget.value, sort: sort.id }))}
          >
            {(months.includes(month) ? months : [month, ...months]).map((each) => (
              <option key={each} value={each}>
                {monthText(each)}
              </option>
            ))}
          </select>
        </div>
        <div class="choice">
          <label for={sortId}>Highest first by</label>
          <select
            id={sortId}
            value={sort.id}
            data-testid="users-sort"
            onChange={(event) => route(usageListPath({ month, sort: event.currentTarget.value }))}
          >
            {USAGE_SORTS.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </div>
        <FindUser />
      </div>
      <div class="card list">
        <States
          of={paged.watching}
          noun="users"
          testId="users"
          isEmpty={({ docs }) => docs.length === 0}
          empty={
            paged.page === 1
              ? {
                  title: `Nobody talked in ${monthText(month)}, or no books are closed yet`,
                  text: 'Users appear here by themselves, at most 5 minutes after the last token of a session is dead.',
                }
              : { title: 'Nobody further', text: 'That was the last page.' }
          }
        >
          {({ rows, unreadable }) => (
            <>
              {unreadable > 0 && (
                <Notice tone="warn" title={`${countText(unreadable)} not shown`} testId="users-unreadable">
                  Documents of a version that this page does not know. Deploy the page again.
                </Notice>
              )}
              <UsageTable
                rows={rows}
                nowMs={now}
                by="user"
                caption={`Users of ${monthText(month)}, ${sort.title.toLowerCase()} highest first`}
              />
            </>
          )}
        </States>
      </div>
      <PageSteps paged={paged} noun="users" />
      <p class="muted note">
        A session counts in the UTC month in which it began, once its books are closed: at most 5 minutes
        after its last token is dead. Costs are by list price; what has no known price is counted, not
        guessed. Times are in your zone; their tooltips are in UTC.
      </p>
    </main>
  );
}
