/**
 * The conversation as a list: pieces of text arrive in two streams, one for what was heard and one for what is said,
 * and become turns; calls of the page's tools stand between them. Pure.
 * @module
 */
import type { LiveSessionEvents, ToolCallEvent } from '@livegate/web';

/** What cut an answer short without anybody having spoken. */
export type CutBy = LiveSessionEvents['cut']['by'];

/**
 * One turn. `open` while more may come; `interrupted` where the user cut the model short, `cut` where the connection
 * did. `typed` turns were written, not spoken.
 */
export interface Turn {
  readonly kind: 'turn';
  readonly id: number;
  readonly role: 'user' | 'model';
  readonly text: string;
  readonly state: 'open' | 'done' | 'interrupted' | 'cut';
  readonly typed: boolean;
  /** Of a turn that was `cut`. */
  readonly cutBy?: CutBy;
}

/** One call of a tool, as `openAudioConversation` tells of it: neither arguments nor result. */
export interface ToolCall {
  readonly kind: 'call';
  readonly id: number;
  readonly name: string;
  readonly state: ToolCallEvent['state'];
  /** Since it began. */
  readonly ms: number;
  /** The model's own. */
  readonly callId: string | undefined;
}

/** A line of the conversation. */
export type Entry = Turn | ToolCall;

/** What happens to a conversation. */
export type TranscriptEvent =
  /** A piece of transcript, spaces and all. */
  | { readonly kind: 'piece'; readonly role: 'user' | 'model'; readonly text: string }
  /** The model's voice arrives, with or without a text. */
  | { readonly kind: 'voice' }
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'cut'; readonly by: CutBy }
  | { readonly kind: 'turn-complete' }
  | { readonly kind: 'call'; readonly call: ToolCallEvent };

/**
 * The conversation after one event. A piece joins the open turn of its role. The user's words may come later than the
 * answer they led to: their turn then stands before the answer that is being given.
 */
export function nextEntries(entries: readonly Entry[], event: TranscriptEvent): readonly Entry[] {
  switch (event.kind) {
    case 'piece':
      return join(entries, event.role, event.text);
    case 'voice':
      return join(entries, 'model', '');
    case 'typed':
      return [...entries, turnOf(entries, 'user', event.text, { state: 'done', typed: true })];
    case 'interrupted':
      return close(entries, { state: 'interrupted' });
    case 'cut':
      return close(entries, { state: 'cut', cutBy: event.by });
    case 'turn-complete':
      return close(entries, { state: 'done' });
    case 'call':
      return withCall(entries, event.call);
  }
}

function join(entries: readonly Entry[], role: Turn['role'], text: string): readonly Entry[] {
  const at = entries.findLastIndex(
    (each) => each.kind === 'turn' && each.state === 'open' && each.role === role,
  );
  if (at >= 0) {
    return entries.map((each, place) =>
      place === at && each.kind === 'turn' ? { ...each, text: each.text + text } : each,
    );
  }
  // A piece of nothing but space opens no turn.
  if (role === 'user' && text.trim() === '') return entries;
  const turn = turnOf(entries, role, text, { state: 'open', typed: false });
  const answer =
    role === 'user' ? entries.findIndex(({ state }) => state === 'open' || state === 'began') : -1;
  return answer < 0 ? [...entries, turn] : entries.toSpliced(answer, 0, turn);
}

/** Closes what is open. An answer without a text is kept only where it was cut short: that is to be seen. */
function close(entries: readonly Entry[], how: Pick<Turn, 'state' | 'cutBy'>): readonly Entry[] {
  return entries
    .map((each) =>
      each.kind === 'turn' && each.state === 'open'
        ? { ...each, ...(each.role === 'user' ? { state: 'done' as const } : how) }
        : each,
    )
    .filter((each) => each.kind === 'call' || each.text.trim() !== '' || each.state !== 'done');
}

function withCall(
  entries: readonly Entry[],
  { id: callId, name, state, ms }: ToolCallEvent,
): readonly Entry[] {
  const at = entries.findLastIndex(
    (each) => each.kind === 'call' && each.state === 'began' && each.callId === callId && each.name === name,
  );
  if (at < 0) return [...entries, { kind: 'call', id: nextId(entries), name, state, ms, callId }];
  return entries.map((each, place) => (place === at && each.kind === 'call' ? { ...each, state, ms } : each));
}

function turnOf(
  entries: readonly Entry[],
  role: Turn['role'],
  text: string,
  rest: Pick<Turn, 'state' | 'typed'>,
): Turn {
  return { kind: 'turn', id: nextId(entries), role, text, ...rest };
}

function nextId(entries: readonly Entry[]): number {
  return entries.reduce((highest, { id }) => Math.max(highest, id), 0) + 1;
}
