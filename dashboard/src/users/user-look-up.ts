/**
 * Finds a user by what an operator typed. Pure but for the call.
 * @module
 */
import type { LiveUserAnswer } from '@livegate/protocol';
import { ActError, type Acts } from '../acts.ts';

/**
 * The user with this e-mail or uid. Apps that sign in with tokens of their own may have made uids of addresses, so what
 * is nobody's e-mail is tried as a uid too. Rejects with an {@link ActError}, `no-user` where there is none.
 */
export async function lookUpUser(acts: Pick<Acts, 'call'>, name: string): Promise<LiveUserAnswer> {
  if (!name.includes('@')) return acts.call('readLiveUser', { uid: name });
  try {
    return await acts.call('readLiveUser', { email: name });
  } catch (error) {
    // No uid has a slash or more characters: asking for one would only be told so.
    const mayBeUid = !name.includes('/') && name.length <= 128;
    if (!(error instanceof ActError) || error.reason !== 'no-user' || !mayBeUid) throw error;
    return acts.call('readLiveUser', { uid: name });
  }
}
