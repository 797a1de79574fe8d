/**
 * Sentences about a session: its money, its flags, its end, its transcript. Pure.
 * @module
 */
import type { LiveSessionDocument, UsageCost } from '@livegate/protocol';
import type { Role } from '../access.ts';
import { durationWords, type Locale, momentText, usdText } from '../format.ts';
import type { TranscriptRule } from './session-reading.ts';

/** How often `sweepLiveSessions` closes books, in ms. Source: its schedule in `functions/src/live-functions.ts`. */
const SWEEP_MS = 300_000;

/** When the books close, in words, while they are open; `null` once they are closed. */
export function booksWords(
  { open, deadAt }: Pick<LiveSessionDocument, 'open' | 'deadAt'>,
  { nowMs, ...locale }: Locale & { readonly nowMs: number },
): string | null {
  if (!open) return null;
  const due = deadAt + SWEEP_MS;
  const at = momentText(due, nowMs, locale);
  // Two runs that did not come are no delay any more.
  return nowMs > due + SWEEP_MS
    ? `The books should have closed at about ${at}. Look whether sweepLiveSessions runs.`
    : `When the books close, at about ${at}.`;
}

/** A cost in a few words: `$0.0123`, or `unpriced`. Unknown is never nothing. */
export function costText({ microUsd }: Pick<UsageCost, 'microUsd'>, locale: Locale = {}): string {
  return microUsd === null ? 'unpriced' : usdText(microUsd, locale);
}

/** What a cost goes by, and what it leaves out. */
export function costWords({ asOf, unpriced, pricedMicroUsd }: UsageCost, locale: Locale = {}): string {
  const list = asOf === null ? 'No price list is known for this model' : `By the list price of ${asOf}`;
  if (unpriced.length === 0) return `${list}; what Google bills may differ.`;
  const missing = unpriced.map(partWords).join('; ');
  const rest = pricedMicroUsd > 0 ? ` All else comes to ${usdText(pricedMicroUsd, locale)}.` : '';
  return `${list}. There is no price for: ${missing}.${rest} Set one under Settings; it counts for books that close then.`;
}

const PARTS: Readonly<Record<string, string>> = {
  prompt: 'In',
  cached: 'In, from the cache',
  toolUse: 'In, from tools',
  response: 'Out',
  thoughts: 'Thoughts',
};

/** A part of a cost: `prompt.AUDIO` is `In, audio`. */
export function partWords(part: string): string {
  const [name = '', modality] = part.split('.');
  const known = Object.hasOwn(PARTS, name) ? (PARTS[name] ?? name) : name;
  return modality === undefined
    ? known
    : `${known}, ${modality === 'OTHER' ? 'modality not named' : modality.toLowerCase()}`;
}

/** What a flag means, with the figures it goes by. One that is not known is shown as it is. */
export function flagWords(
  flag: string,
  session: Pick<LiveSessionDocument, 'createdAt' | 'leases' | 'reported'>,
): string {
  if (flag !== 'under-reported') return `${flag}: this page does not know this flag.`;
  const renewals = Object.values(session.leases)
    .filter(({ op }) => op === 'renew')
    .map(({ mintedAt }) => mintedAt);
  const certain = (Math.max(session.createdAt, ...renewals) - session.createdAt) / 1_000;
  return `Its pages reported ${durationWords(session.reported.seconds)}, but its last renewal was asked for ${durationWords(certain)} after the beginning, so it went on for that long at least. A page may have lost its reports, or leaves them out: what it used is not known, what was leased is.`;
}

/** Why a session ended, or is to end, in words. */
export function stopWords(reason: string | null): string {
  if (reason === null) return 'none: nobody stopped it';
  return Object.hasOwn(STOPS, reason) ? `${reason}: ${STOPS[reason]}` : reason;
}

const STOPS: Readonly<Record<string, string>> = {
  revoked: 'an operator ended it',
  blocked: 'its user was blocked',
  erased: 'its user was erased',
  'upstream-refused': 'the service refused the first token',
};

/** What there is to know of a transcript that is not shown. */
export interface TranscriptOrder {
  readonly role: Role;
  readonly session: Pick<LiveSessionDocument, 'policy' | 'policyId' | 'open'>;
  /** Of the policy as it stands now; `null` where it is gone or cannot be read. */
  readonly rule: TranscriptRule | null;
  /** Batches that were not loaded yet. */
  readonly more: boolean;
}

/** Why no words stand here. */
export function transcriptWords({ role, session, rule, more }: TranscriptOrder): string {
  const { policy, policyId, open } = session;
  if (rule !== null && !rule.keep && policy === `${policyId}@${rule.version}`)
    return `The policy ${policy} keeps no transcripts.`;
  if (role !== 'admin') return 'What people said is shown to admins only.';
  if (more) return 'None among the batches that are loaded.';
  if (rule === null) return `None is kept, and the policy ${policy} cannot be looked at any more.`;
  if (!rule.keep)
    return `None is kept. The session ran under ${policy}; as of version ${rule.version} the policy keeps no transcripts.`;
  const kept = `The policy keeps transcripts for ${rule.days} ${rule.days === 1 ? 'day' : 'days'}`;
  return open
    ? `${kept}. Its page told none yet: it tells them with its reports.`
    : `${kept}. None is left, or nothing was said.`;
}
