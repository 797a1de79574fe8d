/**
 * The switches in `liveConfig/global`: off, the project's bounds, and what makes an alert.
 * @module
 */
import { isDeepStrictEqual } from 'node:util';
import { alertsOf, capsOf, DOCUMENTS_VERSION, readSetKillSwitch, readSetLimits } from '@livegate/protocol';
import { type ActOutcome, type AdminHandler, act, readDraft } from './admin-act.ts';
import { readRequest } from './request-door.ts';

/**
 * Switches every mint off, or on again: at once on new instances, within a minute on warm ones. Works where the rest of
 * the document cannot be read. Throws {@link Refusal}: `invalid` naming the field, `contention`.
 */
export const setKillSwitch: AdminHandler = async (dependencies, operator, data) => {
  const { on, reason } = readRequest(data, readSetKillSwitch);
  const ref = dependencies.paths.config();
  return act(dependencies, operator, async (tx): Promise<ActOutcome> => {
    const stored = (await tx.get(ref)).data();
    if (isOn(stored) === on) return { done: null };
    const written = { caps: null, alerts: null, ...stored, v: DOCUMENTS_VERSION, killSwitch: on };
    tx.set(ref, written);
    return { done: { act: 'set-kill-switch', target: ref.path, reason, before: stored, after: written } };
  });
};

/**
 * Sets the project's bounds, the thresholds of its alerts, or both: a half that is absent stays as it is. Throws
 * {@link Refusal}: `invalid` naming the field, `contention`.
 */
export const setLiveLimits: AdminHandler = async (dependencies, operator, data) => {
  const { caps, alerts, reason } = readRequest(data, readSetLimits);
  const limits = readDraft(() => ({
    ...(caps === undefined ? {} : { caps: capsOf(caps) }),
    ...(alerts === undefined ? {} : { alerts: alertsOf(alerts) }),
  }));
  const ref = dependencies.paths.config();
  return act(dependencies, operator, async (tx): Promise<ActOutcome> => {
    const stored = (await tx.get(ref)).data();
    const kept = { caps: null, alerts: null, ...stored };
    const written = { ...kept, v: DOCUMENTS_VERSION, killSwitch: isOn(stored), ...limits };
    const before = stored ?? { v: DOCUMENTS_VERSION, killSwitch: false, caps: null, alerts: null };
    if (isDeepStrictEqual({ caps: null, alerts: null, ...before }, written)) return { done: null };
    tx.set(ref, written);
    return { done: { act: 'set-limits', target: ref.path, reason, before: stored, after: written } };
  });
};

/** As the mint reads it: a document whose switch is not plainly off is on; without a document it is off. */
function isOn(stored: Readonly<Record<string, unknown>> | undefined): boolean {
  return stored !== undefined && stored.killSwitch !== false;
}
