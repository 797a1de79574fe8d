import { type ComponentChild, render } from 'preact';
import { openFirebase, type Services } from './firebase.ts';
import { readPageConfig } from './page-config.ts';
import { Notice } from './views/notice.tsx';

/** Opens the project and draws a page of it into `#app`; in its place, why it cannot start. */
export function startPage(page: (services: Services) => ComponentChild): void {
  const root = document.getElementById('app');
  if (root === null) throw new Error('The page has no #app.');
  readPageConfig()
    .then(openFirebase)
    .then(
      (services) => render(page(services), root),
      (error: unknown) =>
        render(
          <main class="alone">
            <Notice tone="bad" title="The page cannot start">
              {error instanceof Error ? error.message : 'Its configuration could not be read.'} Reload once
              the host serves it.
            </Notice>
          </main>,
          root,
        ),
    );
}
