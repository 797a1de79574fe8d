/**
 * The template of a session: named at its start, the same version at each renewal.
 * @module
 */
import type { LiveTemplateDocument, TemplateChoice } from '@livegate/protocol';
import { Refusal } from './refusal.ts';
import type { SettingsSource } from './settings.ts';
import { fillTemplate } from './template-variables.ts';

/**
 * Reads a template and fills its variables; `null` where none is chosen. `version` is that of a session that goes on. Throws
 * {@link Refusal}: `invalid` naming the field, `no-template`.
 */
export async function templateOf(
  settings: SettingsSource,
  choice: TemplateChoice | null,
  version?: number,
): Promise<LiveTemplateDocument | null> {
  if (!choice) return null;
  if (!/^(?!__.*__$)[A-Za-z0-9_-]{1,64}$/.test(choice.id))
    throw new Refusal('invalid', 'Not the id of a template.', { field: 'template.id' });
  const template = await settings.template(choice.id, version);
  if (!template)
    throw new Refusal('no-template', `There is no template ${choice.id}.`, { field: 'template.id' });
  return fillTemplate(template, choice.variables);
}

/** The version in `id@version`. */
export function templateVersion(template: string | null): number | undefined {
  const version = Number(template?.slice(template.lastIndexOf('@') + 1));
  return template !== null && Number.isInteger(version) ? version : undefined;
}
