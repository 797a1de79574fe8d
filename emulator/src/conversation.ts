/**
 * What has been said so far, what of it is still remembered, and what the turn under way costs.
 * @module
 */
import type { Content, LiveSetup, UsageMetadata } from '@livegate/protocol';
import { INPUT_SAMPLE_RATE_HZ, pcmRateOf } from '@livegate/protocol';
import type { HistoryEntry } from './answer.ts';
import type { ClosingCondition } from './closings.ts';
import { judgeWindow, startsUserTurn, type WindowRules } from './compression-policy.ts';
import { joinSamples, samplesOfBase64 } from './pcm.ts';
import { resample } from './resample.ts';
import {
  entryTokens,
  ratesOf,
  setupTokens,
  sumTokens,
  type Tokens,
  textTokens,
  totalTokens,
  type UsageRules,
  usageMetadata,
} from './usage-meter.ts';

/** The context of one conversation. Grows at its end, and is cut at its beginning. */
export class Conversation {
  readonly #rules: UsageRules;
  #entries: readonly HistoryEntry[];
  /** Where the turn under way begins: what the user said first. */
  #turnFrom: number;
  /** What the model says in it begins here at the earliest. */
  #answerFrom: number;
  /** Of the turn under way: tokens of what the model thought, and of what the service's own tools brought. */
  #thoughts = 0;
  #toolUse: Tokens = {};
  /** What the service has seen as it stands: the prompt and the response of the last turn. */
  #seen: Tokens = {};
  #measured:
    | { readonly entries: readonly HistoryEntry[]; readonly setup: LiveSetup; readonly tokens: number }
    | undefined;

  constructor(rules: UsageRules, history: readonly HistoryEntry[] = []) {
    this.#rules = rules;
    this.#entries = history;
    this.#turnFrom = this.#answerFrom = history.length;
  }

  /** All of it, oldest first. The list is never changed, only replaced. */
  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  /** What stood before the turn under way. */
  get beforeTurn(): readonly HistoryEntry[] {
    return this.#entries.slice(0, this.#turnFrom);
  }

  add(entry: HistoryEntry): void {
    this.addAll([entry]);
  }

  /** Many at once cost one copy of the list, not one each. */
  addAll(entries: readonly HistoryEntry[]): void {
    this.#entries = this.#entries.concat(entries);
  }

  /** What stands in it so far is history: no turn's own. */
  seal(): void {
    this.#turnFrom = this.#answerFrom = this.#entries.length;
  }

  /** Opens a turn with what was put in since the last one, and with `entry`. */
  beginTurn(entry?: HistoryEntry): void {
    if (entry) this.add(entry);
    this.#answerFrom = this.#entries.length;
  }

  /** Puts words to the audio of the turn under way. */
  hear(transcript: string): void {
    const at = this.#answerFrom - 1;
    if (at < this.#turnFrom) return;
    this.#entries = this.#entries.map((entry, index) => (index === at ? { ...entry, transcript } : entry));
  }

  /** The model thought that; it costs, and is not remembered. */
  think(text: string): void {
    this.#thoughts += textTokens(text);
  }

  /** A tool of the service's own brought that in; it costs, and is not remembered. */
  lookUp(found: object): void {
    this.#toolUse = sumTokens([this.#toolUse, { TEXT: textTokens(JSON.stringify(found)) }]);
  }

  /** What stands before the conversation has changed: nothing of it was seen as it is now. */
  forgetSeen(): void {
    this.#seen = {};
  }

  /** Tokens of the whole context. */
  tokens(setup: LiveSetup): number {
    // Who waits for something looks at every session at every message: counted once for as long as nothing changes.
    if (this.#measured?.entries !== this.#entries || this.#measured.setup !== setup) {
      const tokens = totalTokens(this.#count(this.#entries, setup)) + totalTokens(setupTokens(setup));
      this.#measured = { entries: this.#entries, setup, tokens };
    }
    return this.#measured.tokens;
  }

  /**
   * Makes the context fit before the turn that was begun is run. `cut`: its oldest part is gone. `over`: it cannot be
   * made to fit.
   */
  fit(rules: WindowRules, setup: LiveSetup): 'fits' | 'cut' | 'over' {
    const sizes = this.#entries.map((entry, index) => ({
      tokens: totalTokens(this.#count([entry], setup)),
      startsTurn: index <= this.#turnFrom && startsUserTurn(entry),
    }));
    const verdict = judgeWindow(sizes, totalTokens(setupTokens(setup)), rules);
    if (verdict.kind === 'over') return 'over';
    if (verdict.from === 0) return 'fits';
    this.#entries = this.#entries.slice(verdict.from);
    this.#turnFrom = Math.max(0, this.#turnFrom - verdict.from);
    this.#answerFrom = Math.max(0, this.#answerFrom - verdict.from);
    this.forgetSeen();
    return 'cut';
  }

  /** Closes the turn: the whole context as prompt, what the model said in this turn as response. */
  endTurn(setup: LiveSetup): UsageMetadata {
    const isAnswer = (entry: HistoryEntry, index: number) =>
      index >= this.#answerFrom && entry.role === 'model';
    const asked = this.#entries.filter((entry, index) => !isAnswer(entry, index));
    const prompt = sumTokens([setupTokens(setup), this.#count(asked, setup)]);
    const response = this.#count(this.#entries.filter(isAnswer), setup);
    const extras = {
      thoughts: this.#thoughts,
      toolUse: this.#toolUse,
      ...(this.#rules.cachedContext && { cached: this.#seen }),
    };
    this.#thoughts = 0;
    this.#toolUse = {};
    this.#seen = sumTokens([prompt, response]);
    this.seal();
    return usageMetadata(prompt, response, extras, this.#rules);
  }

  #count(entries: readonly HistoryEntry[], setup: LiveSetup): Tokens {
    const rates = ratesOf(setup, this.#rules);
    return sumTokens(entries.map((entry) => entryTokens(entry, rates)));
  }
}

/** What a client put into the conversation. */
export interface ReadContent {
  readonly entry: HistoryEntry;
  /** The audio in it, 16 kHz. */
  readonly audio?: Int16Array;
}

/** Reads content as a client sent it, or says what is wrong with it. */
export function readContent({ role = 'user', parts = [] }: Content): ReadContent | ClosingCondition {
  if (!['user', 'model', 'function'].includes(role)) return 'invalid-role';
  const pieces: Int16Array[] = [];
  let images = 0;
  for (const { inlineData } of parts) {
    if (inlineData?.mimeType.startsWith('image/')) images++;
    const rateHz = inlineData && pcmRateOf(inlineData.mimeType, INPUT_SAMPLE_RATE_HZ);
    if (inlineData === undefined || rateHz === undefined) continue;
    const samples = samplesOfBase64(inlineData.data);
    if (samples === undefined) return 'odd-audio';
    pieces.push(resample(samples, rateHz, INPUT_SAMPLE_RATE_HZ));
  }
  const text = parts.map((part) => part.text ?? '').join('');
  const functionCalls = parts.flatMap((part) => part.functionCall ?? []);
  const functionResponses = parts.flatMap((part) => part.functionResponse ?? []);
  const audio = joinSamples(pieces);
  return {
    entry: {
      role: role === 'model' ? 'model' : 'user',
      ...(text !== '' && { text }),
      ...(functionCalls.length > 0 && { functionCalls }),
      ...(functionResponses.length > 0 && { functionResponses }),
      ...(audio.length > 0 && { audioSeconds: audio.length / INPUT_SAMPLE_RATE_HZ }),
      ...(images > 0 && { images }),
    },
    ...(audio.length > 0 && { audio }),
  };
}
