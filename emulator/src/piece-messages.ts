/**
 * The message a piece of an answer becomes, where it becomes one.
 * @module
 */
import { type LiveSetup, OUTPUT_AUDIO_MIME_TYPE, type Part, type ServerMessage } from '@livegate/protocol';
import type { AnswerPiece, Source } from './answer-pieces.ts';
import { samplesToBase64 } from './pcm.ts';
import type { Transcripts } from './transcripts.ts';

/** What is sent for a piece, or why nothing is. Neither: the session did not ask for it. */
export interface PieceMessage {
  readonly message?: ServerMessage;
  readonly warning?: string;
}

/** What decides about it. */
export interface PieceRules {
  readonly setup: LiveSetup;
  readonly transcripts: Transcripts;
}

/** Pieces that are a message at most; the others do something. */
export type SentPiece = Exclude<AnswerPiece, { readonly kind: 'heard' | 'calls' | 'ending' | 'fault' }>;

/** Tools that can have found what a source tells. */
const TOOLS_OF = {
  search: ['googleSearch', 'googleSearchRetrieval', 'googleMaps', 'fileSearch'],
  'url-context': ['urlContext'],
  'code-execution': ['codeExecution'],
} as const satisfies Readonly<Record<Source, readonly string[]>>;

/** Makes the message. What no tool in force can have found is left out with a warning. */
export function pieceMessage(piece: SentPiece, { setup, transcripts }: PieceRules): PieceMessage {
  switch (piece.kind) {
    case 'audio':
      return said({
        inlineData: { mimeType: OUTPUT_AUDIO_MIME_TYPE, data: samplesToBase64(piece.samples) },
      });
    case 'text':
      return said({ text: piece.text });
    case 'thought':
      return setup.generationConfig?.thinkingConfig?.includeThoughts === true
        ? said({ text: piece.text, thought: true })
        : {};
    case 'transcript':
      return transcripts.output ? { message: { serverContent: { outputTranscription: piece.words } } } : {};
    case 'interim':
      return transcripts.input
        ? { message: { serverContent: { interimInputTranscription: piece.words } } }
        : {};
    case 'part':
      return unsourced(piece.source, setup) ?? said(piece.part);
    case 'content':
      return unsourced(piece.source, setup) ?? { message: { serverContent: piece.content } };
    case 'message':
      return { message: piece.message };
  }
}

function said(part: Part): PieceMessage {
  return { message: { serverContent: { modelTurn: { role: 'model', parts: [part] } } } };
}

function unsourced(source: Source | undefined, { tools = [] }: LiveSetup): PieceMessage | undefined {
  if (source === undefined) return undefined;
  const names = TOOLS_OF[source];
  if (tools.some((tool) => names.some((name) => tool[name] !== undefined))) return undefined;
  return {
    warning: `The answer tells what only ${names[0]} can find, which is not among the tools in force.`,
  };
}
