/**
 * What all models have.
 * @module
 */
import type { AI } from './ai.ts';
import { backendAddress } from './backend.ts';
import { AIError } from './errors.ts';

/** A model of an AI service. */
export abstract class AIModel {
  /** Its name as the service writes it: `models/…`, or `publishers/google/models/…` on Vertex AI. */
  readonly model: string;

  /** Throws {@link AIError} `no-api-key`, `no-project-id` or `no-app-id` where the Firebase config lacks one. */
  protected constructor(ai: AI, model: string) {
    const { apiKey, projectId, appId } = ai.app.options;
    const missing = [
      ['no-api-key', 'apiKey', apiKey],
      ['no-project-id', 'projectId', projectId],
      ['no-app-id', 'appId', appId],
    ] as const;
    for (const [code, name, value] of missing)
      if (!value) throw new AIError(code, `The Firebase config has no "${name}".`);
    this.model = modelName(model, backendAddress(ai.backend).backend === 'vertex-ai');
  }
}

/** A name with its prefix, once: `models/x` and `x` are the same model. */
function modelName(name: string, isVertex: boolean): string {
  const bare = name.startsWith('models/') ? name.slice('models/'.length) : name;
  if (!isVertex) return `models/${bare}`;
  return bare.includes('/') ? bare : `publishers/google/models/${bare}`;
}
