import { describe, expect, it } from 'vitest';
import { type Credentials, credentialsOf, passOf } from './credentials.ts';
import { keyPass } from './session-pass.ts';

const DEVELOPER = { backend: 'google-ai', door: 'direct', method: 'BidiGenerateContent' } as const;
const CONSTRAINED = { ...DEVELOPER, method: 'BidiGenerateContentConstrained' } as const;
const VERTEX = { ...DEVELOPER, backend: 'vertex-ai' } as const;
const FIREBASE = { ...DEVELOPER, door: 'firebase' } as const;
const FIREBASE_VERTEX = { ...VERTEX, door: 'firebase' } as const;

const TOKEN = 'auth_tokens/secret';
const find = (name: string) => (name === TOKEN ? { ...keyPass('x'), owner: 'token' } : undefined);
const judge = (endpoint: Parameters<typeof passOf>[0], credentials: Credentials) => {
  const pass = passOf(endpoint, credentials, find);
  return typeof pass === 'string' ? pass : 'in';
};

describe('credentialsOf', () => {
  it('finds each credential where it stands, and tells the places apart', () => {
    expect(credentialsOf('//ws/x?key=a%2Fb', { 'x-goog-api-key': 'c', authorization: 'Bearer d' })).toEqual({
      queryKey: 'a/b',
      headerKey: 'c',
      token: undefined,
      bearer: 'd',
    });
    expect(credentialsOf(`/x?access_token=${TOKEN}`, {})).toMatchObject({ token: TOKEN });
    expect(credentialsOf('/x', { authorization: `Token ${TOKEN}` })).toMatchObject({ token: TOKEN });
  });

  it('takes an empty one for none', () => {
    const nothing = { queryKey: undefined, headerKey: undefined, token: undefined, bearer: undefined };
    expect(credentialsOf('/x?key=', { 'x-goog-api-key': '', authorization: 'Basic abc' })).toEqual(nothing);
  });
});

describe('passOf', () => {
  it.each([
    ['a key of either place', DEVELOPER, { queryKey: 'k' }, 'in'],
    ['a key of either place', DEVELOPER, { headerKey: 'k' }, 'in'],
    ['a token', DEVELOPER, { token: TOKEN }, 'unregistered-caller'],
    ['a bearer', DEVELOPER, { bearer: 'ya29' }, 'unregistered-caller'],
    ['a token', CONSTRAINED, { token: TOKEN }, 'in'],
    ['a token nobody made', CONSTRAINED, { token: `${TOKEN}x` }, 'token-not-found'],
    ['a key', CONSTRAINED, { queryKey: 'k' }, 'unregistered-caller'],
    ['a bearer', VERTEX, { bearer: 'ya29' }, 'in'],
    ['a key in the header', VERTEX, { headerKey: 'k' }, 'in'],
    ['a key in the query', VERTEX, { queryKey: 'k' }, 'unauthenticated'],
    ['nothing', VERTEX, {}, 'unauthenticated'],
    ['a token', VERTEX, { token: TOKEN }, 'invalid-credential'],
    ['a token as bearer', VERTEX, { bearer: TOKEN }, 'invalid-credential'],
    ['a token as key', VERTEX, { headerKey: TOKEN }, 'invalid-credential'],
    ['a key in the query', FIREBASE, { queryKey: 'k' }, 'in'],
    ['a key in the header', FIREBASE, { headerKey: 'k' }, 'unregistered-caller'],
    ['a key in the query', FIREBASE_VERTEX, { queryKey: 'k' }, 'in'],
    ['a bearer', FIREBASE_VERTEX, { bearer: 'ya29' }, 'unregistered-caller'],
  ] as const)('answers %s on %o: %o → %s', (_, endpoint, credentials, expected) => {
    expect(judge(endpoint, credentials)).toBe(expected);
  });

  it('takes one bearer after another for the same owner, and one key for another than the next', () => {
    const owner = (credentials: Credentials, endpoint: Parameters<typeof passOf>[0] = VERTEX) => {
      const pass = passOf(endpoint, credentials, find);
      return typeof pass === 'string' ? pass : pass.owner;
    };
    expect(owner({ bearer: 'a' })).toBe(owner({ bearer: 'b' }));
    expect(owner({ headerKey: 'a' })).not.toBe(owner({ headerKey: 'b' }));
    expect(owner({ queryKey: 'a' }, FIREBASE)).not.toBe(owner({ queryKey: 'b' }, FIREBASE));
    expect(owner({ headerKey: 'my secret' })).not.toContain('my secret');
  });
});
