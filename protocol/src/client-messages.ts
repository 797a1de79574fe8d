/**
 * What a client may send: payload by wire key. Adding a message is one line here; the compiler then names
 * every table that must decide about it.
 * @module
 */
import type { Blob, Content, FunctionResponse } from './content.ts';
import type { LiveSetup, Tool } from './live-setup.ts';

/** The key of a client message and what stands under it. Exactly one key per message. */
export interface ClientPayloads {
  /** First and only once; wait for `setupComplete` before anything else. */
  setup: LiveSetup;
  /** Appended to the conversation; generation starts at `turnComplete: true`. */
  clientContent: { readonly turns?: readonly Content[]; readonly turnComplete?: boolean };
  /** Live audio, video, text and activity marks; the streams have no order among each other. */
  realtimeInput: {
    readonly audio?: Blob;
    readonly video?: Blob;
    readonly text?: string;
    readonly audioStreamEnd?: boolean;
    readonly activityStart?: Record<string, never>;
    readonly activityEnd?: Record<string, never>;
    /** Deprecated by the service: all but the first chunk are ignored on the Developer API. */
    readonly mediaChunks?: readonly Blob[];
  };
  /** Answers to function calls, by id. */
  toolResponse: { readonly functionResponses?: readonly FunctionResponse[] };
  /** Replaces instruction or tools in mid-session. An empty tool list clears the tools. */
  contextUpdate: {
    readonly systemInstruction?: Content;
    readonly tools?: { readonly tools?: readonly Tool[] };
  };
}

/** The wire key of a client message. */
export type ClientKind = keyof ClientPayloads;

/** One client message, as an object with exactly one key. */
export type ClientMessage = { [K in ClientKind]: { readonly [P in K]: ClientPayloads[P] } }[ClientKind];
