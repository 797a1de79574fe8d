import { afterEach, describe, expect, it } from 'vitest';
import { clockNow, serverAhead, setClock } from './clock.ts';

const AT = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;
const ahead = (headers: Readonly<Record<string, string>>, viewer = AT) =>
  serverAhead({ headers: new Headers(headers), askedAt: viewer - 200, answeredAt: viewer + 200 });
const date = new Date(AT).toUTCString();

describe('serverAhead', () => {
  it('tells how far off a viewer’s clock is, either way', () => {
    expect(ahead({ date }, AT + 5 * HOUR)).toBe(-5 * HOUR);
    expect(ahead({ date }, AT - 5 * HOUR)).toBe(5 * HOUR);
  });

  it('leaves a clock alone that is right but for seconds', () => {
    expect(ahead({ date }, AT + 4_000)).toBe(0);
    expect(ahead({ date }, AT - 4_000)).toBe(0);
  });

  it('makes no right clock wrong by an answer that was kept on the way', () => {
    expect(ahead({ date: new Date(AT - HOUR).toUTCString(), age: '3600' })).toBe(0);
    expect(ahead({ date, age: '3600' })).toBe(0);
    expect(ahead({ date: new Date(AT - HOUR).toUTCString() })).toBe(-HOUR);
  });

  it('changes nothing by an answer that tells no time', () => {
    expect(ahead({}, AT + HOUR)).toBe(0);
    expect(ahead({ date: 'yesterday' }, AT + HOUR)).toBe(0);
    expect(ahead({ date, age: 'old' })).toBe(0);
  });
});

describe('clockNow', () => {
  afterEach(() => setClock(0));

  it('goes by the server once it was told of it', () => {
    const before = Date.now();
    expect(clockNow()).toBeGreaterThanOrEqual(before);
    setClock(5 * HOUR);
    expect(clockNow() - before).toBeGreaterThanOrEqual(5 * HOUR);
  });
});
