/**
 * The lines of a timeline in words. Pure. Words of a page are put in as they are: whoever shows them shows text.
 * @module
 */
import type { ClosedDetail, TimelineDetails, TimelineType, TurnUsage } from '@livegate/protocol';
import { countText, durationWords, type Locale, tokensIn } from '../format.ts';
import { closeWords } from './close-words.ts';
import type { ToldLine } from './told-lines.ts';

/** What a line is about; the picture has a lane for most. */
export type LineKind =
  | 'lease'
  | 'connection'
  | 'turn'
  | 'barge-in'
  | 'tool'
  | 'service'
  | 'session'
  | 'other';

/** How it reads: as usual, worth a look, or a failure. */
export type Tone = 'plain' | 'warn' | 'bad';

/** A line in words. */
export interface LineWords {
  readonly kind: LineKind;
  readonly title: string;
  /** Figures and what follows from it; `null` where the title says all. */
  readonly detail: string | null;
  readonly tone: Tone;
}

/** What a line's words need beside the line. */
export interface LineContext extends Locale {
  /** Number of the turn from 1, for a `turn`. */
  readonly turn: number;
  /** What the connection's report says it was closed with, for a `closed` that does not say it. */
  readonly closeCode: number | undefined;
}

/** Most characters of what a page told in a form that is not known. */
const RAW_CHARACTERS = 300;

const WHYS = {
  lease: ['left for the next lease', 'plain'],
  goAway: ['left because the service announced its end', 'plain'],
  drop: ['dropped', 'bad'],
  app: ['closed by the page: the talk is over', 'plain'],
  server: ['closed by the service: the talk is over', 'plain'],
  stopped: ['closed by order: the talk is over', 'warn'],
  'lease-over': ['closed: its lease ended and no other followed', 'warn'],
  lost: ['lost: no further connection could be had', 'bad'],
  refused: ['closed: the service refused to go on', 'bad'],
} as const satisfies Readonly<Record<ClosedDetail['why'], readonly [string, Tone]>>;

const CUT_BY = {
  lease: 'a lease’s end',
  goAway: 'the service’s announced end',
  drop: 'a drop',
} as const satisfies Readonly<Record<TimelineDetails['cut']['by'], string>>;

const OUTCOMES = {
  answered: ['answered', 'plain'],
  failed: ['answered with an error', 'bad'],
  cancelled: ['cancelled', 'warn'],
} as const satisfies Readonly<Record<TimelineDetails['tool-call']['outcome'], readonly [string, Tone]>>;

type Writers = {
  readonly [T in TimelineType]: (detail: TimelineDetails[T], context: LineContext) => LineWords;
};

const WRITERS: Writers = {
  connected: ({ leaseIndex, connectMs }, context) => ({
    kind: 'connection',
    title: 'Set up',
    detail: parts([
      `lease ${leaseIndex + 1}`,
      connectMs === undefined ? undefined : `ready after ${msText(connectMs, context)}`,
    ]),
    tone: 'plain',
  }),
  swapped: ({ stateRestored }) => ({
    kind: 'connection',
    title: 'Took over as planned',
    detail: restoredWords(stateRestored),
    tone: stateRestored ? 'plain' : 'warn',
  }),
  resumed: ({ stateRestored, reload }) => ({
    kind: 'connection',
    title: reload ? 'Took over in a page that was loaded again' : 'Came back after a drop',
    detail: restoredWords(stateRestored),
    tone: stateRestored ? 'plain' : 'warn',
  }),
  turn: ({ usage, answerMs, interrupted, cut }, context) => ({
    kind: 'turn',
    title: `Turn ${context.turn}`,
    detail: parts([
      usage === undefined ? 'no tokens counted' : usageWords(usage, context),
      answerMs === undefined ? undefined : `answered after ${msText(answerMs, context)}`,
      interrupted ? 'interrupted' : undefined,
      cut ? 'cut off by a change of connections' : undefined,
    ]),
    tone: cut ? 'warn' : 'plain',
  }),
  interrupted: () => ({
    kind: 'barge-in',
    title: 'Barge-in',
    detail: 'the user came in while the model spoke',
    tone: 'plain',
  }),
  'tool-call': ({ name, ms, outcome }, context) => ({
    kind: 'tool',
    title: `Tool call: ${name}`,
    detail: `${OUTCOMES[outcome][0]} after ${msText(ms, context)}`,
    tone: OUTCOMES[outcome][1],
  }),
  'go-away': ({ timeLeftMs }) => ({
    kind: 'service',
    title: 'The service announced that it will close the connection',
    detail: `goAway, ${durationWords(timeLeftMs / 1_000)} left`,
    tone: 'plain',
  }),
  cut: ({ by }) => ({
    kind: 'service',
    title: 'A turn or a tool was cut off',
    detail: `by ${CUT_BY[by]}`,
    tone: 'warn',
  }),
  closed: ({ why, code, reason }, { closeCode }) => {
    const known = code ?? closeCode;
    const [title, tone] = WHYS[why];
    return {
      kind: 'service',
      title: title.charAt(0).toUpperCase() + title.slice(1),
      detail: parts([reason, known === undefined ? undefined : closeWords(known)]),
      tone,
    };
  },
  'page-hidden': () => ({
    kind: 'session',
    title: 'The page went away',
    detail: 'it may come back',
    tone: 'plain',
  }),
  'page-left': () => ({ kind: 'session', title: 'The page went away for good', detail: null, tone: 'plain' }),
};

/** A line in words; one that cannot be read as it was told, shortened. */
export function lineWords(told: ToldLine, context: LineContext): LineWords {
  if (told.line === undefined)
    return { kind: 'other', title: told.type, detail: rawText(told.detail), tone: 'plain' };
  const write = WRITERS[told.line.type] as (detail: unknown, context: LineContext) => LineWords;
  return write(told.line.detail, context);
}

/** Milliseconds: `420 ms`, `1.2 s`. */
export function msText(ms: number, { locale }: Locale = {}): string {
  if (ms < 1_000) return `${countText(ms, locale === undefined ? {} : { locale })} ms`;
  if (ms >= 60_000) return durationWords(ms / 1_000);
  return `${(ms / 1_000).toLocaleString(locale, { maximumFractionDigits: 1 })} s`;
}

function usageWords(
  { prompt = {}, toolUse = {}, response = {}, thoughts = 0 }: TurnUsage,
  locale: Locale,
): string {
  const into = tokensIn(prompt) + tokensIn(toolUse);
  return `${countText(into, locale)} tokens in, ${countText(tokensIn(response) + thoughts, locale)} out`;
}

function restoredWords(stateRestored: boolean): string {
  return stateRestored
    ? 'the model kept its state'
    : 'the model began from a summary of texts instead of its own state';
}

function rawText(detail: unknown): string | null {
  if (detail === undefined) return null;
  const text = JSON.stringify(detail) ?? '';
  return text.length > RAW_CHARACTERS ? `${text.slice(0, RAW_CHARACTERS)}…` : text;
}

function parts(all: readonly (string | undefined)[]): string | null {
  const said = all.filter((each) => each !== undefined && each !== '');
  return said.length === 0 ? null : said.join(' · ');
}
