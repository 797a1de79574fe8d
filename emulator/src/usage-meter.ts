/**
 * What a turn costs in tokens, by the documented rates: the whole context is counted again every turn.
 * @module
 */
import type { LiveSetup, Modality, ModalityTokenCount, UsageMetadata } from '@livegate/protocol';
import type { HistoryEntry } from './answer.ts';
import type { EmulatorSettings } from './options.ts';

/** Tokens of one second of audio. Source: output price per minute over price per token (forum 140340), read 2026-11-21. */
export const AUDIO_TOKENS_PER_SECOND = 25;
/** Characters of one text token, on average. Source: Gemini API guide on tokens. */
export const CHARACTERS_PER_TOKEN = 4;
/** Tokens of a video frame or image by resolution. Source: MediaResolution of @google/genai 3.1.0, read 2026-11-21. */
const FRAME_TOKENS: Readonly<Record<string, number>> = {
  MEDIA_RESOLUTION_LOW: 64,
  MEDIA_RESOLUTION_MEDIUM: 256,
  MEDIA_RESOLUTION_HIGH: 256,
};

/** Tokens by modality. */
export type Tokens = { readonly [K in Modality]?: number };

/** What pictures cost. */
export interface UsageRates {
  /** Tokens of a video frame, and of an image. */
  readonly videoTokensPerFrame: number;
}

/** The choices that usage follows. */
export type UsageRules = Pick<
  EmulatorSettings,
  'videoTokensPerFrame' | 'undetailedTokens' | 'totalHoldsThoughts' | 'cachedContext'
>;

/** What pictures cost under a setup; where it names no resolution, as the rules say. */
export function ratesOf(
  { generationConfig }: Pick<LiveSetup, 'generationConfig'>,
  { videoTokensPerFrame }: UsageRates,
): UsageRates {
  const named = FRAME_TOKENS[generationConfig?.mediaResolution ?? ''];
  return { videoTokensPerFrame: named ?? videoTokensPerFrame };
}

/** Tokens of what stands before any conversation: instruction and tools. */
export function setupTokens({ systemInstruction, tools }: Partial<LiveSetup>): Tokens {
  const instruction = systemInstruction?.parts?.map(({ text = '' }) => text).join('') ?? '';
  return { TEXT: textTokens(instruction) + (tools?.length ? textTokens(JSON.stringify(tools)) : 0) };
}

/** Tokens of one entry of the conversation. Transcripts are not counted: the audio is. */
export function entryTokens(entry: HistoryEntry, { videoTokensPerFrame }: UsageRates): Tokens {
  return {
    TEXT:
      textTokens(entry.text ?? '') +
      jsonTokens(entry.functionCalls?.map(({ name, args }) => ({ name, args }))) +
      jsonTokens(entry.functionResponses?.map(({ name, response }) => ({ name, response }))),
    AUDIO: Math.ceil((entry.audioSeconds ?? 0) * AUDIO_TOKENS_PER_SECOND),
    VIDEO: (entry.videoFrames ?? 0) * videoTokensPerFrame,
    IMAGE: (entry.images ?? 0) * videoTokensPerFrame,
  };
}

/** The sum, modality by modality. */
export function sumTokens(all: readonly Tokens[]): Tokens {
  const sum: { [K in Modality]?: number } = {};
  for (const tokens of all) {
    for (const [modality, count] of Object.entries(tokens) as [Modality, number][]) {
      sum[modality] = (sum[modality] ?? 0) + count;
    }
  }
  return sum;
}

/** What a turn may cost beside its prompt and its response. */
export interface UsageExtras {
  /** Tokens of the model's thoughts: in no other count. */
  readonly thoughts?: number;
  /** What tools of the service's own brought. */
  readonly toolUse?: Tokens;
  /** The part of the prompt that was there before. */
  readonly cached?: Tokens;
}

/**
 * `usageMetadata` under the Developer API's names; a count of nothing is left out. The total is prompt, tool use and
 * response, and thoughts where the rules say so. Details need not add up to their count: `undetailedTokens`.
 */
export function usageMetadata(
  prompt: Tokens,
  response: Tokens,
  { thoughts = 0, toolUse = {}, cached = {} }: UsageExtras = {},
  {
    undetailedTokens = 0,
    totalHoldsThoughts = false,
  }: Partial<Pick<UsageRules, 'undetailedTokens' | 'totalHoldsThoughts'>> = {},
): UsageMetadata {
  const promptTokenCount = totalTokens(prompt) + undetailedTokens;
  const responseTokenCount = totalTokens(response);
  const toolUsePromptTokenCount = totalTokens(toolUse);
  const cachedContentTokenCount = totalTokens(cached);
  return {
    promptTokenCount,
    ...(cachedContentTokenCount > 0 && { cachedContentTokenCount, cacheTokensDetails: details(cached) }),
    responseTokenCount,
    ...(toolUsePromptTokenCount > 0 && {
      toolUsePromptTokenCount,
      toolUsePromptTokensDetails: details(toolUse),
    }),
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
    totalTokenCount:
      promptTokenCount + toolUsePromptTokenCount + responseTokenCount + (totalHoldsThoughts ? thoughts : 0),
    promptTokensDetails: details(prompt),
    responseTokensDetails: details(response),
  };
}

/** Tokens of a text. */
export function textTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

function jsonTokens(values: readonly object[] | undefined): number {
  return (values ?? []).reduce((sum: number, value) => sum + textTokens(JSON.stringify(value)), 0);
}

/** All of them, whatever the modality. */
export function totalTokens(tokens: Tokens): number {
  return Object.values(tokens).reduce((sum: number, count) => sum + count, 0);
}

function details(tokens: Tokens): readonly ModalityTokenCount[] {
  return Object.entries(tokens)
    .filter(([, tokenCount]) => tokenCount > 0)
    .map(([modality, tokenCount]) => ({ modality, tokenCount }));
}
