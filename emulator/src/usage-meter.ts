/**
 * What a turn costs in tokens, by the documented rates: the whole context is counted again every turn.
 * @module
 */
import type { LiveSetup, Modality, ModalityTokenCount, UsageMetadata } from '@livegate/protocol';
import type { HistoryEntry } from './answer.ts';

/** Tokens of one second of audio. Source: output price per minute over price per token (forum 140340), read 2026-11-21. */
export const AUDIO_TOKENS_PER_SECOND = 25;
/** Characters of one text token, on average. Source: Gemini API guide on tokens. */
export const CHARACTERS_PER_TOKEN = 4;
/** Tokens of one still image. Source: Gemini API guide on tokens. */
export const IMAGE_TOKENS = 258;

/** Tokens by modality. */
export type Tokens = { readonly [K in Modality]?: number };

/** Counts entries at one rate for video frames. */
export interface UsageRates {
  readonly videoTokensPerFrame: number;
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
    IMAGE: (entry.images ?? 0) * IMAGE_TOKENS,
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

/** `usageMetadata` under the Developer API's names. The total is prompt and response. */
export function usageMetadata(prompt: Tokens, response: Tokens): UsageMetadata {
  const promptTokenCount = total(prompt);
  const responseTokenCount = total(response);
  return {
    promptTokenCount,
    responseTokenCount,
    totalTokenCount: promptTokenCount + responseTokenCount,
    promptTokensDetails: details(prompt),
    responseTokensDetails: details(response),
  };
}

function textTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

function jsonTokens(values: readonly object[] | undefined): number {
  return (values ?? []).reduce((sum: number, value) => sum + textTokens(JSON.stringify(value)), 0);
}

function total(tokens: Tokens): number {
  return Object.values(tokens).reduce((sum: number, count) => sum + count, 0);
}

function details(tokens: Tokens): readonly ModalityTokenCount[] {
  return Object.entries(tokens)
    .filter(([, tokenCount]) => tokenCount > 0)
    .map(([modality, tokenCount]) => ({ modality, tokenCount }));
}
