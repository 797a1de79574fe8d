import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { offsetText, summaryOf, timeText } from '../page/figures.js';
import { PAGE_HEADERS, pageFile } from './page-files.ts';

const FOLDER = new URL('../page/', import.meta.url);

describe('pageFile', () => {
  it('serves every file of the page, and nothing else', async () => {
    for (const name of await readdir(FOLDER)) {
      const file = await pageFile(name);
      expect([name, file?.body.equals(await readFile(new URL(name, FOLDER)))]).toEqual([name, true]);
    }
    expect((await pageFile(''))?.type).toBe('text/html; charset=utf-8');
    for (const name of ['../package.json', 'none.js', '.', 'constructor'])
      expect(await pageFile(name)).toBeUndefined();
  });

  it('serves files that need nothing from elsewhere and nothing inline', async () => {
    const html = String((await pageFile(''))?.body);
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:\/\//);
    for (const name of (await readdir(FOLDER)).filter((each) => /\.(js|css)$/.test(each)))
      expect([name, String((await pageFile(name))?.body)]).toEqual([
        name,
        expect.not.stringMatching(
          /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|url\(|@import|https?:\/\//,
        ),
      ]);
    expect(PAGE_HEADERS['content-security-policy']).not.toContain('unsafe');
  });
});

describe('summaryOf', () => {
  const noted = { seq: 1, atMs: 0, sessionId: 'session-1' } as const;
  it('names a message by its keys, and what comes in floods by its name alone', () => {
    const of = (message: object) => summaryOf({ ...noted, kind: 'out', bytes: 1, message });
    expect(of({ setupComplete: {} })).toEqual({ key: 'setupComplete', rest: '' });
    expect(of({ serverContent: { turnComplete: true }, usageMetadata: {} })).toEqual({
      key: 'serverContent + usageMetadata',
      rest: '{"turnComplete":true} ',
    });
    const audio = {
      modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data: '[4 bytes]' } }] },
    };
    expect(of({ serverContent: audio })).toMatchObject({ flood: 'serverContent audio' });
    expect(of({ serverContent: { modelTurn: { parts: [{ text: 'a' }] } } }).flood).toBeUndefined();
    expect(of({ goAway: { timeLeft: 'x'.repeat(1_000) } }).rest).toHaveLength(161);
  });
});

describe('offsetText', () => {
  it('says how far the clock is ahead', () => {
    expect([0, 400, 90_000, 3_600_000].map(offsetText)).toEqual([
      'as the machine’s',
      '+400 ms',
      '+1 min 30 s',
      '+1 h',
    ]);
    expect(timeText(Date.UTC(2026, 0, 1, 0, 0, 1, 5))).toMatch(/^\d\d:\d\d:01\.005$/);
  });
});
