/**
 * What `mintLiveToken` takes and answers, and the check at its door.
 * @module
 */
import { identifier, name, oneOf, variables, whole } from './door.ts';
import type { LiveSetup } from './live-setup.ts';
import { partialSetupShape } from './message-shapes.ts';
import type { LiveBackend } from './models.ts';
import type { SetupPath } from './setup-fields.ts';
import { flag, isObject, object } from './shape.ts';

/** The oldest version that is still answered: the one before the current, and the first until there is a second. */
export const OLDEST_CALLABLES_VERSION = 1;

/** A template and what to put into it. */
export interface TemplateChoice {
  readonly id: string;
  readonly variables?: { readonly [name: string]: string };
}

/** Opens a session. `setup` holds what the page wishes for; a field the policy forbids is refused by name. */
export interface MintStart {
  readonly v: number;
  readonly op: 'start';
  /** Made by the client, 8–64 characters of `A-Za-z0-9_-`; a repeat is answered once. */
  readonly requestId: string;
  readonly model: string;
  readonly backend?: LiveBackend;
  readonly location?: string;
  readonly template?: TemplateChoice;
  readonly setup?: Partial<LiveSetup>;
}

/** The next lease of a session that goes on. Refused before `renewAfter`. */
export interface MintRenew {
  readonly v: number;
  readonly op: 'renew';
  readonly requestId: string;
  readonly sessionId: string;
  /** The resume was refused: the next connection seeds its history instead. */
  readonly fresh?: boolean;
}

/** Another token inside the running lease, after a drop. */
export interface MintRemint {
  readonly v: number;
  readonly op: 'remint';
  readonly requestId: string;
  readonly sessionId: string;
  readonly fresh?: boolean;
}

/** What `mintLiveToken` takes. */
export type MintRequest = MintStart | MintRenew | MintRemint;

/**
 * Wakes `mintLiveToken` and asks for nothing. Anybody gets `{}` for it, with nothing read, counted or charged: no more
 * than what a preflight gets.
 */
export interface WarmUp {
  readonly v: number;
  readonly op: 'warm-up';
}

/** Tells a {@link WarmUp} from what is asked of the function. */
export function isWarmUp(value: unknown): value is WarmUp {
  return isObject(value) && value.op === 'warm-up';
}

/** How the socket carries its credential. */
export type SocketAuth =
  | { readonly kind: 'query'; readonly name: 'access_token'; readonly value: string }
  | { readonly kind: 'subprotocol'; readonly value: string };

/** Why a session is to stop, said in the answer to a renewal or a report. */
export interface StopNotice {
  readonly reason: 'revoked' | 'blocked' | 'kill-switch' | 'quota' | 'session-over';
}

/** Seconds left to the caller; `null` where the policy sets no bound. */
export interface QuotaLeft {
  readonly daySeconds: number | null;
  readonly monthSeconds: number | null;
}

/** What `mintLiveToken` answers. Times are epoch ms by the server's clock; count from `serverTime`. */
export interface MintAnswer {
  readonly v: number;
  readonly sessionId: string;
  readonly leaseId: string;
  /** 0 for the first lease; a re-mint keeps its lease's index. */
  readonly leaseIndex: number;
  /** Names the socket that this token opens, in reports. */
  readonly connectionId: string;
  readonly serverTime: number;
  /** The token is dead from here on. */
  readonly expiresAt: number;
  /** Renewals are refused before this. */
  readonly renewAfter: number;
  /** The socket must be opened before this. */
  readonly startBy: number;
  readonly route: 'direct' | 'relay';
  readonly socket: { readonly url: string; readonly auth: SocketAuth };
  /** The part of the locked setup that is not secret: the client's first frame, with its open fields added. */
  readonly setup: Partial<LiveSetup> & { readonly model: string };
  /** Paths the client may set by itself, `sessionResumption` always among them. */
  readonly openFields: readonly SetupPath[];
  readonly report: { readonly everySeconds: number; readonly transcripts: boolean };
  readonly quotaLeft: QuotaLeft;
  /** Oldest version of these shapes that is still answered. */
  readonly clientMin: number;
  readonly warnings?: readonly string[];
  readonly stop?: StopNotice;
}

const startShape = object<MintStart>(
  {
    v: whole(99),
    op: oneOf('start'),
    requestId: identifier,
    model: name,
    backend: oneOf('google-ai', 'vertex-ai'),
    location: name,
    template: object<TemplateChoice>({ id: name, variables }, 'id'),
    setup: partialSetupShape,
  },
  'v',
  'op',
  'requestId',
  'model',
);
const renewShape = object<MintRenew>(
  { v: whole(99), op: oneOf('renew'), requestId: identifier, sessionId: identifier, fresh: flag },
  'v',
  'op',
  'requestId',
  'sessionId',
);
const remintShape = object<MintRemint>(
  { v: whole(99), op: oneOf('remint'), requestId: identifier, sessionId: identifier, fresh: flag },
  'v',
  'op',
  'requestId',
  'sessionId',
);

/** Reads a mint request. Throws {@link ProtocolError} with the field's path. */
export function readMintRequest(value: unknown): MintRequest {
  const op = oneOf('start', 'renew', 'remint')(isObject(value) ? value.op : undefined, 'op', 'reject');
  if (op === 'start') return startShape(value, '', 'reject');
  return op === 'renew' ? renewShape(value, '', 'reject') : remintShape(value, '', 'reject');
}
