/**
 * The sorts of faults that can befall an open connection.
 * @module
 */
import type { Fault, LineFault, MessageFault } from './fault.ts';

const SORTS = {
  lose: 'message',
  duplicate: 'message',
  reorder: 'message',
  truncate: 'message',
  malform: 'message',
  'break-frame': 'message',
  stall: 'line',
  'slow-reader': 'line',
  shape: 'line',
  'bursty-audio': 'line',
  drop: 'end',
  close: 'end',
  'go-away': 'end',
  'expire-token': 'end',
  'invalidate-handles': 'end',
} as const satisfies { readonly [K in Fault['kind']]: SortOf<K> };

type SortOf<K> = K extends MessageFault['kind'] ? 'message' : K extends LineFault['kind'] ? 'line' : 'end';

/** True for a fault of one message. */
export function isMessageFault(fault: Fault): fault is MessageFault {
  return SORTS[fault.kind] === 'message';
}

/** True for a fault that lasts. */
export function isLineFault(fault: Fault): fault is LineFault {
  return SORTS[fault.kind] === 'line';
}
