/**
 * One function per log line, structured, with the ids to follow a session by. No line holds a token, a handle,
 * a key or a word of a conversation: callers pass names and numbers only, and every text goes through
 * {@link redact}.
 * @module
 */
import type { AuditAct, RefusalReason } from '@livegate/protocol';
import type { AlertNotice } from './hooks.ts';

/** Takes a structured line. */
export type LogSink = (
  severity: 'INFO' | 'WARNING' | 'ERROR',
  message: string,
  fields: Readonly<Record<string, unknown>>,
) => void;

/** Replaces whatever looks like a token, a key or a long opaque string. */
export function redact(text: string): string {
  return text
    .replace(/auth_tokens(\/|%2F)[\w.~%+/-]+/gi, 'auth_tokens/[hidden]')
    .replace(/(AIza|\bAQ\.)[\w.-]{10,}/g, '[hidden]')
    .replace(/(access_token|key|token|handle)(["']?\s*[:=]\s*["']?)[^&\s"',}]+/gi, '$1$2[hidden]')
    .replace(/\b(bearer|basic)\s+[^\s"',}]+/gi, '$1 [hidden]')
    .replace(/[A-Za-z0-9_+/=-]{40,}/g, '[hidden]');
}

/** The log of the functions. */
export interface LiveLog {
  leaseGranted(fields: {
    readonly uid: string;
    readonly sessionId: string;
    readonly leaseId: string;
    readonly index: number;
    readonly seconds: number;
    readonly op: string;
    readonly policy: string;
  }): void;
  mintRefused(fields: {
    readonly uid: string;
    readonly reason: RefusalReason;
    readonly sessionId?: string;
    /** Of a team's own rule. */
    readonly rule?: string;
  }): void;
  upstreamRefused(fields: {
    readonly sessionId: string;
    readonly leaseId: string;
    readonly status: number;
  }): void;
  upstreamUnknown(fields: {
    readonly sessionId: string;
    readonly leaseId: string;
    readonly problem: string;
  }): void;
  reportTaken(fields: {
    readonly sessionId: string;
    /** Lease of the connection. */
    readonly leaseId: string | undefined;
    readonly connectionId: string;
    readonly seq: number;
    readonly final: boolean;
  }): void;
  booksClosed(fields: { readonly closed: number }): void;
  /** One line for each threshold and day: what log-based alerts go by. */
  alertCrossed(fields: AlertNotice): void;
  settleFailed(fields: { readonly sessionId: string }, error: unknown): void;
  adminActed(fields: { readonly actor: string; readonly act: AuditAct; readonly target: string }): void;
  unexpected(error: unknown, doing: string): void;
}

/** A {@link LiveLog} that writes to `sink`. */
export function createLog(sink: LogSink): LiveLog {
  return {
    leaseGranted: (fields) => sink('INFO', 'lease granted', { event: 'lease-granted', ...fields }),
    mintRefused: (fields) => sink('INFO', 'mint refused', { event: 'mint-refused', ...fields }),
    upstreamRefused: (fields) =>
      sink('ERROR', 'the Live API refused to make a token', { event: 'upstream-refused', ...fields }),
    upstreamUnknown: ({ problem, ...fields }) =>
      sink('WARNING', 'the Live API did not say whether it made a token', {
        event: 'upstream-unknown',
        ...fields,
        problem: redact(problem),
      }),
    reportTaken: (fields) => sink('INFO', 'usage reported', { event: 'usage-reported', ...fields }),
    booksClosed: (fields) => sink('INFO', 'books closed', { event: 'books-closed', ...fields }),
    alertCrossed: (fields) =>
      sink('ERROR', `alert: ${fields.kind} reached ${fields.threshold} on ${fields.day}`, {
        event: 'alert-crossed',
        ...fields,
      }),
    settleFailed: ({ sessionId }, error) =>
      sink('WARNING', 'onSettled failed and is tried again', {
        event: 'settle-failed',
        sessionId,
        ...errorFields(error),
      }),
    adminActed: (fields) => sink('INFO', 'an operator acted', { event: 'admin-acted', ...fields }),
    unexpected: (error, doing) =>
      sink('ERROR', `unexpected error while ${redact(doing)}`, {
        event: 'unexpected',
        ...errorFields(error),
      }),
  };
}

/**
 * What may be told of an error: its name, its code and the place it was thrown at. Not its message, nor its cause: those
 * hold what it failed on, and no pattern knows what people say.
 */
function errorFields(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error ? String(error.code) : '';
  return {
    name: /^\w{1,40}$/.test(error.name) ? error.name : 'Error',
    // 7, ECONNRESET, auth/internal-error.
    ...(/^(\d{1,4}|[A-Z_]{2,40}|[a-z-]{1,20}\/[a-z-]{1,40})$/.test(code) ? { code } : {}),
    at: placeOf(error),
  };
}

/** The first frame without its path: enough to find the place. */
function placeOf({ message, stack = '' }: Error): string {
  // The message stands before the frames, and may look like one.
  const frames = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const [frame = ''] = /^\s+at .*$/m.exec(frames) ?? [];
  return redact(frame.trim().replace(/\(?(file:)?\/.*\/(dist|src)\//, '('));
}
