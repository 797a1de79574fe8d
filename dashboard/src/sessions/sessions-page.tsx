import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { countText } from '../format.ts';
import { useNow } from '../hooks.ts';
import { SESSIONS_LIST } from '../now/read-budget-policy.ts';
import { sessionsPath } from '../places.ts';
import { Notice } from '../views/notice.tsx';
import { CsvDialog } from './csv-dialog.tsx';
import { FilterForm } from './filter-form.tsx';
import { type LeftOut, servedFilter } from './filter-policy.ts';
import { FIELD_NAMES, isFiltered, matchText, SORT_NAMES } from './filter-words.ts';
import { FindSession } from './find-session.tsx';
import { PAGE_ROWS } from './queries.ts';
import { ALL_SESSIONS, filterParameters, readFilter, type SessionFilter } from './session-filter.ts';
import { SessionRows } from './session-rows.tsx';
import { useMatchCount } from './use-match-count.ts';
import { type SessionPages, useSessionPages } from './use-session-pages.ts';

/** The sessions: looked for by what there is an index for, page by page, and as a file. */
export function SessionsPage() {
  const { query, route } = useLocation();
  const now = useNow(1_000);
  const asked = readFilter(query);
  const { filter, leftOut, source } = servedFilter(asked);
  const pages = useSessionPages(filter);
  const count = useMatchCount(filter);
  const [isFileAsked, askFile] = useState(false);
  const choose = (next: SessionFilter) => route(sessionsPath(filterParameters(next)));
  const { list, rows, unreadable } = pages;

  return (
    <main id="main" class="view">
      <div class="heading">
        <h1>Sessions</h1>
        <p class="muted" role="status" data-testid="list-status">
          {statusText(pages, count)}
        </p>
      </div>
      <div class="sessions-tools">
        <FindSession />
        <button
          type="button"
          data-testid="csv"
          disabled={list.watched.kind !== 'ready'}
          onClick={() => askFile(true)}
        >
          CSV…
        </button>
      </div>
      <FilterForm filter={filter} onChoose={choose} />
      {leftOut.length > 0 && <LeftOutNotice leftOut={leftOut} />}
      {source !== 'sessions' && (
        <p class="muted note" data-testid="closed-only">
          Flags and costs are known once a session’s books are closed, so sessions that go on are not in this
          list.
        </p>
      )}
      {list.isResting && (
        <Notice tone="info" title="Refreshed every 30 s" testId="list-resting">
          The first page changes too often to follow each change: it is read anew every{' '}
          {SESSIONS_LIST.refreshMs / 1_000} s for {SESSIONS_LIST.restMs / 60_000} minutes.
        </Notice>
      )}
      {list.watched.kind === 'ready' && list.watched.offline && (
        <Notice tone="warn" title="Offline" testId="offline">
          Firestore cannot be reached. These are the last figures known; the page catches up by itself.
        </Notice>
      )}
      {unreadable > 0 && (
        <Notice tone="warn" title={`${countText(unreadable)} not shown`} testId="unreadable">
          Documents of a version that this page does not know. Deploy the page again.
        </Notice>
      )}
      <div class="card list">
        {list.watched.kind === 'loading' && (
          <div class="blank" data-testid="loading" aria-busy="true">
            <p>
              {list.watched.offline
                ? 'Firestore cannot be reached. Waiting for the connection…'
                : 'Loading sessions…'}
            </p>
          </div>
        )}
        {list.watched.kind === 'failed' && (
          <Notice tone="bad" title="The list cannot be shown" testId="list-error">
            <p>{list.watched.problem}</p>
            <button type="button" onClick={list.retry}>
              Try again
            </button>
          </Notice>
        )}
        {list.watched.kind === 'ready' && rows.length === 0 && (
          <Empty filter={filter} onClear={() => choose(ALL_SESSIONS)} />
        )}
        {rows.length > 0 && (
          <SessionRows
            rows={rows}
            isMore={pages.next.kind !== 'none'}
            caption={`Sessions, ${SORT_NAMES[filter.sort].toLowerCase()}`}
            nowMs={now}
          />
        )}
        {rows.length > 0 && <NextPage pages={pages} />}
      </div>
      <p class="muted note">
        The first {PAGE_ROWS} change as they happen; later pages are as they were when they were read. Times
        are in your zone; their tooltips are in UTC.
      </p>
      {isFileAsked && <CsvDialog filter={filter} count={count} onClose={() => askFile(false)} />}
    </main>
  );
}

function LeftOutNotice({ leftOut }: { readonly leftOut: readonly LeftOut[] }) {
  return (
    <Notice tone="warn" title="Not all of this address can be shown" testId="left-out">
      <ul class="greyed">
        {leftOut.map(({ what, why }) => (
          <li key={what}>
            {{ ...FIELD_NAMES, ...SORT_NAMES }[what]}: {why}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Empty({ filter, onClear }: { readonly filter: SessionFilter; readonly onClear: () => void }) {
  if (!isFiltered(filter) && filter.sort !== 'costliest')
    return (
      <div class="blank" data-testid="empty">
        <p class="blank-title">No sessions yet</p>
        <p class="muted">The first one appears here the moment somebody starts to talk.</p>
      </div>
    );
  return (
    <div class="blank" data-testid="empty">
      <p class="blank-title">No session matches</p>
      <p class="muted">Those that come to match appear here by themselves.</p>
      <button type="button" data-testid="empty-clear" onClick={onClear}>
        Show all sessions
      </button>
    </div>
  );
}

/** Reads the next page when its button comes near, or is pressed. */
function NextPage({ pages: { next, loadMore, rows } }: { readonly pages: SessionPages }) {
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef(loadMore);
  latest.current = loadMore;
  const isIdle = next.kind === 'idle';
  // Not before somebody has scrolled: a list that is merely looked at costs one page.
  useEffect(() => {
    const element = button.current;
    if (element === null || !isIdle) return;
    // Told by the browser: to measure at each scroll would have the page laid out in each frame.
    let isNear = false;
    const observer = new IntersectionObserver(
      (entries) => {
        isNear = entries.at(-1)?.isIntersecting ?? false;
      },
      { rootMargin: '0px 0px 50% 0px' },
    );
    observer.observe(element);
    const onScroll = () => {
      if (isNear) latest.current();
    };
    addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      removeEventListener('scroll', onScroll);
    };
  }, [isIdle]);
  if (next.kind === 'none')
    return (
      <p class="card-foot muted note" data-testid="list-end">
        {rows.length === 1 ? 'That is all: one session.' : `That is all: ${countText(rows.length)} sessions.`}
      </p>
    );
  return (
    <div class="card-foot next-page">
      {next.kind === 'failed' && (
        <Notice tone="bad" title="The next page could not be read" testId="more-error">
          {next.problem}
        </Notice>
      )}
      <button
        ref={button}
        type="button"
        data-testid="load-more"
        aria-disabled={next.kind === 'loading'}
        onClick={loadMore}
      >
        {next.kind === 'loading' ? 'Loading…' : next.kind === 'failed' ? 'Try again' : 'Load more'}
      </button>
    </div>
  );
}

function statusText({ list, rows, next }: SessionPages, count: number | undefined): string {
  if (list.watched.kind === 'loading') return 'Loading…';
  if (list.watched.kind === 'failed') return 'Not available';
  const shown =
    next.kind === 'none' ? `all ${countText(rows.length)} shown` : `${countText(rows.length)} loaded`;
  const parts = [matchText(count), shown, list.watched.offline ? 'offline' : undefined];
  return parts.filter((part) => part !== undefined).join(' · ');
}
