/**
 * Where Vertex AI serves Live models, and which location an address stands for. Regions: the list of Firebase's page
 * on locations for generative AI on Vertex AI, less `us-east5`, which refuses Live models (litellm#39851); multi-regions
 * and their hosts: docs.cloud.google.com, "Deployments and endpoints". All read 2026-11-21. Which Live model is served
 * where nobody has published in full: hence the options.
 * @module
 */
import { modelId } from '@livegate/protocol';

/** Regions that serve Live models where nothing else is said. */
export const VERTEX_REGIONS: readonly string[] = [
  'africa-south1',
  'asia-east1',
  'asia-east2',
  'asia-northeast1',
  'asia-northeast3',
  'asia-south1',
  'asia-southeast1',
  'australia-southeast1',
  'europe-central2',
  'europe-north1',
  'europe-southwest1',
  'europe-west1',
  'europe-west2',
  'europe-west3',
  'europe-west4',
  'europe-west6',
  'europe-west8',
  'europe-west9',
  'me-central1',
  'me-central2',
  'me-west1',
  'northamerica-northeast1',
  'southamerica-east1',
  'us-central1',
  'us-east1',
  'us-east4',
  'us-south1',
  'us-west1',
  'us-west4',
];

/** Locations that are no region: everywhere, and the two jurisdictions. */
const WIDE_LOCATIONS: readonly string[] = ['global', 'us', 'eu'];

/** Which Live models `global` serves. */
export type GlobalModels = 'gemini-3' | 'every' | 'none';

/** The choices that decide where a model is served. */
export interface LocationRules {
  readonly vertexRegions: readonly string[];
  readonly globalModels: GlobalModels;
}

/** True for text that can name a location: `global`, `us`, `eu`, or a region such as `us-central1`. */
export function isLocation(text: string): boolean {
  return WIDE_LOCATIONS.includes(text) || /^[a-z]+-[a-z]+\d{1,2}$/.test(text);
}

/**
 * True where Vertex AI serves a model. Multi-regions serve Gemini 3 and later alone (docs.cloud.google.com, supported
 * capabilities). `global` served Gemini 3.5 (jot-gemini-transcribe-macOS#13) and refused 2.5 (adk-python#3314).
 */
export function isServedAt(model: string, location: string, rules: LocationRules): boolean {
  const isNew = /^gemini-(?:[3-9]|\d{2})/.test(modelId(model));
  if (location === 'global')
    return rules.globalModels === 'every' || (rules.globalModels === 'gemini-3' && isNew);
  if (WIDE_LOCATIONS.includes(location)) return isNew;
  return rules.vertexRegions.includes(location);
}

/** The location that a `Host` header of Vertex AI stands for; `undefined` for any other host, such as localhost. */
export function locationOfHost(host: string | undefined): string | undefined {
  const name = host?.replace(/:\d+$/, '').toLowerCase();
  if (name === 'aiplatform.googleapis.com') return 'global';
  const [, region, jurisdiction] =
    /^(?:([a-z0-9-]+)-aiplatform|aiplatform\.(us|eu)\.rep)\.googleapis\.com$/.exec(name ?? '') ?? [];
  return region ?? jurisdiction;
}
