import { readFileSync } from 'node:fs';
import { decodeClientMessage, decodeServerMessage, isObject, ProtocolError } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { FIELDS_PAGE, fieldsPage } from '../test-support/docs-pages.ts';
import { LiveClient } from '../test-support/live-client.ts';
import { SessionBench } from '../test-support/session-bench.ts';
import { FIELD_EFFECTS } from './field-effects.ts';
import type { TestReference } from './field-paths.ts';
import { logTo } from './log.ts';
import { SERVER_FIELDS } from './server-fields.ts';
import { startLiveEmulator } from './start.ts';
import { unusedFieldsOf } from './unused-fields.ts';

const ROOT = new URL('../../', import.meta.url);
const clientPaths = Object.keys(FIELD_EFFECTS);
const serverPaths = Object.keys(SERVER_FIELDS);
const references = [...Object.values(FIELD_EFFECTS), ...Object.values(SERVER_FIELDS)].flatMap((row) =>
  'test' in row && row.test ? [row.test] : [],
);

/** A message with `value` at the path, and what its objects cannot be without. */
function messageWith(path: string, value: unknown): Record<string, unknown> {
  const names = path.replaceAll('[]', '.[]').split('.');
  const built = names.reduceRight<unknown>(
    (inner, name, at) => (name === '[]' ? [inner] : { ...neededAt(names.slice(0, at)), [name]: inner }),
    value,
  );
  return built as Record<string, unknown>;
}
function neededAt(parent: readonly string[]): Record<string, unknown> {
  const last = parent.filter((name) => name !== '[]').at(-1) ?? '';
  if (last === 'setup') return { model: 'models/gemini-3.8-live' };
  if (['audio', 'video', 'inlineData', 'mediaChunks'].includes(last))
    return { mimeType: 'audio/pcm', data: '' };
  if (/^function(Call|Response|Declaration)s?$/.test(last)) return { name: 'f' };
  return {};
}

/** The value at the path of a decoded message. */
function valueAt(message: unknown, path: string): unknown {
  return path
    .replaceAll('[]', '.0')
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        Array.isArray(value) ? value[Number(name)] : isObject(value) ? value[name] : undefined,
      message,
    );
}

/** Something of each type that a field can be of: one of them is taken, whatever the field. */
const SAMPLES: readonly unknown[] = ['AAAA', 1, true, { a: 1 }, {}, ['a'], '1s'];

const takenAt = (path: string, decode: (text: string) => unknown): boolean =>
  SAMPLES.some((sample) => {
    try {
      return valueAt(decode(JSON.stringify(messageWith(path, sample))), path) !== undefined;
    } catch (error) {
      if (error instanceof ProtocolError) return false;
      throw error;
    }
  });

describe('FIELD_EFFECTS and SERVER_FIELDS', () => {
  it.each(clientPaths)('name a field that a client may send: %s', (path) => {
    expect(takenAt(path, decodeClientMessage)).toBe(true);
    expect(takenAt(`${path}x`, decodeClientMessage)).toBe(false);
  });

  it('name fields that a client can read', () => {
    expect(serverPaths.filter((path) => !takenAt(path, decodeServerMessage))).toEqual([]);
  });

  it('are about as many as the wire has', () => {
    expect(clientPaths.length).toBeGreaterThan(170);
    expect(serverPaths.length).toBeGreaterThan(60);
  });

  it('cite tests that are there', () => {
    const cited = new Map<string, TestReference>(references.map((each) => [each.join(': '), each]));
    const missing = [...cited.values()].filter(([file, title]) => !sourceOf(file).includes(title));
    expect(missing).toEqual([]);
    expect(cited.size).toBeGreaterThan(30);
  });

  it('stand in docs/fields.md; `node emulator/test-support/write-docs.ts` writes it anew', () => {
    expect(readFileSync(FIELDS_PAGE, 'utf8') === fieldsPage()).toBe(true);
  });
});

const sources = new Map<string, string>();
function sourceOf(file: string): string {
  const source = sources.get(file) ?? readFileSync(new URL(file, ROOT), 'utf8');
  sources.set(file, source);
  return source;
}

describe('unusedFieldsOf', () => {
  const pathsOf = (message: Parameters<typeof unusedFieldsOf>[0]) =>
    unusedFieldsOf(message).map(({ path }) => path);
  const without = Object.entries(FIELD_EFFECTS).flatMap(([path, row]) => ('without' in row ? [path] : []));

  it.each(without)('finds %s', (path) => {
    const message = SAMPLES.flatMap((sample) => {
      try {
        return [decodeClientMessage(JSON.stringify(messageWith(path, sample)))];
      } catch {
        return [];
      }
    });
    expect(message.length).toBeGreaterThan(0);
    expect(message.map(pathsOf)).toContainEqual(expect.arrayContaining([path]));
  });

  it('names a field once however often it stands in a message, and none that has an effect', () => {
    const turns = [
      { parts: [{ text: 'a', thought: true }, { thought: true }] },
      { parts: [{ thought: true }] },
    ];
    expect(pathsOf({ clientContent: { turns } })).toEqual(['clientContent.turns[].parts[].thought']);
    expect(pathsOf({ clientContent: { turns: [{ parts: [{ text: 'a' }] }] } })).toEqual([]);
  });

  it('takes neither false nor an empty list for a wish', () => {
    const model = 'models/gemini-3.8-live';
    expect(
      pathsOf({ setup: { model, safetySettings: [], generationConfig: { enableAffectiveDialog: false } } }),
    ).toEqual([]);
  });
});

describe('a field without effect', () => {
  const unused = { labels: { team: 'a' }, avatarConfig: { avatarName: 'b' } };

  it('is told in the journal of every session, once, and of no session that did not send it', () => {
    const talk = (setup: object) =>
      SessionBench.ready(setup)
        .send({ realtimeInput: { audio: { mimeType: 'audio/pcm', data: '', displayName: 'x' } } })
        .send({ realtimeInput: { audio: { mimeType: 'audio/pcm', data: '', displayName: 'x' } } }).warnings;
    expect(talk(unused)).toEqual([
      expect.stringMatching(/^setup\.avatarConfig is accepted without effect: /),
      expect.stringMatching(/^setup\.labels is accepted without effect: /),
      expect.stringMatching(/^realtimeInput\.audio\.displayName is accepted without effect: /),
    ]);
    expect(talk({})).toHaveLength(1);
  });

  it('is told in the log once a run, without what stood in it', async () => {
    const lines: string[] = [];
    const emulator = await startLiveEmulator({ log: logTo((line) => lines.push(line), 'warn') });
    try {
      for (let session = 0; session < 3; session++) (await LiveClient.ready(emulator, unused)).close();
      expect(lines.map((line) => line.replace(/:.*/, ''))).toEqual([
        'warn session-1 setup.avatarConfig is accepted without effect',
        'warn session-1 setup.labels is accepted without effect',
      ]);
      const journalled = emulator.journal().filter(({ kind }) => kind === 'warning');
      expect(journalled).toHaveLength(6);
      expect(JSON.stringify([lines, journalled])).not.toContain('team');
    } finally {
      await emulator.close();
    }
  });
});
