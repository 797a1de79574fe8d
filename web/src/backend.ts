/**
 * Which service a model is asked from. Light objects of our own; those of firebase/ai are taken as they are.
 * @module
 */
import type { LiveBackend } from '@livegate/protocol';
import { BackendType } from './enums.ts';
import { AIError } from './errors.ts';

/** What every backend object has, whoever made it. */
export abstract class Backend {
  readonly backendType: BackendType;

  /** For the classes below. */
  protected constructor(type: BackendType) {
    this.backendType = type;
  }
}

/** The Gemini Developer API: tokens go to the browser, which speaks with Google directly. */
export class GoogleAIBackend extends Backend {
  constructor() {
    super(BackendType.GOOGLE_AI);
  }
}

/** Vertex AI in a region, `us-central1` unless named. */
export class VertexAIBackend extends Backend {
  readonly location: string;

  constructor(location?: string) {
    super(BackendType.VERTEX_AI);
    this.location = location ?? 'us-central1';
  }
}

/** The Agent Platform (Vertex AI's new name); `global` unless named, as firebase/ai has it. */
export class AgentPlatformBackend extends Backend {
  readonly location: string;

  constructor(location?: string) {
    super(BackendType.AGENT_PLATFORM);
    this.location = location ?? 'global';
  }
}

/** Where the functions are to get the session from. */
export interface BackendAddress {
  readonly backend: LiveBackend;
  readonly location?: string;
}

/** Reads any backend object by its type and, where it has one, its location. */
export function backendAddress(backend: Backend): BackendAddress {
  if (backend.backendType === BackendType.GOOGLE_AI) return { backend: 'google-ai' };
  const location: unknown = 'location' in backend ? backend.location : undefined;
  return { backend: 'vertex-ai', ...(typeof location === 'string' && location !== '' ? { location } : {}) };
}

/** Throws {@link AIError} `unsupported` for Vertex AI in `global`: its Live API is served in regions only. */
export function checkRegion(backend: Backend): void {
  if (backend.backendType !== BackendType.VERTEX_AI || backendAddress(backend).location !== 'global') return;
  throw new AIError(
    'unsupported',
    "Vertex AI has no Live API in the location 'global': name a region, as in new VertexAIBackend('us-central1').",
  );
}
