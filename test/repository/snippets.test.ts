import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binOf, runTool } from '../../scripts/tool.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(root, '.tsbuild/snippets');

/** What a page has that the snippets are put into: nothing that they are to show. */
const PAGE = `
import type * as livegate from '@livegate/web';
import type { FirebaseApp } from 'firebase/app';
declare global {
  const app: FirebaseApp;
  const ai: livegate.AI;
  const params: livegate.LiveModelParams;
  const model: livegate.LiveGenerativeModel;
  const session: livegate.LiveSession;
  const button: HTMLButtonElement;
  const stopButton: HTMLButtonElement;
  const preview: HTMLVideoElement;
  function show(text: string): void;
  const getLiveGenerativeModel: typeof livegate.getLiveGenerativeModel;
  const openAudioConversation: typeof livegate.openAudioConversation;
  const startAudioConversation: typeof livegate.startAudioConversation;
}
`;

const CONFIG = {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    noEmit: true,
    composite: false,
    emitDeclarationOnly: false,
    declaration: false,
    rootDir: '../..',
    lib: ['ES2024', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable', 'ESNext.Disposable'],
    module: 'ESNext',
    moduleResolution: 'bundler',
    moduleDetection: 'force',
    jsx: 'react-jsx',
  },
  include: ['./*.ts', './*.tsx'],
};

/** The fences of a page whose language is TypeScript, each with the line it begins at. */
function snippetsOf(
  page: string,
): readonly { readonly line: number; readonly tag: string; readonly code: string }[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```(tsx?)\n(.*?)^```$/gms)].map(({ index, 1: tag = '', 2: code = '' }) => ({
    line: text.slice(0, index).split('\n').length,
    tag,
    code,
  }));
}

/** Exit code of the compiler over the snippets, each a module of its own in a page. */
function compile(snippets: ReturnType<typeof snippetsOf>): Promise<number> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(CONFIG));
  writeFileSync(join(FOLDER, 'page.ts'), PAGE);
  for (const { line, tag, code } of snippets) writeFileSync(join(FOLDER, `line-${line}.${tag}`), code);
  return runTool(binOf('typescript', 'tsc'), ['-p', FOLDER], { output: 'quiet' });
}

describe('the snippets of web/README.md', () => {
  let snippets: ReturnType<typeof snippetsOf>;
  beforeAll(() => {
    snippets = snippetsOf('web/README.md');
  });
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

  it('compile under strict, each as a module of a page', async () => {
    expect(snippets.length).toBeGreaterThanOrEqual(10);
    expect(await compile(snippets)).toBe(0);
  }, 60_000);

  it('would not, had one of them a name that the module lacks', async () => {
    const [first] = snippets;
    const wrong = { line: 1, tag: 'ts', code: 'await session.countTokens();\n' };
    expect(first && (await compile([first]))).toBe(0);
    expect(first && (await compile([first, wrong]))).not.toBe(0);
  }, 60_000);
});
