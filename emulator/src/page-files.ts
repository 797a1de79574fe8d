/**
 * The files of the live page, as they stand in `page/` beside `src/` and, once built, beside `dist/`.
 * @module
 */
import { readFile } from 'node:fs/promises';

const TYPES = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

/** Every file of the page. Nothing else of the folder is served. */
const FILES: ReadonlySet<string> = new Set([
  'index.html',
  'page.css',
  'favicon.svg',
  'page.js',
  'access.js',
  'control.js',
  'elements.js',
  'figures.js',
  'message-list.js',
  'session-list.js',
]);

/** Nothing from elsewhere, nothing inline, in nobody's frame; text never becomes markup or script. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

/** One file. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** The file of that name, `''` for the page itself; `undefined` where there is none. */
export async function pageFile(name: string): Promise<PageFile | undefined> {
  const file = name === '' ? 'index.html' : name;
  if (!FILES.has(file)) return undefined;
  const type = TYPES[file.slice(file.lastIndexOf('.') + 1) as keyof typeof TYPES];
  return { type, body: await readFile(new URL(`../page/${file}`, import.meta.url)) };
}
