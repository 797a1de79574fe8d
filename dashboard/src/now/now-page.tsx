import { useMemo } from 'preact/hooks';
import { countText } from '../format.ts';
import { useNow } from '../hooks.ts';
import { useOperator } from '../operator.ts';
import { sessionsPath } from '../places.ts';
import { readSession, type Session } from '../session-document.ts';
import { KillSwitch, useLiveConfig } from '../settings/kill-switch.tsx';
import { useList } from '../use-watched.ts';
import { Moment } from '../views/moment.tsx';
import { Notice } from '../views/notice.tsx';
import { States } from '../views/states.tsx';
import { type DayFigures, dayFiguresOf, figuresOn, utcDay } from './day-figures.ts';
import { LiveTable } from './live-table.tsx';
import { NowTiles } from './now-tiles.tsx';
import { goingOnQuery, newestDayQuery } from './queries.ts';
import { NAMES_LIMIT, NOW_LIST, TOTALS_MS } from './read-budget-policy.ts';
import { refusalWords } from './refusal-words.ts';
import { type CountedLine, ShareList } from './share-list.tsx';
import { namesToCount, type Share, sharesOf } from './shares.ts';
import { SwitchedBy } from './switched-by.tsx';
import { useBoundedList } from './use-bounded-list.ts';
import { useLiveRows } from './use-live-rows.ts';
import { type CountedNames, type Totals, useTotals } from './use-totals.ts';

/** What goes on: who talks, what is refused, what today comes to, and the switch that stops it. */
export function NowPage() {
  const { db, role } = useOperator();
  const now = useNow(1_000);
  const config = useLiveConfig();
  const days = useList(
    'newest-day',
    () => newestDayQuery(db),
    (_, data) => dayFiguresOf(data),
  );
  const list = useBoundedList('going-on', {
    make: () => goingOnQuery(db),
    read: readSession,
    budget: NOW_LIST,
  });
  const rows = useLiveRows(list.watched, now);

  const newest = days.watched.kind === 'ready' ? (days.watched.value.rows[0] ?? null) : null;
  const figures = figuresOn(newest, utcDay(now));
  const listed = list.watched.kind === 'ready' ? list.watched.value.rows : null;
  const isKnown = listed !== null && days.watched.kind !== 'loading';
  const names = useMemo(() => (isKnown ? countedNames(listed, newest) : null), [isKnown, listed, newest]);
  const totals = useTotals(db, names);
  const counted = totals.watched.kind === 'ready' ? totals.watched.value : null;

  return (
    <main id="main" class="view" data-testid="now">
      <div class="heading">
        <h1>Now</h1>
        <p class="muted" role="status" data-testid="list-status">
          {statusText(counted, list.isResting)}
        </p>
      </div>
      {totals.watched.kind === 'failed' && (
        <Notice tone="bad" title="What is live cannot be counted" testId="totals-error">
          <p>{totals.watched.problem}</p>
          <button type="button" onClick={totals.retry}>
            Try again
          </button>
        </Notice>
      )}
      {newest?.isSample === true && (
        <Notice tone="info" title="Sample data" testId="sample">
          Sessions made up by <code>npm run seed</code> are in these figures.
        </Notice>
      )}
      <NowTiles
        totals={totals.watched}
        figures={figures}
        config={config.watched.kind === 'ready' ? config.watched.value : null}
        nowMs={now}
      />
      <section class="card padded" aria-labelledby="switch-title">
        <h2 id="switch-title">Kill switch</h2>
        <KillSwitch of={config} />
        {role === 'admin' ? (
          <SwitchedBy nowMs={now} />
        ) : (
          <p class="muted note">Who switched it, and when, stands in the audit, which admins read.</p>
        )}
      </section>
      <div class="columns">
        <ShareList
          title="Live by model"
          testId="by-model"
          lines={linesOf(sharesOf(counted?.live ?? 0, counted?.models ?? new Map()), 'model')}
          none={counted === null ? 'Being counted…' : 'Nobody talks.'}
        />
        <ShareList
          title="Live by policy"
          testId="by-policy"
          lines={linesOf(sharesOf(counted?.live ?? 0, counted?.policies ?? new Map()), 'policyId')}
          none={counted === null ? 'Being counted…' : 'Nobody talks.'}
        />
        <ShareList
          title="Mints refused today"
          testId="refusals"
          lines={(figures?.refusals ?? []).map(([reason, count]) => refusalLine(reason, count))}
          none={figures === null ? 'Not known yet.' : 'None.'}
          note={
            figures === null ? (
              'Nothing has been added up yet today, UTC.'
            ) : (
              <>
                By reason, as of <Moment ms={figures.rolledUpAt} nowMs={now} />; added up every 5 minutes.
              </>
            )
          }
        />
      </div>
      <section class="card list" aria-labelledby="live-title">
        <h2 id="live-title">Live sessions</h2>
        {list.isResting && (
          <Notice tone="info" title="Refreshed every 30 s" testId="list-resting">
            More than {NOW_LIST.perMinute} changes came in a minute. To keep the bill small, the list is read
            anew every {NOW_LIST.refreshMs / 1_000} s for {NOW_LIST.restMs / 60_000} minutes instead of at
            each change.
          </Notice>
        )}
        <States of={list} noun="live sessions" testId="live">
          {({ unreadable, rows: live }) => (
            <>
              {rows.length === 0 ? (
                <div class="blank" data-testid="live-empty">
                  <p class="blank-title">Nobody talks</p>
                  <p class="muted">
                    A session appears here the moment it begins. <a href="/sessions">Look at earlier ones.</a>
                  </p>
                </div>
              ) : (
                <LiveTable rows={rows} nowMs={now} />
              )}
              <p class="card-foot muted note">
                {live.length >= NOW_LIST.rows && `The newest ${NOW_LIST.rows}. `}
                {unreadable > 0 && `${countText(unreadable)} of a version that this page does not know. `}
                <a href={sessionsPath({ state: 'active' })}>All active sessions</a>
              </p>
            </>
          )}
        </States>
      </section>
      <p class="muted note">
        Counts are taken every {TOTALS_MS / 1_000} s while this page is on screen. Today is the UTC day. Times
        are in your zone; their tooltips are in UTC.
      </p>
    </main>
  );
}

function countedNames(listed: readonly Session[], newest: DayFigures | null): CountedNames {
  const most = NAMES_LIMIT;
  const of = (name: 'model' | 'policyId') => listed.map(({ document }) => document[name]);
  return {
    models: namesToCount(of('model'), { known: newest?.models ?? [], most }),
    policies: namesToCount(of('policyId'), { known: newest?.policies ?? [], most }),
  };
}

function statusText(counted: Totals | null, isResting: boolean): string {
  if (counted === null) return 'Loading…';
  return `${countText(counted.live)} live${isResting ? ' · refreshed every 30 s' : ''}`;
}

function linesOf(shares: readonly Share[], field: 'model' | 'policyId'): readonly CountedLine[] {
  return shares.map(({ name, count }) =>
    name === null
      ? { key: '', label: 'others', count }
      : {
          key: name,
          count,
          label: (
            <a class="clip" href={sessionsPath({ [field]: name, state: 'active' })} title={name}>
              {name}
            </a>
          ),
        },
  );
}

function refusalLine(reason: string, count: number): CountedLine {
  const words = refusalWords(reason);
  return {
    key: reason,
    count,
    label: words === undefined ? <code>{reason}</code> : <span title={reason}>{words}</span>,
  };
}
