/**
 * Policies, templates, prices and switches as they stand in Firestore, one read each.
 * @module
 */
import type { LivePaths } from './paths.ts';
import { readConfig, readPolicy, readPrice, readTemplate } from './policy-document.ts';
import type { SettingsSource } from './settings.ts';

/** A {@link SettingsSource} on Firestore, which remembers nothing. */
export function settingsStore(paths: LivePaths): SettingsSource {
  return {
    policy: async (id) => readPolicy(id, (await paths.policy(id).get()).data()),
    config: async () => readConfig((await paths.config().get()).data()),
    price: async (model) => readPrice((await paths.price(model).get()).data()),
    template: async (id, version) => {
      const old = version === undefined ? undefined : (await paths.templateVersion(id, version).get()).data();
      const template = readTemplate(id, old ?? (await paths.template(id).get()).data());
      // A version that was never put aside may still be the current one; another is not a substitute for it.
      return version === undefined || template?.version === version ? template : null;
    },
  };
}
