import { describe, expect, it } from 'vitest';
import { resumptionStore, SessionBench, START_MS } from '../test-support/session-bench.ts';
import { TokenStore } from './auth-tokens.ts';
import type { SessionPass } from './session-pass.ts';
import { readTokenRequest } from './token-request.ts';

type Rules = ConstructorParameters<typeof TokenStore>[0];

let secrets = 0;
const RULES: Rules = { startWindowBinds: 'new-sessions', socketsPerToken: 'by-uses' };
const newToken = (body: object = {}, rules: Partial<Rules> = {}): SessionPass => {
  const store = new TokenStore({ ...RULES, ...rules }, () => `secret-${++secrets}`);
  const pass = store.find(store.mint(readTokenRequest(body, START_MS), START_MS));
  if (!pass) throw new Error('a minted token is not found');
  return pass;
};
const admits = (pass: SessionPass, kind: 'new' | 'resumed', afterMs = 0): boolean =>
  typeof pass.admit(kind, START_MS + afterMs) !== 'string';

describe('TokenStore', () => {
  it('names tokens as the service does and finds no other', () => {
    const store = new TokenStore(RULES, () => 'abc');
    expect(store.mint(readTokenRequest({}, START_MS), START_MS)).toBe('auth_tokens/abc');
    expect(store.find('auth_tokens/abc')?.tokenHash).toMatch(/^[0-9a-f]{16}$/);
    expect(store.find('auth_tokens/abd')).toBeUndefined();
    expect(store.find('abc')).toBeUndefined();
  });

  it('admits as many new sessions as it has uses, and any number for 0', () => {
    const twice = newToken({ uses: 2 }, { socketsPerToken: 'unlimited' });
    expect([admits(twice, 'new'), admits(twice, 'new'), admits(twice, 'new')]).toEqual([true, true, false]);
    const always = newToken({ uses: 0 });
    expect(Array.from({ length: 20 }, () => admits(always, 'new'))).not.toContain(false);
  });

  it('counts no use for a resumption', () => {
    const once = newToken({}, { socketsPerToken: 'unlimited' });
    expect([admits(once, 'resumed'), admits(once, 'new'), admits(once, 'resumed')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(admits(once, 'new')).toBe(false);
  });

  it('starts no session after its start window, but resumes one, unless told otherwise', () => {
    expect(admits(newToken(), 'new', 59_999)).toBe(true);
    expect(admits(newToken(), 'new', 60_000)).toBe(false);
    expect(admits(newToken(), 'resumed', 60_000)).toBe(true);
    expect(admits(newToken({}, { startWindowBinds: 'all-sessions' }), 'resumed', 60_000)).toBe(false);
  });

  it('admits nobody once it has expired', () => {
    expect(admits(newToken(), 'resumed', 30 * 60_000 - 1)).toBe(true);
    expect(admits(newToken(), 'resumed', 30 * 60_000)).toBe(false);
  });

  it('holds one socket for each use at a time, or any number where told', () => {
    const one = newToken();
    const admitted = one.admit('new', START_MS);
    expect(one.admit('resumed', START_MS)).toBe('token-busy');
    if (typeof admitted !== 'string') admitted.release();
    expect(admits(one, 'resumed')).toBe(true);
    const any = newToken({}, { socketsPerToken: 'unlimited' });
    expect([admits(any, 'new'), admits(any, 'resumed')]).toEqual([true, true]);
  });

  it('spends no use and no place on a setup that is refused', () => {
    const pass = newToken();
    SessionBench.ready({ model: 'models/none' }, { pass });
    expect(SessionBench.ready({}, { pass }).closed).toBeUndefined();
  });

  it('gives a place back when the session ends, however it ends', () => {
    const pass = newToken({ uses: 3 }, {});
    for (const end of ['gone', 'refused', 'limit']) {
      const bench = SessionBench.ready({}, { pass, connectionLimitMs: 1_000 });
      expect(bench.closed).toBeUndefined();
      if (end === 'gone') bench.input({ kind: 'gone' });
      if (end === 'refused') bench.sendText('{');
      if (end === 'limit') bench.advance(1_000);
    }
    const options = { projects: 'one', handleUses: 'many' } as const;
    const shared = { ...options, resumption: resumptionStore(options) };
    const keeper = SessionBench.ready({ sessionResumption: {} }, shared);
    const setup = { sessionResumption: { handle: keeper.handle ?? '' } };
    const three = [1, 2, 3, 4].map(() => SessionBench.ready(setup, { ...shared, pass }).closed?.condition);
    expect(three).toEqual([undefined, undefined, undefined, 'token-busy']);
  });
});
