import { describe, expect, it } from 'vitest';
import { isFromHere, onwardHeaders, onwardUrl, readTarget } from './onward-request.ts';

const HOST = '127.0.0.1:9910';

describe('isFromHere', () => {
  it.each([
    [{ host: HOST }, true],
    [{ host: 'localhost:9910' }, true],
    [{ host: '[::1]:9910' }, true],
    [{ host: 'rebound.example:9910' }, false],
    [{}, false],
    [{ host: HOST, origin: 'http://localhost:5173' }, true],
    [{ host: HOST, origin: 'https://127.0.0.1' }, true],
    [{ host: HOST, origin: 'https://app.example' }, false],
    [{ host: HOST, origin: 'http://localhost.app.example' }, false],
    [{ host: HOST, origin: 'null' }, false],
    // A script of a page of this machine, under another of its names.
    [{ host: HOST, origin: 'http://localhost:5173', 'sec-fetch-site': 'cross-site' }, true],
    // An address that was typed in; a picture of a page elsewhere, and of another of this site.
    [{ host: HOST, 'sec-fetch-site': 'none' }, true],
    [{ host: HOST, 'sec-fetch-site': 'same-origin' }, true],
    [{ host: HOST, 'sec-fetch-site': 'cross-site' }, false],
    [{ host: HOST, 'sec-fetch-site': 'same-site' }, false],
  ])('judges %o: %s', (headers, expected) => {
    expect(isFromHere(headers)).toBe(expected);
  });
});

describe('readTarget', () => {
  it('takes the base URL of a service, with a path or none', () => {
    expect(readTarget('https://service.example/')).toBe('https://service.example');
    expect(readTarget('http://127.0.0.1:1/base//')).toBe('http://127.0.0.1:1/base');
  });

  it.each([
    'http://[',
    'http://exa mple',
    'service.example',
    'ws://service.example',
    'http://me@service.example',
  ])('refuses %s, and says what it takes', (text) => {
    expect(() => readTarget(text)).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining('http') }),
    );
  });
});

describe('onwardUrl', () => {
  const target = 'https://service.example';
  it('leads to the service alone, whatever address is named', () => {
    for (const odd of [
      '//elsewhere.example/x',
      'http://elsewhere.example/x',
      '/\\elsewhere.example',
      '@elsewhere.example',
    ])
      expect([odd, new URL(onwardUrl(odd, { target })).host]).toEqual([odd, 'service.example']);
    expect(onwardUrl('//ws/a?b=c', { target })).toBe('https://service.example/ws/a?b=c');
  });

  it('puts the own key in the place of one that is there, and nowhere else', () => {
    const own = { target, apiKey: 'own' };
    expect(onwardUrl('/a?key=theirs&b=c', own)).toBe('https://service.example/a?key=own&b=c');
    expect(onwardUrl('/a?b=c', own)).toBe('https://service.example/a?b=c');
    expect(onwardHeaders({ 'x-goog-api-key': 'theirs', cookie: 'a' }, own)).toEqual({
      'x-goog-api-key': 'own',
    });
    expect(onwardHeaders({ authorization: 'Bearer b', cookie: 'a' }, own)).toEqual({
      authorization: 'Bearer b',
    });
  });
});
