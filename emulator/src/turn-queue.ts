/**
 * Turns that wait for the model: those of the user, and what came back from functions that nothing waited for.
 * @module
 */
import type { FunctionResponse, LiveSetup } from '@livegate/protocol';
import type { HistoryEntry, UserTurn } from './answer.ts';
import type { ReadContent } from './conversation.ts';
import { joinSamples } from './pcm.ts';
import type { TurnDraft } from './user-input.ts';

/** A turn before its turn has come. */
export interface QueuedTurn {
  readonly turn: Omit<UserTurn, 'index'>;
  /** Absent: the next of the conversation. */
  readonly index?: number;
  /** What the user's part adds to the conversation; absent where it stands there already. */
  readonly entry?: HistoryEntry;
  /** In force when it ended: an update that came later is for later turns. */
  readonly setup: LiveSetup;
}

/** Keeps turns in order. The user goes before what came back from functions; that is asked about all at once. */
export class TurnQueue {
  readonly #turns: QueuedTurn[] = [];
  #held:
    | { readonly responses: readonly FunctionResponse[]; readonly index: number; readonly setup: LiveSetup }
    | undefined;

  /** Puts a turn at the end. */
  add(queued: QueuedTurn): void {
    this.#turns.push(queued);
  }

  /** Puts a turn before all others. */
  addFirst(queued: QueuedTurn): void {
    this.#turns.unshift(queued);
  }

  /** Keeps responses until the model is idle. `index` is that of the turn that called. */
  hold(responses: readonly FunctionResponse[], index: number, setup: LiveSetup): void {
    const all = [...(this.#held?.responses ?? []), ...responses];
    this.#held = { responses: all, index: Math.max(index, this.#held?.index ?? 0), setup };
  }

  /** True where {@link next} would give one. */
  hasNext(isIdle: boolean): boolean {
    return this.#turns.length > 0 || (isIdle && this.#held !== undefined);
  }

  /** Takes out the next turn; responses only where the model `isIdle`. */
  next(isIdle: boolean): QueuedTurn | undefined {
    const next = this.#turns.shift();
    if (next || !isIdle || !this.#held) return next;
    const { responses, index, setup } = this.#held;
    this.#held = undefined;
    return turnOfResponses(responses, index, setup);
  }
}

/** The turn that responses to non-blocking calls make. */
export function turnOfResponses(
  functionResponses: readonly FunctionResponse[],
  index: number,
  setup: LiveSetup,
): QueuedTurn {
  return {
    turn: { cause: 'tool-response', functionResponses, videoFrames: 0 },
    index,
    entry: { role: 'user', functionResponses },
    setup,
  };
}

/** The turn of real-time input. */
export function turnOfDraft({ audioSeconds, ...turn }: TurnDraft, setup: LiveSetup): QueuedTurn {
  const { text, videoFrames } = turn;
  return {
    turn,
    entry: {
      role: 'user',
      ...(text !== undefined && { text }),
      ...(audioSeconds > 0 && { audioSeconds }),
      ...(videoFrames > 0 && { videoFrames }),
    },
    setup,
  };
}

/** The turn of content that stands in the conversation already. */
export function turnOfContents(contents: readonly ReadContent[], setup: LiveSetup): QueuedTurn {
  const users = contents.filter(({ entry }) => entry.role === 'user');
  const text = users.flatMap(({ entry }) => entry.text ?? []).join('\n');
  const functionResponses = users.flatMap(({ entry }) => entry.functionResponses ?? []);
  const audio = users.flatMap((each) => each.audio ?? []);
  const turn = {
    cause: 'client-content',
    videoFrames: 0,
    ...(text !== '' && { text }),
    ...(functionResponses.length > 0 && { functionResponses }),
    ...(audio.length > 0 && { audio: joinSamples(audio) }),
  } as const;
  return { turn, setup };
}
