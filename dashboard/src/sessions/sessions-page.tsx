import { countText } from '../format.ts';
import { useNow, useRoute, useSessionList } from '../hooks.ts';
import type { ListState } from '../list-state.ts';
import { useOperator } from '../operator.ts';
import { SESSION_LIST_LIMIT } from '../queries.ts';
import type { Route } from '../route.ts';
import { figuresOf } from '../session-figures.ts';
import { Notice } from '../views/notice.tsx';
import { SessionPanel } from '../views/session-panel.tsx';
import { SessionTable } from '../views/session-table.tsx';
import { StateFilter } from '../views/state-filter.tsx';
import { Tiles } from '../views/tiles.tsx';

/** The sessions as they happen: figures, filter, list, and the details of the one that is open. */
export function SessionsPage() {
  const { db } = useOperator();
  const [route, go] = useRoute();
  const now = useNow(1_000);
  const { list, retry } = useSessionList(db, route.state);
  const sessions = list.kind === 'ready' ? list.sessions : [];
  const figures = figuresOf(sessions, now);

  const close = () => {
    const opener = document.getElementById(`open-${route.sessionId}`);
    go({ ...route, sessionId: null });
    opener?.focus();
  };

  return (
    <div class={route.sessionId === null ? 'page' : 'page with-panel'}>
      <main id="main">
        <div class="heading">
          <h1>Sessions</h1>
          <p class="muted" role="status" data-testid="list-status">
            {statusText(list, route, figures.live)}
          </p>
        </div>
        <Tiles figures={figures} scope={scopeText(route)} />
        <StateFilter state={route.state} onChoose={(state) => go({ ...route, state })} />
        {list.kind === 'ready' && list.offline && (
          <Notice tone="warn" title="Offline" testId="offline">
            Firestore cannot be reached. These are the last figures known; the page catches up by itself.
          </Notice>
        )}
        {list.kind === 'ready' && list.unreadable > 0 && (
          <Notice tone="warn" title={`${countText(list.unreadable)} not shown`} testId="unreadable">
            Documents of a version that this page does not know. Deploy the page again.
          </Notice>
        )}
        <div class="card list">
          {list.kind === 'loading' && <Loading offline={list.offline} />}
          {list.kind === 'failed' && (
            <Notice tone="bad" title="The list cannot be shown" testId="list-error">
              <p>{list.problem}</p>
              <button type="button" onClick={retry}>
                Try again
              </button>
            </Notice>
          )}
          {list.kind === 'ready' && sessions.length === 0 && <Empty state={route.state} />}
          {sessions.length > 0 && (
            <SessionTable
              sessions={sessions}
              nowMs={now}
              openId={route.sessionId}
              onOpen={(sessionId) => go({ ...route, sessionId })}
            />
          )}
        </div>
        <p class="muted note">
          List and figures cover the {scopeText(route)}. Times are in your zone; their tooltips are in UTC.
        </p>
      </main>
      {route.sessionId !== null && (
        <SessionPanel key={route.sessionId} db={db} sessionId={route.sessionId} nowMs={now} onClose={close} />
      )}
    </div>
  );
}

function Loading({ offline }: { readonly offline: boolean }) {
  return (
    <div class="blank" data-testid="loading" aria-busy="true">
      <p>{offline ? 'Firestore cannot be reached. Waiting for the connection…' : 'Loading sessions…'}</p>
    </div>
  );
}

function Empty({ state }: { readonly state: Route['state'] }) {
  return (
    <div class="blank" data-testid="empty">
      <p class="blank-title">{state === 'all' ? 'No sessions yet' : `No ${state} sessions`}</p>
      <p class="muted">
        {state === 'all'
          ? 'The first one appears here the moment somebody starts to talk.'
          : 'Sessions that come into this state appear here by themselves.'}
      </p>
    </div>
  );
}

function scopeText({ state }: Route): string {
  return state === 'all'
    ? `newest ${SESSION_LIST_LIMIT} sessions`
    : `newest ${SESSION_LIST_LIMIT} ${state} sessions`;
}

function statusText(list: ListState, { state }: Route, live: number): string {
  if (list.kind === 'loading') return 'Loading…';
  if (list.kind === 'failed') return 'Not available';
  const count = list.sessions.length;
  const noun = count === 1 ? 'session' : 'sessions';
  const which = state === 'all' ? noun : `${state} ${noun}`;
  const first = count === SESSION_LIST_LIMIT ? `The newest ${count} ${which}` : `${count} ${which}`;
  return `${first} · ${live} live${list.offline ? ' · offline' : ''}`;
}
