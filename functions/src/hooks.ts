/**
 * Where a team puts rules of its own.
 * @module
 */
import type { AlertKind, LiveBackend, LiveSessionDocument, MintRequest, UsageCost } from '@livegate/protocol';
import type { Caller } from './caller.ts';
import type { PolicyNarrowing } from './policy-narrowing.ts';
import { Refusal } from './refusal.ts';

/** What {@link LiveHooks.authorize} is asked. Holds nothing that people said. */
export interface AuthorizeQuestion {
  readonly caller: Caller;
  readonly op: MintRequest['op'];
  readonly sessionId: string;
  /** At a start. */
  readonly model?: string;
  readonly backend?: LiveBackend;
  readonly template?: string;
  /** Id of the caller's policy. */
  readonly policy: string;
}

/** Yes, perhaps with less than the policy allows; or no, with a reason of the team's own. */
export type Authorization =
  | { readonly allow: true; readonly narrow?: PolicyNarrowing }
  | { readonly allow: false; readonly rule: string; readonly message?: string };

/** A lease that was handed out. */
export interface LeaseNotice {
  readonly uid: string;
  readonly sessionId: string;
  readonly leaseId: string;
  readonly leaseIndex: number;
  readonly op: MintRequest['op'];
  readonly policy: string;
  /** Epoch ms. */
  readonly mintedAt: number;
  readonly expiresAt: number;
}

/** A session whose books are closed. */
export interface SettledSession {
  readonly sessionId: string;
  readonly session: LiveSessionDocument;
  readonly cost: UsageCost | null;
}

/** A threshold that was reached. */
export interface AlertNotice {
  readonly kind: AlertKind;
  readonly value: number;
  readonly threshold: number;
  /** UTC day, `2026-11-21`. */
  readonly day: string;
}

/** A team's own rules. Each is optional. */
export interface LiveHooks {
  /** Asked before anything is charged. One that throws, or takes longer than the limit, refuses. */
  authorize?(question: AuthorizeQuestion): Authorization | Promise<Authorization>;
  /** Told after a token was handed out. At most once; one that throws changes nothing. */
  onLease?(lease: LeaseNotice): void | Promise<void>;
  /** Told when the books are closed: at least once, `idempotencyKey` being the same each time. */
  onSettled?(settled: SettledSession, idempotencyKey: string): void | Promise<void>;
  /** Told once for each threshold and day. */
  onAlert?(alert: AlertNotice): void | Promise<void>;
}

/** How long `authorize` and `onLease` may take, in ms. A page waits for them. Ours. */
export const HOOK_LIMIT_MS = 3_000;

/**
 * Asks the team's rule; what it narrows. Throws {@link Refusal} `not-authorized`, with the rule's own reason where it
 * gave one.
 */
export async function authorized(
  hooks: LiveHooks,
  question: AuthorizeQuestion,
  { limitMs, complain }: { readonly limitMs: number; complain(error: unknown): void },
): Promise<PolicyNarrowing> {
  if (!hooks.authorize) return {};
  const { authorize } = hooks;
  let answer: Authorization;
  try {
    answer = await within(limitMs, async () => authorize.call(hooks, question));
  } catch (error) {
    complain(error);
    throw new Refusal('not-authorized', 'Whether you may talk could not be found out.', {}, { cause: error });
  }
  // A rule in JavaScript may answer anything: only a plain yes is one.
  if (answer?.allow === true) return answer.narrow ?? {};
  const { rule = 'unknown', message = 'A rule of this app says no.' } = answer ?? {};
  throw new Refusal('not-authorized', message, { rule: String(rule).slice(0, 100) });
}

/** The result of `work`, or an error after `limitMs`. */
export async function within<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
