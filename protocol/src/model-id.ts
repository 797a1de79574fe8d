/**
 * A model's name, apart from the table of models: a page that only asks for one does not carry the table.
 * @module
 */

/** The last segment of a model's name. */
export function modelId(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
