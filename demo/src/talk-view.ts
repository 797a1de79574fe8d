/**
 * What the page shows of a conversation, as a state machine: event in, view out. Pure.
 * @module
 */
import type { QuotaLeft } from '@livegate/protocol';
import type { LiveCloseCause, LiveSessionState } from '@livegate/web';
import { endingOf, type Problem } from './problems.ts';
import { nextTurns, type TranscriptEvent, type Turn } from './transcript.ts';

/** Where the conversation is, as the big button shows it. */
export type Phase = 'idle' | 'connecting' | 'talking' | 'ended' | 'error';

/** What the page shows. */
export interface TalkView {
  readonly phase: Phase;
  readonly link: 'open' | 'reconnecting';
  /** The speaker plays an answer. */
  readonly speaking: boolean;
  readonly muted: boolean;
  readonly sessionId: string | null;
  readonly quota: QuotaLeft | null;
  readonly turns: readonly Turn[];
  readonly problem: Problem | null;
  /** Something worth knowing that stops nothing. */
  readonly remark: string | null;
}

/** What happens to it. */
export type TalkEvent =
  | { readonly kind: 'start' }
  /** The session is open; the microphone is not yet. */
  | { readonly kind: 'connected'; readonly sessionId: string | null }
  | { readonly kind: 'talking' }
  | { readonly kind: 'session-state'; readonly state: LiveSessionState; readonly cause?: LiveCloseCause }
  | { readonly kind: 'playing'; readonly playing: boolean }
  | { readonly kind: 'muted'; readonly muted: boolean }
  | { readonly kind: 'quota'; readonly quota: QuotaLeft }
  | { readonly kind: 'remark'; readonly text: string | null }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'dismiss' }
  | TranscriptEvent;

/** Before the first talk. */
export const IDLE: TalkView = {
  phase: 'idle',
  link: 'open',
  speaking: false,
  muted: false,
  sessionId: null,
  quota: null,
  turns: [],
  problem: null,
  remark: null,
};

/** The view after one event. What comes after an ending no longer changes the ending. */
export function nextView(view: TalkView, event: TalkEvent): TalkView {
  switch (event.kind) {
    case 'start':
      return { ...IDLE, phase: 'connecting', quota: view.quota };
    case 'connected':
      return { ...view, sessionId: event.sessionId };
    case 'talking':
      return isOver(view) ? view : { ...view, phase: 'talking' };
    case 'session-state':
      return afterSessionState(view, event.state, event.cause);
    case 'playing':
      return { ...view, speaking: event.playing };
    case 'muted':
      return { ...view, muted: event.muted };
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
    case 'piece':
    case 'voice':
    case 'typed':
    case 'interrupted':
    case 'turn-complete':
      return { ...view, turns: nextTurns(view.turns, event) };
  }
}

/** One word for what goes on, as the `state` line shows it. */
export type Activity = 'idle' | 'connecting' | 'listening' | 'speaking' | 'reconnecting' | 'ended' | 'error';

/** What goes on. */
export function activityOf(view: TalkView): Activity {
  if (view.phase !== 'talking') return view.phase;
  if (view.link === 'reconnecting') return 'reconnecting';
  return view.speaking ? 'speaking' : 'listening';
}

/** Minutes left, in words; `undefined` where nothing bounds them or nothing is known. */
export function quotaText(quota: QuotaLeft | null): string | undefined {
  if (quota === null) return undefined;
  const parts = [
    quota.daySeconds === null ? undefined : `${leftText(quota.daySeconds)} left today`,
    quota.monthSeconds === null ? undefined : `${leftText(quota.monthSeconds)} left this month`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' · ');
}

function leftText(seconds: number): string {
  return seconds < 120 ? `${Math.max(0, Math.floor(seconds))} s` : `${Math.floor(seconds / 60)} min`;
}

function afterSessionState(view: TalkView, state: LiveSessionState, cause?: LiveCloseCause): TalkView {
  // A planned swap is not to be noticed; a drop is.
  if (state !== 'closed') return { ...view, link: state === 'resuming' ? 'reconnecting' : 'open' };
  // A session that closes before one can talk also rejects what was waited for, which says more.
  if (view.phase !== 'talking') return view;
  const problem = cause === undefined ? undefined : endingOf(cause);
  return problem === undefined ? over(view, 'ended') : { ...over(view, 'error'), problem };
}

function isOver(view: TalkView): boolean {
  return view.phase === 'ended' || view.phase === 'error';
}

function over(view: TalkView, phase: 'ended' | 'error'): TalkView {
  return {
    ...view,
    phase,
    link: 'open',
    speaking: false,
    muted: false,
    turns: nextTurns(view.turns, { kind: 'turn-complete' }),
  };
}
