/**
 * The custom claims of a user beside the role: the policy of their own, and the room that all claims share. Pure.
 * @module
 */
import { Refusal } from './refusal.ts';

type Claims = Readonly<Record<string, unknown>>;

/** Name of the custom claim that names a user's policy. */
export const TIER_CLAIM = 'livegatePolicy';

/** The policy that the claims of a token or of a record name; `null` for none. */
export function tierIn({ [TIER_CLAIM]: tier }: Claims): string | null {
  return typeof tier === 'string' ? tier : null;
}

/** All custom claims of a user with this one changed, the others as they are. */
export function claimsWithTier(claims: Claims, tier: string | null): Claims {
  const { [TIER_CLAIM]: _tier, ...others } = claims;
  return tier === null ? others : { ...others, [TIER_CLAIM]: tier };
}

/** Most JSON of custom claims. Source: Firebase Auth, "Control access with custom claims", read 2026-11-21. */
export const MOST_CLAIMS_CHARACTERS = 1_000;

/** Throws {@link Refusal} `invalid` naming the field where Auth would not take these claims. */
export function checkClaimsFit(claims: Claims, field: string): void {
  if (JSON.stringify(claims).length <= MOST_CLAIMS_CHARACTERS) return;
  throw new Refusal(
    'invalid',
    `This user's custom claims leave no room for one more: ${MOST_CLAIMS_CHARACTERS} characters of JSON.`,
    { field },
  );
}
