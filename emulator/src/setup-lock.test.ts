import { lockedPaths, SETUP_FIELDS } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { SessionBench, START_MS } from '../test-support/session-bench.ts';
import { TokenStore } from './auth-tokens.ts';
import { effectiveSetup, NO_LOCK, readMask } from './setup-lock.ts';
import { readTokenRequest } from './token-request.ts';

const client = {
  model: 'models/other',
  generationConfig: { temperature: 2, topK: 9 },
  tools: [{ googleSearch: {} }],
  sessionResumption: { handle: 'mine' },
};
const token = { model: 'models/gemini-3.8-live', generationConfig: { temperature: 0.5 } };

describe('effectiveSetup', () => {
  it("takes the token's value on masked paths and the client's on all others", () => {
    const paths = ['model', 'generationConfig.temperature', 'tools'];
    expect(effectiveSetup({ paths, setup: token }, client)).toEqual({
      model: 'models/gemini-3.8-live',
      generationConfig: { temperature: 0.5, topK: 9 },
      sessionResumption: { handle: 'mine' },
    });
  });

  it('takes everything from a token that locks everything', () => {
    expect(effectiveSetup({ paths: 'all', setup: token }, client)).toEqual(token);
  });

  it('leaves the client alone where nothing is locked', () => {
    expect(effectiveSetup(NO_LOCK, client)).toEqual(client);
  });
});

describe('readMask', () => {
  it('knows every path that a mint may lock', () => {
    expect(readMask(lockedPaths([]).join(','))).toEqual({ paths: lockedPaths([]) });
  });

  it('knows no path of Vertex AI alone', () => {
    for (const [path, { backend }] of Object.entries(SETUP_FIELDS)) {
      expect('unknown' in readMask(path)).toBe(backend === 'vertex');
    }
  });

  it('leaves the keys of labels and of other objects of the application as they are, in either casing', () => {
    const mask = 'labels.cost_center,generation_config.top_p,avatar_config.a_b.c_d';
    expect(readMask(mask)).toEqual({
      paths: ['labels.cost_center', 'generationConfig.topP', 'avatarConfig.a_b.c_d'],
    });
    const bidiGenerateContentSetup = { labels: { cost_center: 'a' } };
    const { lock } = readTokenRequest(
      { bidiGenerateContentSetup, fieldMask: 'labels.cost_center' },
      START_MS,
    );
    expect(effectiveSetup(lock, { model: 'm', labels: { cost_center: 'b', team: 'c' } })).toEqual({
      model: 'm',
      labels: { cost_center: 'a', team: 'c' },
    });
  });

  it.each(['labels.__proto__.polluted', 'labels.__proto__', '__proto__.polluted'])('knows no %s', (path) => {
    expect(readMask(path)).toHaveProperty('unknown');
  });
});

describe('a mask of a million keys', () => {
  it('is read in no time', () => {
    expect(readMask(`nope${'.a'.repeat(500_000)}`)).toHaveProperty('unknown');
  });
});

describe('a session under a locked token', () => {
  it('has the setup of the token, and only the open field of the client', () => {
    const body = {
      bidiGenerateContentSetup: { ...token, systemInstruction: { parts: [{ text: 'be kind' }] } },
      fieldMask: lockedPaths([]).join(','),
    };
    const store = new TokenStore({ startWindowBinds: 'new-sessions', socketsPerToken: 'by-uses' }, () => 's');
    const pass = store.find(store.mint(readTokenRequest(body, START_MS), START_MS));
    if (!pass) throw new Error('no pass');
    const asked = { ...client, sessionResumption: {} };
    const bench = SessionBench.ready(asked, { pass });
    expect(bench.session.figures.setup).toEqual({
      ...body.bidiGenerateContentSetup,
      sessionResumption: {},
    });
    expect(bench.handle).toBeDefined();
  });
});
