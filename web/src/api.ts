/**
 * The door: from an AI service to a Live model.
 * @module
 */
import type { AI } from './ai.ts';
import { AIError } from './errors.ts';
import { LiveGenerativeModel, type LiveOptions } from './live-generative-model.ts';
import type { LiveModelParams } from './live-types.ts';

/**
 * A Live model. Takes AI services and backends of this module and of firebase/ai. Throws {@link AIError} `no-model`
 * without a model's name, `no-api-key`, `no-project-id` or `no-app-id` where the Firebase config lacks one.
 */
export function getLiveGenerativeModel(
  ai: AI,
  modelParams: LiveModelParams,
  options: LiveOptions = {},
): LiveGenerativeModel {
  if (!modelParams.model)
    throw new AIError(
      'no-model',
      "Name a model, such as getLiveGenerativeModel(ai, { model: 'gemini-3.8-live' }).",
    );
  return new LiveGenerativeModel(ai, modelParams, options);
}
