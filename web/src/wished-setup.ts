/**
 * From a page's parameters to the setup it wishes for. The functions decide what becomes of the wish.
 * @module
 */
import { isObject, type LiveSetup, type TemplateChoice } from '@livegate/protocol';
import type { Content, Part, Tool, ToolConfig } from './content-types.ts';
import { AIError } from './errors.ts';
import type { LiveGenerationConfig } from './live-types.ts';

/**
 * Fields of a setup that firebase/ai has no parameter for. A field that the policy does not leave to the page is
 * refused by name when connecting.
 */
export interface LiveFields {
  /** A set-up that the operator wrote; its instruction is not sent to the browser. */
  template?: TemplateChoice;
  thinkingConfig?: { includeThoughts?: boolean; thinkingBudget?: number; thinkingLevel?: string };
  enableAffectiveDialog?: boolean;
  mediaResolution?: string;
  seed?: number;
  translationConfig?: { targetLanguageCode?: string; echoTargetLanguage?: boolean };
  proactivity?: { proactiveAudio?: boolean; proactiveVideo?: boolean };
  /** Times in ms. */
  realtimeInputConfig?: {
    automaticActivityDetection?: {
      disabled?: boolean;
      startOfSpeechSensitivity?: string;
      endOfSpeechSensitivity?: string;
      prefixPaddingMs?: number;
      silenceDurationMs?: number;
    };
    activityHandling?: string;
    turnCoverage?: string;
  };
  historyConfig?: { initialHistoryInClientContent?: boolean };
  explicitVadSignal?: boolean;
  safetySettings?: object[];
  labels?: { [key: string]: string };
}

/** What a model holds when it connects. */
export interface WishParts {
  readonly generationConfig: LiveGenerationConfig;
  readonly tools: readonly Tool[] | undefined;
  readonly toolConfig: ToolConfig | undefined;
  readonly systemInstruction: Content | undefined;
}

/**
 * The setup a page wishes for: transcription and compression stand at the top, as the wire has them, the rest of
 * `generationConfig` stays where it is; {@link LiveFields} come to it in `model-fit.ts`. Plain JSON: schema objects are written out, `undefined` is left out.
 */
export function wishedSetup(parts: WishParts): Partial<LiveSetup> {
  const { inputAudioTranscription, outputAudioTranscription, contextWindowCompression, ...generationConfig } =
    parts.generationConfig;
  const wish = {
    generationConfig: Object.values(generationConfig).some((value) => value !== undefined)
      ? generationConfig
      : undefined,
    systemInstruction: parts.systemInstruction,
    tools: wireTools(parts.tools),
    toolConfig: parts.toolConfig,
    inputAudioTranscription,
    outputAudioTranscription,
    contextWindowCompression,
  };
  return JSON.parse(JSON.stringify(wish)) as Partial<LiveSetup>;
}

/** Tools as the wire has them: plain JSON, without the functions themselves. */
export function wireTools(tools: readonly Tool[] | undefined): object[] | undefined {
  return tools && (JSON.parse(JSON.stringify(tools.map(withoutReferences))) as object[]);
}

/** firebase/ai lets a declaration hold the function itself; the wire has no such field. */
function withoutReferences(tool: Tool): object {
  if (!('functionDeclarations' in tool)) return tool;
  return {
    ...tool,
    functionDeclarations: tool.functionDeclarations?.map(({ functionReference: _, ...rest }) => rest),
  };
}

/** A system instruction as content: plain text and a lone part get the role `system`. */
export function instruction(input: string | Part | Content | undefined): Content | undefined {
  if (input === undefined) return undefined;
  if (typeof input === 'string') return { role: 'system', parts: [{ text: input }] };
  if ('parts' in input && Array.isArray(input.parts))
    return { ...input, role: input.role ?? 'system', parts: input.parts };
  return isPart(input) ? { role: 'system', parts: [input] } : undefined;
}

function isPart(input: Part | Content): input is Part {
  return isObject(input) && 'text' in input;
}

/**
 * One user turn out of what `send()` takes. Throws {@link AIError} `invalid-content` for nothing at all and for
 * function responses beside other parts.
 */
export function userContent(request: string | readonly (string | Part)[]): Content {
  const list = typeof request === 'string' ? [request] : request;
  const parts: Part[] = list.map((each) => (typeof each === 'string' ? { text: each } : each));
  if (parts.length === 0) throw new AIError('invalid-content', 'There is nothing to send.');
  const responses = parts.filter((part) => 'functionResponse' in part && part.functionResponse);
  if (responses.length > 0 && responses.length < parts.length)
    throw new AIError('invalid-content', 'Function responses go out by themselves, without other parts.');
  return { role: 'user', parts };
}
