/**
 * Gives a user more time for the day that goes on.
 * @module
 */
import { type LiveQuotaDocument, readRaiseQuota } from '@livegate/protocol';
import { FieldValue } from 'firebase-admin/firestore';
import { type ActOutcome, type AdminHandler, act } from './admin-act.ts';
import { checkKnown } from './known-user.ts';
import { quotaAt, raisedMinutes, unseenQuota } from './quota-window.ts';
import { Refusal } from './refusal.ts';
import { readRequest } from './request-door.ts';
import { purgeTime, QUOTA_DAYS } from './store.ts';

/**
 * Gives a user minutes on top of the policy's, for the UTC day that goes on and, on that day, for its month; in place of
 * what was given before, so that 0 takes it back. What was leased already stays leased. Throws {@link Refusal}: `invalid`
 * naming the field, `no-user`, `blocked` for one who is being erased, `contention`.
 */
export const raiseLiveQuota: AdminHandler = async (dependencies, operator, data) => {
  const { uid, minutes, reason } = readRequest(data, readRaiseQuota);
  await checkKnown(dependencies, uid);
  const { paths, now } = dependencies;
  const ref = paths.quota(uid);
  return act(dependencies, operator, async (tx): Promise<ActOutcome> => {
    const [snapshot, erasure] = await tx.getAll(ref, paths.erasure(uid));
    const stored = snapshot?.data() as LiveQuotaDocument | undefined;
    if (erasure?.exists)
      throw new Refusal('blocked', 'This user is being erased: there is nothing to give.', { field: 'uid' });
    const at = now();
    const quota = stored ? quotaAt(stored, at, 0) : unseenQuota(at);
    const before = raisedMinutes(quota);
    if (before === minutes) return { done: null };
    const raise = { day: quota.day, minutes };
    if (stored) tx.update(ref, { raise: minutes > 0 ? raise : FieldValue.delete() });
    else tx.set(ref, { ...quota, raise, purgeAt: purgeTime(at, QUOTA_DAYS) });
    return {
      done: {
        act: 'raise-quota',
        target: `users/${uid}`,
        subject: uid,
        reason,
        before: { day: quota.day, minutes: before },
        after: raise,
      },
    };
  });
};
