import { render } from 'preact';
import { App } from './app.tsx';
import { openFirebase } from './firebase.ts';
import { readPageConfig } from './page-config.ts';
import { Notice } from './views/notice.tsx';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no #app.');

readPageConfig().then(
  (config) => render(<App services={openFirebase(config)} operator={config.operator} />, root),
  (error: unknown) =>
    render(
      <main class="alone">
        <Notice tone="bad" title="The page cannot start">
          {error instanceof Error ? error.message : 'Its configuration could not be read.'} Reload once the
          host serves it.
        </Notice>
      </main>,
      root,
    ),
);
