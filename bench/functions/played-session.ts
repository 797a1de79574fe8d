/**
 * A page's talk with the handlers: it mints, renews, reports and says goodbye when the browser module does.
 * @module
 */
import {
  CALLABLES_VERSION,
  type MintAnswer,
  NO_USAGE,
  type ReportAnswer,
  type ReportEvent,
} from '@livegate/protocol';
import type { Caller } from '../../functions/src/caller.ts';
import { mintLiveToken } from '../../functions/src/mint.ts';
import { reportLiveUsage } from '../../functions/src/report.ts';
import { type BenchBackend, MODEL, newId } from './bench-backend.ts';
import { addTallies, type Counted, NOTHING, type Tally } from './counted-firestore.ts';

/** From the renewal to the turn at which the page moves over, in ms. Assumed. */
const TO_THE_TURN_MS = 10_000;

/** From turn to turn, in s. Assumed. */
const TURN_SECONDS = 10;
/** What the page tells of a turn: 25 tokens a second each way. */
const TURN_USAGE = { prompt: { AUDIO: 250 }, response: { AUDIO: 250 }, total: 500 } as const;

/** One call that a page made. */
export interface PlayedCall {
  readonly kind: 'start' | 'renew' | 'first report' | 'later report' | 'final report';
  readonly counted: Counted<unknown>;
  /** Since the talk began, in s. */
  readonly atSeconds: number;
  /** In the handler, in ms. */
  readonly ms: number;
}

/** A talk that was played. */
export interface PlayedSession {
  readonly sessionId: string;
  readonly minutes: number;
  readonly calls: readonly PlayedCall[];
}

/** What the calls did, by kind of document. */
export function kindsOf(
  calls: readonly { readonly counted: Counted<unknown> }[],
): ReadonlyMap<string, Tally> {
  const kinds = new Map<string, Tally>();
  for (const { counted } of calls)
    for (const [kind, tally] of counted.byKind)
      kinds.set(kind, addTallies(kinds.get(kind) ?? NOTHING, tally));
  return kinds;
}

/**
 * Plays a talk of so many minutes, nobody dropping: a renewal as soon as it opens, the move to the next connection a
 * little later, a report whenever `everySeconds` have passed since the last, one at each move and one at the end.
 */
export async function playSession(
  backend: BenchBackend,
  caller: Caller,
  { minutes }: { readonly minutes: number },
): Promise<PlayedSession> {
  const calls: PlayedCall[] = [];
  const begunAt = backend.now;
  const timed = async <T>(kind: PlayedCall['kind'], work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    const counted = await backend.counter.count(work);
    calls.push({ kind, counted, atSeconds: (backend.now - begunAt) / 1_000, ms: performance.now() - begun });
    return counted.answer;
  };
  const mint = (request: object): Promise<MintAnswer> =>
    mintLiveToken(backend.live, caller, { v: CALLABLES_VERSION, requestId: newId(), ...request });

  const endsAt = begunAt + minutes * 60_000;
  let held = await timed('start', () => mint({ op: 'start', model: MODEL }));
  const { sessionId } = held;
  let book = openBook(held, backend.now, true);
  let next: MintAnswer | undefined;
  let movesAt = Number.POSITIVE_INFINITY;
  let reported = false;
  const report = (final: boolean): Promise<ReportAnswer> => {
    if (final) book.note(backend.now, 'closed');
    const kind = final ? 'final report' : reported ? 'later report' : 'first report';
    reported = true;
    return timed(kind, () =>
      reportLiveUsage(backend.live, caller, book.report(held, { now: backend.now, final })),
    );
  };
  for (;;) {
    const renewsAt = next ? Number.POSITIVE_INFINITY : held.renewAfter;
    const reportsAt = book.reportedAt + held.report.everySeconds * 1_000;
    backend.now = Math.min(endsAt, renewsAt, movesAt, reportsAt);
    if (backend.now === endsAt) break;
    if (backend.now === renewsAt) {
      next = await timed('renew', () => mint({ op: 'renew', sessionId }));
      movesAt = backend.now + TO_THE_TURN_MS;
    } else if (backend.now === movesAt && next) {
      await report(true);
      held = next;
      next = undefined;
      movesAt = Number.POSITIVE_INFINITY;
      book = openBook(held, backend.now, false);
    } else {
      await report(false);
    }
  }
  await report(true);
  return { sessionId, minutes, calls };
}

/** The figures and the timeline of one connection, as the browser module keeps them. */
function openBook({ connectionId }: MintAnswer, openedAt: number, isFirst: boolean) {
  let events: ReportEvent[] = [];
  let made = 0;
  let seq = 0;
  let reportedAt = openedAt;
  const note = (at: number, type: string, detail?: ReportEvent['detail']): void => {
    const id = `${connectionId}-${String(made++).padStart(4, '0')}`;
    events.push({ id, at, type, ...(detail ? { detail } : {}) });
  };
  /** A barge-in each minute: what a lively talk notes. Assumed. */
  let minutesNoted = 0;
  let turnsNoted = 0;
  note(openedAt, 'connected');
  if (!isFirst) note(openedAt, 'swapped');
  return {
    note,
    get reportedAt() {
      return reportedAt;
    },
    report({ sessionId }: MintAnswer, { now, final }: { readonly now: number; readonly final: boolean }) {
      reportedAt = now;
      const seconds = (now - openedAt) / 1_000;
      for (; minutesNoted < Math.floor(seconds / 60); minutesNoted++)
        note(openedAt + (minutesNoted + 1) * 60_000, 'interrupted');
      for (; turnsNoted < Math.floor(seconds / TURN_SECONDS); turnsNoted++)
        note(openedAt + (turnsNoted + 1) * TURN_SECONDS * 1_000, 'turn', {
          answerMs: 600,
          usage: TURN_USAGE,
        });
      const told = events;
      events = [];
      return {
        v: CALLABLES_VERSION,
        sessionId,
        connectionId,
        seq: ++seq,
        final,
        seconds,
        // 25 tokens a second each way, by modality, as the Live API counts audio.
        totals: {
          ...NO_USAGE,
          turns: Math.ceil(seconds / TURN_SECONDS),
          prompt: { AUDIO: Math.round(seconds * 25) },
          response: { AUDIO: Math.round(seconds * 25) },
          total: Math.round(seconds * 50),
        },
        quality: { connectMs: 400, gaps: 0, gapMs: 0, interruptions: 1 },
        ...(told.length > 0 ? { events: told } : {}),
      };
    },
  };
}
