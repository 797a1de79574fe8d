/**
 * One setting while it is edited and others may save it too: what was begun from, what stands there now, and one's own
 * draft, which nothing but oneself changes. Pure.
 * @module
 */
import { type Draft, isSameJson } from './draft.ts';
import { rebase } from './rebase.ts';

/** What stands in Firestore; `draft` is `null` where there is no such document. */
export interface Stored {
  readonly version: number;
  readonly draft: Draft | null;
}

/** Where an edit stands. */
export interface Editing {
  /** What the draft was made from: a save names its version. */
  readonly base: Stored;
  /** The newest that is known. */
  readonly current: Stored;
  readonly draft: Draft;
  /** The draft as long as nothing was changed. */
  readonly start: Draft;
  /** A version that was saved here and has not come back yet. */
  readonly awaited: number | null;
}

/** What happens to it. */
export type EditEvent =
  | { readonly kind: 'stored'; readonly stored: Stored }
  | { readonly kind: 'edited'; readonly draft: Draft }
  | { readonly kind: 'saved'; readonly version: number; readonly written: Draft }
  /** Gives one's own draft up. */
  | { readonly kind: 'take-theirs' }
  /** Puts one's own changes on top of what stands there now. */
  | { readonly kind: 'mine-on-top' };

/** Begins to edit what stands there, or a draft where nothing does. */
export function beginEdit(stored: Stored, blank: Draft): Editing {
  const draft = stored.draft ?? blank;
  return { base: stored, current: stored, draft, start: draft, awaited: null };
}

/** The next state. */
export function nextEdit(state: Editing, event: EditEvent): Editing {
  switch (event.kind) {
    case 'edited':
      return { ...state, draft: event.draft };
    case 'stored':
      return stored(state, event.stored);
    case 'saved': {
      const { version, written } = event;
      const here = { version, draft: written };
      return { base: here, current: here, draft: written, start: written, awaited: version };
    }
    case 'take-theirs':
      return beginEdit(state.current, state.draft);
    case 'mine-on-top': {
      const { current, draft, base } = state;
      const theirs = current.draft;
      if (theirs === null) return { ...state, base: current, start: {} };
      const mine = rebase(base.draft ?? {}, theirs, draft);
      return { base: current, current, draft: mine, start: theirs, awaited: null };
    }
  }
}

function stored(state: Editing, now: Stored): Editing {
  // What stood there before one's own save may be told once more.
  if (state.awaited !== null && now.version < state.awaited) return state;
  const next = { ...state, current: now, awaited: null };
  if (now.draft === null || isDirty(state)) return next;
  return beginEdit(now, state.draft);
}

/** Whether something would be lost by leaving. */
export function isDirty({ draft, start }: Editing): boolean {
  return !isSameJson(draft, start);
}

/** Somebody else saved or deleted it since it was begun. */
export function hasConflict({ base, current }: Editing): boolean {
  return base.version !== current.version || !isSameJson(base.draft, current.draft);
}
