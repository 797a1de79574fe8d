import { render } from 'preact';
import { App } from './app.tsx';
import { openFirebase } from './firebase.ts';
import { pathOfOldAddress } from './old-address.ts';
import { readPageConfig } from './page-config.ts';
import { Notice } from './views/notice.tsx';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no #app.');

const renamed = pathOfOldAddress(location.hash);
if (renamed !== undefined) history.replaceState(null, '', renamed);

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
