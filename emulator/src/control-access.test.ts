import { describe, expect, it } from 'vitest';
import {
  type ControlAccessRules,
  type ControlCaller,
  isControlToken,
  isOrigin,
  newControlToken,
  refusalOfCall,
  refusalOfPlace,
} from './control-access.ts';

const controlToken = newControlToken();
const RULES: ControlAccessRules = { controlToken, controlRemote: false, controlOrigins: [] };
const CALLER: ControlCaller = {
  remoteAddress: '127.0.0.1',
  scheme: 'http',
  port: 9910,
  host: '127.0.0.1:9910',
  origin: undefined,
  authorization: `Bearer ${controlToken}`,
};
const refusal = (caller: Partial<ControlCaller>, rules: Partial<ControlAccessRules> = {}) =>
  refusalOfCall({ ...CALLER, ...caller }, { ...RULES, ...rules });

describe('refusalOfCall', () => {
  it('lets in who calls from this machine, by a name of it, with the bearer', () => {
    expect(refusal({})).toBeUndefined();
  });

  it.each([
    ['127.0.0.1', undefined],
    ['127.9.9.9', undefined],
    ['::1', undefined],
    ['::ffff:127.0.0.1', undefined],
    ['192.168.1.7', 'remote-caller'],
    ['::ffff:192.168.1.7', 'remote-caller'],
    ['1127.0.0.1', 'remote-caller'],
    [undefined, 'remote-caller'],
  ])('judges a caller at %s: %s', (remoteAddress, expected) => {
    expect(refusal({ remoteAddress })).toBe(expected);
  });

  it.each([
    ['127.0.0.1:9910', undefined],
    ['localhost:9910', undefined],
    ['LOCALHOST:9910', undefined],
    ['[::1]:9910', undefined],
    ['127.0.0.1:9911', 'foreign-host'],
    ['127.0.0.1', 'foreign-host'],
    ['rebound.example:9910', 'foreign-host'],
    ['localhost.rebound.example:9910', 'foreign-host'],
    ['127.0.0.1:9910.rebound.example', 'foreign-host'],
    ['user@localhost:9910', 'foreign-host'],
    ['', 'foreign-host'],
    [undefined, 'foreign-host'],
  ])('judges the name %s: %s', (host, expected) => {
    expect(refusal({ host })).toBe(expected);
  });

  it('takes a name without a port for the one that its scheme stands for', () => {
    expect(refusal({ host: 'localhost', port: 80 })).toBeUndefined();
    expect(refusal({ host: 'localhost', port: 443 })).toBe('foreign-host');
    expect(refusal({ host: 'localhost', port: 443, scheme: 'https' })).toBeUndefined();
  });

  it.each([
    [undefined, undefined],
    ['http://127.0.0.1:9910', undefined],
    ['http://127.0.0.1:9911', 'foreign-origin'],
    ['http://localhost:9910', 'foreign-origin'],
    ['https://127.0.0.1:9910', 'foreign-origin'],
    ['https://app.example', 'foreign-origin'],
    ['null', 'foreign-origin'],
  ])('judges the origin %s: %s', (origin, expected) => {
    expect(refusal({ origin })).toBe(expected);
  });

  it('lets in an origin that was listed, and no other', () => {
    const rules = { controlOrigins: ['https://app.example'] };
    expect(refusal({ origin: 'https://app.example' }, rules)).toBeUndefined();
    expect(refusal({ origin: 'https://app.example:444' }, rules)).toBe('foreign-origin');
  });

  it.each([
    [`Bearer ${controlToken}`, undefined],
    [`bearer ${controlToken}`, undefined],
    [`Bearer ${controlToken}x`, 'unauthorized'],
    [`Bearer ${controlToken.slice(1)}`, 'unauthorized'],
    [`Token ${controlToken}`, 'unauthorized'],
    [controlToken, 'unauthorized'],
    ['Bearer ', 'unauthorized'],
    [undefined, 'unauthorized'],
  ])('judges the authorization %#: %s', (authorization, expected) => {
    expect(refusal({ authorization })).toBe(expected);
  });

  it('lets other machines in where told, and still wants origin and bearer', () => {
    const far = { remoteAddress: '192.168.1.7', host: 'devbox:9910' };
    const rules = { controlRemote: true };
    expect(refusal(far)).toBe('remote-caller');
    expect(refusal(far, rules)).toBeUndefined();
    expect(refusal({ ...far, origin: 'https://app.example' }, rules)).toBe('foreign-origin');
    expect(refusal({ ...far, authorization: undefined }, rules)).toBe('unauthorized');
  });

  it('says nothing of the bearer to who has no place here', () => {
    expect(refusal({ host: 'rebound.example:9910', authorization: undefined })).toBe('foreign-host');
    expect(refusalOfPlace({ ...CALLER, authorization: undefined }, RULES)).toBeUndefined();
  });
});

describe('newControlToken', () => {
  it('is 256 bits of a form that is taken, and another each time', () => {
    const token = newControlToken();
    expect([token.length, isControlToken(token), token === controlToken]).toEqual([43, true, false]);
    expect(isControlToken('x'.repeat(22))).toBe(true);
    for (const bad of ['x'.repeat(21), `${'x'.repeat(22)} `, `${'x'.repeat(22)}"`])
      expect(isControlToken(bad)).toBe(false);
  });
});

describe('isOrigin', () => {
  it('takes an origin, and nothing around it', () => {
    expect(isOrigin('https://app.example:8443')).toBe(true);
    for (const bad of ['https://app.example/', 'app.example', '*', 'null', 'file://'])
      expect(isOrigin(bad)).toBe(false);
  });
});
