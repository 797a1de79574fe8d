/**
 * The names that a setup may give its model: one form for each way in.
 * @module
 */
import type { Endpoint } from './endpoints.ts';
import { isLocation } from './vertex-locations.ts';

/** A model's name, read. */
export interface ModelName {
  readonly id: string;
  /** `google`, or whose model it is. */
  readonly publisher: string;
  /** On Vertex AI, unless the caller left project and location out (express mode). */
  readonly location?: string;
}

/** The forms. Source: `tModel` and `connect` of @google/genai 3.1.0 and of @firebase/ai 2.16.0, read 2026-11-21. */
const FORMS = {
  'google-ai': {
    direct: [/^models\/(?<id>[^/\s]+)$/],
    firebase: [/^projects\/[^/\s]+\/models\/(?<id>[^/\s]+)$/],
  },
  'vertex-ai': {
    direct: [
      /^projects\/[^/\s]+\/locations\/(?<location>[^/\s]+)\/publishers\/(?<publisher>[^/\s]+)\/models\/(?<id>[^/\s]+)$/,
      /^publishers\/(?<publisher>[^/\s]+)\/models\/(?<id>[^/\s]+)$/,
    ],
    firebase: [
      /^projects\/[^/\s]+\/locations\/(?<location>[^/\s]+)\/publishers\/(?<publisher>[^/\s]+)\/models\/(?<id>[^/\s]+)$/,
    ],
  },
} as const satisfies Readonly<
  Record<Endpoint['backend'], Readonly<Record<Endpoint['door'], readonly RegExp[]>>>
>;

/** Reads a model's name as that address takes it; `undefined` for another form, or a location that cannot be one. */
export function readModelName(
  name: string,
  { backend, door }: Pick<Endpoint, 'backend' | 'door'>,
): ModelName | undefined {
  for (const form of FORMS[backend][door]) {
    const { id, publisher = 'google', location } = form.exec(name)?.groups ?? {};
    if (id === undefined) continue;
    if (location === undefined) return { id, publisher };
    return isLocation(location) ? { id, publisher, location } : undefined;
  }
  return undefined;
}
