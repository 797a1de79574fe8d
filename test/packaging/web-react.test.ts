import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { buildWeb } from '../support/packages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the page offers to the tests. */
interface Scene {
  /** Mounts a component that uses the hook (or, as a control, a plain effect), under StrictMode. */
  mount(how?: { readonly naive?: boolean; readonly id?: string }): void;
  unmount(): void;
  /** What a hot reload does after the component's file was edited; `remakes` where the model stands in that file. */
  hotReload(remakes: boolean): void;
  reconnect(): void;
  mints(): number;
  /** Sockets that are open, and the status that the component shows. */
  open(): number;
  status(): string;
  endSession(): void;
}

/** Real React in its development build, on the scripted transport. */
const PAGE = `
import runtime from 'react-refresh/runtime';
runtime.injectIntoGlobalHook(window);
const { createElement, StrictMode, useEffect, useState } = await import('react');
const { createRoot } = await import('react-dom/client');
const { useLiveSession } = await import('./react.js');
const { ScriptedStage } = await import('./testing.js');

const stage = new ScriptedStage();
let model = stage.model();
let view;
function hooked(id) {
  return function App() {
    view = useLiveSession(model, id ? { id } : {});
    return createElement('p', null, view.status);
  };
}
function naive() {
  return function App() {
    const [status, show] = useState('connecting');
    useEffect(() => {
      const session = model.connect().then((open) => (show('open'), open));
      return () => void session.then((open) => open.close());
    }, [model]);
    return createElement('p', null, status);
  };
}
let mounted;
let again;
window.scene = {
  mount({ naive: isNaive = false, id } = {}) {
    again = () => {
      const App = isNaive ? naive() : hooked(id);
      runtime.register(App, 'App');
      runtime.setSignature(App, 'hooks');
      return App;
    };
    mounted = createRoot(document.getElementById('root'));
    mounted.render(createElement(StrictMode, null, createElement(again())));
  },
  unmount() { mounted.unmount(); },
  hotReload(remakes) {
    if (remakes) model = stage.model();
    again();
    runtime.performReactRefresh();
  },
  reconnect() { view.reconnect(); },
  mints: () => stage.tokens.requests.length,
  open: () => stage.server.sockets.filter(({ closedBy }) => !closedBy).length,
  status: () => document.getElementById('root').textContent,
  endSession() { stage.server.last.end(1000); },
};
`;

describe('useLiveSession', () => {
  let folder: string;
  let dist: string;
  let server: Server;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    dist = await buildWeb();
    folder = await mkdtemp(join(tmpdir(), 'livegate-react-'));
    await build({
      stdin: { contents: PAGE, resolveDir: dist },
      outfile: join(folder, 'page.js'),
      bundle: true,
      format: 'esm',
      target: 'es2022',
      nodePaths: [join(root, 'node_modules')],
      define: { 'process.env.NODE_ENV': '"development"' },
    });
    const script = await readFile(join(folder, 'page.js'));
    server = createServer((request, response) => {
      const isScript = request.url === '/page.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(
        isScript
          ? script
          : '<!doctype html><div id="root"></div><script type="module" src="/page.js"></script>',
      );
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await new Promise((closed) => server.close(closed));
    for (const each of [folder, dist]) await rm(each, { recursive: true, force: true });
  });
  beforeEach(async () => {
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'scene' in window);
  });
  afterEach(() => page.close());

  /** Runs in the page; gives effects and promises time to happen. */
  const act = <T>(run: (scene: Scene, argument: T) => void, argument?: T): Promise<void> =>
    page.evaluate(
      ([source, given]) => {
        const { scene } = window as unknown as { readonly scene: Scene };
        new Function('scene', 'argument', `(${source})(scene, argument)`)(scene, given);
      },
      [run.toString(), argument] as const,
    );
  const see = (): Promise<{ readonly mints: number; readonly open: number; readonly status: string }> =>
    page.evaluate(() => {
      const { scene } = window as unknown as { readonly scene: Scene };
      return { mints: scene.mints(), open: scene.open(), status: scene.status() };
    });
  const until = (status: string): Promise<unknown> =>
    page.waitForFunction(
      (wanted) => (window as unknown as { readonly scene: Scene }).scene.status() === wanted,
      status,
    );
  /** Longer than the grace after which a session that was let go is closed. */
  const untilNoneIsOpen = (): Promise<unknown> =>
    page.waitForFunction(() => (window as unknown as { readonly scene: Scene }).scene.open() === 0);

  it('takes one lease under StrictMode, where a plain effect takes two', async () => {
    await act((scene) => scene.mount());
    await until('open');
    expect(await see()).toEqual({ mints: 1, open: 1, status: 'open' });
    await page.reload();
    await page.waitForFunction(() => 'scene' in window);
    await act((scene) => scene.mount({ naive: true }));
    await until('open');
    expect(await see()).toMatchObject({ mints: 2 });
  });

  it('goes on with its session over hot reloads', async () => {
    await act((scene) => scene.mount());
    await until('open');
    for (let reload = 0; reload < 3; reload++) await act((scene) => scene.hotReload(false));
    expect(await see()).toEqual({ mints: 1, open: 1, status: 'open' });
  });

  it('goes on over a hot reload that makes the model anew, where the session has a name', async () => {
    await act((scene) => scene.mount({ id: 'talk' }));
    await until('open');
    await act((scene) => scene.hotReload(true));
    await until('open');
    expect(await see()).toEqual({ mints: 1, open: 1, status: 'open' });
  });

  it('takes one lease where it is unmounted as soon as it asked, and closes the session', async () => {
    await act((scene) => {
      scene.mount();
      const leave = (): void => void (scene.mints() > 0 ? scene.unmount() : setTimeout(leave));
      leave();
    });
    await page.waitForFunction(() => (window as unknown as { readonly scene: Scene }).scene.mints() === 1);
    await untilNoneIsOpen();
    expect(await see()).toEqual({ mints: 1, open: 0, status: '' });
  });

  it('takes one lease where an unmount is taken back', async () => {
    await act((scene) => scene.mount());
    await until('open');
    await act((scene) => {
      scene.unmount();
      scene.mount();
    });
    await until('open');
    expect(await see()).toEqual({ mints: 1, open: 1, status: 'open' });
  });

  it('opens another session when asked, once the first is over and not before', async () => {
    await act((scene) => scene.mount());
    await until('open');
    await act((scene) => scene.reconnect());
    expect(await see()).toMatchObject({ mints: 1 });
    await act((scene) => scene.endSession());
    await until('closed');
    await act((scene) => scene.reconnect());
    await until('open');
    expect(await see()).toMatchObject({ mints: 2, open: 1 });
  });
});
