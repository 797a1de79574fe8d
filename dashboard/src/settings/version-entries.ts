/**
 * What a setting was before: a template's versions, and for admins what the audit tells of who changed what and why.
 * Pure.
 * @module
 */
import { isObject } from '@livegate/protocol';
import { type Draft, draftOf, versionOf } from './draft.ts';

/** An entry of the audit about a setting. */
export interface SettingChange {
  readonly at: number;
  readonly actor: string;
  readonly act: string;
  readonly target: string;
  readonly reason: string;
  /** `null` where there was, or is, none, or where it is not told. */
  readonly before: Draft | null;
  readonly after: Draft | null;
  /** 0 where nothing stands there afterwards. */
  readonly version: number;
}

/** A version, as far as it is known. */
export interface VersionEntry {
  /** 0 for a deletion. */
  readonly version: number;
  readonly draft: Draft | null;
  readonly change: SettingChange | null;
}

/** Reads an entry of the audit; `undefined` for what is none. */
export function settingChange(data: Readonly<Record<string, unknown>>): SettingChange | undefined {
  const { at, actor, act, target, reason, before, after } = data;
  if (typeof at !== 'number' || typeof actor !== 'string' || typeof act !== 'string') return undefined;
  return {
    at,
    actor,
    act,
    target: typeof target === 'string' ? target : '',
    reason: typeof reason === 'string' ? reason : '',
    before: told(before),
    after: told(after),
    version: isObject(after) ? versionOf(after) : 0,
  };
}

/** A document that was too long for the audit is left out of it. */
function told(value: unknown): Draft | null {
  return isObject(value) && value.omitted === undefined ? draftOf(value) : null;
}

/**
 * Versions and changes as one list, newest first. Where versions are kept (templates) they lead, and a change stands
 * beside the version it made; elsewhere the changes are the list.
 */
export function versionEntries(
  versions: readonly { readonly version: number; readonly draft: Draft }[],
  changes: readonly SettingChange[],
): readonly VersionEntry[] {
  if (versions.length === 0)
    return changes.map((change) => ({ version: change.version, draft: change.after, change }));
  return versions.map(({ version, draft }) => ({
    version,
    draft,
    change: changes.find((change) => change.version === version) ?? null,
  }));
}

/** Sign-in providers: the id of a policy for those who signed in so. */
const PROVIDERS =
  /^(password|anonymous|custom|phone|google\.com|apple\.com|facebook\.com|github\.com|twitter\.com|microsoft\.com|yahoo\.com|playgames\.google\.com|gc\.apple\.com|(saml|oidc)\..+)$/;

/** Who falls back to what where a policy is deleted, in sentences. `hasDefault`: `livePolicies/default` exists. */
export function fallbackWords(id: string, hasDefault: boolean): readonly string[] {
  if (id === 'default')
    return [
      'It is the policy of everybody who has no other one: they get no token any more, and talks that go on are not renewed.',
      'Users with a tier, and those whose way of signing in has a policy of its own, go on.',
    ];
  const claimed = `Users whose tier is ${id} get no token any more: a tier that names no policy is an error, not a way to another one.`;
  if (!PROVIDERS.test(id)) return [claimed];
  return [
    hasDefault
      ? `Those who signed in with ${id} fall back to the policy default.`
      : `Those who signed in with ${id} get no token any more: there is no policy default.`,
    claimed,
  ];
}
