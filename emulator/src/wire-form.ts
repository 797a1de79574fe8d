/**
 * How each service writes what a session sends. Sessions speak the Developer API's form; Vertex AI's differs in the
 * names of usage and in what setupComplete holds. Source: the converters of @google/genai 3.1.0 and traffic shown in
 * litellm#37602, read 2026-11-21.
 * @module
 */
import type { ServerMessage, UsageMetadata } from '@livegate/protocol';
import type { Backend } from './endpoints.ts';

/** Where `setupComplete` names its session. Seen on Vertex AI; not known of the Developer API. */
export type SessionIds = 'vertex-ai' | 'both';

/** What the form depends on. */
export interface WireFormChoices {
  readonly backend: Backend;
  readonly sessionId: string;
  readonly sessionIds: SessionIds;
}

/** The message as the service writes it. */
export function wireForm(
  message: ServerMessage,
  { backend, sessionId, sessionIds }: WireFormChoices,
): ServerMessage {
  const namesSession = backend === 'vertex-ai' || sessionIds === 'both';
  const { setupComplete, usageMetadata } = message;
  return {
    ...message,
    ...(setupComplete && namesSession && { setupComplete: { ...setupComplete, sessionId } }),
    ...(usageMetadata && backend === 'vertex-ai' && { usageMetadata: vertexUsage(usageMetadata) }),
  };
}

/** Vertex AI calls the response's tokens those of the candidates, and tells how the traffic is paid for. */
function vertexUsage({ responseTokenCount, responseTokensDetails, ...rest }: UsageMetadata): UsageMetadata {
  return {
    ...rest,
    ...(responseTokenCount !== undefined && { candidatesTokenCount: responseTokenCount }),
    ...(responseTokensDetails && { candidatesTokensDetails: responseTokensDetails }),
    trafficType: 'ON_DEMAND',
  };
}
