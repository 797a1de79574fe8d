/**
 * What an answer's steps come to: pieces that go out one by one.
 * @module
 */
import {
  OUTPUT_SAMPLE_RATE_HZ,
  type Part,
  type ServerMessage,
  type ServerPayloads,
  type Transcription,
  type UsageMetadata,
} from '@livegate/protocol';
import type { AnswerStep, InteractionStatus, ToolRequest, Words } from './answer.ts';
import type { Fault } from './fault.ts';
import { joinSamples } from './pcm.ts';
import { createResampler } from './resample.ts';
import { speakAsTones } from './word-tones.ts';

/** What an answer says of its own end; rides on `turnComplete`. */
export interface TurnEnding {
  readonly interactionStatus?: InteractionStatus;
  readonly turnCompleteReason?: string;
  readonly usage?: Partial<UsageMetadata>;
}

/** A tool without which the service has no such thing to tell. */
export type Source = 'search' | 'url-context' | 'code-execution';

/** What goes out next. Audio is 24 kHz mono, at most a chunk of it. */
export type AnswerPiece =
  | { readonly kind: 'audio'; readonly samples: Int16Array }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'transcript'; readonly words: Transcription }
  | { readonly kind: 'heard'; readonly words: Transcription }
  | { readonly kind: 'interim'; readonly words: Transcription }
  | { readonly kind: 'calls'; readonly calls: readonly ToolRequest[] }
  | { readonly kind: 'thought'; readonly text: string }
  | { readonly kind: 'part'; readonly part: Part; readonly source?: Source }
  | { readonly kind: 'content'; readonly content: ServerPayloads['serverContent']; readonly source?: Source }
  | { readonly kind: 'ending'; readonly ending: TurnEnding }
  | { readonly kind: 'message'; readonly message: ServerMessage }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Audio at 24 kHz that is made when it is needed: an answer of a minute does not hold up the other sessions. */
export interface Unmade {
  readonly kind: 'unmade';
  make(): Int16Array;
}

/** A piece, one that is not made yet, or a time in which there is none. */
export type Timed = AnswerPiece | Unmade | { readonly kind: 'delay'; readonly ms: number };

/** Audio made at a time, in s. */
const MADE_SECONDS = 0.25;

/** What a step comes to in a session that answers in `modality`; tones are `pitch` times as high as usual. */
export function piecesOf(step: AnswerStep, modality: 'AUDIO' | 'TEXT', pitch = 1): readonly Timed[] {
  const isSpoken = modality === 'AUDIO';
  if ('audio' in step) {
    const { samples, rateHz } = step.audio;
    if (!isSpoken || samples.length === 0) return [];
    return audioPieces(samples, rateHz);
  }
  if ('text' in step) return isSpoken ? spoken(step.text, pitch) : [{ kind: 'text', text: step.text }];
  if ('say' in step) return piecesOf({ text: step.say }, modality, pitch);
  if ('transcript' in step) {
    const words = wordsOf(step.transcript);
    return [isSpoken ? { kind: 'transcript', words } : { kind: 'text', text: words.text ?? '' }];
  }
  if ('toolCall' in step) {
    const calls = 'name' in step.toolCall ? [step.toolCall] : step.toolCall;
    return calls.length > 0 ? [{ kind: 'calls', calls }] : [];
  }
  return [pieceOf(step)];
}

type Spoken = 'audio' | 'text' | 'say' | 'transcript' | 'toolCall';

function pieceOf(
  step: Exclude<AnswerStep, { readonly [K in Spoken]: { readonly [P in K]: unknown } }[Spoken]>,
): Timed {
  if ('heard' in step) return { kind: 'heard', words: wordsOf(step.heard) };
  if ('interim' in step) return { kind: 'interim', words: wordsOf(step.interim) };
  if ('thought' in step) return { kind: 'thought', text: step.thought };
  if ('grounding' in step)
    return { kind: 'content', content: { groundingMetadata: step.grounding }, source: 'search' };
  if ('urlContext' in step)
    return { kind: 'content', content: { urlContextMetadata: step.urlContext }, source: 'url-context' };
  if ('part' in step) return partPiece(step.part);
  if ('status' in step) return { kind: 'ending', ending: { interactionStatus: step.status } };
  if ('turnCompleteReason' in step)
    return { kind: 'ending', ending: { turnCompleteReason: step.turnCompleteReason } };
  if ('usage' in step) return { kind: 'ending', ending: { usage: step.usage } };
  if ('waitingForInput' in step)
    return { kind: 'content', content: { waitingForInput: step.waitingForInput } };
  if ('message' in step) return { kind: 'message', message: step.message };
  if ('fault' in step) return { kind: 'fault', fault: step.fault };
  return { kind: 'delay', ms: Math.max(0, step.delayMs) };
}

function partPiece(part: Part): AnswerPiece {
  const isCode = part.executableCode !== undefined || part.codeExecutionResult !== undefined;
  return { kind: 'part', part, ...(isCode && { source: 'code-execution' as const }) };
}

function wordsOf(words: Words): Transcription {
  return typeof words === 'string' ? { text: words } : words;
}

/** One stream of audio in pieces, each made from its part of the source. */
function audioPieces(samples: Int16Array, rateHz: number): readonly Timed[] {
  if (rateHz === OUTPUT_SAMPLE_RATE_HZ) return [{ kind: 'audio', samples }];
  const resampler = createResampler(rateHz, OUTPUT_SAMPLE_RATE_HZ);
  const length = Math.ceil(rateHz * MADE_SECONDS);
  return Array.from({ length: Math.ceil(samples.length / length) }, (_, index) => ({
    kind: 'unmade',
    make: () => {
      const made = resampler.push(samples.subarray(index * length, (index + 1) * length));
      return (index + 1) * length < samples.length ? made : joinSamples([made, resampler.flush()]);
    },
  }));
}

/** Each word's transcript just before its tone. */
function spoken(text: string, pitch: number): readonly Timed[] {
  const words = text.match(/\S+\s*/g) ?? [];
  return words.flatMap((word): readonly Timed[] => [
    { kind: 'transcript', words: { text: word } },
    { kind: 'unmade', make: () => speakAsTones(word, OUTPUT_SAMPLE_RATE_HZ, pitch) },
  ]);
}
