/**
 * The texts of a talk, joined into turns: for transcripts, and to start afresh from where a state was lost.
 * @module
 */
import type { ClientMessage, Content, LiveSetup, ServerMessage } from '@livegate/protocol';

/** Who said it. */
export type Speaker = 'user' | 'model';

/** A piece of text, and what its speaker said in this turn so far. */
export interface Said {
  readonly role: Speaker;
  readonly text: string;
  readonly turn: string;
}

/** A turn that is over. */
export interface Turn {
  readonly role: Speaker;
  readonly text: string;
}

/** Most that is kept for a fresh start; the oldest turns go first. Ours: about 8,000 tokens. */
const HISTORY_LIMITS = { turns: 100, characters: 32_000 } as const;

/** Joins pieces into turns. Holds what people said: never log it. */
export class History {
  #turns: Turn[] = [];
  #running: Turn | undefined;
  readonly #onTurn: (turn: Turn) => void;

  /** `onTurn` is told each turn that is over. */
  constructor(options: { readonly onTurn: (turn: Turn) => void }) {
    this.#onTurn = options.onTurn;
  }

  /** Takes what a message of the server says. */
  hear(message: ServerMessage): readonly Said[] {
    const content = message.serverContent;
    if (!content) return [];
    const said: Said[] = [];
    if (content.inputTranscription?.text) said.push(this.#add('user', content.inputTranscription.text));
    if (content.outputTranscription?.text) said.push(this.#add('model', content.outputTranscription.text));
    for (const { text, thought } of content.modelTurn?.parts ?? [])
      if (text !== undefined && !thought) said.push(this.#add('model', text));
    if (content.turnComplete) this.#close();
    return said;
  }

  /** Takes what a message of ours says. */
  say(message: ClientMessage): void {
    if ('realtimeInput' in message && message.realtimeInput.text)
      this.#add('user', message.realtimeInput.text);
    if (!('clientContent' in message)) return;
    for (const { role, parts } of message.clientContent.turns ?? [])
      for (const { text } of parts ?? []) if (text) this.#add(role === 'model' ? 'model' : 'user', text);
  }

  /**
   * The first message of a connection that starts afresh: what was said, without asking for an answer. Where the
   * setup waits for history, this message also ends it. `undefined` where nothing was said.
   */
  seed(setup: Partial<LiveSetup>): ClientMessage | undefined {
    const turns = this.#running ? [...this.#turns, this.#running] : this.#turns;
    if (turns.length === 0) return undefined;
    const contents: Content[] = turns.map(({ role, text }) => ({ role, parts: [{ text }] }));
    const turnComplete = setup.historyConfig?.initialHistoryInClientContent === true;
    return { clientContent: { turns: contents, turnComplete } };
  }

  #add(role: Speaker, text: string): Said {
    if (this.#running?.role !== role) this.#close();
    const turn = `${this.#running?.text ?? ''}${text}`;
    this.#running = { role, text: turn };
    return { role, text, turn };
  }

  #close(): void {
    const turn = this.#running;
    this.#running = undefined;
    if (!turn) return;
    this.#turns.push(turn);
    let characters = this.#turns.reduce((sum, { text }) => sum + text.length, 0);
    while (this.#turns.length > HISTORY_LIMITS.turns || characters > HISTORY_LIMITS.characters)
      characters -= this.#turns.shift()?.text.length ?? characters;
    this.#onTurn(turn);
  }
}
