/**
 * Which service a connection was opened on, and by which way in.
 * @module
 */
import type { LiveBackend } from '@livegate/protocol';

/** The service that is spoken with: the Gemini Developer API (`google-ai`) or Vertex AI. */
export type Backend = LiveBackend;

/** The way in: the service's own address, or the proxy of Firebase AI Logic. */
export type Door = 'direct' | 'firebase';

/** The two methods of the Live API: by lasting credential, and by ephemeral token. */
export type LiveMethod = 'BidiGenerateContent' | 'BidiGenerateContentConstrained';

/** One address of the Live API. */
export interface Endpoint {
  readonly backend: Backend;
  readonly door: Door;
  /** `v1alpha`, `v1beta`; on Vertex AI's own address `v1`, `v1beta1`. */
  readonly apiVersion: string;
  readonly method: LiveMethod;
  /** The region that the address names: in its path on Firebase's proxy, in its host on Vertex AI's own. */
  readonly location?: string;
}
