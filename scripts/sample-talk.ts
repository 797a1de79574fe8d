/**
 * One talk of the sample as its page goes through it: it mints, renews, moves over, comes back after a drop, reports
 * and says goodbye when the web module would.
 * @module
 */
import {
  CALLABLES_VERSION,
  type ClosedDetail,
  type MintAnswer,
  type RefusalReason,
  type ReportAnswer,
  type UsageReport,
} from '@livegate/protocol';
import { openSampleBook, type SampleBook } from './sample-book.ts';
import { createDice } from './sample-dice.ts';
import type { PlannedTalk } from './sample-plan.ts';
import { sampleTurns } from './sample-turns.ts';

/** The functions as this talk's page reaches them, at the time that the clock shows. */
export interface SampleDoor {
  /** Epoch ms. */
  now(): number;
  mint(request: object): Promise<MintAnswer | RefusalReason>;
  /** `null` where it was refused. */
  report(report: UsageReport): Promise<ReportAnswer | null>;
  /** Called by a talk that an operator is to end now. */
  revoke(sessionId: string): Promise<void>;
}

/** A page moves to the next lease at a boundary: at the latest so long after it has it, in ms. */
const MOVES_WITHIN_MS = 14_000;
/** The service closes a connection after ten minutes and says so a minute before (Live API guide, read 2026-11-21). */
const GO_AWAY_AFTER_MS = 540_000;
const GO_AWAY_LEFT_MS = 59_000;
const NEVER = Number.POSITIVE_INFINITY;

/** Plays a talk. Each value is the time, epoch ms, at which it wants to go on; before the first, `plan.at` is awaited. */
export async function* playTalk(
  plan: PlannedTalk,
  door: SampleDoor,
  seed: string,
): AsyncGenerator<number, void, void> {
  const { person, model, template, odd } = plan;
  const dice = createDice(seed);
  const newRequest = (more: object): object => ({ v: CALLABLES_VERSION, requestId: dice.id(), ...more });
  const wishes =
    template === null ? { setup: { inputAudioTranscription: {}, outputAudioTranscription: {} } } : {};
  const first = await door.mint(
    newRequest({ op: 'start', model, ...(template === null ? wishes : { template: { id: template } }) }),
  );
  if (typeof first === 'string') return;
  let held: MintAnswer = first;
  const { sessionId } = first;
  const connect = (ago: number): { readonly book: SampleBook; readonly openedAt: number } => {
    const openedAt = door.now();
    const connectMs = Math.round(dice.between(260, 700) + ago);
    const book = openSampleBook(held, { openedAt, underReports: person.underReports === true });
    book.measure({ connectMs });
    book.note('connected', { leaseIndex: held.leaseIndex, connectMs }, openedAt);
    return { book, openedAt };
  };
  const turns = sampleTurns(dice, plan);
  let turn = turns.next();
  let { book, openedAt } = connect(0);
  let next: MintAnswer | undefined;
  // A policy of one lease has no renewal to ask for.
  let isLast = person.tier === 'school';
  let refusal: string | undefined;
  let stopped: string | undefined;
  const endsAt = plan.at + plan.minutes * 60_000;
  const middle = plan.at + plan.minutes * dice.between(24_000, 42_000);
  let turnAt = openedAt + turn.ms;
  let movesAt = NEVER;
  let goAwayAt = openedAt + GO_AWAY_AFTER_MS;
  let oddAt = odd === null ? NEVER : middle;

  const tell = async (of: SampleBook, final: boolean): Promise<void> => {
    const answer = await door.report(of.report(door.now(), final));
    if (answer?.stop) stopped = answer.stop.reason;
  };
  const close = async (of: SampleBook, why: ClosedDetail): Promise<void> => {
    of.note('closed', why, door.now());
    if (why.code !== undefined) of.measure({ closeCode: why.code });
    if (dice.happens(0.18)) of.measure({ gaps: dice.whole(1, 6), gapMs: dice.whole(30, 900) });
    else of.measure({ gaps: 0, gapMs: 0 });
    await tell(of, true);
  };
  /** Leaves the connection for the one that `held` opens. */
  const move = async (by: 'lease' | 'drop', left: SampleBook): Promise<void> => {
    const stateRestored = by === 'lease' || dice.happens(0.8);
    ({ book, openedAt } = connect(by === 'drop' ? 1_200 : 0));
    book.note(by === 'drop' ? 'resumed' : 'swapped', { stateRestored }, openedAt);
    if (!stateRestored) turns.forget();
    await close(left, { why: by, code: by === 'drop' ? 1006 : 1000 });
    turn = turns.next();
    turnAt = door.now() + turn.ms;
    movesAt = NEVER;
    goAwayAt = openedAt + GO_AWAY_AFTER_MS;
  };

  for (;;) {
    const renewsAt = next || isLast ? NEVER : held.renewAfter;
    const diesAt = held.expiresAt - 1_500;
    const at = Math.min(endsAt, renewsAt, movesAt, turnAt, goAwayAt, oddAt, diesAt);
    yield at;
    if (at === oddAt) {
      oddAt = NEVER;
      if (odd === 'vanishes') return;
      if (odd === 'left') {
        book.note('page-left', {}, at);
        await tell(book, true);
        return;
      }
      if (odd === 'lost') return close(book, { why: 'lost', code: dice.oneOf([1006, 1011]) });
      if (odd === 'revoked') await door.revoke(sessionId);
      if (odd === 'drops') {
        book.note('cut', { by: 'drop' }, at);
        yield at + dice.between(1_000, 4_000);
        const again = await door.mint(newRequest({ op: 'remint', sessionId }));
        if (typeof again === 'string') return close(book, { why: 'lost', code: 1006, reason: again });
        held = again;
        next = undefined;
        await move('drop', book);
      }
    } else if (at === endsAt) {
      return close(book, { why: 'app', code: 1000 });
    } else if (at === renewsAt) {
      const renewal = await door.mint(newRequest({ op: 'renew', sessionId }));
      if (typeof renewal === 'string') {
        isLast = true;
        refusal = renewal;
      } else {
        next = renewal;
        movesAt = at + dice.between(1_000, MOVES_WITHIN_MS);
      }
    } else if (at === diesAt) {
      return close(book, { why: 'lease-over', code: 1000, ...(refusal ? { reason: refusal } : {}) });
    } else if (at === movesAt && next) {
      held = next;
      next = undefined;
      await move('lease', book);
    } else if (at === goAwayAt) {
      book.note('go-away', { timeLeftMs: GO_AWAY_LEFT_MS }, at);
      goAwayAt = NEVER;
    } else {
      book.turn(turn, at);
      turn = turns.next();
      turnAt = at + turn.ms;
      if (at - book.reportedAt >= held.report.everySeconds * 1_000) await tell(book, false);
      if (stopped) {
        yield at + 800;
        return close(book, { why: 'stopped', code: 1000, reason: stopped });
      }
    }
  }
}
