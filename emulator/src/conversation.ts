/**
 * What has been said so far, and what the turn under way costs.
 * @module
 */
import type { Content, LiveSetup, UsageMetadata } from '@livegate/protocol';
import { INPUT_SAMPLE_RATE_HZ, pcmRateOf } from '@livegate/protocol';
import type { HistoryEntry } from './answer.ts';
import type { ClosingCondition } from './closings.ts';
import { joinSamples, samplesOfBase64 } from './pcm.ts';
import { resample } from './resample.ts';
import { entryTokens, setupTokens, sumTokens, type UsageRates, usageMetadata } from './usage-meter.ts';

/** The context of one conversation. Grows at its end only. */
export class Conversation {
  readonly #rates: UsageRates;
  #entries: readonly HistoryEntry[];
  /** Where the turn under way begins: what the user said first. */
  #turnFrom: number;
  /** What the model says in it begins here at the earliest. */
  #answerFrom: number;

  constructor(rates: UsageRates, history: readonly HistoryEntry[] = []) {
    this.#rates = rates;
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
    this.#entries = [...this.#entries, entry];
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

  /** Closes the turn: the whole context as prompt, what the model said in this turn as response. */
  endTurn(setup: LiveSetup): UsageMetadata {
    const isAnswer = (entry: HistoryEntry, index: number) =>
      index >= this.#answerFrom && entry.role === 'model';
    const count = (entries: readonly HistoryEntry[]) =>
      sumTokens(entries.map((entry) => entryTokens(entry, this.#rates)));
    const usage = usageMetadata(
      sumTokens([setupTokens(setup), count(this.#entries.filter((entry, index) => !isAnswer(entry, index)))]),
      count(this.#entries.filter(isAnswer)),
    );
    this.seal();
    return usage;
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
