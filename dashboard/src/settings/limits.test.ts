import { describe, expect, it } from 'vitest';
import { withJson } from './draft.ts';
import { checkLimits, limitsDraft, limitsOrder } from './limits.ts';

const start = limitsDraft({ caps: { minutesPerDay: 600, liveTokens: null, shards: 8 }, alerts: null });

describe('checkLimits', () => {
  it('reads as the functions do', () => {
    expect(checkLimits(start)).toEqual({ written: start, problem: null });
    const free = withJson(start, 'caps.minutesPerDay', null);
    expect(checkLimits(free).written).toEqual(limitsDraft({ caps: null, alerts: null }));
  });

  it('chooses the shares where none are named', () => {
    const draft = withJson(withJson(start, 'caps.shards', undefined), 'caps.minutesPerDay', 120);
    expect(checkLimits(draft).written).toMatchObject({ caps: { minutesPerDay: 120, shards: 2 } });
  });

  it('names the field that is wrong', () => {
    expect(checkLimits(withJson(start, 'caps.shards', 64)).problem?.path).toBe('caps.shards');
    expect(checkLimits(withJson(start, 'alerts.usd', 'many')).problem?.path).toBe('alerts.usd');
    expect(checkLimits(withJson(start, 'alerts.usd', -1)).problem?.path).toBe('alerts.usd');
  });
});

describe('limitsOrder', () => {
  it('orders only the half that changed', () => {
    expect(limitsOrder(start, start)).toEqual({});
    const alerting = withJson(start, 'alerts.usd', 5);
    expect(limitsOrder(alerting, start)).toEqual({ alerts: alerting.alerts });
  });
});
