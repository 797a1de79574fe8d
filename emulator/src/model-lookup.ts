/**
 * Finds the model that a setup names, as the endpoint's service would: in the form it takes, served by it, there.
 * @module
 */
import { type LiveModel, liveModel, modelId, shutdownWarning } from '@livegate/protocol';
import type { ClosingCondition } from './closings.ts';
import type { Endpoint } from './endpoints.ts';
import { type ModelName, readModelName } from './model-names.ts';
import { isServedAt, type LocationRules } from './vertex-locations.ts';

/** Why no model was found. */
export interface NoModel {
  readonly condition: Extract<
    ClosingCondition,
    | 'model-not-found'
    | 'invalid-resource'
    | 'location-mismatch'
    | 'publisher-model-not-found'
    | 'not-a-live-model'
  >;
  /** For the journal. */
  readonly problem: string;
  /** What the condition's text is filled in with. */
  readonly values?: Readonly<Record<string, string>>;
}

/** What a model is looked up by. */
export type LookupCircumstances = Pick<Endpoint, 'backend' | 'door' | 'location'> &
  LocationRules & {
    readonly nowMs: number;
    /** Refuse models past their shutdown date. */
    readonly strictModels: boolean;
    /** The location that an address stands for which names none, or `any`. */
    readonly vertexLocation: string;
  };

/** Finds a model by the name that a setup gives it. */
export function findModel(name: string, circumstances: LookupCircumstances): LiveModel | NoModel {
  const read = readModelName(name, circumstances);
  if (circumstances.backend === 'vertex-ai') return vertexModel(name, read, circumstances);
  if (read === undefined && circumstances.door === 'firebase') return wrongForm(circumstances);
  const { nowMs, strictModels } = circumstances;
  const model = read && liveModel(read.id);
  const over = strictModels ? shutdownWarning(name, nowMs) : undefined;
  if (model?.backends.includes('google-ai') && over === undefined) return model;
  const problem = over ?? 'setup.model: expected models/ and a Live model';
  return { condition: 'model-not-found', problem, values: { model: modelId(name) } };
}

function vertexModel(
  name: string,
  read: ModelName | undefined,
  circumstances: LookupCircumstances,
): LiveModel | NoModel {
  if (read === undefined) return wrongForm(circumstances);
  const { id, publisher, location } = read;
  const at = locationProblem(location, circumstances);
  if (at !== undefined) return { condition: 'location-mismatch', problem: at };
  const model = publisher === 'google' ? liveModel(id) : undefined;
  const isHere = location === undefined || isServedAt(id, location, circumstances);
  if (!isHere || !model?.backends.includes('vertex-ai')) {
    const problem = `setup.model: no Live model of Vertex AI${isHere ? '' : ` at ${location}`}`;
    return { condition: 'publisher-model-not-found', problem, values: { name } };
  }
  const over = circumstances.strictModels ? shutdownWarning(id, circumstances.nowMs) : undefined;
  if (over === undefined) return model;
  return { condition: 'not-a-live-model', problem: over, values: { model: id } };
}

/**
 * The location of a model's name against the endpoint's. Firebase's path must name the same; so must a regional host.
 * The global host takes every region (Portkey-AI/gateway#1171, seen on other methods: unconfirmed for this one).
 */
function locationProblem(
  named: string | undefined,
  { door, location, vertexLocation }: LookupCircumstances,
): string | undefined {
  const own = location ?? (vertexLocation === 'any' ? undefined : vertexLocation);
  if (named === undefined || own === undefined || named === own) return undefined;
  if (door === 'direct' && own === 'global') return undefined;
  return `setup.model: names ${named} on an endpoint of ${own}`;
}

function wrongForm({ backend, door }: LookupCircumstances): NoModel {
  const full = 'projects/{project}/locations/{location}/publishers/google/models/{model}';
  const ofVertex = door === 'firebase' ? full : `${full} or publishers/google/models/{model}`;
  const expected = backend === 'vertex-ai' ? ofVertex : 'projects/{project}/models/{model}';
  return { condition: 'invalid-resource', problem: `setup.model: expected ${expected}` };
}
