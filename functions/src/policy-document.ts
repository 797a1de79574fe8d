/**
 * What stands in Firestore, read with care: people may write these documents by hand, and what cannot be read lets
 * nobody in.
 * @module
 */
import {
  type LiveConfigDocument,
  type LivePolicyDocument,
  type LivePriceDocument,
  type LiveTemplateDocument,
  ProtocolError,
  readConfigDocument,
  readPolicyDocument,
  readPriceDocument,
  readTemplateDocument,
} from '@livegate/protocol';
import { Refusal } from './refusal.ts';

/** `livePolicies/{id}`, `null` for none. Throws {@link Refusal} `no-template` naming what cannot be read. */
export function readPolicy(id: string, data: unknown): LivePolicyDocument | null {
  return readStored(`livePolicies/${id}`, data, readPolicyDocument);
}

/** `liveTemplates/{id}`, `null` for none. Throws {@link Refusal} `no-template` naming what cannot be read. */
export function readTemplate(id: string, data: unknown): LiveTemplateDocument | null {
  return readStored(`liveTemplates/${id}`, data, readTemplateDocument);
}

/** `liveConfig/global`, `null` for none. Throws {@link Refusal} `no-template` naming what cannot be read. */
export function readConfig(data: unknown): LiveConfigDocument | null {
  return readStored('liveConfig/global', data, readConfigDocument);
}

/** `livePrices/{model}`. One that is not there, or cannot be read, is `null`: unpriced, which stops nobody. */
export function readPrice(data: unknown): LivePriceDocument | null {
  if (data === undefined || data === null) return null;
  try {
    return readPriceDocument(data);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

function readStored<T>(path: string, data: unknown, read: (data: unknown) => T): T | null {
  if (data === undefined || data === null) return null;
  try {
    return read(data);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const at = error.path === '' ? 'it' : error.path;
    throw new Refusal('no-template', `${path} is no usable document: look at ${at}.`, {}, { cause: error });
  }
}
