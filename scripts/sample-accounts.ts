/**
 * Accounts of the sample's people in the Auth emulator.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { SAMPLE_UID_PREFIX } from '../functions/src/sample-users.ts';
import type { AuthEmulator } from './auth-emulator.ts';
import type { SamplePlan } from './sample-plan.ts';

const DAY_MS = 86_400_000;
/** Most accounts that one call takes. */
const PAGE = 1_000;

/** Makes an account for everybody in the plan, or writes over the one that is there. Nobody knows their passwords. */
export async function writeSampleAccounts(
  emulator: AuthEmulator,
  { people, talks, from }: Pick<SamplePlan, 'people' | 'talks' | 'from'>,
): Promise<number> {
  const users = people.map(({ uid, name, email, provider, tier }, place) => {
    const times = talks.filter(({ person }) => person.uid === uid).map(({ at }) => at);
    // Some came before the month, some in it.
    const createdAt = Math.min(
      from + ((place * 7) % 24) * DAY_MS - 12 * DAY_MS,
      ...times.map((at) => at - 60_000),
    );
    return {
      localId: uid,
      createdAt: String(Math.round(createdAt)),
      lastLoginAt: String(Math.round(Math.max(createdAt, ...times))),
      ...(name === null ? {} : { displayName: name }),
      ...(email === null ? {} : { email, emailVerified: true }),
      ...(provider === 'password' ? { rawPassword: randomUUID() } : {}),
      ...(provider === 'google.com'
        ? { providerUserInfo: [{ providerId: provider, rawId: `raw-${uid}`, email, displayName: name }] }
        : {}),
      ...(tier ? { customAttributes: JSON.stringify({ livegatePolicy: tier }) } : {}),
    };
  });
  const answer = await call(emulator, 'accounts:batchCreate', { users, allowOverwrite: true });
  const { error = [] } = answer as { readonly error?: readonly { readonly message: string }[] };
  const [first] = error;
  if (first) throw new Error(`The Auth emulator took ${error.length} accounts not: ${first.message}`);
  return users.length;
}

/** Deletes every account of a sample; how many there were. */
export async function removeSampleAccounts(emulator: AuthEmulator): Promise<number> {
  const localIds: string[] = [];
  let page = '';
  do {
    const query = `accounts:batchGet?maxResults=${PAGE}${page === '' ? '' : `&nextPageToken=${encodeURIComponent(page)}`}`;
    const answer = (await call(emulator, query)) as {
      readonly users?: readonly { readonly localId: string }[];
      readonly nextPageToken?: string;
    };
    localIds.push(
      ...(answer.users ?? [])
        .map(({ localId }) => localId)
        .filter((uid) => uid.startsWith(SAMPLE_UID_PREFIX)),
    );
    page = answer.nextPageToken ?? '';
  } while (page !== '');
  for (let start = 0; start < localIds.length; start += PAGE)
    await call(emulator, 'accounts:batchDelete', {
      localIds: localIds.slice(start, start + PAGE),
      force: true,
    });
  return localIds.length;
}

async function call({ projectId, hosts }: AuthEmulator, path: string, body?: object): Promise<unknown> {
  const url = `http://${hosts.auth}/identitytoolkit.googleapis.com/v1/projects/${projectId}/${path}`;
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`The Auth emulator refused ${path.split('?')[0]}: ${await response.text()}`);
  return response.json();
}
