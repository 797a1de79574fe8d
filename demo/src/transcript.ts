/**
 * Transcripts as turns: pieces of text arrive in two streams, one for what was heard and one for what is said,
 * and become a list of who said what. Pure.
 * @module
 */

/**
 * One turn. `open` while more may come; `interrupted` where the user cut the model short. `typed` turns were
 * written, not spoken.
 */
export interface Turn {
  readonly id: number;
  readonly role: 'user' | 'model';
  readonly text: string;
  readonly state: 'open' | 'done' | 'interrupted';
  readonly typed: boolean;
}

/** What happens to a transcript. */
export type TranscriptEvent =
  /** A piece of transcript, spaces and all. */
  | { readonly kind: 'piece'; readonly role: 'user' | 'model'; readonly text: string }
  /** The model's voice arrives, with or without a text. */
  | { readonly kind: 'voice' }
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'turn-complete' };

/**
 * The turns after one event. A piece joins the open turn of its role. The user's words may come later than the
 * answer they led to: their turn then stands before the answer that is being given.
 */
export function nextTurns(turns: readonly Turn[], event: TranscriptEvent): readonly Turn[] {
  switch (event.kind) {
    case 'piece':
      return join(turns, event.role, event.text);
    case 'voice':
      return join(turns, 'model', '');
    case 'typed':
      return [...turns, turnOf(turns, 'user', event.text, { state: 'done', typed: true })];
    case 'interrupted':
      return close(turns, 'interrupted');
    case 'turn-complete':
      return close(turns, 'done');
  }
}

function join(turns: readonly Turn[], role: Turn['role'], text: string): readonly Turn[] {
  const at = turns.findLastIndex((turn) => turn.state === 'open' && turn.role === role);
  if (at >= 0) {
    return turns.map((turn, place) => (place === at ? { ...turn, text: turn.text + text } : turn));
  }
  // A piece of nothing but space opens no turn.
  if (role === 'user' && text.trim() === '') return turns;
  const turn = turnOf(turns, role, text, { state: 'open', typed: false });
  const answer = role === 'user' ? turns.findIndex((each) => each.state === 'open') : -1;
  return answer < 0 ? [...turns, turn] : turns.toSpliced(answer, 0, turn);
}

/** Closes what is open. An answer without a text is kept only where it was interrupted: that is to be seen. */
function close(turns: readonly Turn[], state: 'done' | 'interrupted'): readonly Turn[] {
  return turns
    .map((turn) =>
      turn.state === 'open' ? { ...turn, state: turn.role === 'user' ? ('done' as const) : state } : turn,
    )
    .filter((turn) => turn.text.trim() !== '' || turn.state !== 'done');
}

function turnOf(
  turns: readonly Turn[],
  role: Turn['role'],
  text: string,
  rest: Pick<Turn, 'state' | 'typed'>,
): Turn {
  const id = turns.reduce((highest, turn) => Math.max(highest, turn.id), 0) + 1;
  return { id, role, text, ...rest };
}
