/**
 * The HTTP answer of a refusal made on purpose.
 * @module
 */
import type { UpgradeFault } from './fault.ts';

/** An answer of HTTP, whole. */
export interface HttpRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Status → what Google's APIs say of it. Names: google.rpc.Code and its mapping to HTTP; texts as users have published them. */
const GOOGLE: Readonly<Record<number, { readonly status: string; readonly message: string }>> = {
  400: { status: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' },
  401: { status: 'UNAUTHENTICATED', message: 'Request had invalid authentication credentials.' },
  403: { status: 'PERMISSION_DENIED', message: 'The caller does not have permission' },
  404: { status: 'NOT_FOUND', message: 'Requested entity was not found.' },
  409: { status: 'ABORTED', message: 'The operation was aborted.' },
  429: { status: 'RESOURCE_EXHAUSTED', message: 'Resource has been exhausted (e.g. check quota).' },
  499: { status: 'CANCELLED', message: 'The operation was cancelled.' },
  500: { status: 'INTERNAL', message: 'Internal error encountered.' },
  501: { status: 'UNIMPLEMENTED', message: 'Operation is not implemented, or supported, or enabled.' },
  503: { status: 'UNAVAILABLE', message: 'The service is currently unavailable.' },
  504: { status: 'DEADLINE_EXCEEDED', message: 'Deadline expired before operation could complete.' },
};
const OTHER = { status: 'UNKNOWN', message: 'Unknown error.' };

/** The answer to give: the body that the fault carries, else Google's error; `Retry-After` and `RetryInfo` where it names a wait. */
export function refusalOf({
  status,
  body,
  retryAfterSeconds,
}: Extract<UpgradeFault, { kind: 'refuse' }>): HttpRefusal {
  const isText = typeof body === 'string';
  return {
    status,
    headers: {
      'content-type': isText ? 'text/plain; charset=UTF-8' : 'application/json; charset=UTF-8',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
    body: isText ? body : JSON.stringify(body ?? googleError(status, retryAfterSeconds)),
  };
}

function googleError(code: number, retryAfterSeconds: number | undefined): object {
  const { status, message } = GOOGLE[code] ?? OTHER;
  const details = [
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` },
  ];
  return { error: { code, message, status, ...(retryAfterSeconds !== undefined && { details }) } };
}
