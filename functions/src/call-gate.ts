/**
 * How often a user may call, counted in the memory of one instance: it costs no read, so that a flood costs none.
 * @module
 */
import { Refusal } from './refusal.ts';

/** Lets calls through, or throws {@link Refusal} `rate`. */
export interface CallGate {
  pass(uid: string): void;
}

/** Most users remembered; with more, the oldest begins anew. */
const MOST_USERS = 5_000;

/** A gate of `perMinute` calls a minute for each user, all of which may come at once. */
export function createCallGate(options: {
  readonly now: () => number;
  readonly perMinute: number;
}): CallGate {
  const { now, perMinute } = options;
  const buckets = new Map<string, { readonly level: number; readonly at: number }>();
  return {
    pass(uid) {
      const at = now();
      const held = buckets.get(uid);
      const refilled = held ? held.level + (Math.max(0, at - held.at) * perMinute) / 60_000 : perMinute;
      const level = Math.min(perMinute, refilled);
      if (level < 1) {
        const retryAfterMs = Math.ceil(((1 - level) * 60_000) / perMinute);
        throw new Refusal('rate', `At most ${perMinute} reports a minute.`, { retryAfterMs });
      }
      buckets.delete(uid);
      buckets.set(uid, { level: level - 1, at });
      for (const oldest of buckets.keys()) {
        if (buckets.size <= MOST_USERS) break;
        buckets.delete(oldest);
      }
    },
  };
}
