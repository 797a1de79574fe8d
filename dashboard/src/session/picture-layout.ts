/**
 * Where things stand in the picture of a talk: lanes of bars and marks on one axis of time. Pure. Places are shares of
 * the axis from 0 to 1, so that the picture takes any width.
 * @module
 */
import type { LiveSessionDocument } from '@livegate/protocol';
import { type LineKind, lineWords, type Tone } from './line-words.ts';
import { connectionIds, type ToldLine } from './told-lines.ts';

/** Something that lasted. */
export interface Bar {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
  readonly label: string;
  /** Goes on, or its end was not told. */
  readonly openEnd: boolean;
}

/** An instant. */
export interface Mark {
  readonly row: number;
  readonly at: number;
  readonly tone: Tone;
  readonly label: string;
}

/** One lane. */
export interface Lane {
  readonly name: 'Leases' | 'Connections' | 'Turns' | 'Barge-ins' | 'Tool calls' | 'Drops and closes';
  /** Things that would lie over one another stand in rows. */
  readonly rows: number;
  readonly bars: readonly Bar[];
  readonly marks: readonly Mark[];
}

/** A place on the axis and how far it is from the beginning, in s. */
export interface Tick {
  readonly at: number;
  readonly seconds: number;
}

/** The picture. `from` and `to` in epoch ms. */
export interface Picture {
  readonly from: number;
  readonly to: number;
  /** Where now is; `null` where that is not on the axis. */
  readonly now: number | null;
  readonly ticks: readonly Tick[];
  /** Those that have something. */
  readonly lanes: readonly Lane[];
}

/** Most rows of a lane: what finds no room lies over something. */
const MOST_ROWS = 4;

/** Lays the picture out. */
export function pictureOf({
  session,
  lines,
  nowMs,
}: {
  readonly session: LiveSessionDocument;
  readonly lines: readonly ToldLine[];
  readonly nowMs: number;
}): Picture {
  const from = session.createdAt;
  const isLive = session.endedAt === null && session.deadAt > nowMs;
  const leaseEnds = Object.values(session.leases).map(({ expiresAt }) => expiresAt);
  const to = Math.max(
    from + 1_000,
    session.endedAt ?? 0,
    ...leaseEnds,
    // A line of another clock must not make a dot of everything else.
    ...lines.map(({ at }) => at).filter((at) => at <= session.deadAt + 60_000),
  );
  const place = (ms: number): number => Math.min(1, Math.max(0, (ms - from) / (to - from)));
  const spans = connectionSpans(session, lines, {
    end: isLive ? Math.min(nowMs, to) : (session.endedAt ?? to),
  });
  const marksOf = (kind: LineKind): readonly Omit<Mark, 'row'>[] => {
    let turn = 0;
    return lines.flatMap((each) => {
      if (each.line?.type === 'turn') turn += 1;
      const words = lineWords(each, { turn, closeCode: undefined });
      if (words.kind !== kind) return [];
      const label = words.detail === null ? words.title : `${words.title}, ${words.detail}`;
      return [{ at: place(each.at), tone: words.tone, label }];
    });
  };
  const lanes: readonly Lane[] = [
    laneOf(
      'Leases',
      Object.values(session.leases)
        .filter(({ state }) => state !== 'refused')
        .map(({ mintedAt, expiresAt, index, op, state }) => ({
          from: place(mintedAt),
          to: place(expiresAt),
          tone: state === 'kept' ? 'warn' : 'plain',
          label: `Lease ${index + 1}, ${op}`,
          openEnd: false,
        })),
    ),
    laneOf(
      'Connections',
      spans.map(({ number, start, end, openEnd }) => ({
        from: place(start),
        to: place(end),
        tone: 'plain',
        label: `Connection ${number}`,
        openEnd,
      })),
    ),
    laneOf('Turns', [], marksOf('turn')),
    laneOf('Barge-ins', [], marksOf('barge-in')),
    laneOf(
      'Tool calls',
      lines.flatMap(({ at, line }) => {
        if (line?.type !== 'tool-call') return [];
        const { name, ms, outcome } = line.detail;
        const tone = outcome === 'answered' ? 'plain' : outcome === 'failed' ? 'bad' : 'warn';
        return [{ from: place(at - ms), to: place(at), tone, label: `${name}, ${outcome}`, openEnd: false }];
      }),
    ),
    laneOf('Drops and closes', [], marksOf('service')),
  ];
  return {
    from,
    to,
    now: nowMs >= from && nowMs <= to ? place(nowMs) : null,
    ticks: ticksOf((to - from) / 1_000),
    lanes: lanes.filter(({ bars, marks }) => bars.length + marks.length > 0),
  };
}

/** One socket: from its set-up to its close. */
interface Span {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly openEnd: boolean;
}

/**
 * When each connection was open, by its lines `connected` and `closed`; a connection may come back under its own token.
 * One whose close was not told ends where the next begins, or goes on to `end`.
 */
function connectionSpans(
  session: LiveSessionDocument,
  lines: readonly ToldLine[],
  { end }: { readonly end: number },
): readonly Span[] {
  const ids = connectionIds(session);
  const spans: Span[] = [];
  const opened = new Map<number, number>();
  const close = (number: number, at: number, openEnd: boolean): void => {
    const start = opened.get(number);
    if (start === undefined) return;
    opened.delete(number);
    spans.push({ number, start, end: Math.max(start, at), openEnd });
  };
  for (const { at, connection, type } of lines) {
    if (connection === null) continue;
    if (type === 'closed') close(connection, at, false);
    if (type !== 'connected') continue;
    for (const number of opened.keys()) close(number, at, true);
    opened.set(connection, at);
  }
  for (const [number, start] of opened) {
    const id = ids[number - 1];
    const figures = id === undefined ? undefined : session.connections[id];
    close(number, figures?.final ? start + figures.seconds * 1_000 : end, true);
  }
  return spans.sort((a, b) => a.start - b.start);
}

function laneOf(
  name: Lane['name'],
  bars: readonly (Omit<Bar, 'row'> & { readonly tone: Tone })[],
  marks: readonly Omit<Mark, 'row'>[] = [],
): Lane {
  const ends: number[] = [];
  const placed = [...bars]
    .sort((a, b) => a.from - b.from)
    .map((bar): Bar => {
      const free = ends.findIndex((end) => end <= bar.from);
      const row = free >= 0 ? free : Math.min(ends.length, MOST_ROWS - 1);
      ends[row] = Math.max(bar.to, ends[row] ?? 0);
      return { ...bar, row };
    });
  return {
    name,
    rows: Math.max(1, ends.length),
    bars: placed,
    marks: marks.map((mark) => ({ ...mark, row: 0 })),
  };
}

const STEPS_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800];
/** Most ticks: their words have room on a phone. */
const MOST_TICKS = 5;

function ticksOf(seconds: number): readonly Tick[] {
  const step = STEPS_SECONDS.find((each) => seconds / each <= MOST_TICKS) ?? Math.ceil(seconds / MOST_TICKS);
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => ({
    at: (index * step) / seconds,
    seconds: index * step,
  }));
}
