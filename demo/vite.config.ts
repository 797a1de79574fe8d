import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * `--mode emulator` makes the page that `npm start` and the tests serve; it reads `/livegate.json`. The plain
 * build is the one to deploy; it reads Hosting's own `/__/firebase/init.json` and holds no emulator code. Each
 * has a folder of its own, so that the one can never be deployed in place of the other.
 */
export default defineConfig(({ mode }) => ({
  root: file('.'),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2024',
    outDir: mode === 'emulator' ? 'dist-emulator' : 'dist',
    emptyOutDir: true,
    rolldownOptions: { input: { index: file('index.html'), echo: file('echo.html') } },
    // Nothing inline: the pages are served with a policy that allows files of their own origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
}));
