/**
 * Holds what a server sent against the documented order: of this emulator, of a recording, or of the service itself.
 * Source: the comments of BidiGenerateContentServerContent in the public proto and of @google/genai 3.1.0, read 2026-11-21.
 * @module
 */
import type { ServerMessage } from '@livegate/protocol';

/** Rule → what it wants. */
export const ORDER_RULES = {
  'setup-first': 'setupComplete comes before everything else',
  'setup-once': 'setupComplete comes once',
  'one-kind': 'a message holds one kind, or usageMetadata alone',
  'said-too-late': 'nothing of the model comes between generationComplete or interrupted and turnComplete',
  'generated-twice': 'generationComplete comes once a turn, and not after interrupted',
  'interrupted-twice': 'interrupted comes once a turn',
  'turn-unfinished': 'generationComplete or interrupted comes before turnComplete',
  'ending-alone': 'turnCompleteReason and interactionStatus ride on turnComplete',
  'call-id': 'every function call has an id of its own',
  'cancelled-call': 'only calls that were made are cancelled, each once',
  'cancelled-quietly': 'interrupted follows toolCallCancellation before turnComplete does',
  'handle-form': 'a resumption update holds a handle where, and only where, it is resumable',
  'handle-in-turn': 'no handle comes between the first of a turn and its turnComplete',
} as const satisfies Readonly<Record<string, string>>;

/** A row of {@link ORDER_RULES}. */
export type OrderRule = keyof typeof ORDER_RULES;

/** A message that breaks a rule; `at` is its place in the list. */
export interface OrderBreach {
  readonly at: number;
  readonly rule: OrderRule;
}

/**
 * Names every message of one session that breaks the documented order, given all that the server sent, in order. None:
 * an empty list. A session that ends in the middle of a turn breaks nothing.
 */
export function messageOrderBreaches(messages: readonly ServerMessage[]): readonly OrderBreach[] {
  const reader = new OrderReader();
  return messages.flatMap((message, at) => reader.read(message).map((rule) => ({ at, rule })));
}

type Content = NonNullable<ServerMessage['serverContent']>;

/** What the model says. Transcripts of the user have no order. */
const SAID = ['modelTurn', 'outputTranscription', 'groundingMetadata', 'urlContextMetadata'] as const;

class OrderReader {
  #isSetUp = false;
  /** `stopped`: interrupted where no turn was seen; a turnComplete may follow, or nothing does. */
  #turn: 'none' | 'generating' | 'generated' | 'interrupted' | 'stopped' = 'none';
  #hasCancelled = false;
  /** Id → whether it was cancelled. */
  readonly #calls = new Map<string, boolean>();
  #broken: OrderRule[] = [];

  read(message: ServerMessage): readonly OrderRule[] {
    this.#broken = [];
    const { usageMetadata, ...kinds } = message;
    const count = Object.values(kinds).filter((payload) => payload !== undefined).length;
    this.#want(count === 1 || (count === 0 && usageMetadata !== undefined), 'one-kind');
    this.#want(this.#isSetUp || message.setupComplete !== undefined, 'setup-first');
    if (message.setupComplete) this.#want(!this.#isSetUp, 'setup-once');
    this.#isSetUp = true;
    if (message.serverContent) this.#readContent(message.serverContent);
    if (message.toolCall) this.#readCalls(message.toolCall);
    if (message.toolCallCancellation) this.#readCancellation(message.toolCallCancellation);
    if (message.sessionResumptionUpdate) this.#readHandle(message.sessionResumptionUpdate);
    return this.#broken;
  }

  /** One message can hold several marks: what is said comes first, the turn's end last. */
  #readContent(content: Content): void {
    if (SAID.some((key) => content[key] !== undefined)) this.#say();
    if (content.generationComplete) {
      this.#want(this.#turn !== 'generated' && this.#turn !== 'interrupted', 'generated-twice');
      this.#turn = 'generated';
    }
    if (content.interrupted) {
      // What played on after its turn was stopped, then the next turn before it said a word: two turns.
      this.#want(this.#turn !== 'interrupted', 'interrupted-twice');
      this.#turn = this.#turn === 'none' ? 'stopped' : 'interrupted';
      this.#hasCancelled = false;
    }
    if (content.turnComplete) this.#complete();
    else {
      const isEnding = content.turnCompleteReason !== undefined || content.interactionStatus !== undefined;
      this.#want(!isEnding, 'ending-alone');
    }
  }

  #say(): void {
    this.#want(this.#turn !== 'generated' && this.#turn !== 'interrupted', 'said-too-late');
    if (this.#turn === 'none' || this.#turn === 'stopped') this.#turn = 'generating';
  }

  #complete(): void {
    this.#want(this.#turn !== 'generating' && this.#turn !== 'none', 'turn-unfinished');
    this.#want(!this.#hasCancelled, 'cancelled-quietly');
    this.#turn = 'none';
    this.#hasCancelled = false;
  }

  #readCalls({ functionCalls = [] }: NonNullable<ServerMessage['toolCall']>): void {
    this.#say();
    for (const { id } of functionCalls) {
      this.#want(id !== undefined && !this.#calls.has(id), 'call-id');
      if (id !== undefined) this.#calls.set(id, false);
    }
  }

  #readCancellation({ ids = [] }: NonNullable<ServerMessage['toolCallCancellation']>): void {
    this.#hasCancelled = true;
    for (const id of ids) {
      this.#want(this.#calls.get(id) === false, 'cancelled-call');
      this.#calls.set(id, true);
    }
  }

  #readHandle({
    newHandle = '',
    resumable = false,
  }: NonNullable<ServerMessage['sessionResumptionUpdate']>): void {
    this.#want(resumable === (newHandle !== ''), 'handle-form');
    this.#want(!resumable || this.#turn === 'none' || this.#turn === 'stopped', 'handle-in-turn');
  }

  #want(holds: boolean, rule: OrderRule): void {
    if (!holds) this.#broken.push(rule);
  }
}
