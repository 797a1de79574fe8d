import { describe, expect, it } from 'vitest';
import { ProtocolError } from './errors.ts';
import { readMintRequest } from './mint-messages.ts';
import { NO_USAGE } from './usage.ts';
import { readUsageReport } from './usage-report.ts';

const pathOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof ProtocolError) return error.path;
    throw error;
  }
  return 'accepted';
};

const start = { v: 1, op: 'start', requestId: 'request-1', model: 'gemini-3.8-live' };
const report = {
  v: 1,
  sessionId: 'session-1',
  connectionId: 'connection-1',
  seq: 1,
  final: false,
  seconds: 3,
  totals: NO_USAGE,
};

describe('readMintRequest', () => {
  it.each([
    ['a start', start, 'accepted'],
    ['a start with wishes', { ...start, setup: { generationConfig: { temperature: 1 } } }, 'accepted'],
    ['an unknown operation', { ...start, op: 'steal' }, 'op'],
    ['no operation', {}, 'op'],
    ['no object', null, 'op'],
    ['no model', { ...start, model: undefined }, 'model'],
    ['a long model', { ...start, model: 'm'.repeat(201) }, 'model'],
    ['a short request id', { ...start, requestId: 'x' }, 'requestId'],
    ['a request id that Firestore keeps for itself', { ...start, requestId: '__proto__' }, 'requestId'],
    ['a request id with markup', { ...start, requestId: '<script>alert(1)' }, 'requestId'],
    [
      'an unknown setup field',
      { ...start, setup: { generationConfig: { nonsense: 1 } } },
      'setup.generationConfig.nonsense',
    ],
    ['a field of another operation', { ...start, sessionId: 'session-1' }, 'sessionId'],
    [
      'a variable that is no text',
      { ...start, template: { id: 't', variables: { name: 1 } } },
      'template.variables.name',
    ],
    ['a renewal', { v: 1, op: 'renew', requestId: 'request-1', sessionId: 'session-1' }, 'accepted'],
    ['a renewal without its session', { v: 1, op: 'renew', requestId: 'request-1' }, 'sessionId'],
    ['a re-mint without its session', { v: 1, op: 'remint', requestId: 'request-1' }, 'sessionId'],
  ])('judges %s', (_, request, path) => {
    expect(pathOf(() => readMintRequest(request))).toBe(path);
  });
});

describe('readUsageReport', () => {
  it.each([
    ['a report', report, 'accepted'],
    ['negative seconds', { ...report, seconds: -1 }, 'seconds'],
    ['seconds that are no number', { ...report, seconds: Number.NaN }, 'seconds'],
    ['more seconds than a day holds', { ...report, seconds: 1e6 }, 'seconds'],
    [
      'a negative token count',
      { ...report, totals: { ...NO_USAGE, prompt: { TEXT: -1 } } },
      'totals.prompt.TEXT',
    ],
    [
      'half a token',
      { ...report, totals: { ...NO_USAGE, response: { AUDIO: 0.5 } } },
      'totals.response.AUDIO',
    ],
    [
      'an unknown modality',
      { ...report, totals: { ...NO_USAGE, prompt: { SMELL: 1 } } },
      'totals.prompt.SMELL',
    ],
    [
      'too many events',
      { ...report, events: Array(101).fill({ id: 'event-01', at: 1, type: 't' }) },
      'events',
    ],
    [
      'a long turn',
      { ...report, transcript: [{ id: 'turn-001', at: 1, role: 'user', text: 'x'.repeat(4_001) }] },
      'transcript[0].text',
    ],
    [
      'another speaker',
      { ...report, transcript: [{ id: 'turn-001', at: 1, role: 'system', text: 'x' }] },
      'transcript[0].role',
    ],
  ])('judges %s', (_, value, path) => {
    expect(pathOf(() => readUsageReport(value))).toBe(path);
  });
});
