/**
 * What `getLiveQuota` takes and answers.
 * @module
 */
import { whole } from './door.ts';
import { object } from './shape.ts';

/** What `getLiveQuota` takes. */
export interface QuotaRequest {
  readonly v: number;
}

/** What is used of a window, in s of lease, and when it begins anew, epoch ms. */
export interface QuotaWindow {
  readonly usedSeconds: number;
  /** `null`: no bound. What an operator gave for today is in it. */
  readonly limitSeconds: number | null;
  readonly resetsAt: number;
}

/** What `getLiveQuota` answers: for display, every mint decides anew. A team's own rule, which may allow less, is not asked. */
export interface QuotaAnswer {
  readonly v: number;
  readonly serverTime: number;
  /** Id of the caller's policy. */
  readonly policy: string;
  readonly day: QuotaWindow;
  readonly month: QuotaWindow;
  /** Sessions with a live token. */
  readonly sessions: { readonly live: number; readonly limit: number };
  readonly blocked: boolean;
}

const quotaRequest = object<QuotaRequest>({ v: whole(99) }, 'v');

/** Reads {@link QuotaRequest}. Throws {@link ProtocolError} with the field's path. */
export function readQuotaRequest(value: unknown): QuotaRequest {
  return quotaRequest(value, '', 'reject');
}
