/**
 * Keeps what was sent and may not be in the state a new connection resumes, so that nothing said is lost.
 *
 * The rule. An utterance begins where the gauge first hears speech, less {@link PREROLL_MS}, and is *unanswered*
 * until the model begins a turn. At a planned swap what is unanswered is sent again from its beginning; while
 * nothing is, only the last {@link PREROLL_MS} are, because an onset too soft for the gauge may be among them. After
 * a drop everything from the first utterance since the last resumable update is sent again, answered or not. Texts
 * count as utterances; content that asks for no answer is sent again until a resumable update follows it. At most {@link KEPT_MS} of audio are kept, the oldest goes first.
 * @module
 */
import { audioWire } from './audio-wire.ts';
import type { Heard } from './speech-gauge.ts';

/** Audio kept at most, in ms. Design §2 step 5. */
export const KEPT_MS = 30_000;
/** What precedes the first frame that is surely speech, in ms. Ours. */
export const PREROLL_MS = 300;
/** Speech that the model has left without an answer for so long was none to it, in ms. Ours. */
export const UNANSWERED_MS = 10_000;

/** Samples become text only where they are sent again. Of 3,000 frames a view each would be most of what is kept. */
interface Samples {
  readonly memory: ArrayBufferLike;
  readonly from: number;
  readonly bytes: number;
  readonly ms: number;
}

interface Message {
  readonly wire: string;
  /** Length of the audio; 0 for other messages. */
  readonly ms: number;
}

type Kept = Samples | Message;

/** What is to be sent again, in order. */
export interface Again {
  readonly wires: readonly string[];
  /** Audio in it, in ms. */
  readonly ms: number;
}

/** Keeps the messages of one session across its connections. Positions count messages since the beginning. */
export class UtteranceKeeper {
  #kept: Kept[] = [];
  #first = 0;
  #keptMs = 0;
  #speaking = false;
  #spokeAt = Number.NEGATIVE_INFINITY;
  /** Where the unanswered utterance begins. */
  #unanswered: number | undefined;
  /** Where the first utterance since the last resumable update begins. */
  #unresumable: number | undefined;
  /** Where the first content without a question since the last resumable update stands. */
  #context: number | undefined;
  /** Where the running burst began an utterance: to be undone should it have been a click. */
  #burst: number | undefined;
  /** The unanswered holds a text: that is never mistaken for noise. */
  #texts = false;

  /** Keeps an audio frame that was sent at `now`: its text, or 16 kHz PCM16LE. */
  addAudio(wire: string | Uint8Array, ms: number, heard: Heard, now: number): void {
    if (typeof wire === 'string') this.#push({ wire, ms });
    else this.#push({ memory: wire.buffer, from: wire.byteOffset, bytes: wire.byteLength, ms });
    this.#speaking = heard === 'speech';
    if (heard === 'dismissed') this.#dismiss();
    if (heard === 'speech' || heard === 'ended') {
      this.#spokeAt = now;
      this.#begin(this.#preroll());
    }
    if (heard !== 'speech') this.#burst = undefined;
    this.#trim();
  }

  /** Keeps a text or a content that was sent. */
  addMessage(wire: string): void {
    this.#push({ wire, ms: 0 });
    this.#begin(this.#end - 1);
    this.#burst = undefined;
    this.#texts = true;
    this.#trim();
  }

  /** Keeps content that was added without asking for an answer: a state that can be resumed holds it. */
  addContext(wire: string): void {
    this.#push({ wire, ms: 0 });
    this.#unresumable ??= this.#end - 1;
    this.#context ??= this.#end - 1;
    this.#trim();
  }

  /** Keeps a message that belongs between the others and wants no answer by itself. */
  addMark(wire: string): void {
    this.#push({ wire, ms: 0 });
    this.#trim();
  }

  /** The model has begun to answer: all that was said until now is heard. */
  answered(): void {
    this.#unanswered = undefined;
    this.#texts = false;
    this.#trim();
  }

  /** The state that could be resumed holds all that was answered. */
  resumable(): void {
    this.#unresumable = this.#unanswered;
    this.#context = undefined;
    this.#trim();
  }

  /** Until when something said waits for its answer, by the keeper's clock; `undefined` where nothing does. */
  unansweredUntil(now: number): number | undefined {
    if (this.#unanswered === undefined) return undefined;
    if (this.#speaking || this.#texts) return Number.POSITIVE_INFINITY;
    const until = this.#spokeAt + UNANSWERED_MS;
    return now < until ? until : undefined;
  }

  /** What a new connection is to be sent again. */
  again(after: 'swap' | 'drop', now: number): Again {
    const unanswered = this.unansweredUntil(now) === undefined ? undefined : this.#unanswered;
    const said = (after === 'drop' ? this.#unresumable : undefined) ?? unanswered ?? this.#preroll();
    const from = Math.min(said, this.#context ?? said);
    const kept = this.#kept.slice(Math.max(0, from - this.#first));
    const wires = kept.map((each) =>
      'wire' in each ? each.wire : audioWire(new Uint8Array(each.memory, each.from, each.bytes)),
    );
    return { wires, ms: kept.reduce((sum, { ms }) => sum + ms, 0) };
  }

  /** Forgets everything: the session is over. */
  clear(): void {
    this.#first = this.#end;
    this.#kept = [];
    this.#keptMs = 0;
    this.#unanswered = undefined;
    this.#unresumable = undefined;
    this.#context = undefined;
    this.#burst = undefined;
    this.#texts = false;
    this.#speaking = false;
  }

  get #end(): number {
    return this.#first + this.#kept.length;
  }

  #push(kept: Kept): void {
    this.#kept.push(kept);
    this.#keptMs += kept.ms;
  }

  #begin(at: number): void {
    if (this.#unanswered === undefined) this.#burst = at;
    this.#unanswered ??= at;
    this.#unresumable ??= at;
  }

  #dismiss(): void {
    if (this.#burst === undefined) return;
    if (this.#unanswered === this.#burst) this.#unanswered = undefined;
    if (this.#unresumable === this.#burst) this.#unresumable = undefined;
  }

  /** Where the last {@link PREROLL_MS} of audio begin; a text that was sent among them is not of them. */
  #preroll(): number {
    let ms = 0;
    let at = this.#kept.length;
    for (
      let frame = this.#kept[at - 1];
      frame && frame.ms > 0 && ms < PREROLL_MS;
      frame = this.#kept[at - 1]
    ) {
      ms += frame.ms;
      at--;
    }
    return this.#first + at;
  }

  #trim(): void {
    const marks = [this.#unanswered, this.#unresumable, this.#context, this.#preroll()];
    const keep = Math.min(...marks.map((mark) => mark ?? this.#end));
    let drop = Math.max(0, keep - this.#first);
    let ms = this.#keptMs;
    for (let at = 0; at < drop; at++) ms -= this.#kept[at]?.ms ?? 0;
    while (ms > KEPT_MS && drop < this.#kept.length) ms -= this.#kept[drop++]?.ms ?? 0;
    if (drop === 0) return;
    this.#kept.splice(0, drop);
    this.#first += drop;
    this.#keptMs = ms;
  }
}
