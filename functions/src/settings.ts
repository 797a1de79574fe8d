/**
 * Policies, templates, prices and switches: read seldom, kept for a while in the instance's memory, so that a refused
 * mint costs no read of them and a change still takes effect within {@link SETTINGS_MEMORY_MS}.
 * @module
 */
import type {
  LiveConfigDocument,
  LivePolicyDocument,
  LivePriceDocument,
  LiveTemplateDocument,
} from '@livegate/protocol';
import { Refusal } from './refusal.ts';

/** How long a document is believed, in ms: the kill switch's longest delay on a warm instance. */
export const SETTINGS_MEMORY_MS = 60_000;

/** The documents themselves, one read each. `null` where there is none; rejects with a {@link Refusal} where one cannot be read. */
export interface SettingsSource {
  policy(id: string): Promise<LivePolicyDocument | null>;
  /** The current version, or the named one. */
  template(id: string, version?: number): Promise<LiveTemplateDocument | null>;
  config(): Promise<LiveConfigDocument | null>;
  /** `null`: unpriced. */
  price(model: string): Promise<LivePriceDocument | null>;
}

/** A {@link SettingsSource} that remembers, absence and unusable documents included. */
export function rememberSettings(
  source: SettingsSource,
  options: { readonly now: () => number; readonly memoryMs?: number },
): SettingsSource {
  const { now, memoryMs = SETTINGS_MEMORY_MS } = options;
  const remembered = new Map<string, { readonly until: number; readonly value: Promise<unknown> }>();
  const remember = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const held = remembered.get(key);
    if (held && held.until > now()) return held.value as Promise<T>;
    // Ids come from callers: the memory is bounded, so that asking for many cannot fill it.
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    const value = read();
    remembered.set(key, { until: now() + memoryMs, value });
    value.catch((error) => {
      if (!(error instanceof Refusal)) remembered.delete(key);
    });
    return value;
  };
  return {
    policy: (id) => remember(`policy/${id}`, () => source.policy(id)),
    template: (id, version) =>
      remember(`template/${id}/${version ?? ''}`, () => source.template(id, version)),
    config: () => remember('config', () => source.config()),
    price: (model) => remember(`price/${model}`, () => source.price(model)),
  };
}

const MOST_REMEMBERED = 500;
