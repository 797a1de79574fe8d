import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import { placeOf } from '../places.ts';
import { Notice } from '../views/notice.tsx';
import { ViewBoundary } from '../views/view-boundary.tsx';
import { Menu } from './menu.tsx';

const NowPage = view(async () => (await import('../now/now-page.tsx')).NowPage);
const SessionsPage = view(async () => (await import('../sessions/sessions-page.tsx')).SessionsPage);
const SessionPage = view(async () => (await import('../session/session-page.tsx')).SessionPage);
const UsersPage = view(async () => (await import('../users/users-page.tsx')).UsersPage);
const UserPage = view(async () => (await import('../users/user-page.tsx')).UserPage);
const CostsPage = view(async () => (await import('../costs/costs-page.tsx')).CostsPage);
const SettingsPage = view(async () => (await import('../settings/settings-page.tsx')).SettingsPage);
const SettingPage = view(async () => (await import('../settings/setting-page.tsx')).SettingPage);
const AuditPage = view(async () => (await import('../audit/audit-page.tsx')).AuditPage);

/** Menu and views. Each view is loaded when it is opened first. */
export function Shell() {
  return (
    <LocationProvider>
      <Menu />
      <Guarded>
        <ErrorBoundary>
          <Router onRouteChange={opened}>
            <Route path="/" component={NowPage} />
            <Route path="/sessions" component={SessionsPage} />
            <Route path="/sessions/:id" component={SessionPage} />
            <Route path="/users" component={UsersPage} />
            <Route path="/users/:uid" component={UserPage} />
            <Route path="/costs" component={CostsPage} />
            <Route path="/settings" component={SettingsPage} />
            <Route path="/settings/:kind/:id" component={SettingPage} />
            <Route path="/audit" component={AuditPage} />
            <Route default component={Nowhere} />
          </Router>
        </ErrorBoundary>
      </Guarded>
    </LocationProvider>
  );
}

/** A view that is loaded when it is opened first; where it cannot be, one that says so. */
function view(load: () => Promise<FunctionComponent>): FunctionComponent {
  return lazy(() => load().catch(() => Unloaded));
}

function Unloaded() {
  return (
    <main id="main" class="view">
      <h1>This view could not be loaded</h1>
      <Notice tone="bad" title="The host did not send it" testId="view-unloaded">
        <p>There may be no connection, or a newer page was deployed since this one was opened.</p>
        <button type="button" onClick={() => location.reload()}>
          Reload the page
        </button>
      </Notice>
    </main>
  );
}

function Guarded({ children }: { readonly children: ComponentChildren }) {
  return <ViewBoundary path={useLocation().path}>{children}</ViewBoundary>;
}

function opened(url: string): void {
  const place = placeOf(new URL(url, location.origin).pathname);
  document.title = place === undefined ? 'Livegate' : `Livegate · ${place.title}`;
}

function Nowhere() {
  useEffect(() => {
    document.title = 'Livegate';
  }, []);
  return (
    <main id="main" class="view" data-testid="nowhere">
      <h1>Nothing here</h1>
      <p>
        This address leads nowhere. <a href="/">Go to Now.</a>
      </p>
    </main>
  );
}
