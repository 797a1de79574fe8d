/**
 * Caps of the project and thresholds of its alerts, as they are edited. Pure.
 * @module
 */
import { alertsOf, capsOf, isObject, ProtocolError, readSetLimits, type SetLimits } from '@livegate/protocol';
import { type Draft, isSameJson } from './draft.ts';
import type { Field, FieldGroup } from './field.ts';
import type { LiveConfig } from './live-config.ts';
import type { DraftProblem } from './setting-kinds.ts';

const UNBOUND = { as: 'null', label: 'No bound' } as const;
const SILENT = { as: 'null', label: 'No alert' } as const;

const caps: readonly Field[] = [
  {
    path: 'caps.minutesPerDay',
    label: 'Minutes leased a day',
    help: 'Of all users together, in a UTC day. Past it no token is minted.',
    control: { kind: 'number', unit: 'min' },
    none: { ...UNBOUND, initial: 10_000 },
  },
  {
    path: 'caps.liveTokens',
    label: 'Live tokens at once',
    help: 'Of all users together.',
    control: { kind: 'number', unit: 'tokens' },
    none: { ...UNBOUND, initial: 500 },
  },
  {
    path: 'caps.shards',
    label: 'Shares',
    help: 'Documents that the caps are split over, 1 to 64, so that no single one is contended. Each must hold ten minutes and a token.',
    control: { kind: 'number' },
    none: { as: 'absent', label: 'As many as fit, 8 at most' },
  },
];
const alert = (name: string, label: string, help: string, unit: string, initial: number): Field => ({
  path: `alerts.${name}`,
  label,
  help,
  control: { kind: 'number', unit },
  none: { ...SILENT, initial },
});

/** The form of caps and alerts. */
export const LIMIT_GROUPS: readonly FieldGroup[] = [
  { id: 'caps', title: 'Caps of the project', fields: caps },
  {
    id: 'alerts',
    title: 'Alerts, told once a day each',
    fields: [
      alert('usd', 'Spend', 'At list price, in a UTC day.', 'USD', 100),
      alert('refusals', 'Refused mints', 'In a UTC day.', 'refusals', 1_000),
      alert('flaggedSessions', 'Flagged sessions', 'In a UTC day.', 'sessions', 50),
      alert('mintErrors', 'Failed mints', 'Tokens that the Live API did not give.', 'errors', 50),
    ],
  },
];

/** What stands there, with each bound named. */
export function limitsDraft({ caps: bounds, alerts }: Pick<LiveConfig, 'caps' | 'alerts'>): Draft {
  return {
    caps: { ...(bounds ?? { minutesPerDay: null, liveTokens: null }) },
    alerts: { ...(alerts ?? { usd: null, refusals: null, flaggedSessions: null, mintErrors: null }) },
  };
}

/** The order that makes `draft` out of `start`: only the halves that differ, so that another's half stays. */
export function limitsOrder(draft: Draft, start: Draft): Pick<SetLimits, 'caps' | 'alerts'> {
  return Object.fromEntries(
    (['caps', 'alerts'] as const)
      .filter((half) => !isSameJson(draft[half], start[half]))
      .map((half) => [half, isObject(draft[half]) ? draft[half] : null]),
  );
}

/** The draft as it would stand there, or what the functions would refuse in it. */
export function checkLimits(
  draft: Draft,
):
  | { readonly written: Draft; readonly problem: null }
  | { readonly written: null; readonly problem: DraftProblem } {
  try {
    const read = readSetLimits({ v: 1, reason: '', ...draft });
    const written = limitsDraft({ caps: capsOf(read.caps), alerts: alertsOf(read.alerts) });
    return { written, problem: null };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const [, wanted] = /expected (.*)\.$/.exec(error.message) ?? [];
    const words = wanted === undefined ? error.message : `Expected ${wanted}.`;
    return { written: null, problem: { path: error.path, words } };
  }
}
