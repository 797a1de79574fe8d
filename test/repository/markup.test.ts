import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/root.ts';

/** What makes markup, a script or a style of a string, in a browser and in Preact. */
const MAKES_MARKUP =
  /\b(?:inner|outer)HTML\b|dangerouslySetInnerHTML|insertAdjacentHTML|\bdocument\.write|createContextualFragment|setHTMLUnsafe|\bsrcdoc\b|\bDOMParser\b|\beval\(|new Function\(/i;

const sources = ['dashboard', 'demo']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder, 'src'), { recursive: true, encoding: 'utf8' }).map((path) =>
      [folder, 'src', ...path.split(sep)].join('/'),
    ),
  )
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file));

describe('the pages', () => {
  it('make text of what people say and are called, never markup [threat:dashboard:xss]', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((file) => MAKES_MARKUP.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
  });

  it('are served with a policy that allows nothing inline', () => {
    const { hosting } = JSON.parse(readFileSync(join(ROOT, 'firebase.json'), 'utf8')) as {
      hosting: { headers: { headers: { key: string; value: string }[] }[] }[];
    };
    const policies = hosting.flatMap(({ headers }) =>
      headers.flatMap((each) => each.headers).filter(({ key }) => key === 'Content-Security-Policy'),
    );
    expect(policies.length).toBeGreaterThanOrEqual(2);
    for (const { value } of policies) {
      expect(value).toContain("default-src 'none'");
      expect(value).not.toMatch(/unsafe|data: *;? *script|script-src[^;]*(?:data:|blob:|\*)/);
    }
  });
});
