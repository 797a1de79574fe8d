import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isObject, type Json } from '@livegate/protocol';
import type { JsonSchema } from '../src/scenario-check.ts';
import { scenarioSchema } from '../src/scenario-read.ts';

/** Where the schema stands that editors read. */
export const SCHEMA_FILE: string = fileURLToPath(new URL('../docs/scenario.schema.json', import.meta.url));
const page = readFileSync(new URL('../docs/scenarios.md', import.meta.url), 'utf8');

/** Rows of the page's table whose head begins so: the field, and what the page says of it. */
export function rowsOf(head: string): ReadonlyMap<string, string> {
  const [, table = ''] = page.split(`\n| ${head}`);
  const [body = ''] = table.split('\n\n');
  const rows = [...body.matchAll(/^\| `([^`]+)`\s*\| ([^|]*)/gm)];
  return new Map(rows.map(([, name = '', about = '']) => [name, plain(about)]));
}

/** The schema with what the page says of each field. */
export function describedSchema(): JsonSchema {
  const schema = scenarioSchema();
  const rule = at(schema, 'properties', 'rules', 'items');
  return within(schema, [
    [schema, rowsOf('of a scenario')],
    [rule, rowsOf('of a rule')],
    [at(rule, 'properties', 'when'), rowsOf('of `when`')],
    [at(rule, 'properties', 'answer', 'anyOf', '1', 'anyOf', '0'), rowsOf('a step')],
  ]) as JsonSchema;
}

type Tables = readonly (readonly [object: Json, rows: ReadonlyMap<string, string>])[];

/** A copy in which the properties of those objects, by their form, have descriptions. */
function within(value: Json, tables: Tables): Json {
  if (Array.isArray(value)) return value.map((each) => within(each, tables));
  if (!isObject(value)) return value;
  const rows = tables.find(([form]) => isObject(form) && form.properties === value.properties)?.[1];
  return Object.fromEntries(
    Object.entries(value as JsonSchema).map(([key, each]) => [
      key,
      key === 'properties' && rows && isObject(each)
        ? Object.fromEntries(
            Object.entries(each as JsonSchema).map(([name, property]) => [
              name,
              { description: rows.get(name) ?? '', ...(within(property, tables) as JsonSchema) },
            ]),
          )
        : within(each, tables),
    ]),
  );
}

function at(value: Json, ...path: readonly string[]): Json {
  return path.reduce<Json>((inside, key) => (inside as Record<string, Json>)[key] ?? null, value);
}

function plain(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '')
    .trim();
}
