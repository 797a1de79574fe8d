/**
 * Reads the lines of a timeline. They were told by a page, so that anything may stand there. In a file of its own, so
 * that who tells lines does not carry the check of them.
 * @module
 */
import { MODALITIES } from './content.ts';
import { bounded, oneOf, textUpTo, whole } from './door.ts';
import { ProtocolError } from './errors.ts';
import { REPORT_LIMITS } from './report-limits.ts';
import { type Fields, flag, isObject, object, type Shape } from './shape.ts';
import {
  CLOSED_WHYS,
  type ClosedDetail,
  type ConnectedDetail,
  type ResumedDetail,
  type TimelineDetails,
  type TimelineLine,
  type TimelineType,
  TOOL_NAME_CHARACTERS,
  type ToolCallDetail,
  type TurnDetail,
  type TurnUsage,
} from './timeline.ts';
import type { CountedModality, TokensByModality } from './usage.ts';

/** An object with the fields that are known; others, of a version to come or of nobody, are left out. */
function known<T>(fields: Fields<T>, ...required: readonly (keyof T & string)[]): Shape<T> {
  const shape = object<T>(fields, ...required);
  return (value, path, unknownFields) => {
    if (!isObject(value)) return shape(value, path, unknownFields);
    const own = Object.entries(value).filter(([key]) => Object.hasOwn(fields, key));
    return shape(Object.fromEntries(own), path, unknownFields);
  };
}

/** A day: no figure of a line is longer. */
const ms = /* @__PURE__ */ bounded(86_400_000);
const tokens = /* @__PURE__ */ known<TokensByModality>(
  Object.fromEntries(
    [...MODALITIES, 'OTHER'].map((modality) => [modality, whole(REPORT_LIMITS.tokens)]),
  ) as unknown as { readonly [K in CountedModality]-?: Shape<number> },
);
const nothing = /* @__PURE__ */ known<Record<string, never>>({});
const by = /* @__PURE__ */ oneOf('lease', 'goAway', 'drop');
const resumed = /* @__PURE__ */ known<ResumedDetail>({ stateRestored: flag, reload: flag }, 'stateRestored');

const DETAILS: { readonly [T in TimelineType]: Shape<TimelineDetails[T]> } = {
  connected: /* @__PURE__ */ known<ConnectedDetail>(
    { leaseIndex: whole(1_000_000), connectMs: ms },
    'leaseIndex',
  ),
  swapped: resumed,
  resumed,
  turn: /* @__PURE__ */ known<TurnDetail>({
    answerMs: ms,
    interrupted: flag,
    cut: flag,
    usage: known<TurnUsage>({
      prompt: tokens,
      response: tokens,
      toolUse: tokens,
      cached: tokens,
      thoughts: whole(REPORT_LIMITS.tokens),
      total: whole(REPORT_LIMITS.tokens),
    }),
  }),
  interrupted: nothing,
  'tool-call': /* @__PURE__ */ known<ToolCallDetail>(
    { name: textUpTo(TOOL_NAME_CHARACTERS), ms, outcome: oneOf('answered', 'cancelled', 'failed') },
    'name',
    'ms',
    'outcome',
  ),
  'go-away': /* @__PURE__ */ known<TimelineDetails['go-away']>({ timeLeftMs: ms }, 'timeLeftMs'),
  cut: /* @__PURE__ */ known<TimelineDetails['cut']>({ by }, 'by'),
  closed: /* @__PURE__ */ known<ClosedDetail>(
    { why: oneOf(...CLOSED_WHYS), code: whole(4_999), reason: textUpTo(64) },
    'why',
  ),
  'page-hidden': nothing,
  'page-left': nothing,
};

/** Every type of line that this version knows. */
export const TIMELINE_TYPES = /* @__PURE__ */ Object.keys(DETAILS) as readonly TimelineType[];

/**
 * Reads a line by its type. `undefined` where the type is unknown or the detail is not what the type has: such a line
 * may be shown by its type and time alone. Fields that are unknown are left out; text is a page's word, not markup.
 */
export function readTimelineDetail(type: string, detail: unknown): TimelineLine | undefined {
  if (!isType(type)) return undefined;
  try {
    return { type, detail: DETAILS[type](detail ?? {}, 'detail', 'reject') } as TimelineLine;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function isType(type: string): type is TimelineType {
  return Object.hasOwn(DETAILS, type);
}
