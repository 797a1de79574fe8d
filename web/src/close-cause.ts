/**
 * Why a session is over. Pure.
 * @module
 */
import {
  CLOSE_CODE,
  type ClosedDetail,
  closeRemedy,
  type RefusalReason,
  type StopNotice,
} from '@livegate/protocol';
import { AIError } from './errors.ts';
import type { ClosedBy } from './live-connection.ts';
import { refusalReason } from './mint-error.ts';
import { isTransient } from './resume-policy.ts';
import type { LiveCloseCause } from './session-events.ts';

/** The cause of a session whose lease was not followed by another. */
export function lapseCause(refusal: RefusalReason | undefined): LiveCloseCause {
  return { reason: 'lease-over', ...(refusal ? { refusal } : {}) };
}

/** What the server's close of an open session means: the cause of its end, or `undefined` for a drop. */
export function closeCause(
  { code, reason: detail }: ClosedBy,
  state: {
    readonly stop: StopNotice | undefined;
    /** The lease ends and will not be followed by another. */
    readonly lapsed: { readonly refusal: RefusalReason | undefined } | undefined;
  },
): LiveCloseCause | undefined {
  const remedy = closeRemedy(code, 'talking');
  if (remedy === 'end') return { reason: 'server', code, detail };
  if (remedy === 'fatal') return { reason: 'refused', code, detail };
  if (state.stop) return { reason: 'stopped', notice: state.stop };
  return state.lapsed && lapseCause(state.lapsed.refusal);
}

/** What it means that no further connection could be had: the last error decides, then the last close. */
export function failureCause(error: unknown, lastClose: ClosedBy | undefined): LiveCloseCause {
  const data = error instanceof AIError ? error.customErrorData : undefined;
  const refusal = error instanceof AIError ? refusalReason(error) : undefined;
  if (refusal !== undefined && !isTransient(refusal)) return lapseCause(refusal);
  const code = data?.closeCode ?? lastClose?.code ?? CLOSE_CODE.abnormal;
  return { reason: 'lost', code, detail: data?.closeReason ?? lastClose?.reason ?? '' };
}

/** The line of a timeline about a session's end; `code` is of its last connection's close. */
export function closedDetail(cause: LiveCloseCause, code: number): ClosedDetail {
  const why = cause.reason;
  if (why === 'stopped') return { why, code, reason: cause.notice.reason };
  return { why, code, ...(why === 'lease-over' && cause.refusal ? { reason: cause.refusal } : {}) };
}
