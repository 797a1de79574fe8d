import { useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { countText } from '../format.ts';
import { useNow } from '../hooks.ts';
import { useOperator } from '../operator.ts';
import { type Listed, useList, type Watching } from '../use-watched.ts';
import { usageQuery } from '../users/queries.ts';
import { monthText, readUsage, USAGE_SORTS } from '../users/usage-list.ts';
import { Notice } from '../views/notice.tsx';
import { States } from '../views/states.tsx';
import { CostCanvas } from './cost-canvas.tsx';
import { CostChoices } from './cost-choices.tsx';
import { csvText, saveText, seriesLines, userLines } from './cost-csv.ts';
import { costSeries, type DayFigures, readDay, userGroups } from './cost-series.ts';
import { DayTable, GroupTable } from './cost-tables.tsx';
import { CostTiles } from './cost-tiles.tsx';
import { type CostView, costPath, daysOfMonth, lastDays, readCostView } from './cost-view.ts';
import { seriesWords, usersWords } from './cost-words.ts';
import { COST_USERS, daysQuery } from './queries.ts';

const BY_COST = USAGE_SORTS[1];

/** What it costs, by day, model, template or user. */
export function CostsPage() {
  const { db } = useOperator();
  const { query, route } = useLocation();
  const now = useNow(60_000);
  const view = readCostView(query, now);
  const { by, range, month } = view;
  const days = by === 'user' ? daysOfMonth(month) : lastDays(now, range);
  const from = days[0] ?? '';
  const to = days.at(-1) ?? '';
  const figures = useList(`costs ${from} ${to}`, () => daysQuery(db, from, to), readDay);
  return (
    <main id="main" class="view">
      <h1>Costs</h1>
      <CostChoices view={view} nowMs={now} onChoose={(next) => route(costPath(next))} />
      {by === 'user' ? (
        <UserCosts month={month} figures={figures} />
      ) : (
        <DayCosts view={view} by={by} days={days} figures={figures} />
      )}
      <p class="muted note">
        Days and months are those of UTC. A session counts in the one in which it began, once its books are
        closed: at most 5 minutes after its last token is dead, and rolled up a few minutes later. Costs are
        tokens times list price, not a bill; what has no known price is counted, never taken for 0.
      </p>
    </main>
  );
}

const EMPTY = {
  title: 'Nothing to count yet',
  text: 'Figures appear here by themselves once the books of a first session are closed.',
};

interface DayCostsProps {
  readonly view: CostView;
  readonly by: 'day' | 'model' | 'template';
  readonly days: readonly string[];
  readonly figures: Watching<Listed<DayFigures>>;
}

function DayCosts({ view, by, days, figures }: DayCostsProps) {
  const rows = figures.watched.kind === 'ready' ? figures.watched.value.rows : null;
  const key = days.join();
  const series = useMemo(() => costSeries(days, rows ?? [], by), [key, rows, by]);
  const noun = by === 'model' ? 'Model' : 'Template';
  return (
    <States of={figures} noun="costs" testId="costs" isEmpty={({ docs }) => docs.length === 0} empty={EMPTY}>
      {({ unreadable }) => (
        <>
          <Unreadable count={unreadable} />
          <Sample days={rows ?? []} />
          <CostTiles sum={series.sum} scope={`the last ${view.range} UTC days`} />
          <section class="card padded" aria-label="Chart">
            <CostCanvas
              words={seriesWords(series, by)}
              of={`${by} ${key} ${JSON.stringify(series.totals)}`}
              draw={(charts, canvas, look) => charts.drawSeries(canvas, series, look)}
            />
          </section>
          {by !== 'day' && (
            <section class="card list" aria-labelledby="costs-by">
              <h2 id="costs-by">By {by}</h2>
              <GroupTable
                groups={series.groups}
                sum={series.sum}
                noun={noun}
                caption={`Costs by ${by}, the costliest first`}
              />
            </section>
          )}
          <section class="card list" aria-labelledby="costs-days">
            <div class="table-top">
              <h2 id="costs-days">By day</h2>
              <SaveButton
                name={`livegate-costs-by-${by}-${days[0]}-to-${days.at(-1)}.csv`}
                lines={() => seriesLines(series)}
              />
            </div>
            <DayTable series={series} split={by !== 'day'} />
          </section>
        </>
      )}
    </States>
  );
}

interface UserCostsProps {
  readonly month: string;
  readonly figures: Watching<Listed<DayFigures>>;
}

function UserCosts({ month, figures }: UserCostsProps) {
  const { db } = useOperator();
  const users = useList(
    `costs of users ${month}`,
    () => usageQuery(db, { month, sort: BY_COST }, { size: COST_USERS }),
    readUsage,
  );
  const days = figures.watched.kind === 'ready' ? figures.watched.value.rows : null;
  const rows = users.watched.kind === 'ready' ? users.watched.value.rows : null;
  const { groups, sum } = useMemo(() => userGroups(rows ?? [], days ?? []), [rows, days]);
  return (
    <States<Listed<unknown>>
      of={figures.watched.kind === 'ready' ? users : figures}
      noun="costs"
      testId="costs"
      isEmpty={() => groups.length === 0}
      empty={EMPTY}
    >
      {({ unreadable }) => (
        <>
          <Unreadable count={unreadable} />
          <Sample days={days ?? []} />
          <CostTiles sum={sum} scope={`${monthText(month)}, UTC`} />
          <section class="card padded" aria-label="Chart">
            <CostCanvas
              tall
              words={usersWords(groups)}
              of={`users ${month} ${JSON.stringify(groups)}`}
              draw={(charts, canvas, look) => charts.drawUsers(canvas, groups, look)}
            />
          </section>
          <section class="card list" aria-labelledby="costs-users">
            <div class="table-top">
              <h2 id="costs-users">The {COST_USERS} costliest users</h2>
              <SaveButton
                name={`livegate-costs-by-user-${month}.csv`}
                lines={() => userLines(month, groups)}
              />
            </div>
            <GroupTable
              users
              groups={groups}
              sum={sum}
              noun="User"
              caption={`Users of ${monthText(month)}, the costliest first`}
            />
          </section>
        </>
      )}
    </States>
  );
}

function Sample({ days }: { readonly days: readonly DayFigures[] }) {
  return days.some(({ isSample }) => isSample) ? (
    <Notice tone="info" title="Sample data" testId="costs-sample">
      Sessions made up by <code>npm run seed</code> are in these figures.
    </Notice>
  ) : null;
}

function Unreadable({ count }: { readonly count: number }) {
  return count === 0 ? null : (
    <Notice tone="warn" title={`${countText(count)} not counted`} testId="costs-unreadable">
      Documents of a version that this page does not know. Deploy the page again.
    </Notice>
  );
}

interface SaveButtonProps {
  readonly name: string;
  readonly lines: () => readonly (readonly (string | number)[])[];
}

function SaveButton({ name, lines }: SaveButtonProps) {
  const [hasFailed, setFailed] = useState(false);
  const save = () =>
    csvText(lines()).then(
      (text) => {
        setFailed(false);
        saveText(name, text);
      },
      () => setFailed(true),
    );
  return (
    <span>
      <button type="button" class="small" data-testid="cost-csv" onClick={save}>
        Save as CSV
      </button>
      <span role="status" class="problem">
        {hasFailed && ' Not saved: a part of the page could not be loaded.'}
      </span>
    </span>
  );
}
