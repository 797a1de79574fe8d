import { useEffect, useState } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import { placeOf } from '../places.ts';
import { Notice } from '../views/notice.tsx';
import { Menu } from './menu.tsx';

const NowPage = lazy(async () => (await import('../now/now-page.tsx')).NowPage);
const SessionsPage = lazy(async () => (await import('../sessions/sessions-page.tsx')).SessionsPage);
const SessionPage = lazy(async () => (await import('../session/session-page.tsx')).SessionPage);
const UsersPage = lazy(async () => (await import('../users/users-page.tsx')).UsersPage);
const UserPage = lazy(async () => (await import('../users/user-page.tsx')).UserPage);
const CostsPage = lazy(async () => (await import('../costs/costs-page.tsx')).CostsPage);
const SettingsPage = lazy(async () => (await import('../settings/settings-page.tsx')).SettingsPage);
const SettingPage = lazy(async () => (await import('../settings/setting-page.tsx')).SettingPage);
const AuditPage = lazy(async () => (await import('../audit/audit-page.tsx')).AuditPage);

/** Menu and views. Each view is loaded when it is opened first. */
export function Shell() {
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <LocationProvider>
      <Menu />
      {problem !== null && (
        <Notice tone="bad" title="This view could not be shown" testId="view-error">
          <p>{problem}</p>
          <button type="button" onClick={() => location.reload()}>
            Reload the page
          </button>
        </Notice>
      )}
      <ErrorBoundary onError={(error) => setProblem(error.message)}>
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
    </LocationProvider>
  );
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
