/**
 * What the page shows of a conversation, and how each event changes it. Pure.
 * @module
 */
import type { QuotaLeft } from '@livegate/protocol';
import type { LiveCloseCause, LiveSessionState } from '@livegate/web';
import type { Picture, PictureEvent } from './picture.ts';
import { endingOf } from './problems.ts';
import type { Problem } from './refusals.ts';
import { type Entry, nextEntries, type TranscriptEvent } from './transcript.ts';

/** Where the conversation is, as the big button shows it. */
export type Phase = 'idle' | 'connecting' | 'talking' | 'ended' | 'error';

/** How the talk's connection stands: `renewing` as planned, `reconnecting` after a drop. */
export type Link = 'open' | 'renewing' | 'reconnecting';

/** What the last new connection was for, and whether the model still knows the talk. */
export interface Resumed {
  readonly after: 'renewing' | 'reconnecting';
  readonly stateRestored: boolean;
}

/** What the page shows. */
export interface TalkView {
  readonly phase: Phase;
  readonly link: Link;
  readonly resumed: Resumed | null;
  /** The speaker plays an answer. */
  readonly speaking: boolean;
  /** A microphone is open; without one the talk goes on in writing. */
  readonly hasMicrophone: boolean;
  readonly muted: boolean;
  /** Nothing is sent but while `held`. */
  readonly pushToTalk: boolean;
  readonly held: boolean;
  readonly picture: Picture | null;
  readonly sessionId: string | null;
  readonly quota: QuotaLeft | null;
  readonly entries: readonly Entry[];
  readonly problem: Problem | null;
  /** Something worth knowing that stops nothing. */
  readonly remark: string | null;
}

/** What happens to it. */
export type TalkEvent =
  | { readonly kind: 'start'; readonly pushToTalk: boolean }
  /** The session is open; the microphone is not yet. */
  | { readonly kind: 'connected'; readonly sessionId: string | null }
  | { readonly kind: 'talking' }
  | { readonly kind: 'session-state'; readonly state: LiveSessionState; readonly cause?: LiveCloseCause }
  | { readonly kind: 'resumed'; readonly stateRestored: boolean }
  | { readonly kind: 'playing'; readonly playing: boolean }
  | { readonly kind: 'microphone'; readonly isOpen: boolean }
  | { readonly kind: 'muted'; readonly muted: boolean }
  | { readonly kind: 'held'; readonly held: boolean }
  | { readonly kind: 'quota'; readonly quota: QuotaLeft }
  | { readonly kind: 'remark'; readonly text: string | null }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'dismiss' }
  | PictureEvent
  | TranscriptEvent;

/** Before the first talk. */
export const IDLE: TalkView = {
  phase: 'idle',
  link: 'open',
  resumed: null,
  speaking: false,
  hasMicrophone: false,
  muted: false,
  pushToTalk: false,
  held: false,
  picture: null,
  sessionId: null,
  quota: null,
  entries: [],
  problem: null,
  remark: null,
};

/** The view after one event. What comes after an ending no longer changes the ending. */
export function nextView(view: TalkView, event: TalkEvent): TalkView {
  switch (event.kind) {
    case 'start':
      return { ...IDLE, phase: 'connecting', pushToTalk: event.pushToTalk, quota: view.quota };
    case 'connected':
      return { ...view, sessionId: event.sessionId };
    case 'talking':
      return isOver(view) ? view : { ...view, phase: 'talking' };
    case 'session-state':
      return afterSessionState(view, event.state, event.cause);
    case 'resumed':
      return afterResumption(view, event.stateRestored);
    case 'playing':
      return { ...view, speaking: event.playing };
    case 'microphone':
      return { ...view, hasMicrophone: event.isOpen };
    case 'muted':
      return { ...view, muted: event.muted };
    case 'held':
      return { ...view, held: event.held };
    case 'picture':
      return isOver(view) ? view : { ...view, picture: event.picture };
    case 'no-picture':
      return { ...view, picture: null, remark: event.remark ?? view.remark };
    case 'quota':
      return { ...view, quota: event.quota };
    case 'remark':
      return { ...view, remark: event.text };
    case 'stopped':
      return isOver(view) ? view : over(view, 'ended');
    case 'failed':
      return { ...over(view, 'error'), problem: event.problem };
    case 'dismiss':
      return { ...view, problem: null, remark: null, phase: view.phase === 'error' ? 'ended' : view.phase };
    default:
      return { ...view, entries: nextEntries(view.entries, event) };
  }
}

/** One word for what goes on, as the `state` line shows it. A planned renewal is not to be noticed. */
export type Activity =
  | 'idle'
  | 'connecting'
  | 'listening'
  | 'waiting'
  | 'speaking'
  | 'reconnecting'
  | 'ended'
  | 'error';

/** What goes on. `waiting`: nothing is heard until a button is held, or something is typed. */
export function activityOf(view: TalkView): Activity {
  if (view.phase !== 'talking') return view.phase;
  if (view.link === 'reconnecting') return 'reconnecting';
  if (view.speaking) return 'speaking';
  return view.hasMicrophone && !view.muted && (!view.pushToTalk || view.held) ? 'listening' : 'waiting';
}

function afterSessionState(view: TalkView, state: LiveSessionState, cause?: LiveCloseCause): TalkView {
  if (state === 'swapping') return { ...view, link: 'renewing' };
  if (state === 'resuming') return { ...view, link: 'reconnecting' };
  if (state !== 'closed') return { ...view, link: 'open' };
  // A session that closes before one can talk also rejects what was waited for, which says more.
  if (view.phase !== 'talking') return view;
  const problem = cause === undefined ? undefined : endingOf(cause);
  return problem === undefined ? over(view, 'ended') : { ...over(view, 'error'), problem };
}

function afterResumption(view: TalkView, stateRestored: boolean): TalkView {
  const after = view.link === 'open' ? (view.resumed?.after ?? 'reconnecting') : view.link;
  return { ...view, resumed: { after, stateRestored } };
}

function isOver(view: TalkView): boolean {
  return view.phase === 'ended' || view.phase === 'error';
}

function over(view: TalkView, phase: 'ended' | 'error'): TalkView {
  const { link, speaking, hasMicrophone, muted, pushToTalk, held, picture } = IDLE;
  return {
    ...view,
    ...{ phase, link, speaking, hasMicrophone, muted, pushToTalk, held, picture },
    entries: nextEntries(view.entries, { kind: 'turn-complete' }),
  };
}
