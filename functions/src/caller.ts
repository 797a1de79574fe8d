/**
 * Who calls, and which policy is theirs.
 * @module
 */
import type { LivePolicyDocument } from '@livegate/protocol';
import { tierIn } from './claims.ts';
import { Refusal } from './refusal.ts';
import type { SettingsSource } from './settings.ts';

/** A signed-in user, as the verified ID token tells. */
export interface Caller {
  readonly uid: string;
  /** `anonymous`, `password`, `google.com`, … */
  readonly provider: string;
  /** The custom claim that names a policy. */
  readonly policyClaim?: string;
  /** The verified token's claims, for a team's own rule. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Hash of app and address, another one each day; of anonymous users. */
  readonly origin?: string;
}

/** Reads a caller out of a verified token. */
export function callerOf(auth: {
  readonly uid: string;
  readonly token: Readonly<Record<string, unknown>>;
}): Caller {
  const { firebase } = auth.token;
  const tier = tierIn(auth.token);
  const provider =
    typeof firebase === 'object' && firebase !== null
      ? (firebase as Readonly<Record<string, unknown>>).sign_in_provider
      : undefined;
  return {
    uid: auth.uid,
    provider: typeof provider === 'string' ? provider : 'custom',
    claims: auth.token,
    ...(tier === null ? {} : { policyClaim: tier }),
  };
}

/** A policy and the id it stands under. */
export interface ChosenPolicy {
  readonly id: string;
  readonly policy: LivePolicyDocument;
}

/**
 * The caller's policy: by claim, else by sign-in provider, else `default`. A claim that names no policy is an
 * error, not a way to another one. Throws {@link Refusal}: `no-template` where no policy exists, `anonymous`,
 * `emulator-only`.
 */
export async function policyOf(
  caller: Caller,
  settings: SettingsSource,
  emulated: boolean,
): Promise<ChosenPolicy> {
  const ids = caller.policyClaim === undefined ? [caller.provider, 'default'] : [caller.policyClaim];
  for (const id of ids) {
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(id)) continue;
    const policy = await settings.policy(id);
    if (!policy) continue;
    if (policy.emulatorOnly && !emulated) {
      throw new Refusal(
        'emulator-only',
        `The policy ${id} works on the emulators only; write one of your own.`,
      );
    }
    if (!policy.anonymous && caller.provider === 'anonymous') {
      throw new Refusal('anonymous', 'The policy does not let anonymous users in; sign in first.');
    }
    return { id, policy };
  }
  throw new Refusal(
    'no-template',
    caller.policyClaim === undefined
      ? 'No policy lets anyone in yet: write livePolicies/default, as `npm run operate -- write-policy open` does.'
      : `The claim livegatePolicy names ${caller.policyClaim.slice(0, 64)}, and there is no such policy.`,
  );
}
